import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build, type InlineConfig, type Manifest } from 'vite';
import type { Fonts } from './fonts.js';
import type { Document } from './html.js';
import { madeModules } from './virtual.js';

// Whoever runs the build, a test for example: without this Vite would compile JSX for React's development build.
process.env['NODE_ENV'] = 'production';

export const web = path.resolve(import.meta.dirname, '..');
export const root = path.resolve(web, '..', '..');
export const packages = path.join(root, 'node_modules');
/** Where subsets of the font are kept between builds. */
export const fontCache = path.join(packages, '.cache', 'jangteo-fonts');

/** What bundles are made with beside what is written. */
export interface Made {
  readonly fonts: Fonts;
  /** Addresses of maps. */
  readonly maps: Readonly<Record<string, string>>;
}

/** What all bundles share. */
export function shared({ fonts, maps }: Made): InlineConfig {
  return {
    configFile: false,
    root: web,
    // Packages say for whom they are ("use client"); a bundle for browsers alone need not know.
    logLevel: 'error',
    publicDir: false,
    plugins: [madeModules(fonts.uiCss, maps)],
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    ssr: { noExternal: true, resolve: { conditions: ['source', 'module', 'production'] } },
    define: { 'process.env.NODE_ENV': '"production"' },
    css: { modules: { generateScopedName: '[name]_[local]_[hash:base64:4]' } },
  };
}

/**
 * Builds entries into a folder.
 *
 * @param entries sources by the name of their file
 * @param define further constants
 */
export async function buildEntries(
  made: Made,
  folder: string,
  entries: Readonly<Record<string, string>>,
  define: Readonly<Record<string, string>> = {},
): Promise<Manifest> {
  const base = shared(made);
  await build({
    ...base,
    define: { ...base.define, ...define },
    build: {
      outDir: folder,
      emptyOutDir: false,
      manifest: 'manifest.json',
      target: 'es2022',
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, file]) => [name, path.join(web, file)]),
        ),
        treeshake,
      },
    },
  });
  return JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

/** Puts the files that every document refers to into a folder. */
export function placeCommon(
  folder: string,
  fonts: Fonts,
): Pick<Document, 'font' | 'namesStyle' | 'boot' | 'icon'> {
  const source = (name: string): string => readFileSync(path.join(web, 'src', name), 'utf8');
  mkdirSync(path.join(folder, 'pages'), { recursive: true });
  return {
    font: fonts.uiUrl,
    namesStyle: place(folder, 'names.css', fonts.namesCss),
    boot: place(folder, 'boot.js', source('boot.js')),
    icon: place(folder, 'icon.svg', source('icon.svg')),
  };
}

/** The rules of #domain are pure: what a page does not use of them is left out. */
export const treeshake = {
  moduleSideEffects: (id: string) => !/\/libs\/domain\/|\/node_modules\/(ethers|@noble)\//.test(id),
};

/** A file with its content's hash in its name, so that it can be kept for ever. */
export function place(folder: string, name: string, content: string): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const { name: base, ext } = path.parse(name);
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'assets', `${base}-${hash}${ext}`), content);
  return `/assets/${base}-${hash}${ext}`;
}

/**
 * What the document of an entry loads.
 *
 * @param parts sources that the page imports at once when it runs
 * @throws Error for a part that the build does not know
 */
export function loadedBy(
  manifest: Manifest,
  entry: string,
  parts: readonly string[] = [],
): { script: string; modules: string[]; styles: string[] } {
  const seen = new Set<string>();
  const styles: string[] = [];
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) return;
    seen.add(key);
    chunk.imports?.forEach(visit);
    for (const style of chunk.css ?? []) if (!styles.includes(style)) styles.push(style);
  };
  for (const source of [entry, ...parts]) {
    if (manifest[source] === undefined) throw new Error(`the build has no ${source}`);
    visit(source);
  }
  const files = [...seen].map((key) => `/${manifest[key]?.file}`);
  return { script: files[0] ?? '', modules: files.slice(1), styles: styles.map((file) => `/${file}`) };
}

/**
 * Builds the pages into dist/web: assets and static first views of both origins.
 *
 *   node --conditions=source --import ./test/setup/typescript.mjs apps/web/build/main.ts [--watch]
 *
 * With --watch at every change of a source from now on: who watches has built them (scripts/dev.mjs).
 */
import { cpSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import type { Prerendered } from '../src/prerender.js';
import { makeFonts } from './fonts.js';
import {
  buildEntries,
  fontCache,
  loadedBy,
  type Made,
  packages,
  placeCommon,
  root,
  shared,
  treeshake,
  web,
} from './bundle.js';
import { compressTexts } from './compress.js';
import { documentOf } from './html.js';
import { makeMaps } from './maps.js';

const out = path.join(root, 'dist', 'web');

/** The entries of each origin: residents, merchants and the public on one, officers on the other. */
const ENTRIES = {
  public: { public: 'src/public/main.tsx', wallet: 'src/wallet/main.tsx', till: 'src/till/main.tsx' },
  console: { console: 'src/console/main.tsx' },
} as const;
type Origin = keyof typeof ENTRIES;
type App = Prerendered['app'];

/** What the API serves, in pages.json. */
interface ServedPage {
  readonly id: string;
  readonly path: string;
  /** Files by language, below `pages`. */
  readonly files: Readonly<Record<'ko' | 'en', string>>;
  /** Reads QR codes with WebAssembly where the browser cannot. */
  readonly wasm: boolean;
}

/** Bytes after gzip of what an app's first view loads; the budget's test reads them. */
interface FirstView {
  readonly js: number;
  readonly css: number;
  readonly font: number;
}

const measured: Partial<Record<App, FirstView>> = {};

async function prerender(made: Made, folder: string): Promise<readonly Prerendered[]> {
  await build({
    ...shared(made),
    build: {
      ssr: path.join(web, 'src/prerender.tsx'),
      outDir: folder,
      emptyOutDir: true,
      target: 'node22',
      rollupOptions: { treeshake },
    },
  });
  const prerendered: unknown = await import(
    `${pathToFileURL(path.join(folder, 'prerender.js')).href}?${Date.now()}`
  );
  return (prerendered as { prerenderAll(): readonly Prerendered[] }).prerenderAll();
}

async function writeOrigin(
  origin: Origin,
  made: Made,
  pages: readonly Prerendered[],
  folder: string,
): Promise<void> {
  const manifest = await buildEntries(made, folder, ENTRIES[origin]);
  const common = placeCommon(folder, made.fonts);
  const served = new Map<string, ServedPage>();
  for (const page of pages) {
    const entry = (ENTRIES[origin] as Partial<Record<App, string>>)[page.app];
    if (entry === undefined) continue;
    const loaded = loadedBy(manifest, entry, page.parts);
    const html = documentOf({ ...page, ...loaded, ...common });
    const file = `${page.id}.${page.lang}.html`;
    writeFileSync(path.join(folder, 'pages', file), html);
    const other = served.get(page.id);
    const files = { ko: file, en: file, ...other?.files, [page.lang]: file };
    served.set(page.id, { id: page.id, path: page.path, files, wasm: page.wasm });
    measured[page.app] ??= measure(folder, loaded, common.font);
  }
  writeFileSync(path.join(folder, 'pages.json'), JSON.stringify([...served.values()], undefined, 1));
}

function measure(folder: string, loaded: ReturnType<typeof loadedBy>, font: string): FirstView {
  const size = (url: string): number => gzipSync(readFileSync(path.join(folder, url))).length;
  const sum = (urls: readonly string[]): number => urls.reduce((total, url) => total + size(url), 0);
  return {
    js: sum([loaded.script, ...loaded.modules]),
    css: sum(loaded.styles),
    // A font is compressed as it is.
    font: readFileSync(path.join(folder, font)).length,
  };
}

async function buildAll(): Promise<void> {
  const next = `${out}.next`;
  rmSync(next, { recursive: true, force: true });
  const folders = { public: path.join(next, 'public'), console: path.join(next, 'console') };
  const fonts = await makeFonts(packages, path.join(folders.public, 'assets', 'fonts'), fontCache);
  cpSync(path.join(folders.public, 'assets', 'fonts'), path.join(folders.console, 'assets', 'fonts'), {
    recursive: true,
  });
  const maps = makeMaps(path.join(root, 'data', 'sigungu.geojson'), folders.public);
  const made = { fonts, maps };
  const pages = await prerender(made, path.join(next, 'prerender'));
  await writeOrigin('public', made, pages, folders.public);
  await writeOrigin('console', made, pages, folders.console);
  for (const folder of Object.values(folders))
    for (const part of ['assets', 'pages']) compressTexts(path.join(folder, part));
  writeFileSync(path.join(next, 'first-views.json'), JSON.stringify(measured, undefined, 1));
  // The API goes on serving the old pages until the new ones are whole.
  rmSync(`${out}.old`, { recursive: true, force: true });
  try {
    renameSync(out, `${out}.old`);
  } catch {
    // The first build.
  }
  renameSync(next, out);
  rmSync(`${out}.old`, { recursive: true, force: true });
}

/** Long enough for an editor that saves several files at once. */
const SETTLED_MS = 200;

async function keepBuilding(): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const again = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(buildAll).then(
        () => void process.stdout.write('pages are built\n'),
        (error: unknown) => void process.stderr.write(`${String(error)}\n`),
      );
    }, SETTLED_MS);
  };
  for (const folder of ['apps/web/src', 'libs/domain/src'])
    watch(path.join(root, folder), { recursive: true }, again);
  await new Promise(() => undefined);
}

await (process.argv.includes('--watch') ? keepBuilding() : buildAll());

/**
 * Builds the gallery of shared parts, for tests and for looking at them; the product's build does not have it.
 *
 *   node --conditions=source --import ./test/setup/typescript.mjs apps/web/build/gallery.ts FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build, type Manifest } from 'vite';
import { fontCache, loadedBy, packages, place, shared, treeshake, web } from './bundle.js';
import { makeFonts } from './fonts.js';
import { glyphsOfTexts } from './glyphs.js';
import { documentOf } from './html.js';

const ENTRY = 'src/gallery/main.tsx';
const folder = path.resolve(process.argv[2] ?? path.join('.jangteo', 'gallery'));

const fonts = await makeFonts(packages, path.join(folder, 'assets', 'fonts'), fontCache);
const base = shared({ fonts, maps: {} });
await build({
  ...base,
  define: { ...base.define, GLYPHS_OF_TEXTS: JSON.stringify(glyphsOfTexts()) },
  build: {
    outDir: folder,
    emptyOutDir: false,
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: { input: { gallery: path.join(web, ENTRY) }, treeshake },
  },
});
const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
mkdirSync(path.join(folder, 'pages'), { recursive: true });
const files = { ko: 'gallery.ko.html', en: 'gallery.en.html' };
for (const lang of ['ko', 'en'] as const)
  writeFileSync(
    path.join(folder, 'pages', files[lang]),
    documentOf({
      ...loadedBy(manifest, ENTRY),
      lang,
      title: 'Gallery',
      description: 'Shared parts of the pages',
      body: '',
      path: '/',
      reads: [],
      font: fonts.uiUrl,
      namesStyle: place(folder, 'names.css', fonts.namesCss),
      boot: place(folder, 'boot.js', readFileSync(path.join(web, 'src/boot.js'), 'utf8')),
      icon: place(folder, 'icon.svg', readFileSync(path.join(web, 'src/icon.svg'), 'utf8')),
    }),
  );
writeFileSync(
  path.join(folder, 'pages.json'),
  JSON.stringify([{ id: 'gallery', path: '/', files, wasm: false }]),
);

/**
 * Builds the gallery of shared parts, for tests and for looking at them; the product's build does not have it.
 *
 *   node --conditions=source --import ./test/setup/typescript.mjs apps/web/build/gallery.ts FOLDER
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { buildEntries, fontCache, loadedBy, packages, placeCommon } from './bundle.js';
import { makeFonts } from './fonts.js';
import { glyphsOfTexts } from './glyphs.js';
import { documentOf } from './html.js';

const ENTRY = 'src/gallery/main.tsx';
const folder = path.resolve(process.argv[2] ?? path.join('.jangteo', 'gallery'));

const fonts = await makeFonts(packages, path.join(folder, 'assets', 'fonts'), fontCache);
const manifest = await buildEntries(
  { fonts, maps: {} },
  folder,
  { gallery: ENTRY },
  { GLYPHS_OF_TEXTS: JSON.stringify(glyphsOfTexts()) },
);
const common = placeCommon(folder, fonts);
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
      ...common,
    }),
  );
writeFileSync(
  path.join(folder, 'pages.json'),
  JSON.stringify([{ id: 'gallery', path: '/', files, wasm: false }]),
);

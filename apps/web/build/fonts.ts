import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import subsetFont from 'subset-font';
import { glyphsOfTexts } from './glyphs.js';

const FAMILY = 'Pretendard GOV';

export interface Fonts {
  /** Style sheet of the subset: a part of the first view. */
  readonly uiCss: string;
  /** Address of the subset, to be preloaded. */
  readonly uiUrl: string;
  /** Style sheet of all other letters, loaded after the page: names of shops and people. */
  readonly namesCss: string;
}

/**
 * Makes the subset of the pages' own letters and copies the rest in slices that browsers load by what they show.
 *
 * @param packages node_modules
 * @param out folder that is served as /assets/fonts
 * @param cache folder where a subset is kept; making it takes 3 s of a processor
 */
export async function makeFonts(packages: string, out: string, cache: string): Promise<Fonts> {
  mkdirSync(out, { recursive: true });
  const dist = path.join(packages, 'pretendard-gov', 'dist');
  const subset = await cachedSubset(
    path.join(dist, 'public', 'variable', 'PretendardGOVVariable.ttf'),
    glyphsOfTexts(),
    cache,
  );
  const name = `ui-${digest(subset)}.woff2`;
  writeFileSync(path.join(out, name), subset);
  writeFileSync(path.join(out, 'LICENSE.txt'), readFileSync(path.join(dist, 'LICENSE.txt')));
  const uiUrl = `/assets/fonts/${name}`;
  return {
    uiUrl,
    uiCss: `@font-face{font-family:"${FAMILY} UI";font-display:swap;font-weight:400 700;src:url(${uiUrl}) format("woff2")}`,
    namesCss: slices(path.join(dist, 'web', 'variable'), out),
  };
}

async function cachedSubset(file: string, glyphs: string, cache: string): Promise<Buffer> {
  const kept = path.join(cache, `subset-${digest(Buffer.from(`${file}\n${glyphs}`))}.woff2`);
  if (existsSync(kept)) return readFileSync(kept);
  const made = await subsetFont(readFileSync(file), glyphs, {
    targetFormat: 'woff2',
    variationAxes: { wght: { min: 400, max: 700, default: 400 } },
  });
  mkdirSync(cache, { recursive: true });
  writeFileSync(kept, made);
  return made;
}

/** The slices of the package with names of their content; returns their style sheet. */
function slices(from: string, out: string): string {
  const css = readFileSync(path.join(from, 'pretendardvariable-gov-dynamic-subset.css'), 'utf8');
  return css
    .replaceAll(/\/\*[^*]*\*\//g, '')
    .replaceAll(/url\(\.\/(woff2-dynamic-subset\/[\w.]+)\)/g, (_, file: string) => {
      const bytes = readFileSync(path.join(from, file));
      const name = `names-${digest(bytes)}.woff2`;
      if (!existsSync(path.join(out, name))) copyFileSync(path.join(from, file), path.join(out, name));
      return `url(/assets/fonts/${name})`;
    })
    .replaceAll("'Pretendard GOV Variable'", `"${FAMILY}"`)
    .replaceAll('woff2-variations', 'woff2')
    .replaceAll('font-weight: 45 920', 'font-weight: 400 700')
    .replaceAll(/\s*\n\s*/g, '');
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10);
}

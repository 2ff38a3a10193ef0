import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, regions } from '#platform';
import type { ProvinceMap } from '../src/client/maps.js';

const DIST = path.join(projectRoot(), 'dist', 'web');

interface Entry {
  readonly id: string;
  readonly path: string;
  readonly files: Readonly<Record<'ko' | 'en', string>>;
}

function read(...names: string[]): string {
  const file = path.join(DIST, ...names);
  if (!existsSync(file)) throw new Error('the pages are not built: npm run build:pages');
  return readFileSync(file, 'utf8');
}

const entriesOf = (origin: string) => JSON.parse(read(origin, 'pages.json')) as Entry[];

/** kB after gzip of what a first view loads: JavaScript, styles, font. */
const BUDGETS = {
  public: { js: 120, css: 12, font: 110 },
  wallet: { js: 120, css: 12, font: 110 },
  till: { js: 130, css: 12, font: 110 },
  console: { js: 280, css: 12, font: 110 },
} as const;

/** What a path goes round: all its numbers are absolute. */
function boxOf(d: string): { x: number; y: number; width: number; height: number } {
  const points = [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }));
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

describe('the built pages', () => {
  it('load no more than their budgets', () => {
    const views = JSON.parse(read('first-views.json')) as Record<string, Record<string, number>>;
    const over = Object.entries(BUDGETS).flatMap(([app, budget]) =>
      Object.entries(budget).flatMap(([what, most]) => {
        const kilobytes = (views[app]?.[what] ?? Number.NaN) / 1000;
        return kilobytes <= most ? [] : [`${app}: ${what} ${kilobytes} kB, at most ${most}`];
      }),
    );
    expect(over).toEqual([]);
  });

  it('are those of the specification that need no account', () => {
    expect(entriesOf('public').map(({ id, path: at }) => `${id} ${at}`)).toEqual([
      'P1 /',
      'P2 /cities/:code',
      'P4 /verify',
      'P5 /vouchers/:series',
      'P6 /shops',
      'P8 /help',
      'P8-status /status',
      'W1 /wallet',
      'W5 /wallet/vouchers/:series',
      'W6 /wallet/shops',
      'W7 /wallet/shops/:id',
      'W20 /wallet/lost',
      'W21 /wallet/settings',
      'M4 /till',
    ]);
    expect(entriesOf('console').map(({ id }) => id)).toEqual(['C1']);
  });

  it.each(['public', 'console'])(
    'of the origin %s say something before a script runs, and have no script or style in them',
    (origin) => {
      for (const { id, files } of entriesOf(origin))
        for (const lang of ['ko', 'en'] as const) {
          const html = read(origin, 'pages', files[lang]);
          expect([id, html.includes(`<html lang="${lang}"`)]).toEqual([id, true]);
          expect([id, /<title>[^<]+ – [^<]+<\/title>/.test(html)]).toEqual([id, true]);
          expect([id, html.match(/<h1/g)?.length ?? 0, html.match(/<main/g)?.length]).toEqual([id, 1, 1]);
          expect([id, /<script(?![^>]* src=)|<style| style="| on\w+="/.test(html)]).toEqual([id, false]);
          expect([id, /(?:src|href)="(?:https?:)?\/\//.test(html)]).toEqual([id, false]);
          const assets = [...html.matchAll(/(?:src|href|data-names)="(\/assets\/[^"]+)"/g)].map(
            ([, at = '']) => at,
          );
          expect([id, assets.filter((at) => !existsSync(path.join(DIST, origin, at)))]).toEqual([id, []]);
        }
    },
  );

  it('have a map of every province that fills its square, with a path for each of its places', () => {
    const maps = readdirSync(path.join(DIST, 'public', 'assets')).filter((name) =>
      /^map-\d\d-\w+\.json$/.test(name),
    );
    expect(maps.map((name) => name.slice(4, 6))).toEqual(
      regions()
        .children('')
        .map(({ code }) => code),
    );
    for (const name of maps) {
      const { areas } = JSON.parse(read('public', 'assets', name)) as ProvinceMap;
      const boxes = areas.map(({ code, d }) => ({ code, ...boxOf(d) }));
      const left = Math.min(...boxes.map(({ x }) => x));
      const top = Math.min(...boxes.map(({ y }) => y));
      const right = Math.max(...boxes.map(({ x, width }) => x + width));
      const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
      expect([name, left >= 0, top >= 0, right <= 400, bottom <= 400]).toEqual([
        name,
        true,
        true,
        true,
        true,
      ]);
      expect([name, Math.round(Math.max(right - left, bottom - top))]).toEqual([name, 400]);
      expect([name, boxes.filter(({ width, height }) => Math.max(width, height) < 2)]).toEqual([name, []]);
    }
  });

  it('have no part of the gallery', () => {
    expect(read('public', 'manifest.json') + read('console', 'manifest.json')).not.toContain('gallery');
  });
});

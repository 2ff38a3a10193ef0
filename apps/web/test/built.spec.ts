import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

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

  it('have no part of the gallery', () => {
    expect(read('public', 'manifest.json') + read('console', 'manifest.json')).not.toContain('gallery');
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

/** A page of the build, at an address where there is something to see. */
export interface Address {
  readonly id: string;
  readonly url: string;
}

interface Entry {
  readonly id: string;
  readonly path: string;
}

/** Entries of the build's pages. */
export function builtPages(origin: 'public' | 'console'): readonly Entry[] {
  const file = path.join(projectRoot(), 'dist', 'web', origin, 'pages.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Entry[];
}

/**
 * The addresses of all pages on a running platform, with a series, a city and a shop that it has.
 *
 * @param origin of the public pages
 * @param consoleOrigin of the officers' pages; left out = without them
 */
export async function exampleAddresses(origin: string, consoleOrigin?: string): Promise<Address[]> {
  const first = async (route: string): Promise<Readonly<Record<string, unknown>>> => {
    const body = (await (await fetch(`${origin}${route}`)).json()) as { items?: Record<string, unknown>[] };
    return body.items?.[0] ?? {};
  };
  const series = await first('/v1/series?limit=1');
  const values: Readonly<Record<string, unknown>> = {
    series: series['id'] ?? 1,
    code: series['authority'] ?? '47',
    id: (await first('/v1/merchants?limit=1'))['id'] ?? 'none',
  };
  const fillIn = (pattern: string): string =>
    pattern.replaceAll(/:(\w+)/g, (_, name: string) => String(values[name]));
  const of = (pages: readonly Entry[], host: string): Address[] =>
    pages.map(({ id, path: pattern }) => ({ id, url: `${host}${fillIn(pattern)}` }));
  return [
    ...of(builtPages('public'), origin),
    ...(consoleOrigin === undefined ? [] : of(builtPages('console'), consoleOrigin)),
  ];
}

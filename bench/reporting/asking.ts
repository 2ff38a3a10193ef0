import { rounded } from '../support/latency.js';
import type { Question } from './questions.js';

/** What an endpoint took. */
export interface Asked {
  readonly endpoint: string;
  readonly waits: readonly { readonly path: string; readonly ms: number; readonly bytes: number }[];
  readonly failures: readonly string[];
}

/** Asks every path in turn, all of them again in the next round, each until its body is there. Nothing warms up. */
export async function ask(url: string, { endpoint, paths, pages }: Question, rounds: number): Promise<Asked> {
  const waits: { path: string; ms: number; bytes: number }[] = [];
  const failures: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const start of paths) {
      let path: string | undefined = start;
      for (let page = 0; page < pages && path !== undefined; page++) {
        const startedAt = performance.now();
        const answer = await fetch(url + path, { headers: { accept: 'application/json' } });
        const text = await answer.text();
        waits.push({ path, ms: performance.now() - startedAt, bytes: text.length });
        if (answer.status !== 200) failures.push(`${path}: ${answer.status} ${text.slice(0, 200)}`);
        path = nextOf(start, text);
      }
    }
  }
  return { endpoint, waits, failures };
}

function nextOf(start: string, text: string): string | undefined {
  const next = /"next":"([^"]+)"/.exec(text)?.[1];
  return next && `${start}${start.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}`;
}

export function summaryOf({ endpoint, waits }: Asked): Record<string, unknown> {
  const ascending = waits.toSorted((one, other) => one.ms - other.ms);
  const at = (share: number) =>
    ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))];
  return {
    endpoint,
    asked: waits.length,
    p50_ms: rounded(at(0.5)?.ms ?? 0),
    p95_ms: rounded(at(0.95)?.ms ?? 0),
    max_ms: rounded(at(1)?.ms ?? 0),
    slowest: at(1)?.path,
    largest_kib: Math.round(Math.max(...waits.map(({ bytes }) => bytes)) / 1024),
  };
}

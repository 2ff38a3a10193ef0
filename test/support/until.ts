import { setTimeout as sleep } from 'node:timers/promises';

/** Far above what anything takes on a machine that other work keeps busy: a wait that ends here has failed. */
const WAIT_MS_MAX = 60_000;
const POLL_MS = 20;

export interface WaitOptions {
  /** Default 60 s. Shorter only where the time itself is what the test promises. */
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * The one way in which tests wait for what happens elsewhere (a block, an index, another process): they ask until it
 * is so, and never for a fixed time.
 *
 * @param what named in the error, as what did not happen
 * @throws Error when it does not happen in time; whatever `isSo` throws, at once
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  options: WaitOptions = {},
): Promise<void> {
  await untilRight(what, isSo, (answer) => answer, options);
}

/**
 * Asks until the answer is right.
 *
 * @returns the first right answer
 * @throws Error with the last answer when none is right in time; whatever `ask` throws, at once
 */
export async function untilRight<T>(
  what: string,
  ask: () => T | Promise<T>,
  isRight: (answer: T) => boolean,
  { withinMs = WAIT_MS_MAX, everyMs = POLL_MS }: WaitOptions = {},
): Promise<T> {
  for (const end = performance.now() + withinMs; ; await sleep(everyMs)) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > end)
      throw new Error(`did not happen in ${withinMs} ms: ${what}; at last: ${described(answer)}`);
  }
}

function described(answer: unknown): string {
  const text = JSON.stringify(answer, (_key, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  return (text ?? String(answer)).slice(0, 800);
}

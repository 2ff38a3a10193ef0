/** Milliseconds by which a process' event loop came late to its timers. */
export interface LoopDelay {
  readonly p99: number;
  readonly max: number;
}

/** The process looks every so often, and counts the pause between two looks as well. */
const RESOLUTION_MS = 10;

/** What a process says of its event loop since it was asked the last time: asking begins a new count. */
export async function loopDelayOf(baseUrl: string): Promise<LoopDelay> {
  const text = await (await fetch(new URL('/metrics', baseUrl))).text();
  const ms = (name: string) => {
    const value = new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`${baseUrl} does not say nodejs_eventloop_lag_${name}_seconds`);
    return Number(Math.max(0, Number(value) * 1000 - RESOLUTION_MS).toFixed(1));
  };
  return { p99: ms('p99'), max: ms('max') };
}

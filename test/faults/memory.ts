import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const KB_PER_MB = 1_024;
/** A full collection of 100 MB takes about 50 ms; a busy machine more. */
const COLLECT_MS = 300;

/** Resident memory of a process in MB; 0 when it does not run, or on systems without /proc. */
export function residentMb(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / KB_PER_MB;
  } catch {
    return 0;
  }
}

/** Slope of a straight line through the points (least squares); 0 for fewer than two. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return spread > 0 ? points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread : 0;
}

/**
 * Heap in MB that a process of a fixture holds: after its garbage is collected, as its metrics report.
 *
 * @throws Error when they don't
 */
export async function heldMb(pid: number, metricsUrl: string): Promise<number> {
  process.kill(pid, 'SIGWINCH');
  await sleep(COLLECT_MS);
  // A kept connection may be closed by the server at the very moment of the next question.
  const text = await (await fetch(metricsUrl, { headers: { connection: 'close' } })).text();
  const found = /^(?:\w+_)?nodejs_heap_size_used_bytes(?:\{[^}]*\})? ([\d.e+]+)$/m.exec(text);
  if (found === null) throw new Error(`${metricsUrl} does not report the used heap`);
  return Number(found[1]) / (KB_PER_MB * KB_PER_MB);
}

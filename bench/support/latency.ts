/** Latencies in milliseconds as benchmarks print them; null when nothing was measured. */
export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Percentiles of all values, not of a sample or of averages. */
export function latencyOf(values: readonly number[]): Latency | null {
  if (values.length === 0) return null;
  const ascending = Float64Array.from(values).sort();
  const at = (share: number): number =>
    rounded(ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** One decimal below 100, none above: more would pretend a precision that a shared machine does not have. */
export function rounded(value: number): number {
  return Math.abs(value) < 100 ? Number(value.toFixed(1)) : Math.round(value);
}

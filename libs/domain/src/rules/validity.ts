import type { EntryRefusal } from './registry.js';

/** The contract adds an extension to the original end in 32 bits. */
export const EXTENSION_SECONDS_MAX = 2 ** 32 - 1;

/** What decides whether the validity of a series may be extended; times in Unix seconds, ends exclusive. */
export interface Validity {
  /** With its extensions. */
  readonly validUntil: number;
  /** As published. */
  readonly originalUntil: number;
  /** Officers have started the return of what is left to its funders. */
  readonly expiring: boolean;
  readonly closed: boolean;
}

/** What extendSeries would say at the moment `now` of an extension from one end to another. */
export function refusalOfExtension(
  series: number,
  { validUntil, originalUntil, expiring, closed }: Validity,
  { from, until }: { readonly from: number; readonly until: number },
  now: number,
): EntryRefusal | undefined {
  if (closed) return { code: 'series_already_closed', args: { series } };
  if (expiring) return { code: 'expiry_already_started', args: { series } };
  if (from !== validUntil) return { code: 'end_differs', args: { series, valid_until: validUntil } };
  const laterThan = Math.max(validUntil, now);
  if (until <= laterThan) return { code: 'extension_too_short', args: { until, later_than: laterThan } };
  const latest = originalUntil + EXTENSION_SECONDS_MAX;
  return until > latest ? { code: 'extension_too_long', args: { until, latest } } : undefined;
}

import { unpackScopeRule, type ScopeRule, type SeriesRules, type Won } from '#domain';

/** Everything about a series that never changes, as one text: see parseRules. `s` is chain.series. */
export const PACKED_SERIES = `
  concat_ws(' ', s.valid_from, s.valid_until, s.flags, s.hops, s.refund_percent, s.refund_days, s.payment_cap,
            s.daily_caps[1], s.daily_caps[2], s.daily_caps[3], s.holding_cap, s.month_cap, s.year_cap, s.gift_cap,
            s.funding[1], array_to_string(s.rules, ','))`;

const parsed = new Map<string, SeriesRules>();
/** More series than one installation has at once; the cache only saves work. */
const PARSED_MAX = 1_000;

/** What officers decided about a series since, as chain.series_version has it; null where there is no such series. */
export interface DecidedSince {
  readonly valid_until: bigint | null;
  readonly paused_until: bigint | null;
}

/**
 * The rules of a series; undefined when there is none (the text is empty). The text is the key, whatever the chain loses.
 *
 * @param since undefined where neither end nor pause matters: both are as published then
 */
export function seriesRulesOf(packed: string, since?: DecidedSince): SeriesRules | undefined {
  if (packed === '') return undefined;
  let rules = parsed.get(packed);
  if (rules === undefined) {
    rules = parseRules(packed);
    if (parsed.size >= PARSED_MAX) parsed.clear();
    parsed.set(packed, rules);
  }
  const pausedUntil = Number(since?.paused_until ?? 0n);
  const validUntil = Number(since?.valid_until ?? rules.validUntil);
  const isAsPublished = pausedUntil === 0 && validUntil === rules.validUntil;
  return isAsPublished ? rules : { ...rules, pausedUntil, validUntil };
}

function parseRules(packed: string): SeriesRules {
  const fields = packed.split(' ');
  const text = (index: number): string => {
    const field = fields[index];
    if (field === undefined) throw new Error(`a packed series has no field ${index}`);
    return field;
  };
  const num = (index: number): number => Number(text(index));
  const won = (index: number): Won => BigInt(text(index));
  return {
    validFrom: num(0),
    validUntil: num(1),
    originalUntil: num(1),
    pausedUntil: 0,
    flags: num(2),
    hops: num(3),
    refundPercent: num(4),
    refundDays: num(5),
    paymentCap: won(6),
    dailyCaps: [won(7), won(8), won(9)],
    holdingCap: won(10),
    monthCap: won(11),
    yearCap: won(12),
    giftCap: won(13),
    residentShare: num(14),
    rules: text(15)
      .split(',')
      .map((word): ScopeRule => unpackScopeRule(BigInt(word))),
  };
}

import { koreanMonthIndex, yearOfMonthIndex } from '../calendar.js';
import { areasContain, type AreaHolder } from '../regions/areas.js';
import { packRegion } from '../regions/region.js';
import type { RegionCode } from '../regions/region.js';
import { TERMS_FLAG_COMPANY, TERMS_FLAG_SOLD } from '../terms.js';
import type { Won } from '../won.js';
import { checkHoldingCap, roomLeft } from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import type { SeriesRules } from './state.js';

export type IssueSeries = Pick<SeriesRules, 'flags' | 'holdingCap' | 'monthCap' | 'yearCap'>;

/**
 * What a resident bought of one authority's sold series: in the last Korean month in which there was any, and in that
 * month's year.
 */
export interface Purchases {
  /** See koreanMonthIndex. */
  readonly month: number;
  readonly inMonth: Won;
  readonly inYear: Won;
}

export interface IssueInput {
  readonly amount: Won;
  /** Block time; unix seconds. */
  readonly now: number;
  /** Won left of the issue order. */
  readonly remaining: Won;
  readonly series: IssueSeries;
  /** The authority that approved the order by delegation; undefined when it is the series' own. */
  readonly within: AreaHolder | undefined;
  /** The recipient; home '' = not attested. */
  readonly account: { readonly company: boolean; readonly home: RegionCode };
  /** What the recipient has of this series. */
  readonly balance: Won;
  /** What the recipient bought of this authority's series. */
  readonly purchases: Purchases;
}

/**
 * What the contract would do with one recipient of an issue order: settle it, with what was bought then, or why not.
 * Pause and expiry are not asked here: they refuse the whole chunk (series_not_open).
 *
 * The contract alone judges issues; this is its copy that the agreement tests compare with it, refusal by refusal.
 */
export function judgeIssue(input: IssueInput): Ruling<{ readonly purchases: Purchases }> {
  const { account, amount, balance, remaining, series } = input;
  const isCompany = (series.flags & TERMS_FLAG_COMPANY) !== 0;
  const found =
    checkApproved(amount, remaining) ??
    (account.company === isCompany ? undefined : { code: 'buyer_not_eligible' as const }) ??
    checkHome(input) ??
    checkHoldingCap(series.holdingCap, balance, amount) ??
    checkPurchase(input);
  return found === undefined ? { ok: true, purchases: purchasesAfter(input) } : refused(found);
}

function checkApproved(amount: Won, remaining: Won): Found | undefined {
  if (amount === 0n) return { code: 'amount_zero' };
  return amount > remaining ? { code: 'budget_exceeded', a: remaining, b: amount } : undefined;
}

function checkHome({ account: { home }, within }: IssueInput): Found | undefined {
  if (within === undefined || areasContain(within.areas, home)) return undefined;
  return { code: 'home_outside', a: packRegion(home), b: packRegion(within.authority) };
}

function checkPurchase({ amount, now, purchases, series }: IssueInput): Found | undefined {
  const { month, year } = purchaseCapsLeft(series, purchases, now);
  if (month !== undefined && amount > month) return { code: 'month_cap_exceeded', a: month, b: amount };
  if (year !== undefined && amount > year) return { code: 'year_cap_exceeded', a: year, b: amount };
  return undefined;
}

/** What was bought in the Korean month and year of `now`. */
export function purchasesAt({ month, inMonth, inYear }: Purchases, now: number): Purchases {
  const current = koreanMonthIndex(now);
  return {
    month: current,
    inMonth: month === current ? inMonth : 0n,
    inYear: yearOfMonthIndex(month) === yearOfMonthIndex(current) ? inYear : 0n,
  };
}

/** Won that may still be bought in the running Korean month and year; undefined where there is no cap. */
export function purchaseCapsLeft(
  { flags, monthCap, yearCap }: Pick<IssueSeries, 'flags' | 'monthCap' | 'yearCap'>,
  purchases: Purchases,
  now: number,
): { readonly month: Won | undefined; readonly year: Won | undefined } {
  const capped = countsPurchases(flags);
  const { inMonth, inYear } = purchasesAt(purchases, now);
  return {
    month: capped && monthCap > 0n ? roomLeft(monthCap, inMonth) : undefined,
    year: capped && yearCap > 0n ? roomLeft(yearCap, inYear) : undefined,
  };
}

/** Purchases of residents count, also where the series itself has no cap: the next one may. */
function purchasesAfter({ amount, now, purchases, series }: IssueInput): Purchases {
  if (!countsPurchases(series.flags)) return purchases;
  const { month, inMonth, inYear } = purchasesAt(purchases, now);
  return { month, inMonth: inMonth + amount, inYear: inYear + amount };
}

/** Residents' purchases are capped and counted; companies buy their own series, without caps. */
function countsPurchases(flags: number): boolean {
  return (flags & (TERMS_FLAG_SOLD | TERMS_FLAG_COMPANY)) === TERMS_FLAG_SOLD;
}

import type { Won } from '../won.js';
import {
  checkActive,
  checkDevice,
  checkNonce,
  checkOpen,
  checkOrder,
  checkScope,
  checkSigned,
  dailyCapLeft,
  dailyCapOf,
  isSameAccount,
} from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import { isFrozen } from './state.js';
import type { AccountState, HoldingState, MerchantState, SeriesRules, SignedOrder } from './state.js';

/** Most series that one payment can name. */
export const PAYMENT_SERIES_MAX = 8;

export type PaymentSeries = Pick<
  SeriesRules,
  'validFrom' | 'validUntil' | 'originalUntil' | 'pausedUntil' | 'paymentCap' | 'dailyCaps' | 'rules'
>;
export type PaymentHolding = Pick<HoldingState, 'balance' | 'window' | 'day' | 'spentToday'>;
export type PaymentMerchant = MerchantState;

/** One series that a payment names, and what the payer has of it. */
export interface PaymentSource {
  readonly seriesId: number;
  /** Undefined = there is no such series. */
  readonly series: PaymentSeries | undefined;
  readonly holding: PaymentHolding;
}

export interface PaymentInput extends SignedOrder {
  /** Account addresses, 0x-hex; letter case does not matter. */
  readonly payer: string;
  readonly payee: string;
  /** In the order in which the payer signed them, at most PAYMENT_SERIES_MAX; the first one's holding counts the nonce. */
  readonly sources: readonly PaymentSource[];
  /** Undefined = the payee is not a registered merchant. */
  readonly merchant: PaymentMerchant | undefined;
  readonly account: AccountState;
}

/** What a series gives to a payment; at least 1 won. */
export interface PaymentPart {
  readonly seriesId: number;
  readonly amount: Won;
}

type KnownSource = PaymentSource & { readonly series: PaymentSeries };

function isKnown(source: PaymentSource): source is KnownSource {
  return source.series !== undefined;
}

/**
 * What the contract would do with a payment: the parts that it takes from each series, or why it refuses. Same
 * checks, order, codes and arguments as the contract's `pay`, so that the API refuses at once what the chain would
 * refuse later.
 */
export function judgePayment(input: PaymentInput): Ruling<{ readonly parts: readonly PaymentPart[] }> {
  const early = checkOrder(input);
  if (early !== undefined) return refused(early);
  const known = input.sources.filter(isKnown);
  const [first] = known;
  if (first === undefined || known.length < input.sources.length) {
    const unknown = input.sources.find((source) => !isKnown(source));
    return refused({ code: 'series_unknown', a: BigInt(unknown?.seriesId ?? 0) });
  }
  const found = checkPayer(input, first) ?? checkSeries(input, known);
  if (found !== undefined) return refused(found);
  const division = divide(input, known);
  if ('code' in division) return refused(division);
  const device = checkDevice(input.signedBy, input.amount);
  return device === undefined ? { ok: true, parts: division.parts } : refused(device);
}

function checkPayer(input: PaymentInput, first: KnownSource): Found | undefined {
  const signature = checkSigned(input.signedBy);
  if (signature !== undefined) return signature;
  if (isFrozen(input.account, input.now)) return { code: 'account_frozen' };
  if (isSameAccount(input.payer, input.payee)) return { code: 'self_payment' };
  return checkNonce(first.holding.window, input.nonce);
}

/** Whether every listed series may be spent now, and with this merchant. */
function checkSeries({ merchant, now }: PaymentInput, sources: readonly KnownSource[]): Found | undefined {
  for (const [place, { seriesId, series }] of sources.entries()) {
    if (!isInOrder(sources, place)) {
      return { code: 'series_order', a: BigInt(seriesId), b: BigInt(series.originalUntil) };
    }
    const closed = checkOpen(series, now);
    if (closed !== undefined) return closed;
  }
  const inactive = checkActive(merchant);
  if (inactive !== undefined) return inactive;
  for (const { seriesId, series } of sources) {
    const outside = checkScope({ id: seriesId, rules: series.rules }, merchant);
    if (outside !== undefined) return outside;
  }
  return undefined;
}

/** The earliest end as published comes first, which no extension changes, and no series twice. */
function isInOrder(sources: readonly KnownSource[], place: number): boolean {
  const [source, before] = [sources[place], sources[place - 1]];
  if (source === undefined || before === undefined) return true;
  if (source.series.originalUntil < before.series.originalUntil) return false;
  return sources.findIndex(({ seriesId }) => seriesId === source.seriesId) === place;
}

/** What one of the listed series may give to the `rest` of a payment, and what limits it. */
function roomIn(
  { series, holding }: PaymentSource,
  { account, now }: Pick<PaymentInput, 'account' | 'now'>,
  rest: Won,
): { readonly cap: Won; readonly dailyLeft: Won; readonly part: Won } {
  const cap = series === undefined || series.paymentCap === 0n ? rest : series.paymentCap;
  const dailyLeft =
    series === undefined ? rest : (dailyCapLeft(dailyCapOf(series, account), holding, now) ?? rest);
  return { cap, dailyLeft, part: least(rest, cap, holding.balance, dailyLeft) };
}

/**
 * Takes as much as it may from each series in turn; the last one must give all that remains. The first must give
 * something, because its holding counts the nonce.
 */
function divide(
  input: PaymentInput,
  sources: readonly KnownSource[],
): Found | { readonly parts: readonly PaymentPart[] } {
  const parts: PaymentPart[] = [];
  let rest = input.amount;
  for (const [place, source] of sources.entries()) {
    const { seriesId, holding } = source;
    const { cap, dailyLeft, part } = roomIn(source, input, rest);
    if (part < rest && place + 1 === sources.length) {
      if (rest > cap) return { code: 'payment_cap_exceeded', a: cap, b: rest };
      if (rest > holding.balance) return { code: 'insufficient_balance', a: holding.balance, b: rest };
      return { code: 'daily_cap_exceeded', a: dailyLeft, b: rest };
    }
    if (part === 0n && place === 0) {
      return { code: holding.balance === 0n ? 'insufficient_balance' : 'daily_cap_exceeded', a: 0n, b: rest };
    }
    if (part > 0n) parts.push({ seriesId, amount: part });
    rest -= part;
  }
  return { parts };
}

/**
 * How the contract will divide a payment that was accepted: as judgePayment does, and what the earlier series cannot
 * give comes from the last.
 */
export function divisionOf(
  order: Pick<PaymentInput, 'account' | 'amount' | 'now'>,
  sources: readonly PaymentSource[],
): PaymentPart[] {
  const parts: PaymentPart[] = [];
  let rest = order.amount;
  for (const [place, source] of sources.entries()) {
    const part = place + 1 === sources.length ? rest : roomIn(source, order, rest).part;
    if (part > 0n) parts.push({ seriesId: source.seriesId, amount: part });
    rest -= part;
  }
  return parts;
}

function least(first: Won, ...others: readonly Won[]): Won {
  return others.reduce((low, one) => (one < low ? one : low), first);
}

/**
 * The order that the contract asks for: the earliest end as published first; equal ones by number. The payer's client puts its series
 * into it, and so do the tests that compare contract and platform.
 */
export function inSpendingOrder<Source extends { seriesId: number; series: { originalUntil: number } }>(
  sources: readonly Source[],
): Source[] {
  return sources.toSorted(
    (one, other) => one.series.originalUntil - other.series.originalUntil || one.seriesId - other.seriesId,
  );
}

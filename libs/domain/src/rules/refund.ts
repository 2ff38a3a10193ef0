import { koreanDayIndex } from '../calendar.js';
import { BASIS_POINTS } from '../funding.js';
import type { Won } from '../won.js';
import { checkNonce, checkOrder, checkOwner } from './checks.js';
import { refused } from './ruling.js';
import type { Ruling } from './ruling.js';
import { isFrozen } from './state.js';
import type { AccountState, HoldingState, SeriesRules, SignedOrder } from './state.js';

export type RefundSeries = Pick<SeriesRules, 'refundPercent' | 'refundDays' | 'residentShare'>;
export type RefundHolding = Pick<HoldingState, 'balance' | 'received' | 'receivedDay'>;

export interface RefundInput extends SignedOrder {
  readonly seriesId: number;
  /** Undefined = there is no such series. */
  readonly series: RefundSeries | undefined;
  readonly account: Pick<AccountState, 'frozenUntil'>;
  readonly holding: RefundHolding & Pick<HoldingState, 'window'>;
}

/** A refund of the whole rest, worked out. */
export interface RefundStatement {
  /** Why it is due: enough was spent (Decree Art 3), or nothing was and it is new; undefined = it is not due. */
  readonly due: 'spent' | 'unused' | undefined;
  readonly received: Won;
  readonly spent: Won;
  readonly balance: Won;
  /** Rounded down. */
  readonly spentPercent: number;
  /** 0 = spending never makes it due. */
  readonly neededPercent: number;
  /** Won to spend until enough was spent; 0 when it was, or when it can't be. */
  readonly stillToSpend: Won;
  /** Korean day index of the last day on which an untouched holding is refunded; undefined = never. */
  readonly unusedUntil: number | undefined;
  /** Basis points of each won that the resident paid. */
  readonly residentShare: number;
  /** Paid out: the resident's own money in the rest, rounded down. */
  readonly own: Won;
  /** Goes back to the funders. */
  readonly toFunders: Won;
}

/** Works a refund out, due or not, so that the screen shows the arithmetic before the tap. */
export function refundStatement(series: RefundSeries, holding: RefundHolding, now: number): RefundStatement {
  const { refundPercent, refundDays, residentShare } = series;
  const { balance, received, receivedDay } = holding;
  const spent = received - balance;
  const percent = BigInt(refundPercent);
  const enough = (percent * received + 99n) / 100n;
  const unusedUntil = refundDays === 0 ? undefined : receivedDay + refundDays;
  const isSpent = refundPercent !== 0 && spent * 100n >= percent * received;
  const isUnused = unusedUntil !== undefined && spent === 0n && koreanDayIndex(now) <= unusedUntil;
  const own = (balance * BigInt(residentShare)) / BigInt(BASIS_POINTS);
  return {
    due: balance === 0n ? undefined : isSpent ? 'spent' : isUnused ? 'unused' : undefined,
    received,
    spent,
    balance,
    spentPercent: received === 0n ? 0 : Number((spent * 100n) / received),
    neededPercent: refundPercent,
    stillToSpend: isSpent || refundPercent === 0 ? 0n : enough - spent,
    unusedUntil,
    residentShare,
    own,
    toFunders: balance - own,
  };
}

/** What the contract would do with a refund: what is paid out and what goes back to the funders, or why it refuses. */
export function judgeRefund(input: RefundInput): Ruling<{ readonly own: Won; readonly toFunders: Won }> {
  const { account, amount, holding, nonce, now, series, seriesId, signedBy } = input;
  const early = checkOrder(input);
  if (early !== undefined) return refused(early);
  if (series === undefined) return refused({ code: 'series_unknown', a: BigInt(seriesId) });
  const found =
    checkOwner(signedBy) ??
    (isFrozen(account, now) ? { code: 'account_frozen' as const } : undefined) ??
    checkNonce(holding.window, nonce);
  if (found !== undefined) return refused(found);
  if (amount !== holding.balance) {
    return refused({ code: 'refund_not_whole', a: holding.balance, b: amount });
  }
  const { due, spentPercent, own, toFunders } = refundStatement(series, holding, now);
  if (due === undefined) {
    return refused({ code: 'refund_not_due', a: BigInt(spentPercent), b: BigInt(series.refundPercent) });
  }
  return { ok: true, own, toFunders };
}

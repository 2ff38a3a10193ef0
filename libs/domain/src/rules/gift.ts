import { koreanMonthIndex } from '../calendar.js';
import { MERCHANT_STATUS } from '../merchant.js';
import { TERMS_FLAG_COMPANY, TERMS_FLAG_GIFT } from '../terms.js';
import type { Won } from '../won.js';
import {
  checkHoldingCap,
  checkNonce,
  checkOpen,
  checkOrder,
  checkOwner,
  dailyCapLeft,
  dailyCapOf,
  isSameAccount,
  roomLeft,
} from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import { isFrozen } from './state.js';
import type { AccountState, HoldingState, SeriesRules, SignedOrder } from './state.js';

export type GiftSeries = Pick<
  SeriesRules,
  'validFrom' | 'validUntil' | 'pausedUntil' | 'flags' | 'dailyCaps' | 'holdingCap' | 'giftCap'
>;

/** What a resident was given of one authority's series in the last Korean month in which there was any. */
export interface GiftsReceived {
  /** See koreanMonthIndex. */
  readonly month: number;
  readonly amount: Won;
}

export interface GiftReceiver {
  /** Frozen while now < frozenUntil. */
  readonly frozenUntil: number;
  /** The address has code: a contract, which holds no vouchers. */
  readonly isContract: boolean;
  /** MERCHANT_STATUS number of the receiver's address; 0 = not a merchant. */
  readonly merchantStatus: number;
  /** A company, which has companies' vouchers alone. */
  readonly company: boolean;
  /** Of this series. */
  readonly balance: Won;
  readonly gifts: GiftsReceived;
}

export interface GiftInput extends SignedOrder {
  readonly seriesId: number;
  /** Undefined = there is no such series. */
  readonly series: GiftSeries | undefined;
  /** Account addresses. */
  readonly giver: string;
  readonly receiver: string;
  readonly account: AccountState;
  readonly holding: Pick<HoldingState, 'balance' | 'window' | 'day' | 'spentToday'>;
  readonly to: GiftReceiver;
}

const ZERO_ADDRESS = /^0x0*$/;

/** What the contract would do when a resident gives vouchers to another one: settle it, or why not. */
export function judgeGift(input: GiftInput): Ruling {
  const early = checkOrder(input);
  if (early !== undefined) return refused(early);
  const { series, seriesId } = input;
  if (series === undefined) return refused({ code: 'series_unknown', a: BigInt(seriesId) });
  const found =
    checkPeople(input) ??
    checkNonce(input.holding.window, input.nonce) ??
    checkAllowed(input, series) ??
    checkGiver(input, series) ??
    checkReceiver(input, series);
  return found === undefined ? { ok: true } : refused(found);
}

function checkPeople({ signedBy, account, giver, receiver, to, now }: GiftInput): Found | undefined {
  const signature = checkOwner(signedBy);
  if (signature !== undefined) return signature;
  if (isFrozen(account, now) || isFrozen(to, now)) return { code: 'account_frozen' };
  if (isSameAccount(giver, receiver) || ZERO_ADDRESS.test(receiver)) return { code: 'self_payment' };
  if (to.isContract) return { code: 'receiver_is_contract' };
  return to.merchantStatus === MERCHANT_STATUS.none ? undefined : { code: 'gift_to_merchant' };
}

function checkAllowed({ now, seriesId }: GiftInput, series: GiftSeries): Found | undefined {
  if ((series.flags & TERMS_FLAG_GIFT) === 0) return { code: 'gift_not_allowed', a: BigInt(seriesId) };
  return checkOpen(series, now);
}

function checkGiver({ account, amount, holding, now }: GiftInput, series: GiftSeries): Found | undefined {
  if (amount > holding.balance) return { code: 'insufficient_balance', a: holding.balance, b: amount };
  const left = dailyCapLeft(dailyCapOf(series, account), holding, now);
  if (left !== undefined && amount > left) return { code: 'daily_cap_exceeded', a: left, b: amount };
  return undefined;
}

function checkReceiver({ amount, now, to }: GiftInput, series: GiftSeries): Found | undefined {
  // Who may get them by gift is who may get them by issue.
  if (to.company !== ((series.flags & TERMS_FLAG_COMPANY) !== 0)) return { code: 'buyer_not_eligible' };
  const full = checkHoldingCap(series.holdingCap, to.balance, amount);
  if (full !== undefined) return full;
  const left = giftCapLeft(series.giftCap, to.gifts, now);
  if (left === undefined || amount <= left) return undefined;
  return { code: 'gift_cap_exceeded', a: left, b: amount };
}

/** Won that an account may still be given this Korean month; undefined when there is no cap (0). */
export function giftCapLeft(giftCap: Won, gifts: GiftsReceived, now: number): Won | undefined {
  if (giftCap === 0n) return undefined;
  return roomLeft(giftCap, gifts.month === koreanMonthIndex(now) ? gifts.amount : 0n);
}

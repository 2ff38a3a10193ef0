import {
  checkActive,
  checkDevice,
  checkNonce,
  checkOpen,
  checkOrder,
  checkScope,
  checkSigned,
  isSameAccount,
} from './checks.js';
import { refused } from './ruling.js';
import type { Found, Ruling } from './ruling.js';
import { isFrozen } from './state.js';
import type { AccountState, MerchantState, SeriesRules, SignedOrder, MerchantBalanceState } from './state.js';
import { movable, mostHopsFirst, redeemable } from './merchant-balance.js';
import type { AmountsByHop } from './merchant-balance.js';

export type CirculationSeries = Pick<
  SeriesRules,
  'validFrom' | 'validUntil' | 'pausedUntil' | 'hops' | 'rules'
>;

export interface CirculationInput extends SignedOrder {
  readonly seriesId: number;
  /** Undefined = there is no such series. */
  readonly series: CirculationSeries | undefined;
  /** Account addresses of the two merchants. */
  readonly sender: string;
  readonly recipient: string;
  /** The sender's account. */
  readonly account: Pick<AccountState, 'frozenUntil'>;
  /** The registered merchants at these addresses; undefined = none. */
  readonly senderMerchant: Pick<MerchantState, 'status'> | undefined;
  readonly recipientMerchant: MerchantState | undefined;
  /** The sender's, in this series. */
  readonly merchantBalance: MerchantBalanceState;
}

/**
 * What the contract would do when a merchant spends its balance at another merchant: the parts by how many
 * hops they had made (each arrives one hop further), or why it refuses.
 */
export function judgeCirculation(input: CirculationInput): Ruling<{ readonly parts: AmountsByHop }> {
  const { amount, series, seriesId, merchantBalance } = input;
  const early = checkOrder(input);
  if (early !== undefined) return refused(early);
  if (series === undefined) return refused({ code: 'series_unknown', a: BigInt(seriesId) });
  const found =
    checkSender(input) ??
    checkPlace(input, series) ??
    checkAmount(input, series) ??
    checkDevice(input.signedBy, amount);
  if (found !== undefined) return refused(found);
  return { ok: true, parts: mostHopsFirst(merchantBalance, amount, series.hops - 1) };
}

function checkSender(input: CirculationInput): Found | undefined {
  const signature = checkSigned(input.signedBy);
  if (signature !== undefined) return signature;
  if (isFrozen(input.account, input.now)) return { code: 'account_frozen' };
  if (isSameAccount(input.sender, input.recipient)) return { code: 'self_payment' };
  return checkNonce(input.merchantBalance.window, input.nonce);
}

function checkPlace(input: CirculationInput, series: CirculationSeries): Found | undefined {
  if (series.hops === 0) return { code: 'circulation_not_allowed', a: BigInt(input.seriesId) };
  return (
    checkOpen(series, input.now) ??
    checkActive(input.senderMerchant) ??
    checkActive(input.recipientMerchant) ??
    checkScope({ id: input.seriesId, rules: series.rules }, input.recipientMerchant)
  );
}

function checkAmount(
  { amount, merchantBalance }: CirculationInput,
  { hops }: CirculationSeries,
): Found | undefined {
  const there = redeemable(merchantBalance);
  if (amount > there) return { code: 'insufficient_merchant_balance', a: there, b: amount };
  const mobile = movable(merchantBalance, hops);
  return amount > mobile ? { code: 'hop_limit_reached', a: mobile, b: amount } : undefined;
}

import { callPayload } from '#relayer';
import {
  cancellationTransfer,
  encodeCancel,
  encodeCancelAsMerchant,
  merchantCancellationTransfer,
  storeTransfer,
} from '#contracts';
import { judgeCancellation, noncesIn } from '#domain';
import {
  loadHoldings,
  loadMerchantBalances,
  type HoldingContext,
  type MerchantContext,
} from '../../pipeline/acceptance-context.repository.js';
import type { AcceptanceRules, Case } from '../../pipeline/kind.js';
import { onlySeries, type Order, type OrderRefusal, type Reservation } from '../../pipeline/order.js';
import {
  ProjectedHoldings,
  ProjectedMerchantBalance,
  type HoldingEntry,
  type MerchantBalanceEntry,
} from '../../pipeline/projected-balances.js';

type EitherCase = Case<HoldingContext, ProjectedHoldings> | Case<MerchantContext, ProjectedMerchantBalance>;

/** Cancellations of what the owner of a holding signed. */
export const cancellationRules: AcceptanceRules<HoldingEntry, HoldingContext, ProjectedHoldings> = {
  load: (tx, orders, now) => loadHoldings(tx, orders, now),
  project: ({ account }, now) => new ProjectedHoldings(account, now),
  waits,
  judge,
  reserve,
  pack(order, _context, vouchers) {
    const transfer = cancellationTransfer({ ...termsOf(order), account: order.holder });
    return callPayload(vouchers, encodeCancel([storeTransfer(transfer, order.proof)]));
  },
};

/** Cancellations of what a merchant signed. */
export const merchantCancellationRules: AcceptanceRules<
  MerchantBalanceEntry,
  MerchantContext,
  ProjectedMerchantBalance
> = {
  load: (tx, orders, now) => loadMerchantBalances(tx, orders, now),
  project: () => new ProjectedMerchantBalance(),
  waits,
  judge,
  reserve,
  pack(order, _context, vouchers) {
    const transfer = merchantCancellationTransfer({ ...termsOf(order), merchant: order.holder });
    return callPayload(vouchers, encodeCancelAsMerchant([storeTransfer(transfer, order.proof)]));
  },
};

/**
 * One at a time: the next one sees what the one before has left, and no account fills the chain with cancellations that
 * move nothing. It also waits where it leads too far until earlier orders have settled, or would shut out a promised one that it
 * does not name.
 */
function waits(balances: ProjectedHoldings | ProjectedMerchantBalance, order: Order): boolean {
  const series = onlySeries(order);
  const first = order.nonce - Number(order.amount) + 1;
  return (
    balances.isCancelling(series) ||
    balances.leads(series, order.nonce) ||
    balances.shutsOut(series, first, order.nonce)
  );
}

/**
 * By what the chain has used, not by what is promised: cancelling what is promised is what it is for. A cancellation that
 * loses the race is refused by the contract. Only whoever has, or once had, something in the series has something to cancel.
 */
function judge({ order, context, balances, signedBy, now }: EitherCase): OrderRefusal | null {
  const seriesId = onlySeries(order);
  const ruling = judgeCancellation({
    count: order.amount,
    deadline: order.deadline,
    nonce: order.nonce,
    now,
    signedBy,
    seriesId,
    seriesKnown: balances.rulesOf(seriesId) !== undefined,
    window: context.established ? context.entries.get(seriesId)?.state.window : undefined,
  });
  return ruling.ok ? null : ruling.refusal;
}

function reserve(
  balances: ProjectedHoldings | ProjectedMerchantBalance,
  { series, nonce, amount }: Omit<Reservation, 'kind' | 'byDevice'>,
): void {
  balances.cancel(series[0] ?? 0, noncesIn({ nonce, count: amount }));
}

function termsOf(order: Order) {
  const { nonce, deadline, reference, amount } = order;
  return { count: Number(amount), series: onlySeries(order), nonce, deadline, order: reference };
}

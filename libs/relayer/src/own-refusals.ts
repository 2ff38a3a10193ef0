import { type DecidedOrder, decidedOrder } from '#contracts';
import type { IndexedBatch, IndexedEvent } from '#indexer';
import { type Queryable, toBytes, toHex } from '#persistence';

/** An order that the contract refused in a transaction of this platform's relayers. */
export interface OwnRefusal {
  readonly order: DecidedOrder;
  readonly event: IndexedEvent & { readonly code: number; readonly a: bigint; readonly b: bigint };
}

/**
 * The refusals that decide: those in the relayers' own transactions. Anybody may submit a copy of an order, with a forged
 * signature or when it can't settle yet; the contract refuses that copy, and the order itself is still to come.
 */
export async function ownRefusals(tx: Queryable, batch: IndexedBatch): Promise<OwnRefusal[]> {
  const refused = batch.events.flatMap((event) => {
    const order = decidedOrder(event);
    return order !== null && !order.settled && 'code' in event ? [{ order, event }] : [];
  });
  if (refused.length === 0) return [];
  const senders = new Set(refused.map(({ event }) => batch.senderOfRefusal(event)));
  const rows = await tx.query<{ address: Buffer }>(
    'SELECT address FROM app.relayer WHERE address = ANY ($1::bytea[])',
    [[...senders].map(toBytes)],
  );
  const own = new Set<string>(rows.map(({ address }) => toHex(address)));
  return refused.filter(({ event }) => own.has(batch.senderOfRefusal(event)));
}

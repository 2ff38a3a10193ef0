import { receiptOf, type Hex, type Receipt } from '#contracts';
import { koreanDayIndex } from '#domain';
import { type Queryable, toBytes, toHex } from '#persistence';

/** A settled part of a payment, and what proves it to the contract. */
export interface PaymentReceipt {
  readonly payer: Hex;
  readonly merchant: Hex;
  /** won that settled voids took back of it */
  readonly voided: bigint;
  readonly receipt: Receipt;
}

interface PartRow extends Record<string, unknown> {
  readonly payer: Buffer;
  readonly merchant: Buffer;
  readonly block_number: bigint;
  readonly log_index: number;
  readonly voided: bigint;
  readonly batch: bigint;
  /** Positions in the block: behind the batch before, and the batch itself. */
  readonly after: number;
  readonly until: number;
}

interface EntryRow extends Record<string, unknown> {
  readonly id: Buffer;
  readonly subject: Buffer;
  readonly other: Buffer;
  readonly series: number;
  readonly amount: bigint;
  readonly log_index: number;
  readonly timestamp: bigint;
}

/**
 * The receipt of what a payment took from a series; undefined when it is not final. A batch's leaves are what one
 * transaction settled, so they stand in one block, between its root and the root before.
 */
export async function findReceipt(
  db: Queryable,
  payment: Hex,
  series: number,
): Promise<PaymentReceipt | undefined> {
  const [part] = await db.query<PartRow>(
    `SELECT p.payer, p.merchant, p.block_number, p.log_index, b.batch, b.log_index AS until,
            coalesce((SELECT max(r.log_index) FROM chain.receipt_batch r
                       WHERE r.block_number = p.block_number AND r.log_index < p.log_index), -1) AS after,
            (SELECT coalesce(sum(v.amount), 0)::bigint FROM chain.void v
              WHERE v.payment = p.id AND v.series = p.series) AS voided
       FROM chain.payment p
       JOIN LATERAL (SELECT batch, log_index FROM chain.receipt_batch r
                      WHERE r.block_number = p.block_number AND r.log_index > p.log_index
                      ORDER BY r.log_index LIMIT 1) b ON true
      WHERE p.id = $1 AND p.series = $2::bigint`,
    [toBytes(payment), series],
  );
  if (part === undefined) return undefined;
  const rows = await entriesOf(db, part);
  const entries = rows.map(({ id, subject, other, series: of, amount, timestamp }) => ({
    id: toHex(id),
    subject: toHex(subject),
    other: toHex(other),
    series: of,
    amount,
    day: koreanDayIndex(Number(timestamp)),
  }));
  const index = rows.findIndex(({ log_index: at }) => at === part.log_index);
  return {
    payer: toHex(part.payer),
    merchant: toHex(part.merchant),
    voided: part.voided,
    receipt: receiptOf(entries, index, part.batch),
  };
}

function entriesOf(db: Queryable, { block_number: block, after, until }: PartRow): Promise<EntryRow[]> {
  const within = 'block_number = $1 AND log_index > $2 AND log_index < $3';
  return db.query<EntryRow>(
    `SELECT e.id, e.subject, e.other, e.series, e.amount, e.log_index, b.timestamp
       FROM (SELECT id, payer AS subject, merchant AS other, series, amount, log_index
               FROM chain.payment WHERE ${within}
             UNION ALL
             SELECT id, merchant, decode(repeat('00', 20), 'hex'), series, amount, log_index
               FROM chain.redemption WHERE ${within}) e
       JOIN chain.block b ON b.number = $1
      ORDER BY e.log_index`,
    [block, after, until],
  );
}

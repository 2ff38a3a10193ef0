import type { OrderKind } from './order.js';

/** Where the tables keep a kind, and what they call its sides. */
export interface RecordSource {
  readonly table: string;
  readonly outboxKind: 'payment' | 'redemption' | 'call';
  /** SQL that keeps other kinds of the table out. */
  readonly ofKind: string;
  /** Columns of the submitted ones. */
  readonly appHolder: string;
  readonly appOther: string | null;
  /** SQL: whether row `p` lists series $3. */
  readonly appSeries: string;
  /** Column of the submitted ones whose place and category filter a list. */
  readonly merchant: string;
  /** Columns of the settled ones. */
  readonly holder: string;
  readonly other: string | null;
  /** Settled ones have a region and a category. */
  readonly place: boolean;
  /** SQL that leaves one row `c` of each order in a list. */
  readonly once: string;
  /** SQL of one submitted order; no row when there is none. */
  readonly submitted: (id: string) => string;
  /** SQL of one settled order; a row without a nonce when there is none. */
  readonly settled: (id: string) => string;
}

const ORDER_COLUMNS = `p.amount, p.nonce, p.order_ref, p.deadline, p.received_at, p.refusal_code, p.refusal_a, p.refusal_b`;

const PAYMENT: RecordSource = {
  table: 'app.payment',
  outboxKind: 'payment',
  ofKind: '',
  appHolder: 'payer',
  appOther: 'merchant',
  appSeries: '$3 = ANY (p.series)',
  merchant: 'merchant',
  holder: 'payer',
  other: 'merchant',
  place: true,
  // With a series, its own part; else the first.
  once: 'AND ($3::bigint IS NOT NULL OR c.part = 0)',
  submitted: (id) => `
    SELECT p.payer AS holder, p.merchant AS other, NULL::bytea AS payment, array_to_string(p.series, ' ') AS series,
           ${ORDER_COLUMNS}
      FROM app.payment p WHERE p.id = ${id}`,
  settled: (id) => `
    SELECT c.payer AS holder, c.merchant AS other, NULL::bytea AS payment,
           string_agg(c.series::text, ' ' ORDER BY c.part) AS part_series,
           string_agg(c.amount::text, ' ' ORDER BY c.part) AS part_amounts, sum(c.amount)::bigint AS amount,
           min(c.nonce) AS nonce, c.order_ref, c.tx_hash, c.block_number, c.region, c.category, NULL::bigint AS own
      FROM chain.payment c WHERE c.id = ${id}
     GROUP BY c.payer, c.merchant, c.order_ref, c.tx_hash, c.block_number, c.region, c.category`,
};

/** A kind of one series, with one row on chain. */
function single(kind: Exclude<OrderKind, 'payment'>, columns: Partial<RecordSource> & { holder: string }) {
  const { holder, other = null, place = false } = columns;
  const isRedemption = kind === 'redemption';
  const settled = (id: string) => `
    SELECT c.${holder} AS holder, ${other === null ? 'NULL::bytea' : `c.${other}`} AS other,
           ${kind === 'void' ? 'c.payment' : 'NULL::bytea'} AS payment, c.series::text AS part_series,
           c.amount::text AS part_amounts, c.amount, c.nonce, c.order_ref, c.tx_hash, c.block_number,
           ${place ? 'c.region, c.category' : 'NULL AS region, NULL::int AS category'},
           ${kind === 'refund' ? 'c.own' : 'NULL::bigint AS own'}
      FROM chain.${kind} c WHERE c.id = ${id}`;
  const source: RecordSource = {
    table: isRedemption ? 'app.redemption' : 'app.signed_order',
    outboxKind: isRedemption ? 'redemption' : 'call',
    ofKind: isRedemption ? '' : `AND p.kind = '${kind}'`,
    appHolder: isRedemption ? 'merchant' : 'holder',
    appOther: isRedemption || other === null ? null : 'other',
    appSeries: 'p.series = $3',
    merchant: isRedemption ? 'merchant' : 'holder',
    holder,
    other,
    place,
    once: '',
    submitted: (id) =>
      isRedemption
        ? `SELECT p.merchant AS holder, NULL::bytea AS other, NULL::bytea AS payment, p.series::text AS series,
                  ${ORDER_COLUMNS}
             FROM app.redemption p WHERE p.id = ${id}`
        : `SELECT p.holder, p.other, p.payment, p.series::text AS series, ${ORDER_COLUMNS}
             FROM app.signed_order p WHERE p.id = ${id} AND p.kind = '${kind}'`,
    settled,
  };
  return { ...source, ...columns };
}

export const SOURCES: Readonly<Record<OrderKind, RecordSource>> = {
  payment: PAYMENT,
  redemption: single('redemption', { holder: 'merchant', place: true }),
  void: single('void', { holder: 'merchant', other: 'payer', place: true }),
  gift: single('gift', { holder: 'giver', other: 'receiver' }),
  circulation: single('circulation', {
    holder: 'merchant',
    other: 'recipient',
    place: true,
    merchant: 'other',
  }),
  refund: single('refund', { holder: 'account' }),
};

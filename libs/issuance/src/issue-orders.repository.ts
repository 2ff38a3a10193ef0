import { Injectable } from '@nestjs/common';
import { enqueueCall } from '#access';
import { callPayload } from '#relayer';
import { decodeIssueByQuota, issueByQuotaPrefix, type IssueRecipient } from '#contracts';
import { Database, type Queryable, toHex, type Transaction } from '#persistence';

/** What a quota's key signed: recipients as packRecipients packs them. */
export interface QuotaChunk {
  readonly index: number;
  readonly items: Uint8Array;
}

/** An issue order of the chain with how far it has come. Amounts in won. */
export interface IssueOrderRow {
  readonly id: bigint;
  readonly series: number;
  readonly approvedBy: string;
  readonly total: bigint;
  readonly issued: bigint;
  readonly recipients: bigint;
  readonly refused: bigint;
  readonly chunks: bigint;
  readonly closed: boolean;
  /** Of a quota; else null. */
  readonly key: string | null;
  readonly perDay: bigint | null;
  readonly issuedToday: bigint;
  /** Act of the list; null for a quota, and for a list that was approved without this platform. */
  readonly list: string | null;
}

type Row = Omit<IssueOrderRow, 'key' | 'perDay' | 'list' | 'issued' | 'issuedToday'> & {
  key: Buffer | null;
  perDay: string | null;
  list: Buffer | null;
  issued: string;
  issuedToday: string;
};

const ADDRESS_BYTES = 20;

const ORDERS = `
  SELECT o.id, o.series, o.approved_by AS "approvedBy", o.total, o.quota_key AS key, o.per_day::text AS "perDay",
         i.issued, i.recipients, i.today AS "issuedToday",
         (SELECT count(*) FROM chain.issue_refused r WHERE r.issue_order = o.id) AS refused,
         (SELECT count(*) FROM chain.issue_chunk c WHERE c.issue_order = o.id) AS chunks,
         EXISTS (SELECT FROM chain.issue_order_closed c WHERE c.issue_order = o.id) AS closed,
         (SELECT l.act FROM chain.act_executed x JOIN app.issue_list l ON l.act = x.act
           WHERE x.block_number = o.block_number AND x.log_index = o.log_index + 1 AND l.root = o.root) AS list
    FROM chain.issue_order o
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(n.amount), 0) AS issued, count(n.amount) AS recipients,
             coalesce(sum(n.amount) FILTER (WHERE o.quota_key IS NOT NULL AND b.timestamp >= $2), 0) AS today
        FROM chain.issued n JOIN chain.block b ON b.number = n.block_number WHERE n.issue_order = o.id) i`;

/** Issue orders of both kinds, and the chunks that a quota's key signs. */
@Injectable()
export class IssueOrdersRepository {
  constructor(private readonly db: Database) {}

  /** @param dayStart Unix seconds of the beginning of the Korean day */
  async find(id: number, dayStart: number): Promise<IssueOrderRow | undefined> {
    const [row] = await this.db.query<Row>(`${ORDERS} WHERE o.id = $1`, [id, dayStart]);
    return row && orderOf(row);
  }

  /** Newest first, below `before`. */
  async ofSeries(
    series: number,
    dayStart: number,
    before: number | undefined,
    limit: number,
  ): Promise<IssueOrderRow[]> {
    const rows = await this.db.query<Row>(
      `${ORDERS} WHERE o.series = $1 AND ($3::bigint IS NULL OR o.id < $3) ORDER BY o.id DESC LIMIT $4`,
      [series, dayStart, before ?? null, limit],
    );
    return rows.map(orderOf);
  }

  /** Authorities that the series' budget was ever delegated to, with what their orders claim of it. */
  async delegates(series: number): Promise<{ readonly authority: string; readonly approved: bigint }[]> {
    const rows = await this.db.query<{ authority: string; approved: string }>(
      `SELECT d.delegate AS authority,
              coalesce((SELECT sum(o.total - coalesce(c.unissued, 0)) FROM chain.issue_order o
                          LEFT JOIN chain.issue_order_closed c ON c.issue_order = o.id
                         WHERE o.series = $1 AND o.approved_by = d.delegate), 0)::text AS approved
         FROM (SELECT DISTINCT delegate FROM chain.budget_delegation WHERE series = $1) d ORDER BY 1`,
      [series],
    );
    return rows.map(({ authority, approved }) => ({ authority, approved: BigInt(approved) }));
  }

  /**
   * Runs `work` in a transaction, for one chunk of the order at a time over all processes: what it finds about other
   * chunks stays so until it has committed.
   */
  async oneAtATime<T>(issueOrder: number, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`quota of ${issueOrder}`]);
      return work(tx);
    });
  }

  /**
   * A quota with its chunks that were accepted and are in no indexed block yet: of one moment, so that none is counted
   * twice or not at all.
   */
  async withUnderWay(
    tx: Queryable,
    id: number,
    dayStart: number,
    vouchers: string,
  ): Promise<{ readonly order: IssueOrderRow; readonly underWay: readonly QuotaChunk[] } | undefined> {
    const prefix = callPayload(vouchers, issueByQuotaPrefix(id));
    // In two parts, one for each of the indexes over undecided rows.
    const part = (relayed: string) => `SELECT payload FROM app.outbox
      WHERE kind = 'call' AND decided_block IS NULL AND relay_hash IS ${relayed}
        AND substring(payload FROM 1 FOR ${prefix.length}) = $3`;
    const [row] = await tx.query<Row & { payloads: Buffer[] }>(
      `SELECT q.*, ARRAY(${part('NULL')} UNION ALL ${part('NOT NULL')}) AS payloads
         FROM (${ORDERS} WHERE o.id = $1) q`,
      [id, dayStart, prefix],
    );
    if (row === undefined) return undefined;
    const { payloads, ...order } = row;
    const underWay = payloads.map((payload) => decodeIssueByQuota(toHex(payload.subarray(ADDRESS_BYTES))));
    return { order: orderOf(order), underWay };
  }

  /**
   * The recipients of a chunk in a block, paid and refused ones, as the chain names them; undefined when the index is
   * not used. The contract emits one event an item, then ChunkIssued, and none of another chunk in between.
   */
  async issuedChunk(
    tx: Queryable,
    issueOrder: number,
    index: number,
  ): Promise<readonly IssueRecipient[] | undefined> {
    const rows = await tx.query<{ account: Buffer | null; amount: string | null }>(
      `SELECT i.account, i.amount::text AS amount
         FROM chain.issue_chunk c
         LEFT JOIN LATERAL (
           SELECT account, amount, log_index FROM chain.issued
            WHERE block_number = c.block_number AND issue_order = c.issue_order
           UNION ALL
           SELECT account, amount, log_index FROM chain.issue_refused
            WHERE block_number = c.block_number AND issue_order = c.issue_order) i
           ON i.log_index < c.log_index AND NOT EXISTS (
             SELECT FROM chain.issue_chunk e
              WHERE e.issue_order = c.issue_order AND e.block_number = c.block_number
                AND e.log_index > i.log_index AND e.log_index < c.log_index)
        WHERE c.issue_order = $1 AND c.index = $2::bigint
        ORDER BY i.log_index`,
      [issueOrder, index],
    );
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ account, amount }) =>
      account === null || amount === null ? [] : [{ account: toHex(account), amount: BigInt(amount) }],
    );
  }

  /** Hands a chunk to the relayer; `id` is what its key signed. */
  enqueue(tx: Transaction, id: string, vouchers: string, call: string): Promise<void> {
    return enqueueCall(tx, id, vouchers, call);
  }
}

function orderOf(row: Row): IssueOrderRow {
  return {
    ...row,
    issued: BigInt(row.issued),
    issuedToday: BigInt(row.issuedToday),
    key: row.key && toHex(row.key),
    perDay: row.perDay === null ? null : BigInt(row.perDay),
    list: row.list && toHex(row.list),
  };
}

import { Injectable } from '@nestjs/common';
import { enqueueCall } from '#access';
import { Database, toHex } from '#persistence';

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

  async isChunkIssued(issueOrder: number, index: number): Promise<boolean> {
    const rows = await this.db.query(
      'SELECT index FROM chain.issue_chunk WHERE issue_order = $1 AND index = $2::bigint',
      [issueOrder, index],
    );
    return rows.length > 0;
  }

  /** Hands a chunk to the relayer; `id` is what its key signed. */
  enqueue(id: string, vouchers: string, call: string): Promise<void> {
    return enqueueCall(this.db, id, vouchers, call);
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

import { Injectable } from '@nestjs/common';
import { addToOutbox, callPayload } from '#relayer';
import {
  encodeIssue,
  type IssueChunk,
  type IssueRecipient,
  RECIPIENT_BYTES,
  unpackRecipients,
} from '#contracts';
import { Database, type Queryable, toBytes, toHex } from '#persistence';

export interface NewIssueList {
  readonly act: string;
  readonly root: string;
  readonly series: number;
  readonly total: bigint;
  readonly recipients: number;
  readonly chunks: readonly IssueChunk[];
}

export interface IssueListProgress {
  readonly act: string;
  readonly series: number;
  readonly total: bigint;
  readonly recipients: number;
  readonly chunks: number;
  /** The chain's number of the approved order; null until the act was executed. */
  readonly issueOrder: bigint | null;
  readonly closed: boolean;
  readonly chunksIssued: number;
  readonly issuedCount: number;
  readonly issuedWon: bigint;
  readonly refused: readonly { readonly code: number; readonly count: number }[];
}

/** A chunk of an approved list that the outbox does not know yet. */
export interface WaitingChunk {
  readonly issueOrder: bigint;
  readonly chunk: IssueChunk;
}

type ListRow = {
  series: number;
  total: bigint;
  recipients: number;
  chunks: number;
  issue_order: bigint | null;
  closed: boolean;
};

/**
 * Which order an approved list became: the one that its act's transaction made. The log separates equal
 * roots: IssueApproved is the last log before ActExecuted.
 */
const ORDERS = `
  SELECT l.act, o.id AS issue_order
    FROM app.issue_list l
    JOIN chain.act_executed x ON x.act = l.act
    JOIN chain.issue_order o ON o.block_number = x.block_number AND o.log_index = x.log_index - 1
                            AND o.root = l.root AND o.series = l.series`;

/** The only code that touches issue lists and the outbox rows of their chunks. */
@Injectable()
export class IssueListsRepository {
  constructor(private readonly db: Database) {}

  /** Acts that propose or approved the same recipients in the same order for a series, newest first; at most 10. */
  async withRoot(root: string, series: number): Promise<string[]> {
    const rows = await this.db.query<{ act: Buffer }>(
      `SELECT l.act FROM app.issue_list l JOIN app.act a ON a.id = l.act
        WHERE l.root = $1 AND l.series = $2::bigint AND a.state NOT IN ('failed', 'withdrawn')
        ORDER BY a.proposed_at DESC LIMIT 10`,
      [toBytes(root), series],
    );
    return rows.map(({ act }) => toHex(act));
  }

  async insert(tx: Queryable, list: NewIssueList): Promise<void> {
    await tx.query(
      `INSERT INTO app.issue_list (root, act, series, total, recipients, chunks) VALUES ($1, $2, $3, $4, $5, $6)`,
      [toBytes(list.root), toBytes(list.act), list.series, list.total, list.recipients, list.chunks.length],
    );
    // Proofs are arrays of their own, which unnest cannot take side by side: 32-byte nodes joined, cut again in SQL.
    await tx.query(
      `INSERT INTO app.issue_chunk (act, index, items, proof)
       SELECT $1, c.index, c.items,
              ARRAY(SELECT substring(c.proof FROM 32 * n + 1 FOR 32) FROM generate_series(0, octet_length(c.proof) / 32 - 1) n)
         FROM unnest($2::int[], $3::bytea[], $4::bytea[]) AS c(index, items, proof)`,
      [
        toBytes(list.act),
        list.chunks.map(({ index }) => index),
        list.chunks.map(({ items }) => Buffer.from(items)),
        list.chunks.map(({ proof }) => Buffer.concat(proof.map(toBytes))),
      ],
    );
  }

  /** Acts whose lists are approved on chain, still open, and not wholly issued. */
  async unfinished(): Promise<
    { readonly act: string; readonly issueOrder: bigint; readonly chunks: number }[]
  > {
    const rows = await this.db.query<{ act: Buffer; issue_order: bigint; chunks: number }>(
      `SELECT a.act, a.issue_order, l.chunks FROM (${ORDERS}) AS a JOIN app.issue_list l ON l.act = a.act
        WHERE NOT EXISTS (SELECT FROM chain.issue_order_closed c WHERE c.issue_order = a.issue_order)
          AND l.chunks > (SELECT count(*) FROM chain.issue_chunk i WHERE i.issue_order = a.issue_order)`,
    );
    return rows.map(({ act, issue_order, chunks }) => ({ act: toHex(act), issueOrder: issue_order, chunks }));
  }

  /** Chunks by index. */
  async chunks(act: string, indices: readonly number[]): Promise<IssueChunk[]> {
    const rows = await this.db.query<{ index: number; items: Buffer; proof: Buffer[] }>(
      `SELECT index, items, proof::bytea[] AS proof FROM app.issue_chunk
        WHERE act = $1 AND index = ANY($2::int[]) ORDER BY index`,
      [toBytes(act), indices],
    );
    return rows.map(({ index, items, proof }) => ({ index, items, proof: proof.map(toHex) }));
  }

  /** Of some ids the positions of those that the outbox does not have. */
  async absentFromOutbox(ids: readonly string[]): Promise<number[]> {
    const rows = await this.db.query<{ at: bigint }>(
      `SELECT wanted.at - 1 AS at FROM unnest($1::bytea[]) WITH ORDINALITY AS wanted(id, at)
        WHERE NOT EXISTS (SELECT FROM app.outbox o WHERE o.id = wanted.id) ORDER BY 1`,
      [ids.map(toBytes)],
    );
    return rows.map(({ at }) => Number(at));
  }

  /** Puts chunks into the outbox; those that are there already stay as they are. Returns how many are new. */
  enqueue(vouchers: string, rows: readonly (WaitingChunk & { readonly id: string })[]): Promise<number> {
    return this.db.transaction((tx) =>
      addToOutbox(
        tx,
        rows.map(({ id, issueOrder, chunk }) => ({
          id,
          kind: 'issue_chunk',
          payload: callPayload(vouchers, encodeIssue(Number(issueOrder), chunk)),
        })),
      ),
    );
  }

  async progress(act: string): Promise<IssueListProgress | undefined> {
    const [row] = await this.db.query<ListRow>(
      `SELECT l.series, l.total, l.recipients, l.chunks, a.issue_order,
              EXISTS (SELECT FROM chain.issue_order_closed c WHERE c.issue_order = a.issue_order) AS closed
         FROM app.issue_list l LEFT JOIN (${ORDERS}) AS a ON a.act = l.act WHERE l.act = $1`,
      [toBytes(act)],
    );
    if (row === undefined) return undefined;
    const { issue_order: issueOrder, ...list } = row;
    const [issued] = await this.db.query<{ chunks: bigint; count: bigint; won: string }>(
      `SELECT (SELECT count(*) FROM chain.issue_chunk WHERE issue_order = $1) AS chunks,
              count(*) AS count, coalesce(sum(amount), 0) AS won FROM chain.issued WHERE issue_order = $1`,
      [issueOrder],
    );
    const refused = await this.db.query<{ code: number; count: bigint }>(
      `SELECT code, count(*) AS count FROM chain.issue_refused WHERE issue_order = $1 GROUP BY code ORDER BY code`,
      [issueOrder],
    );
    return {
      act,
      ...list,
      issueOrder,
      chunksIssued: Number(issued?.chunks ?? 0),
      issuedCount: Number(issued?.count ?? 0),
      issuedWon: BigInt(issued?.won ?? 0),
      refused: refused.map(({ code, count }) => ({ code, count: Number(count) })),
    };
  }

  /** Up to `limit` recipients from a place in the list on; undefined when there is no such list. */
  async recipients(act: string, from: number, limit: number): Promise<IssueRecipient[] | undefined> {
    const rows = await this.db.query<{ first: bigint; items: Buffer }>(
      `SELECT first, items
         FROM (SELECT items, octet_length(items) / ${RECIPIENT_BYTES} AS size,
                      sum(octet_length(items) / ${RECIPIENT_BYTES}) OVER (ORDER BY index)
                        - octet_length(items) / ${RECIPIENT_BYTES} AS first
                 FROM app.issue_chunk WHERE act = $1) c
        WHERE first < $3 AND first + size > $2 ORDER BY first`,
      [toBytes(act), from, from + limit],
    );
    const [chunk] = rows;
    if (chunk === undefined) return (await this.progress(act)) && [];
    const all = rows.flatMap(({ items }) => unpackRecipients(items));
    const before = from - Number(chunk.first);
    return all.slice(before, before + limit);
  }
}

import { Injectable } from '@nestjs/common';
import { keyRingHash, type Hex } from '#contracts';
import type { HandOver, Movable } from '#domain';
import { Database, toBytes, toHex } from '#persistence';

/** The columns of newestHandOver; all null for an account that was never handed over and never moved. */
export type HandOverRow = {
  readonly to: string | null;
  /** Unix seconds. */
  readonly readyAt: bigint | null;
  readonly number: bigint | null;
  readonly moves: bigint | null;
};

/** SQL of what is proposed for an account, and its moves so far, as `h`. @param account an SQL expression */
export function newestHandOver(account: string): string {
  return `LEFT JOIN LATERAL (SELECT to_authority AS "to", ready_at AS "readyAt", number, moves FROM chain.hand_over
                              WHERE account = ${account}
                              ORDER BY block_number DESC, log_index DESC LIMIT 1) h ON true`;
}

export function handOverOf({ to, readyAt, number, moves }: HandOverRow): HandOver {
  return {
    proposed: to === null || readyAt === null ? null : { to, readyAt: Number(readyAt) },
    number: Number(number ?? 0n),
    moves: Number(moves ?? 0n),
  };
}

type MovableRow = HandOverRow & {
  id: Buffer;
  authority: string;
  keyless: boolean;
  frozenUntil: bigint;
  frozenByOne: boolean;
  status: number | null;
  heldUntil: bigint | null;
};

/** An account of any role that waits to be taken on. */
export interface WaitingRow {
  readonly account: string;
  readonly kind: 'resident' | 'company' | 'merchant';
  /** Who answers for it. */
  readonly from: string;
  readonly to: string;
  /** Its home, or its place. */
  readonly place: string;
  /** Unix seconds. */
  readonly readyAt: bigint;
  readonly number: bigint;
  readonly moves: bigint;
}

export interface WaitingFilter {
  /** Codes that mean the authority that shall take them on. */
  readonly to?: readonly string[];
  /** Codes that mean the authority in charge. */
  readonly from?: readonly string[];
  /** The last account of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Something that happened to who answers for an account. */
export interface MoveRow {
  readonly event: 'proposed' | 'taken_back' | 'stopped' | 'taken';
  /** Unix seconds of its block. */
  readonly at: bigint;
  readonly block: bigint;
  readonly log: number;
  /** Who answers since then. */
  readonly authority: string;
  /** Of one that was taken on: who answered before, and its place since. */
  readonly former: string | null;
  readonly place: string | null;
  readonly to: string | null;
  readonly readyAt: bigint | null;
}

/** Who answers for accounts, who shall, and who did, as the indexed chain has it. */
@Injectable()
export class HandOversRepository {
  constructor(private readonly db: Database) {}

  /** What decides about moves of the accounts on record at these addresses, of any role; unknown ones are absent. */
  async movable(addresses: readonly string[]): Promise<Map<string, Movable>> {
    const rows = await this.db.query<MovableRow>(MOVABLE, [addresses.map(toBytes)]);
    return new Map(rows.map((row) => [toHex(row.id), movableOf(row)]));
  }

  /** Hashes of the present rings of those of these accounts whose keys were changed. */
  async rings(accounts: readonly string[]): Promise<Map<string, Hex>> {
    const rows = await this.db.query<{ account: Buffer; ring: Buffer }>(
      `SELECT DISTINCT ON (account) account, ring FROM chain.account_keys
        WHERE account = ANY($1::bytea[]) ORDER BY account, change DESC`,
      [accounts.map(toBytes)],
    );
    return new Map(rows.map(({ account, ring }) => [toHex(account), keyRingHash(ring)]));
  }

  async of(account: string): Promise<HandOver> {
    const [row] = await this.db.query<{ [K in keyof HandOverRow]: HandOverRow[K] }>(
      `SELECT h.* FROM (SELECT 1) AS one ${newestHandOver('$1')}`,
      [toBytes(account)],
    );
    if (row === undefined) throw new Error('no row');
    return handOverOf(row);
  }

  /** Accounts that wait to be taken on, in the order of their addresses. */
  async waiting({ to, from, after, limit }: WaitingFilter): Promise<WaitingRow[]> {
    const rows = await this.db.query<Omit<WaitingRow, 'account'> & { account: Buffer }>(WAITING, [
      to ?? null,
      from ?? null,
      after === undefined ? null : toBytes(after),
      limit,
    ]);
    return rows.map(({ account, ...row }) => ({ account: toHex(account), ...row }));
  }

  /** What happened to who answers for an account, newest first, behind a place of the chain. */
  moves(
    account: string,
    after: readonly [block: string, log: string] | undefined,
    limit: number,
  ): Promise<MoveRow[]> {
    return this.db.query<{ [K in keyof MoveRow]: MoveRow[K] }>(
      `SELECT h.event, b.timestamp AS at, h.block_number AS block, h.log_index AS log, h.authority,
              h.former_authority AS former, h.place, h.to_authority AS "to", h.ready_at AS "readyAt"
         FROM chain.hand_over h JOIN chain.block b ON b.number = h.block_number
        WHERE h.account = $1 AND ($2::bigint IS NULL OR (h.block_number, h.log_index) < ($2, $3::integer))
        ORDER BY h.block_number DESC, h.log_index DESC LIMIT $4`,
      [toBytes(account), after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }
}

const NEWEST_ACCOUNT = 'ORDER BY block_number DESC, log_index DESC LIMIT 1';

/** A merchant's freeze stands in a row of accounts that has no authority. */
const MOVABLE = `
  SELECT x.id, coalesce(m.authority, a.authority) AS authority, coalesce(m.keyless, a.keyless) AS keyless,
         coalesce(a.frozen_until, 0)::bigint AS "frozenUntil", coalesce(a.frozen_by_one, false) AS "frozenByOne",
         m.status, m.held_until AS "heldUntil", h."to", h."readyAt", h.number, h.moves
    FROM unnest($1::bytea[]) AS x (id)
    LEFT JOIN LATERAL (SELECT authority, keyless, status, held_until FROM chain.merchant_version
                        WHERE merchant = x.id ${NEWEST_ACCOUNT}) m ON true
    LEFT JOIN LATERAL (SELECT authority, keyless, frozen_until, frozen_by_one FROM chain.account_version
                        WHERE account = x.id ${NEWEST_ACCOUNT}) a ON true
    ${newestHandOver('x.id')}
   WHERE m.authority IS NOT NULL OR a.authority <> ''`;

/** Of rows that propose something, those after which nothing happened to the account. */
const WAITING = `
  SELECT h.account, h.authority AS "from", h.to_authority AS "to", h.ready_at AS "readyAt", h.number, h.moves,
         coalesce(m.region, a.home) AS place,
         CASE WHEN m.region IS NOT NULL THEN 'merchant' WHEN a.company THEN 'company' ELSE 'resident' END AS kind
    FROM chain.hand_over h
    LEFT JOIN LATERAL (SELECT region FROM chain.merchant_version
                        WHERE merchant = h.account ${NEWEST_ACCOUNT}) m ON true
    LEFT JOIN LATERAL (SELECT home, company FROM chain.account_version
                        WHERE account = h.account ${NEWEST_ACCOUNT}) a ON true
   WHERE h.to_authority IS NOT NULL
     AND ($1::text[] IS NULL OR h.to_authority = ANY (chain.authorities_meant($1)))
     AND ($2::text[] IS NULL OR h.authority = ANY (chain.authorities_meant($2)))
     AND ($3::bytea IS NULL OR h.account > $3)
     AND NOT EXISTS (SELECT FROM chain.hand_over n WHERE n.account = h.account
                        AND (n.block_number, n.log_index) > (h.block_number, h.log_index))
   ORDER BY h.account LIMIT $4`;

function movableOf({ status, heldUntil, frozenUntil, ...row }: MovableRow): Movable {
  const { authority, keyless, frozenByOne } = row;
  const shop = status === null ? {} : { shop: { status, heldUntil: Number(heldUntil ?? 0n) } };
  return {
    authority,
    keyless,
    frozenUntil: Number(frozenUntil),
    frozenByOne,
    handOver: handOverOf(row),
    ...shop,
  };
}

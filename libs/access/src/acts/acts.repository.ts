import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { addToOutbox, callPayload, LEFT_WITHOUT_CHAIN } from '#relayer';
import type { Act, Approval } from '#contracts';
import type { JsonObject } from '#domain';
import {
  Database,
  NOW_SECONDS,
  NOW_STAMP,
  type Queryable,
  type Transaction,
  toBytes,
  toHex,
} from '#persistence';
import { authorityCodes } from '#platform';
import { refuseDivided } from '../authorities/authority-filter.js';
import { ActApprovalEntity } from './act-approval.entity.js';
import { ActEntity } from './act.entity.js';

/** What became of an act; `executed` is the chain's word and wins over everything the platform thought. */
export const ACT_STATES = ['open', 'executing', 'executed', 'failed', 'expired', 'withdrawn'] as const;
export type ActState = (typeof ACT_STATES)[number];

/** Why the contract refused an act. */
export interface ActFailure {
  readonly code: string;
  readonly args: JsonObject;
}

export interface StoredAct {
  readonly id: string;
  readonly act: Act;
  readonly kind: string;
  readonly attachment: JsonObject | null;
  readonly state: ActState;
  readonly failure: ActFailure | null;
  readonly proposedBy: number;
  readonly proposedAt: Date;
  /** Microseconds since 1970, as the database sorts. */
  readonly proposedMicros: string;
  /** Set when executed. */
  readonly executed: { readonly block: bigint; readonly txHash: string } | null;
}

export interface StoredApproval extends Approval {
  readonly signedAt: Date;
  /** The officer took it back; for good, whether or not the chain has it already. */
  readonly withdrawn: boolean;
}

export interface NewAct {
  readonly id: string;
  readonly act: Act;
  readonly kind: string;
  readonly attachment: JsonObject | null;
  readonly proposedBy: number;
}

export interface ActFilter {
  readonly authority?: string;
  readonly state?: ActState;
  /** Microseconds of proposed_at and id of the last act of the page before. */
  readonly after?: readonly [string, string];
  readonly limit: number;
}

type ActRow = {
  id: Buffer;
  authority: string;
  kind: string;
  target: Buffer;
  call: Buffer;
  nonce: string;
  deadline: bigint;
  attachment: JsonObject | null;
  state: ActState;
  failure: ActFailure | null;
  proposed_by: bigint;
  proposed_at: Date;
  micros: bigint;
  block_number: bigint | null;
  tx_hash: Buffer | null;
};

/** An act with its effective state. */
const ACTS = `
  SELECT a.id, a.authority, a.kind, a.target, a.call, a.nonce, a.deadline, a.attachment, a.failure,
         a.proposed_by, a.proposed_at,
         (extract(epoch FROM a.proposed_at) * 1000000)::bigint AS micros, x.block_number, x.tx_hash,
         CASE WHEN x.act IS NOT NULL THEN 'executed'
              WHEN a.state = 'open' AND a.deadline < ${NOW_SECONDS} THEN 'expired'
              ELSE a.state::text END AS state
    FROM app.act a LEFT JOIN chain.act_executed x ON x.act = a.id`;

/**
 * The only code that touches app.act, app.act_approval and the outbox rows of acts. What is stored goes through entities;
 * what is shown joins what the chain says about an act, in SQL.
 */
@Injectable()
export class ActsRepository {
  constructor(
    private readonly db: Database,
    @InjectRepository(ActEntity) private readonly acts: Repository<ActEntity>,
    @InjectRepository(ActApprovalEntity) private readonly signatures: Repository<ActApprovalEntity>,
  ) {}

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** Stores the act; false when it is there already. */
  async insert(tx: Transaction, { id, act, ...proposal }: NewAct): Promise<boolean> {
    const { raw } = await tx
      .of(this.acts)
      .createQueryBuilder()
      .insert()
      .values({ id, ...act, nonce: String(act.nonce), ...proposal })
      .orIgnore()
      .returning(['id'])
      .execute();
    return Array.isArray(raw) && raw.length > 0;
  }

  async find(id: string, db: Queryable = this.db): Promise<StoredAct | undefined> {
    const [row] = await db.query<ActRow>(`${ACTS} WHERE a.id = $1`, [toBytes(id)]);
    return row && actOf(row);
  }

  /** As find, and locks the act against changes by others until the transaction ends. */
  async lock(tx: Transaction, id: string): Promise<StoredAct | undefined> {
    const [row] = await tx.query<ActRow>(`${ACTS} WHERE a.id = $1 FOR UPDATE OF a`, [toBytes(id)]);
    return row && actOf(row);
  }

  async list({ authority, state, after, limit }: ActFilter): Promise<StoredAct[]> {
    await refuseDivided(this.db, authority);
    const rows = await this.db.query<ActRow>(
      `SELECT * FROM (${ACTS}) AS acts
        WHERE ($1::text[] IS NULL OR authority = ANY ((SELECT chain.authorities_meant($1))::text[])) AND ($2::text IS NULL OR state = $2)
          AND ($3::bigint IS NULL OR (proposed_at, id::bytea) < ('epoch'::timestamptz + $3 * interval '1 microsecond', $4::bytea))
        ORDER BY proposed_at DESC, id DESC LIMIT $5`,
      [
        authority === undefined ? null : authorityCodes(authority),
        state ?? null,
        after?.[0] ?? null,
        after ? toBytes(after[1]) : null,
        limit,
      ],
    );
    return rows.map(actOf);
  }

  async approvals(id: string, db: Transaction = this.db): Promise<StoredApproval[]> {
    const rows = await db.of(this.signatures).find({ where: { actId: id }, order: { officer: 'ASC' } });
    const onChain = await this.withdrawnOnChain(id, db);
    return rows.map(({ officer, signature, signedAt, withdrawal }) => ({
      officer,
      signature,
      signedAt,
      withdrawn: withdrawal !== null || onChain.has(officer),
    }));
  }

  /** Whether the officer took an approval of the act back, be it one that no one sent here. */
  async hasWithdrawn(id: string, officer: number, db: Transaction = this.db): Promise<boolean> {
    const known = (await this.approvals(id, db)).find((approval) => approval.officer === officer);
    return known?.withdrawn ?? (await this.withdrawnOnChain(id, db)).has(officer);
  }

  /** Takes an officer's approval back, if it was sent here. */
  async withdraw(tx: Transaction, id: string, officer: number, withdrawal: string): Promise<void> {
    await tx.of(this.signatures).update({ actId: id, officer }, { withdrawal });
  }

  /** Numbers mean other people after a reseat, when approvals of before count no more anyway. */
  private async withdrawnOnChain(id: string, db: Queryable): Promise<ReadonlySet<number>> {
    const rows = await db.query<{ officer: bigint }>(
      `SELECT w.officer FROM chain.approval_withdrawn w JOIN app.act a ON a.id = w.act AND a.authority = w.authority
        WHERE w.act = $1`,
      [toBytes(id)],
    );
    return new Set(rows.map(({ officer }) => Number(officer)));
  }

  /** The officer's signature; replaces one that a former key of the same officer made. */
  async putApproval(tx: Transaction, id: string, { officer, signature }: Approval): Promise<void> {
    await tx
      .of(this.signatures)
      .createQueryBuilder()
      .insert()
      .values({ actId: id, officer, signature, signedAt: () => NOW_STAMP })
      .orUpdate(['signature', 'signed_at'], ['act', 'officer'])
      .execute();
  }

  async setState(tx: Transaction, id: string, state: 'executing' | 'withdrawn'): Promise<void> {
    await tx.of(this.acts).update({ id }, { state });
  }

  /** Marks an act the contract refused. Returns its authority, undefined when no such act is under way. */
  async fail(tx: Transaction, id: string, failure: ActFailure): Promise<string | undefined> {
    const acts = tx.of(this.acts);
    const { affected } = await acts.update({ id, state: 'executing' }, { state: 'failed', failure });
    if (affected !== 1) return undefined;
    return (await acts.findOneByOrFail({ id })).authority;
  }

  /**
   * Lets officers sign an act on that left the outbox with too few signatures. Returns its authority, undefined when no
   * such act is under way.
   */
  async reopen(tx: Transaction, id: string): Promise<string | undefined> {
    const acts = tx.of(this.acts);
    const { affected } = await acts.update({ id, state: 'executing' }, { state: 'open' });
    if (affected !== 1) return undefined;
    await tx.query('DELETE FROM app.outbox WHERE id = $1 AND decided_block = $2', [
      toBytes(id),
      LEFT_WITHOUT_CHAIN,
    ]);
    return (await acts.findOneByOrFail({ id })).authority;
  }

  /** Hands the signed act to the relayer. */
  async enqueue(tx: Transaction, id: string, target: string, calldata: string): Promise<void> {
    await addToOutbox(tx, [{ id, kind: 'act', payload: callPayload(target, calldata) }]);
  }
}

function actOf(row: ActRow): StoredAct {
  return {
    id: toHex(row.id),
    act: {
      authority: row.authority,
      target: toHex(row.target),
      call: toHex(row.call),
      nonce: BigInt(row.nonce),
      deadline: Number(row.deadline),
    },
    kind: row.kind,
    attachment: row.attachment,
    state: row.state,
    failure: row.failure,
    proposedBy: Number(row.proposed_by),
    proposedAt: row.proposed_at,
    proposedMicros: String(row.micros),
    executed:
      row.block_number === null || row.tx_hash === null
        ? null
        : { block: row.block_number, txHash: toHex(row.tx_hash) },
  };
}

import type { AuthorityThresholds, OfficerEntry } from '#contracts';
import {
  bytes,
  deleteAbove,
  deleteAll,
  type IndexedBatch,
  type IndexedEvent,
  numbers,
  positions,
  type Projector,
  words,
} from '#indexer';
import { type Queryable, toBytes } from '#persistence';
import { bandTexts } from './authorities.projector.js';

const TABLES = [
  'chain.approval_withdrawn',
  'chain.officer_change',
  'chain.officer_change_end',
  'chain.reseat',
  'chain.reseat_end',
];

/** What a change is about: one of officers, thresholds and area. */
interface ChangeContent {
  readonly officers: string | null;
  readonly thresholds: string | null;
  readonly area: string | null;
  readonly areaTo: string | null;
}

const NOTHING: ChangeContent = { officers: null, thresholds: null, area: null, areaTo: null };

/** Approvals that were taken back, changes of officers, thresholds and areas that wait, and reseats, with what became of them. */
export const officerChangesProjector: Projector = {
  name: 'officer-changes',
  async apply(tx, batch) {
    await insertWithdrawals(tx, batch);
    for (const event of batch.of('OfficersProposed'))
      await insertChange(tx, event, { ...NOTHING, officers: officersJson(event.officers) });
    for (const event of batch.of('ThresholdsProposed'))
      await insertChange(tx, event, { ...NOTHING, thresholds: thresholdsJson(event.thresholds) });
    for (const event of batch.of('AreaProposed'))
      await insertChange(tx, event, { ...NOTHING, area: event.area, areaTo: event.to });
    await insertChangeEnds(tx, batch);
    for (const event of batch.of('ReseatProposed')) await insertReseat(tx, event);
    await insertReseatEnds(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

async function insertWithdrawals(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('ApprovalWithdrawn');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.approval_withdrawn (act, authority, officer, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[])`,
    [
      bytes(events.map((event) => event.act)),
      words(events.map((event) => event.authority)),
      numbers(events.map((event) => event.officer)),
      ...positions(events),
    ],
  );
}

async function insertChange(
  tx: Queryable,
  event: IndexedEvent<'OfficersProposed' | 'ThresholdsProposed' | 'AreaProposed'>,
  content: ChangeContent,
): Promise<void> {
  await tx.query(
    `INSERT INTO chain.officer_change
       (authority, change, officers, thresholds, area, area_to, ready_at, firm, block_number, log_index)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      event.authority,
      toBytes(event.change),
      content.officers,
      content.thresholds,
      content.area,
      content.areaTo,
      event.readyAt,
      event.firm,
      event.blockNumber,
      event.logIndex,
    ],
  );
}

async function insertChangeEnds(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const ends = [
    ...batch.of('ChangeStopped').map((event) => ({ ...event, outcome: 'stopped', officer: event.by })),
    ...batch.of('ChangeFinished').map((event) => ({ ...event, outcome: 'finished', officer: null })),
    ...batch.of('ChangesEnded').map((event) => ({ ...event, change: null, outcome: 'ended', officer: null })),
    ...batch
      .of('AuthorityReseated')
      .map((event) => ({ ...event, change: null, outcome: 'reseated', officer: null })),
  ];
  for (const { authority, change, outcome, officer, blockNumber, logIndex } of ends) {
    await tx.query(
      `INSERT INTO chain.officer_change_end (authority, change, outcome, officer, block_number, log_index)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [authority, change === null ? null : toBytes(change), outcome, officer, blockNumber, logIndex],
    );
  }
}

async function insertReseat(tx: Queryable, event: IndexedEvent<'ReseatProposed'>): Promise<void> {
  await tx.query(
    `INSERT INTO chain.reseat (authority, founder, officers, thresholds, ready_at, block_number, log_index)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      event.authority,
      event.founder,
      officersJson(event.officers),
      thresholdsJson(event.thresholds),
      event.readyAt,
      event.blockNumber,
      event.logIndex,
    ],
  );
}

async function insertReseatEnds(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const ends = [
    ...batch.of('ReseatRejected').map((event) => ({ ...event, seated: false })),
    ...batch.of('AuthorityReseated').map((event) => ({ ...event, seated: true })),
  ];
  if (ends.length === 0) return;
  await tx.query(
    `INSERT INTO chain.reseat_end (authority, seated, block_number, log_index)
     SELECT * FROM unnest($1::text[], $2::boolean[], $3::bigint[], $4::integer[])`,
    [words(ends.map(({ authority }) => authority)), ends.map(({ seated }) => seated), ...positions(ends)],
  );
}

function officersJson(officers: readonly OfficerEntry[]): string {
  return JSON.stringify(officers.map(({ id, roles, keys }) => ({ id, roles, keys })));
}

function thresholdsJson({ governors, registrars, bands }: AuthorityThresholds): string {
  return JSON.stringify({ governors, registrars, bands: bandTexts(bands) });
}

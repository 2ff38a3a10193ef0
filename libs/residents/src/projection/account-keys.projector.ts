import { type Queryable, toHex } from '#persistence';
import {
  bytes,
  bytesOrNull,
  deleteAbove,
  type IndexedBatch,
  type IndexedEvent,
  numbers,
  numbersOrNull,
  positions,
  type Projector,
  words,
  wordsOrNull,
} from '#indexer';

const TABLES = ['chain.key_replacement', 'chain.account_keys'];

/** The key rings of accounts, and what officers propose in place of lost ones. */
export const accountKeysProjector: Projector = {
  name: 'account keys',
  async apply(tx, batch) {
    await insertRings(tx, batch);
    await insertReplacements(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

async function insertRings(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('KeysChanged');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.account_keys (account, change, ring, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::integer[])`,
    [
      bytes(events.map((event) => event.account)),
      numbers(events.map((event) => event.change)),
      bytes(events.map((event) => event.keys)),
      ...positions(events),
    ],
  );
}

/** What is proposed for an account, or was: the number goes on, objections count until the keys change. */
interface Proposal {
  readonly authority: string | null;
  readonly ring: string | null;
  readonly readyAt: bigint | null;
  readonly number: bigint;
  readonly objections: number;
  readonly overruling: boolean;
}

const NONE = { authority: null, ring: null, readyAt: null, overruling: false } as const;

type KeysEvent = IndexedEvent<'ReplacementProposed' | 'ReplacementStopped' | 'KeysChanged'>;

/** Each event that changes what is proposed gets a row; the newest row says all. */
async function insertReplacements(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('ReplacementProposed', 'ReplacementStopped', 'KeysChanged');
  if (events.length === 0) return;
  const known = await newestProposals(tx, new Set(events.map((event) => event.account)));
  const rows = events.flatMap((event) => {
    const next = nextProposal(known.get(event.account), event);
    if (next === undefined) return [];
    known.set(event.account, next);
    return [{ event, next }];
  });
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO chain.key_replacement (account, authority, ring, ready_at, number, objections, overruling,
                                        block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::integer[],
                          $7::boolean[], $8::bigint[], $9::integer[])`,
    [
      bytes(rows.map(({ event }) => event.account)),
      wordsOrNull(rows.map(({ next }) => next.authority)),
      bytesOrNull(rows.map(({ next }) => next.ring)),
      numbersOrNull(rows.map(({ next }) => next.readyAt)),
      numbers(rows.map(({ next }) => next.number)),
      numbers(rows.map(({ next }) => next.objections)),
      words(rows.map(({ next }) => String(next.overruling))),
      ...positions(rows.map(({ event }) => event)),
    ],
  );
}

/** A change of keys ends what was proposed, unless that overrules the old keys; undefined: nothing changes. */
function nextProposal(before: Proposal | undefined, event: KeysEvent): Proposal | undefined {
  if (event.name === 'ReplacementProposed') {
    const { authority, keys, readyAt, number, overruling } = event;
    const objections = before?.objections ?? 0;
    return {
      authority,
      ring: keys,
      readyAt: BigInt(readyAt),
      number: BigInt(number),
      objections,
      overruling,
    };
  }
  if (before === undefined) return undefined;
  if (event.name === 'ReplacementStopped') return { ...before, ...NONE, objections: before.objections + 1 };
  if (before.overruling && before.ring !== event.keys) return undefined;
  if (before.ring === null && before.objections === 0) return undefined;
  return { ...before, ...NONE, objections: 0 };
}

async function newestProposals(tx: Queryable, accounts: ReadonlySet<string>): Promise<Map<string, Proposal>> {
  const rows = await tx.query<{
    account: Buffer;
    authority: string | null;
    ring: Buffer | null;
    readyAt: bigint | null;
    number: bigint;
    objections: number;
    overruling: boolean;
  }>(
    `SELECT DISTINCT ON (account) account, authority, ring, ready_at AS "readyAt", number, objections, overruling
       FROM chain.key_replacement
      WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
    [bytes(accounts)],
  );
  return new Map(
    rows.map(({ account, ring, ...rest }) => [
      toHex(account),
      { ...rest, ring: ring === null ? null : toHex(ring) },
    ]),
  );
}

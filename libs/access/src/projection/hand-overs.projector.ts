import { type Queryable, toHex } from '#persistence';
import {
  bytes,
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

const TABLES = ['chain.hand_over'];

/** Hand-overs of accounts between authorities, objections and moves: one row per change, the newest says all. */
export const handOverProjector: Projector = {
  name: 'hand-overs',
  apply: insertHandOvers,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

type HandOverEvent = IndexedEvent<'HandOverProposed' | 'HandOverStopped' | 'AccountTaken'>;

interface HandOverState {
  readonly event: 'proposed' | 'taken_back' | 'stopped' | 'taken';
  readonly authority: string;
  /** Of one that was taken on: who answered before, and its place since. */
  readonly former: string | null;
  readonly place: string | null;
  /** Null: nothing is proposed. */
  readonly to: string | null;
  readonly readyAt: bigint | null;
  readonly number: bigint;
  readonly moves: bigint;
}

const NONE = { former: null, place: null, to: null, readyAt: null } as const;

async function insertHandOvers(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('HandOverProposed', 'HandOverStopped', 'AccountTaken');
  if (events.length === 0) return;
  const known = await newestHandOvers(tx, new Set(events.map((event) => event.account)));
  const states = events.map((event) => {
    const next = nextHandOver(known.get(event.account), event);
    known.set(event.account, next);
    return next;
  });
  await tx.query(
    `INSERT INTO chain.hand_over (account, event, authority, former_authority, place, to_authority, ready_at, number,
                                  moves, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::chain.hand_over_event[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                          $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[])`,
    [
      bytes(events.map((event) => event.account)),
      words(states.map(({ event }) => event)),
      words(states.map(({ authority }) => authority)),
      wordsOrNull(states.map(({ former }) => former)),
      wordsOrNull(states.map(({ place }) => place)),
      wordsOrNull(states.map(({ to }) => to)),
      numbersOrNull(states.map(({ readyAt }) => readyAt)),
      numbers(states.map(({ number }) => number)),
      numbers(states.map(({ moves }) => moves)),
      ...positions(events),
    ],
  );
}

function nextHandOver(before: HandOverState | undefined, event: HandOverEvent): HandOverState {
  if (event.name === 'HandOverProposed') {
    const { authority, to, readyAt, number } = event;
    const state = { ...NONE, authority, number: BigInt(number), moves: before?.moves ?? 0n };
    return to === ''
      ? { ...state, event: 'taken_back' }
      : { ...state, event: 'proposed', to, readyAt: BigInt(readyAt) };
  }
  if (event.name === 'AccountTaken') {
    const { authority, from, place, moves } = event;
    return {
      ...NONE,
      event: 'taken',
      authority,
      former: from,
      place,
      number: before?.number ?? 0n,
      moves: BigInt(moves),
    };
  }
  if (before === undefined) throw new Error(`account ${event.account}: stopped what was never proposed`);
  return { ...before, ...NONE, event: 'stopped' };
}

async function newestHandOvers(
  tx: Queryable,
  accounts: ReadonlySet<string>,
): Promise<Map<string, HandOverState>> {
  const rows = await tx.query<{ [K in keyof HandOverState]: HandOverState[K] } & { account: Buffer }>(
    `SELECT DISTINCT ON (account) account, event, authority, former_authority AS former, place, to_authority AS "to",
            ready_at AS "readyAt", number, moves
       FROM chain.hand_over
      WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
    [bytes(accounts)],
  );
  return new Map(rows.map(({ account, ...state }) => [toHex(account), state]));
}

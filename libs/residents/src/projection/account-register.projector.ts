import { type Queryable, toHex } from '#persistence';
import {
  bytes,
  deleteAbove,
  type IndexedBatch,
  type IndexedEvent,
  numbers,
  positions,
  type Projector,
  words,
} from '#indexer';

const TABLES = ['chain.account_version'];

/** Accounts, one row per change; the newest row says all. */
export const accountRegisterProjector: Projector = {
  name: 'account register',
  apply: insertAccounts,
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

type AccountState = {
  readonly home: string;
  readonly tier: number;
  /** Unix seconds; 0 = not frozen. */
  readonly frozenUntil: bigint;
  /** A single registrar froze it, and two have not decided about it since. */
  readonly frozenByOne: boolean;
  readonly company: boolean;
};

async function insertAccounts(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('AccountAttested', 'HomeRecoded', 'AccountFrozen');
  if (events.length === 0) return;
  const known = await newestAccounts(tx, new Set(events.map((event) => event.account)));
  const states = events.map((event) => {
    const state = nextAccount(known.get(event.account), event);
    known.set(event.account, state);
    return state;
  });
  await tx.query(
    `INSERT INTO chain.account_version (account, home, tier, frozen_until, frozen_by_one, company, block_number,
                                        log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::bigint[], $5::boolean[], $6::boolean[],
                          $7::bigint[], $8::integer[])`,
    [
      bytes(events.map((event) => event.account)),
      words(states.map(({ home }) => home)),
      numbers(states.map(({ tier }) => tier)),
      numbers(states.map(({ frozenUntil }) => frozenUntil)),
      words(states.map(({ frozenByOne }) => String(frozenByOne))),
      words(states.map(({ company }) => String(company))),
      ...positions(events),
    ],
  );
}

function nextAccount(
  before: AccountState | undefined,
  event: IndexedEvent<'AccountAttested' | 'HomeRecoded' | 'AccountFrozen'>,
): AccountState {
  if (event.name === 'AccountAttested') {
    const { home, tier, company } = event;
    const { frozenUntil, frozenByOne } = before ?? { frozenUntil: 0n, frozenByOne: false };
    return { home, tier, company, frozenUntil, frozenByOne };
  }
  if (!before) throw new Error(`account ${event.account} changed before it was attested`);
  if (event.name === 'HomeRecoded') return { ...before, home: event.home };
  return { ...before, frozenUntil: BigInt(event.until), frozenByOne: event.byOne };
}

async function newestAccounts(tx: Queryable, ids: ReadonlySet<string>): Promise<Map<string, AccountState>> {
  const rows = await tx.query<AccountState & { account: Buffer }>(
    `SELECT DISTINCT ON (account) account, home, tier, frozen_until AS "frozenUntil", frozen_by_one AS "frozenByOne",
            company
       FROM chain.account_version
      WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
    [bytes(ids)],
  );
  return new Map(rows.map(({ account, ...state }) => [toHex(account), state]));
}

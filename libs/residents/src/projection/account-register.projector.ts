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
  /** Who answers for it; of a merchant its own record says it. */
  readonly authority: string;
  /** It was attested without keys. */
  readonly keyless: boolean;
};
type AccountChange = IndexedEvent<
  'AccountAttested' | 'HomeRecoded' | 'AccountFrozen' | 'OpenedWithoutKeys' | 'AccountTaken'
>;

/** A merchant has no home; the contract keeps its freeze where it keeps those of residents. */
const MERCHANT: AccountState = {
  home: '',
  tier: 0,
  frozenUntil: 0n,
  frozenByOne: false,
  company: false,
  authority: '',
  keyless: false,
};

async function insertAccounts(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const all = batch.ofAny(
    'AccountAttested',
    'HomeRecoded',
    'AccountFrozen',
    'OpenedWithoutKeys',
    'AccountTaken',
  );
  if (all.length === 0) return;
  const known = await newestAccounts(tx, new Set(all.map((event) => event.account)));
  const rows = all.flatMap((event) => {
    const before = known.get(event.account);
    if (isOfMerchant(before, event)) return [];
    const state = nextAccount(before, event);
    known.set(event.account, state);
    return [{ event, state }];
  });
  if (rows.length === 0) return;
  const events = rows.map(({ event }) => event);
  const states = rows.map(({ state }) => state);
  await tx.query(
    `INSERT INTO chain.account_version (account, home, tier, frozen_until, frozen_by_one, company, authority,
                                        keyless, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::bigint[], $5::boolean[], $6::boolean[],
                          $7::text[], $8::boolean[], $9::bigint[], $10::integer[])`,
    [
      bytes(events.map((event) => event.account)),
      words(states.map(({ home }) => home)),
      numbers(states.map(({ tier }) => tier)),
      numbers(states.map(({ frozenUntil }) => frozenUntil)),
      words(states.map(({ frozenByOne }) => String(frozenByOne))),
      words(states.map(({ company }) => String(company))),
      words(states.map(({ authority }) => authority)),
      words(states.map(({ keyless }) => String(keyless))),
      ...positions(events),
    ],
  );
}

/** These events say no role; of a merchant there is no row here, or one that says that it was frozen. */
function isOfMerchant(before: AccountState | undefined, { name }: AccountChange): boolean {
  if (name !== 'OpenedWithoutKeys' && name !== 'AccountTaken') return false;
  return before === undefined || before.authority === '';
}

function nextAccount(before: AccountState | undefined, event: AccountChange): AccountState {
  if (event.name === 'AccountAttested') {
    const { home, tier, company, authority } = event;
    const { frozenUntil, frozenByOne, keyless } = before ?? MERCHANT;
    return { home, tier, company, authority, frozenUntil, frozenByOne, keyless };
  }
  if (event.name === 'AccountFrozen') {
    const state = before ?? MERCHANT;
    return { ...state, frozenUntil: BigInt(event.until), frozenByOne: event.byOne };
  }
  if (!before) throw new Error(`account ${event.account} changed before it was attested`);
  if (event.name === 'AccountTaken') return { ...before, home: event.place, authority: event.authority };
  return event.name === 'HomeRecoded' ? { ...before, home: event.home } : { ...before, keyless: true };
}

async function newestAccounts(tx: Queryable, ids: ReadonlySet<string>): Promise<Map<string, AccountState>> {
  const rows = await tx.query<AccountState & { account: Buffer }>(
    `SELECT DISTINCT ON (account) account, home, tier, frozen_until AS "frozenUntil", frozen_by_one AS "frozenByOne",
            company, authority, keyless
       FROM chain.account_version
      WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
    [bytes(ids)],
  );
  return new Map(rows.map(({ account, ...state }) => [toHex(account), state]));
}

import { type Queryable, toHex } from '#persistence';
import type { IndexedBatch, IndexedEvent, Projector } from '../indexer/batch.js';
import { bytes, numbers, words } from './columns.js';
import { deleteAbove, positions } from './rows.js';

const TABLES = ['chain.merchant_version', 'chain.account_version'];

/** Merchants and accounts, one row per change; the newest row says all. */
export const registryProjector: Projector = {
  name: 'registry',
  async apply(tx, batch) {
    await insertMerchants(tx, batch);
    await insertAccounts(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  async truncate(tx) {
    await tx.query(`TRUNCATE ${TABLES.join(', ')}`);
  },
};

/** Contract: MerchantStatus.Active, given by registration. */
const ACTIVE = 1;

type MerchantState = {
  readonly region: string;
  readonly category: number;
  readonly size: number;
  readonly status: number;
  /** Unix seconds; payouts are kept back until then. */
  readonly heldUntil: bigint;
};
type MerchantChange = IndexedEvent<'MerchantSet' | 'MerchantStatusSet' | 'PayoutsHeld'>;

async function insertMerchants(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('MerchantSet', 'MerchantStatusSet', 'PayoutsHeld');
  if (events.length === 0) return;
  const known = await newestMerchants(tx, new Set(events.map((event) => event.merchant)));
  const states = events.map((event) => {
    const state = nextMerchant(known.get(event.merchant), event);
    known.set(event.merchant, state);
    return state;
  });
  await tx.query(
    `INSERT INTO chain.merchant_version (merchant, region, category, size, status, held_until, block_number,
                                         log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::smallint[], $5::smallint[], $6::bigint[],
                          $7::bigint[], $8::integer[])`,
    [
      bytes(events.map((event) => event.merchant)),
      words(states.map(({ region }) => region)),
      numbers(states.map(({ category }) => category)),
      numbers(states.map(({ size }) => size)),
      numbers(states.map(({ status }) => status)),
      numbers(states.map(({ heldUntil }) => heldUntil)),
      ...positions(events),
    ],
  );
}

function nextMerchant(before: MerchantState | undefined, event: MerchantChange): MerchantState {
  if (event.name === 'MerchantSet') {
    const { region, category, size } = event;
    return { region, category, size, status: before?.status ?? ACTIVE, heldUntil: before?.heldUntil ?? 0n };
  }
  if (!before) throw new Error(`merchant ${event.merchant} changed before it was registered`);
  if (event.name === 'MerchantStatusSet') return { ...before, status: event.status };
  return { ...before, heldUntil: BigInt(event.until) };
}

async function newestMerchants(tx: Queryable, ids: ReadonlySet<string>): Promise<Map<string, MerchantState>> {
  const rows = await tx.query<MerchantState & { merchant: Buffer }>(
    `SELECT DISTINCT ON (merchant) merchant, region, category, size, status, held_until AS "heldUntil"
       FROM chain.merchant_version
      WHERE merchant = ANY ($1::bytea[]) ORDER BY merchant, block_number DESC, log_index DESC`,
    [bytes(ids)],
  );
  return new Map(rows.map(({ merchant, ...state }) => [toHex(merchant), state]));
}

type AccountState = {
  readonly home: string;
  readonly tier: number;
  readonly frozen: boolean;
  readonly company: boolean;
};

async function insertAccounts(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('AccountAttested', 'AccountFrozen');
  if (events.length === 0) return;
  const known = await newestAccounts(tx, new Set(events.map((event) => event.account)));
  const states = events.map((event) => {
    const state = nextAccount(known.get(event.account), event);
    known.set(event.account, state);
    return state;
  });
  await tx.query(
    `INSERT INTO chain.account_version (account, home, tier, frozen, company, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::boolean[], $5::boolean[], $6::bigint[],
                          $7::integer[])`,
    [
      bytes(events.map((event) => event.account)),
      words(states.map(({ home }) => home)),
      numbers(states.map(({ tier }) => tier)),
      words(states.map(({ frozen }) => String(frozen))),
      words(states.map(({ company }) => String(company))),
      ...positions(events),
    ],
  );
}

function nextAccount(
  before: AccountState | undefined,
  event: IndexedEvent<'AccountAttested' | 'AccountFrozen'>,
): AccountState {
  if (event.name === 'AccountAttested') {
    const { home, tier, company } = event;
    return { home, tier, company, frozen: before?.frozen ?? false };
  }
  if (!before) throw new Error(`account ${event.account} was frozen before it was attested`);
  return { ...before, frozen: event.frozen };
}

async function newestAccounts(tx: Queryable, ids: ReadonlySet<string>): Promise<Map<string, AccountState>> {
  const rows = await tx.query<AccountState & { account: Buffer }>(
    `SELECT DISTINCT ON (account) account, home, tier, frozen, company FROM chain.account_version
      WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC`,
    [bytes(ids)],
  );
  return new Map(rows.map(({ account, ...state }) => [toHex(account), state]));
}

import { type Queryable, toHex } from '#persistence';
import {
  bytes,
  bytesOrNull,
  deleteAbove,
  type IndexedBatch,
  numbers,
  numbersOrNull,
  positions,
  type Projector,
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

/** A change of keys ends whatever was proposed; without a proposal there is no row to add. */
async function insertReplacements(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('ReplacementProposed', 'ReplacementStopped', 'KeysChanged');
  if (events.length === 0) return;
  const proposed = await accountsWithProposal(tx, new Set(events.map((event) => event.account)));
  const rows = events.filter((event) => {
    if (event.name === 'ReplacementProposed') proposed.add(event.account);
    else if (!proposed.delete(event.account)) return false;
    return true;
  });
  if (rows.length === 0) return;
  const proposals = rows.map((event) => (event.name === 'ReplacementProposed' ? event : null));
  await tx.query(
    `INSERT INTO chain.key_replacement (account, authority, ring, ready_at, block_number, log_index)
     SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::integer[])`,
    [
      bytes(rows.map((event) => event.account)),
      `{${proposals.map((event) => (event === null ? 'NULL' : `"${event.authority}"`)).join(',')}}`,
      bytesOrNull(proposals.map((event) => event?.keys ?? null)),
      numbersOrNull(proposals.map((event) => event?.readyAt ?? null)),
      ...positions(rows),
    ],
  );
}

async function accountsWithProposal(tx: Queryable, accounts: ReadonlySet<string>): Promise<Set<string>> {
  const rows = await tx.query<{ account: Buffer }>(
    `SELECT account FROM (SELECT DISTINCT ON (account) account, ring FROM chain.key_replacement
                           WHERE account = ANY ($1::bytea[]) ORDER BY account, block_number DESC, log_index DESC) newest
      WHERE ring IS NOT NULL`,
    [bytes(accounts)],
  );
  return new Set(rows.map(({ account }) => toHex(account)));
}

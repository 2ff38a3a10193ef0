import type { FormerPlace } from '#domain';
import { type Queryable, toHex } from '#persistence';
import {
  bytes,
  deleteAbove,
  type IndexedBatch,
  type IndexedEvent,
  numbers,
  positions,
  type Projector,
  texts,
  words,
} from '#indexer';

const TABLES = ['chain.merchant_version'];

/** Merchants, one row per change; the newest row says all. */
export const merchantRegisterProjector: Projector = {
  name: 'merchant register',
  apply: insertMerchants,
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
  /** Places before reforms of the codes, the newest first. */
  readonly formerly: readonly FormerPlace[];
  /** Who answers for it. */
  readonly authority: string;
  /** It was registered without keys. */
  readonly keyless: boolean;
};
type MerchantChange = IndexedEvent<
  | 'MerchantSet'
  | 'MerchantRecoded'
  | 'MerchantStatusSet'
  | 'PayoutsHeld'
  | 'OpenedWithoutKeys'
  | 'AccountTaken'
>;

const idOf = (event: MerchantChange): string =>
  event.name === 'OpenedWithoutKeys' || event.name === 'AccountTaken' ? event.account : event.merchant;

async function insertMerchants(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const all = batch.ofAny(
    'MerchantSet',
    'MerchantRecoded',
    'MerchantStatusSet',
    'PayoutsHeld',
    'OpenedWithoutKeys',
    'AccountTaken',
  );
  if (all.length === 0) return;
  const known = await newestMerchants(tx, new Set(all.map(idOf)));
  const rows = all.flatMap((event) => {
    const before = known.get(idOf(event));
    const ofAnyRole = event.name === 'OpenedWithoutKeys' || event.name === 'AccountTaken';
    // Of a resident or a company.
    if (ofAnyRole && before === undefined) return [];
    const state = nextMerchant(before, event);
    known.set(idOf(event), state);
    return [{ event, state }];
  });
  if (rows.length === 0) return;
  const events = rows.map(({ event }) => event);
  const states = rows.map(({ state }) => state);
  await tx.query(
    `INSERT INTO chain.merchant_version (merchant, region, category, size, status, held_until, formerly, authority,
                                         keyless, block_number, log_index)
     SELECT merchant, region, category, size, status, held_until, formerly::jsonb, authority, keyless, block_number,
            log_index
       FROM unnest($1::bytea[], $2::text[], $3::smallint[], $4::smallint[], $5::smallint[], $6::bigint[], $7::text[],
                   $8::text[], $9::boolean[], $10::bigint[], $11::integer[])
         AS t (merchant, region, category, size, status, held_until, formerly, authority, keyless, block_number,
               log_index)`,
    [
      bytes(events.map(idOf)),
      words(states.map(({ region }) => region)),
      numbers(states.map(({ category }) => category)),
      numbers(states.map(({ size }) => size)),
      numbers(states.map(({ status }) => status)),
      numbers(states.map(({ heldUntil }) => heldUntil)),
      texts(states.map(({ formerly }) => JSON.stringify(formerly))),
      words(states.map(({ authority }) => authority)),
      words(states.map(({ keyless }) => String(keyless))),
      ...positions(events),
    ],
  );
}

function nextMerchant(before: MerchantState | undefined, event: MerchantChange): MerchantState {
  if (event.name === 'MerchantSet') {
    const { region, category, size } = event;
    return {
      region,
      category,
      size,
      status: before?.status ?? ACTIVE,
      heldUntil: before?.heldUntil ?? 0n,
      formerly: formerlyAt(region, before),
      authority: event.authority,
      keyless: before?.keyless ?? false,
    };
  }
  if (!before) throw new Error(`merchant ${idOf(event)} changed before it was registered`);
  if (event.name === 'OpenedWithoutKeys') return { ...before, keyless: true };
  if (event.name === 'MerchantRecoded') {
    const { region, former, lastSeries } = event;
    return { ...before, region, formerly: [{ region: former, lastSeries }, ...before.formerly] };
  }
  if (event.name === 'AccountTaken') {
    const { place, authority } = event;
    return { ...before, region: place, formerly: formerlyAt(place, before), authority };
  }
  if (event.name === 'MerchantStatusSet') return { ...before, status: event.status };
  return { ...before, heldUntil: BigInt(event.until) };
}

/** Who moves is somewhere else: only the same place keeps its former codes. */
function formerlyAt(region: string, before: MerchantState | undefined): readonly FormerPlace[] {
  return before?.region === region ? before.formerly : [];
}

async function newestMerchants(tx: Queryable, ids: ReadonlySet<string>): Promise<Map<string, MerchantState>> {
  const rows = await tx.query<MerchantState & { merchant: Buffer }>(
    `SELECT DISTINCT ON (merchant) merchant, region, category, size, status, held_until AS "heldUntil", formerly,
            authority, keyless
       FROM chain.merchant_version
      WHERE merchant = ANY ($1::bytea[]) ORDER BY merchant, block_number DESC, log_index DESC`,
    [bytes(ids)],
  );
  return new Map(rows.map(({ merchant, ...state }) => [toHex(merchant), state]));
}

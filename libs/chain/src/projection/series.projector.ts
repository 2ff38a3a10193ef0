import type { Queryable } from '#persistence';
import type { IndexedBatch, IndexedEvent, Projector } from '../indexer/batch.js';
import { bytes, numbers, words } from './columns.js';
import { deleteAbove, deleteAll, positions } from './rows.js';

const TABLES = ['chain.series_version', 'chain.series'];

/** Series: the terms that never change, and the versions of budget and pause. */
export const seriesProjector: Projector = {
  name: 'series',
  async apply(tx, batch) {
    await insertSeries(tx, batch);
    await insertVersions(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

async function insertSeries(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('SeriesPublished');
  if (events.length === 0) return;
  const terms = events.map((event) => event.terms);
  await tx.query(
    `INSERT INTO chain.series (id, authority, valid_from, valid_until, payment_cap, daily_cap, holding_cap, funding,
                               flags, document, rules, block_number, log_index)
     SELECT id, authority, valid_from, valid_until, payment_cap, daily_cap, holding_cap, funding::integer[],
            flags, document, rules::numeric(78)[], block_number, log_index
       FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::text[], $9::smallint[], $10::bytea[], $11::text[], $12::bigint[], $13::integer[])
         AS t (id, authority, valid_from, valid_until, payment_cap, daily_cap, holding_cap, funding, flags, document,
               rules, block_number, log_index)`,
    [
      numbers(events.map((event) => event.series)),
      words(events.map((event) => event.authority)),
      numbers(terms.map(({ validFrom }) => validFrom)),
      numbers(terms.map(({ validUntil }) => validUntil)),
      numbers(terms.map(({ paymentCap }) => paymentCap)),
      numbers(terms.map(({ dailyCap }) => dailyCap)),
      numbers(terms.map(({ holdingCap }) => holdingCap)),
      words(terms.map(({ funding }) => numbers(funding))),
      numbers(terms.map(({ flags }) => flags)),
      bytes(terms.map(({ document }) => document)),
      words(terms.map(({ rules }) => numbers(rules))),
      ...positions(events),
    ],
  );
}

type Changing = IndexedEvent<'SeriesPublished' | 'BudgetSet' | 'SeriesPaused'>;
interface Version {
  readonly budget: bigint;
  readonly pausedUntil: bigint;
}

/** Each event tells one of the two values; a version repeats the other, so that the newest row says all. */
async function insertVersions(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.ofAny('SeriesPublished', 'BudgetSet', 'SeriesPaused');
  if (events.length === 0) return;
  const known = await newestVersions(tx, new Set(events.map((event) => event.series)));
  const versions = events.map((event) => {
    const version = nextVersion(known.get(event.series), event);
    known.set(event.series, version);
    return version;
  });
  await tx.query(
    `INSERT INTO chain.series_version (series, budget, paused_until, block_number, log_index)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[])`,
    [
      numbers(events.map((event) => event.series)),
      numbers(versions.map(({ budget }) => budget)),
      numbers(versions.map(({ pausedUntil }) => pausedUntil)),
      ...positions(events),
    ],
  );
}

function nextVersion(before: Version | undefined, event: Changing): Version {
  if (event.name === 'SeriesPublished') return { budget: event.terms.budget, pausedUntil: 0n };
  if (!before) throw new Error(`series ${event.series} changed before it was published`);
  if (event.name === 'BudgetSet') return { ...before, budget: event.budget };
  return { ...before, pausedUntil: BigInt(event.until) };
}

async function newestVersions(tx: Queryable, series: ReadonlySet<number>): Promise<Map<number, Version>> {
  const rows = await tx.query<{ series: number; budget: bigint; paused_until: bigint }>(
    `SELECT DISTINCT ON (series) series, budget, paused_until FROM chain.series_version
      WHERE series = ANY ($1::integer[]) ORDER BY series, block_number DESC, log_index DESC`,
    [numbers(series)],
  );
  return new Map(rows.map((row) => [row.series, { budget: row.budget, pausedUntil: row.paused_until }]));
}

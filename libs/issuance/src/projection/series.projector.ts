import type { Queryable } from '#persistence';
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

const TABLES = ['chain.budget_delegation', 'chain.series_version', 'chain.series'];

/** Series: the terms that never change, what officers decide later, and what they delegate. */
export const seriesProjector: Projector = {
  name: 'series',
  async apply(tx, batch) {
    await insertSeries(tx, batch);
    await insertVersions(tx, batch);
    await insertDelegations(tx, batch);
  },
  rollback: (tx, ancestor) => deleteAbove(tx, TABLES, ancestor),
  truncate: (tx) => deleteAll(tx, TABLES),
};

async function insertSeries(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('SeriesPublished');
  if (events.length === 0) return;
  const terms = events.map((event) => event.terms);
  await tx.query(
    `INSERT INTO chain.series (id, authority, valid_from, valid_until, flags, hops, refund_percent, refund_days,
                               payment_cap, daily_caps, holding_cap, month_cap, year_cap, gift_cap, funding, document,
                               rules, block_number, log_index)
     SELECT id, authority, valid_from, valid_until, flags, hops, refund_percent, refund_days, payment_cap,
            daily_caps::bigint[], holding_cap, month_cap, year_cap, gift_cap, funding::integer[], document,
            rules::numeric(78)[], block_number, log_index
       FROM unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[],
                   $7::smallint[], $8::smallint[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[],
                   $13::bigint[], $14::bigint[], $15::text[], $16::bytea[], $17::text[], $18::bigint[], $19::integer[])
         AS t (id, authority, valid_from, valid_until, flags, hops, refund_percent, refund_days, payment_cap,
               daily_caps, holding_cap, month_cap, year_cap, gift_cap, funding, document, rules, block_number,
               log_index)`,
    [
      numbers(events.map((event) => event.series)),
      words(events.map((event) => event.authority)),
      numbers(terms.map(({ validFrom }) => validFrom)),
      numbers(terms.map(({ validUntil }) => validUntil)),
      numbers(terms.map(({ flags }) => flags)),
      numbers(terms.map(({ hops }) => hops)),
      numbers(terms.map(({ refundPercent }) => refundPercent)),
      numbers(terms.map(({ refundDays }) => refundDays)),
      numbers(terms.map(({ paymentCap }) => paymentCap)),
      words(terms.map(({ dailyCaps }) => numbers(dailyCaps))),
      numbers(terms.map(({ holdingCap }) => holdingCap)),
      numbers(terms.map(({ monthCap }) => monthCap)),
      numbers(terms.map(({ yearCap }) => yearCap)),
      numbers(terms.map(({ giftCap }) => giftCap)),
      words(terms.map(({ funding }) => numbers(funding))),
      bytes(terms.map(({ document }) => document)),
      words(terms.map(({ rules }) => numbers(rules))),
      ...positions(events),
    ],
  );
}

const CHANGING = [
  'SeriesPublished',
  'BudgetSet',
  'SeriesPaused',
  'SeriesExtended',
  'SeriesExpiring',
  'SeriesClosed',
] as const;
type Changing = IndexedEvent<(typeof CHANGING)[number]>;
interface Version {
  readonly budget: bigint;
  /** End of the validity with its extensions. */
  readonly validUntil: bigint;
  readonly pausedUntil: bigint;
  /** Seconds of all pauses so far. */
  readonly pauseUsed: bigint;
  readonly expiring: boolean;
  readonly closed: boolean;
}

/** Each event has one of the values; a version repeats the others, so that the newest row says all. */
async function insertVersions(tx: Queryable, batch: IndexedBatch): Promise<void> {
  if (!batch.has(...CHANGING)) return;
  const events = batch.ofAny(...CHANGING);
  const known = await newestVersions(tx, new Set(events.map((event) => event.series)));
  const versions = events.map((event) => {
    const version = nextVersion(known.get(event.series), event);
    known.set(event.series, version);
    return version;
  });
  await tx.query(
    `INSERT INTO chain.series_version (series, budget, valid_until, paused_until, pause_used, expiring, closed,
                                       block_number, log_index)
     SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
                          $7::boolean[], $8::bigint[], $9::integer[])`,
    [
      numbers(events.map((event) => event.series)),
      numbers(versions.map(({ budget }) => budget)),
      numbers(versions.map(({ validUntil }) => validUntil)),
      numbers(versions.map(({ pausedUntil }) => pausedUntil)),
      numbers(versions.map(({ pauseUsed }) => pauseUsed)),
      words(versions.map(({ expiring }) => String(expiring))),
      words(versions.map(({ closed }) => String(closed))),
      ...positions(events),
    ],
  );
}

function nextVersion(before: Version | undefined, event: Changing): Version {
  if (event.name === 'SeriesPublished') {
    const { budget, validUntil } = event.terms;
    const none = { pausedUntil: 0n, pauseUsed: 0n, expiring: false, closed: false };
    return { budget, validUntil: BigInt(validUntil), ...none };
  }
  if (!before) throw new Error(`series ${event.series} changed before it was published`);
  switch (event.name) {
    case 'BudgetSet':
      return { ...before, budget: event.budget };
    case 'SeriesPaused':
      return { ...before, pausedUntil: BigInt(event.until), pauseUsed: BigInt(event.used) };
    case 'SeriesExtended':
      return { ...before, validUntil: BigInt(event.until) };
    case 'SeriesExpiring':
      return { ...before, expiring: true };
    case 'SeriesClosed':
      return { ...before, closed: true };
  }
}

type VersionRow = {
  series: number;
  budget: bigint;
  valid_until: bigint;
  paused_until: bigint;
  pause_used: bigint;
  expiring: boolean;
  closed: boolean;
};

async function newestVersions(tx: Queryable, series: ReadonlySet<number>): Promise<Map<number, Version>> {
  const rows = await tx.query<VersionRow>(
    `SELECT DISTINCT ON (series) series, budget, valid_until, paused_until, pause_used, expiring,
            closed
       FROM chain.series_version
      WHERE series = ANY ($1::integer[]) ORDER BY series, block_number DESC, log_index DESC`,
    [numbers(series)],
  );
  return new Map(
    rows.map(
      ({ series: id, valid_until: validUntil, paused_until: pausedUntil, pause_used: pauseUsed, ...row }) => [
        id,
        { ...row, validUntil, pausedUntil, pauseUsed },
      ],
    ),
  );
}

async function insertDelegations(tx: Queryable, batch: IndexedBatch): Promise<void> {
  const events = batch.of('BudgetDelegated');
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO chain.budget_delegation (series, delegate, amount_left, block_number, log_index)
     SELECT * FROM unnest($1::integer[], $2::text[], $3::numeric[], $4::bigint[], $5::integer[])`,
    [
      numbers(events.map((event) => event.series)),
      words(events.map((event) => event.to)),
      numbers(events.map((event) => event.left)),
      ...positions(events),
    ],
  );
}

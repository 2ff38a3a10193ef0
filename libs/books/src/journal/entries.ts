import type { IndexedBatch, IndexedEvent } from '#chain';
import { FUNDERS, type FundingParts, fundingUpTo, type FundingSplit, type Won } from '#domain';
import type { EntryKind } from './chart.js';

/** An entry to be posted: the won of one event, by funder. */
export interface Entry {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly kind: EntryKind;
  readonly series: number;
  /** Unix seconds of the block. */
  readonly timestamp: number;
  readonly amount: Won;
  readonly parts: FundingParts;
}

/** What went before in a series, by kind. */
export type RunningTotals = Readonly<Record<EntryKind, Won>>;

export interface SeriesBooks {
  readonly split: FundingSplit;
  readonly totals: RunningTotals;
}

type ValueEvent = IndexedEvent<'Issued' | 'Paid' | 'Redeemed'>;

const KIND_OF: Readonly<Record<ValueEvent['name'], EntryKind>> = {
  Issued: 'issue',
  Paid: 'payment',
  Redeemed: 'redemption',
};

/** The events of a batch that move value, in chain order. */
export function valueEvents(batch: IndexedBatch): readonly ValueEvent[] {
  return batch.has('Issued', 'Paid', 'Redeemed') ? batch.ofAny('Issued', 'Paid', 'Redeemed') : [];
}

/**
 * One entry per event. The parts of each funder follow the running total of the series and kind (fundingUpTo), so
 * that however a series is spent its parts add up, and no stage takes more of a funder than the stage before gave.
 *
 * @param books what stands before the batch, for every series in it
 */
export function entriesOf(events: readonly ValueEvent[], books: ReadonlyMap<number, SeriesBooks>): Entry[] {
  const reached = new Map<string, { total: Won; parts: FundingParts }>();
  return events.map((event) => {
    const { series, amount, blockNumber, logIndex, timestamp } = event;
    const kind = KIND_OF[event.name];
    const known = books.get(series);
    if (!known) throw new Error(`series ${series} has no terms`);
    const key = `${series} ${kind}`;
    const before = reached.get(key) ?? {
      total: known.totals[kind],
      parts: fundingUpTo(known.totals[kind], known.split),
    };
    const total = before.total + amount;
    const parts = fundingUpTo(total, known.split);
    reached.set(key, { total, parts });
    return { blockNumber, logIndex, kind, series, timestamp, amount, parts: minus(parts, before.parts) };
  });
}

function minus(one: FundingParts, other: FundingParts): FundingParts {
  const [resident = 0n, state = 0n, province = 0n, city = 0n] = FUNDERS.map(
    (funder) => one[funder] - other[funder],
  );
  return { resident, state, province, city };
}

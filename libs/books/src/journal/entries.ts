import type { IndexedBatch, IndexedEvent } from '#indexer';
import { type FundingParts, fundingUpTo, type Won } from '#domain';
import { type EntryKind, POSTING_RULES, type Portion, SOURCE_OF } from './chart.js';
import { fit, minus, NO_PARTS, othersUpTo, partsOf, plus, sumOf } from './parts.js';
import type { Posting, SeriesBooks } from './series-books.js';

/** An entry to be posted: the won of one event, by funder. */
export interface Entry {
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly kind: EntryKind;
  readonly series: number;
  /** Unix seconds of the block. */
  readonly timestamp: number;
  readonly amount: Won;
  readonly postings: readonly Posting[];
}

const VALUE_EVENTS = [
  'Issued',
  'Paid',
  'Voided',
  'Redeemed',
  'RedemptionReturned',
  'Refunded',
  'Expired',
] as const;
type ValueEvent = IndexedEvent<(typeof VALUE_EVENTS)[number]>;

const KIND_OF: Readonly<Record<ValueEvent['name'], EntryKind>> = {
  Issued: 'issue',
  Paid: 'payment',
  Voided: 'void',
  Redeemed: 'redemption',
  RedemptionReturned: 'return',
  Refunded: 'refund',
  Expired: 'expiry',
};

/** The events of a batch that move value, in chain order. */
export function valueEvents(batch: IndexedBatch): readonly ValueEvent[] {
  return batch.has(...VALUE_EVENTS) ? batch.ofAny(...VALUE_EVENTS) : [];
}

/**
 * One entry per event.
 *
 * @param books what stands before the batch, for every series in it; follows the entries
 */
export function entriesOf(events: readonly ValueEvent[], books: ReadonlyMap<number, SeriesBooks>): Entry[] {
  return events.map((event) => {
    const { series, amount, blockNumber, logIndex, timestamp } = event;
    const known = books.get(series);
    if (!known) throw new Error(`series ${series} has no terms`);
    const kind = KIND_OF[event.name];
    const postings = post(known, kind, amount, event.name === 'Refunded' ? event.own : 0n);
    return { blockNumber, logIndex, kind, series, timestamp, amount, postings };
  });
}

/**
 * The postings of the next entry of a series, which the books then have. Its parts by funder follow the running total
 * of its kind (fundingUpTo), as far as the account that it takes from has them: no account falls below zero for any
 * funder, and one that is emptied is empty for each of them.
 *
 * @param own of a refund: won owed to the resident
 */
export function post(books: SeriesBooks, kind: EntryKind, amount: Won, own: Won): Posting[] {
  const source = SOURCE_OF[kind];
  const wanted = wantedParts(books, kind, amount, own);
  const all = source === null ? wanted : fit(wanted, books.held(source), amount);
  const ofResident = kind === 'refund' ? owedToResident(all, own) : { ...NO_PARTS, resident: all.resident };
  const portions: Readonly<Record<Portion, FundingParts>> = {
    all,
    own: ofResident,
    rest: minus(all, ofResident),
  };
  const postings = POSTING_RULES.flatMap((rule, line) => {
    if (rule.kind !== kind) return [];
    const parts = partsOf((funder) => BigInt(rule.side) * portions[rule.portion][funder]);
    return [{ line, account: rule.account, parts }];
  }).filter(({ parts }) => !isEmpty(parts));
  books.add(kind, amount, postings);
  return postings;
}

/**
 * The resident is owed `own` won to the won. They come out of the resident's column as far as it was touched; what
 * rounding had left to the other columns comes out of those.
 */
function owedToResident(all: FundingParts, own: Won): FundingParts {
  return fit({ ...NO_PARTS, resident: own }, all, own);
}

function wantedParts(books: SeriesBooks, kind: EntryKind, amount: Won, own: Won): FundingParts {
  const { split } = books;
  const upTo = (total: Won): FundingParts => fundingUpTo(total, split);
  const spent = (): FundingParts => plus(books.held('vouchers_taken'), books.held('merchants_payable'));
  const redeemed = (): FundingParts => books.held('merchants_payable');
  switch (kind) {
    case 'issue':
      return minus(upTo(books.total('issue') + amount), upTo(books.total('issue')));
    // Measured against what the accounts have, not against what they ought to have: a won that had to be taken from
    // another funder comes back with the next entry.
    case 'payment':
      return minus(upTo(sumOf(spent()) + amount), spent());
    case 'void':
      return minus(spent(), upTo(sumOf(spent()) - amount));
    case 'redemption':
      return minus(upTo(sumOf(redeemed()) + amount), redeemed());
    case 'return':
      return minus(redeemed(), upTo(sumOf(redeemed()) - amount));
    case 'refund': {
      const before = books.total('refund') - books.refundedOwn;
      const others = minus(othersUpTo(before + amount - own, split), othersUpTo(before, split));
      return { ...others, resident: own };
    }
    case 'expiry':
      return minus(upTo(books.total('expiry') + amount), upTo(books.total('expiry')));
  }
}

function isEmpty({ resident, state, province, city }: FundingParts): boolean {
  return resident === 0n && state === 0n && province === 0n && city === 0n;
}

import type { Projector } from '#indexer';
import { entriesOf, valueEvents } from './entries.js';
import { postEntries, readSeriesBooks, unpost, unpostAll } from './journal.repository.js';

/** Posts one balanced entry for every event that moves value between accounts. Comes after the projector of series. */
export const journalProjector: Projector = {
  name: 'journal',
  async apply(tx, batch) {
    const events = valueEvents(batch);
    if (events.length === 0) return;
    const books = await readSeriesBooks(tx, new Set(events.map((event) => event.series)));
    await postEntries(tx, entriesOf(events, books));
  },
  rollback: unpost,
  truncate: unpostAll,
};

/** The projectors of the schema `books`; they come after those of `chain`. */
export function booksProjectors(): Projector[] {
  return [journalProjector];
}

/** Copies the chain into tables, block range by block range. What a table holds is the business of its projector. */
export {
  IndexedBatch,
  type EventPosition,
  type IndexedBlock,
  type IndexedEvent,
  type Projector,
} from './batch.js';
export { KOREAN_DAY } from './block-day.js';
export { bytes, bytesOrNull, numbers, numbersOrNull, texts, words, wordsOrNull } from './columns.js';
export { readCursor, readCursorBlock, type Cursor } from './cursor.repository.js';
export { Indexer, type IndexerHooks, type IndexerOptions, type IndexerStep } from './indexer.js';
export { deleteAbove, deleteAll, positions } from './rows.js';

import { refusalArgs, type EntryRefusal } from '#domain';
import { decodeRevert, type ContractEvent } from '../../src/index.js';

// What became of the entries of an officers' list: as the rules say it, and as the contract does.

/** A refusal of the rules, to be compared; null when the entry is done. */
export function codeOf(refusal: EntryRefusal | undefined): unknown {
  return refusal === undefined ? null : { key: refusal.code, args: refusalArgs(refusal.code, refusal.args) };
}

/** What became of each entry of a list, by its place. */
export function outcomes(events: readonly ContractEvent[], count: number): unknown[] {
  const list: unknown[] = Array.from({ length: count }, () => null);
  for (const event of events) {
    if (event.name !== 'EntrySkipped') continue;
    const revert = decodeRevert(event.reason);
    if (revert === null || revert.key === null) throw new Error(`unknown reason ${event.reason}`);
    list[event.index] = { key: revert.key, args: refusalArgs(revert.key, Object.values(revert.args)) };
  }
  return list;
}

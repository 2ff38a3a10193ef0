import type { ModelLedger } from './ledger.js';

/** A hand-over of an account between two authorities goes on: proposed, then stopped, taken back, or taken on. */
export function handOversOf(ledger: ModelLedger, first: string, second: string): (account: string) => void {
  const known = new Map<string, { authority: string; number: number; moves: number; proposed: boolean }>();
  return (account) => {
    const one = known.get(account) ?? { authority: first, number: 0, moves: 0, proposed: false };
    known.set(account, one);
    const { authority } = one;
    const to = authority === first ? second : first;
    const end = one.number % 3;
    if (!one.proposed || end === 0) {
      one.number += 1;
      one.proposed = !one.proposed;
      const proposal = one.proposed ? { to, readyAt: 1_800_000_000 } : { to: '', readyAt: 0 };
      ledger.emit({ name: 'HandOverProposed', account, authority, ...proposal, number: one.number });
      return;
    }
    one.proposed = false;
    if (end === 1) {
      ledger.emit({ name: 'HandOverStopped', account });
      return;
    }
    one.moves += 1;
    one.authority = to;
    const taken = { authority: to, from: authority, place: to, moves: one.moves };
    ledger.emit({ name: 'AccountTaken', account, ...taken });
  };
}

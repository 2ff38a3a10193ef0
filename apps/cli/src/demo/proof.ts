import { reconcileLedger } from '../reconcile.js';
import { withLedger } from '../platform/ledger.js';
import type { Http } from './http.js';

/** What disagrees between chain, projections and books; empty when they agree to the won. */
export async function prove(http: Http): Promise<string[]> {
  const { differences } = await withLedger(process.env, reconcileLedger);
  const lines = differences.map(
    ({ check, key, expected, found }) => `${check}: ${key}: expected ${expected}, found ${found}`,
  );
  const balance = await http.get('/v1/books/trial-balance');
  const [debit, credit] = [balance.at('debit').won(), balance.at('credit').won()];
  return debit === credit ? lines : [...lines, `trial balance: debit ${debit}, credit ${credit}`];
}

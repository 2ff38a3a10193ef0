/** Double entry by funder, derived from the chain: journal, trial balance, rebuild and reconciliation. */
export * from './journal/chart.js';
export { booksProjectors } from './journal/journal.projector.js';
export { differingTables, fingerprint, type Fingerprint } from './rebuild/fingerprint.js';
export { rebuild, type RebuildOptions, type RebuildProgress, type RebuildResult } from './rebuild/rebuild.js';
export type { Difference } from './reconciliation/difference.js';
export { reconcile, type ReconcileOptions, type ReconcileResult } from './reconciliation/reconcile.js';
export { TABLE_CHECKS, type TableCheck } from './reconciliation/table-checks.js';
export { BooksModule } from './books.module.js';
export {
  TrialBalanceRepository,
  type BalanceRow,
  type BooksFilter,
  type SeriesTotalRow,
} from './trial-balance/trial-balance.repository.js';
export { TrialBalanceService, type TrialBalance } from './trial-balance/trial-balance.service.js';

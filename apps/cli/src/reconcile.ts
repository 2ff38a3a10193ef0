import type { Command } from 'commander';
import { reconcile, type ReconcileResult } from '#books';
import { print, say } from './platform/console.js';
import { withLedger, type Ledger } from './platform/ledger.js';

const PROGRESS_EVERY_MS = 1_000;

/** Compares chain, tables and books; copies what the tables lack first when no worker does. */
export async function reconcileLedger(ledger: Ledger): Promise<ReconcileResult> {
  const { db, node, deployment, indexer, endpoints } = ledger;
  if (!endpoints.isServing) await indexer.asLeader(() => indexer.catchUp());
  let reportedAt = Date.now();
  return reconcile({
    db,
    node,
    deployment,
    onProgress: (check, rows) => {
      if (Date.now() - reportedAt < PROGRESS_EVERY_MS) return;
      reportedAt = Date.now();
      say(`reconcile: ${check}, ${rows} rows`);
    },
  });
}

/** `jangteo reconcile`: exit code 1 and the differing rows unless all agree to the won. */
export function registerReconcile(program: Command): void {
  program
    .command('reconcile')
    .description('compare the chain’s state, its copy and the books; exit code 1 with the rows that differ')
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const { block, rows, differences } = await withLedger(process.env, reconcileLedger);
      if (differences.length > 0) process.exitCode = 1;
      if (options.json) {
        print(JSON.stringify({ block: Number(block), rows, differences }, null, 2));
        return;
      }
      for (const { check, key, expected, found } of differences) {
        print(`${check}: ${key}: expected ${expected}, found ${found}`);
      }
      say(
        differences.length === 0
          ? `reconcile: ${rows} rows of the contracts’ state at block ${block}, the tables and the books agree to the won`
          : `reconcile: ${differences.length} differences at block ${block}`,
      );
    });
}

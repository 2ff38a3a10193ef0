import type { Command } from 'commander';
import { rebuild } from '#books';
import { OperatorError } from '#platform';
import { print, say } from './platform/console.js';
import { withLedger } from './platform/ledger.js';

const PROGRESS_EVERY_MS = 1_000;

/** `jangteo rebuild`: copies the chain again from the first block, and reports whether anything changed by it. */
export function registerRebuild(program: Command): void {
  program
    .command('rebuild')
    .description(
      'empty everything that follows from the chain and copy it again; the platform must not run here',
    )
    .action(async () => {
      const result = await withLedger(process.env, ({ db, indexer, endpoints }) => {
        if (endpoints.isServing) {
          throw new OperatorError(
            'The platform runs here and its worker indexes. Stop it, then run rebuild.',
          );
        }
        let reportedAt = 0;
        return rebuild({
          db,
          indexer,
          onProgress: ({ block, head, events }) => {
            if (Date.now() - reportedAt < PROGRESS_EVERY_MS) return;
            reportedAt = Date.now();
            say(`rebuild: block ${block} of ${head}, ${events} events`);
          },
        });
      });
      for (const [table, hash] of Object.entries(result.after)) print(`${hash}  ${table}`);
      if (result.differing.length === 0) {
        say(
          `rebuilt to block ${result.block ?? 0} from ${result.events} events: identical to what was there`,
        );
        return;
      }
      say(
        `rebuilt to block ${result.block ?? 0} from ${result.events} events; these tables were different before: ${result.differing.join(', ')}`,
      );
      process.exitCode = 2;
    });
}

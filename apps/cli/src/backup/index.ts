import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { loadConfig, messageOf, OperatorError } from '#platform';
import { say } from '../platform/console.js';
import { withLedgerIn } from '../platform/ledger.js';
import { reconcileLedger } from '../reconcile.js';
import { makeBackup } from './make.js';
import { requireFitting, restoreInto, type Restored } from './restore.js';
import { verifyBackup } from './verify.js';

/** Of many differences these are enough to begin with; `jangteo reconcile` lists them all. */
const DIFFERENCES_SHOWN = 50;

/** `jangteo backup <file>`, `jangteo backup <file> --verify`, `jangteo restore <file>`. */
export function registerBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the database, the keys and the embedded chain into one file; the platform may run')
    .option(
      '--verify',
      'restore the file into a temporary home and compare everything; a file that exists is verified as it is',
    )
    .action(async (file: string, { verify: isVerified }: { verify?: true }) => {
      const target = path.resolve(file);
      process.exitCode = await breakable((signal) => backup(target, isVerified === true, signal));
    });
  program
    .command('restore <file>')
    .description('fill an empty home and an empty database from a backup, exactly, and compare everything')
    .action(async (file: string) => {
      process.exitCode = await breakable((signal) => restore(path.resolve(file), signal));
    });
}

/** Ctrl-C undoes what was begun; a second one ends at once. */
async function breakable(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const broken = new AbortController();
  const onSignal = () => {
    if (broken.signal.aborted) process.exit(1);
    say('breaking off');
    broken.abort(new OperatorError('It was broken off.'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(broken.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}

/** @returns exit code */
async function backup(file: string, isVerified: boolean, signal: AbortSignal): Promise<number> {
  const config = loadConfig(process.env);
  if (isVerified && (await stat(file).catch(() => undefined)) !== undefined) {
    say(`backup: ${file} exists and is verified as it is; nothing is copied`);
    return verify(file, signal);
  }
  const { tables, rows, files, digest } = await makeBackup(process.env, config, file, signal);
  say(`backup: ${file}, ${tables} tables with ${rows} rows and ${files} files, digest ${digest}`);
  say('It holds keys: keep it as you keep them.');
  return isVerified ? verify(file, signal) : 0;
}

async function verify(file: string, signal: AbortSignal): Promise<number> {
  const result = await verifyBackup(loadConfig(process.env), file, signal);
  const { head, tables, rows, block, differing, differences, compared } = result;
  say(`verify: made ${head.createdAt}; ${tables} tables with ${rows} rows come back equal to the byte`);
  for (const name of differing) say(`verify: the chain in the backup makes another table ${name}`);
  sayDifferences(differences);
  const isGood = differing.length === 0 && differences.length === 0;
  say(
    isGood
      ? `verify: ${file} is good: the chain makes the same tables to block ${block}, and ${compared} rows of the contracts’ state, the tables and the books agree to the won`
      : `verify: ${file} restores, and has ${differing.length + differences.length} differences`,
  );
  say('verify: the temporary home is removed');
  return isGood ? 0 : 1;
}

async function restore(file: string, signal: AbortSignal): Promise<number> {
  const config = loadConfig(process.env);
  const head = await requireFitting(config, file);
  return restoreInto({ config, file, signal, head }, async (endpoints, restored) => {
    sayRestored(restored);
    try {
      // Broken off in between: what is restored stays, and is not compared.
      signal.throwIfAborted();
      return await withLedgerIn(config, endpoints, async (ledger) => {
        const { differences, rows } = await reconcileLedger(ledger);
        sayDifferences(differences);
        say(
          differences.length === 0
            ? `restore: ${rows} rows of the contracts’ state, the tables and the books agree to the won`
            : `restore: ${differences.length} differences, as in the platform that was saved`,
        );
        return differences.length === 0 ? 0 : 1;
      });
    } catch (error) {
      throw new OperatorError(
        `Everything is restored, and could not be compared with the chain (${messageOf(error)}): run \`jangteo reconcile\`.`,
        { cause: error },
      );
    }
  });
}

function sayRestored({ tables, rows, head }: Restored): void {
  say(`restore: ${tables} tables with ${rows} rows, to the byte as they were at ${head.createdAt}`);
}

function sayDifferences(differences: Awaited<ReturnType<typeof reconcileLedger>>['differences']): void {
  for (const { check, key, expected, found } of differences.slice(0, DIFFERENCES_SHOWN))
    say(`${check}: ${key}: expected ${expected}, found ${found}`);
}

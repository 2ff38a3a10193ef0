import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { rebuild } from '#books';
import { migrations } from '#migrations';
import { Database } from '#persistence';
import { loadConfig, lockHome, OperatorError, type Config } from '#platform';
import { say } from '../platform/console.js';
import { withLedger } from '../platform/ledger.js';
import { migrate } from '../platform/prepare.js';
import { findRunningPlatform } from '../platform/running.js';
import { withEndpoints } from '../platform/with-endpoints.js';
import { reconcileLedger } from '../reconcile.js';
import { readArchive, verifyArchive, writeArchive, type ArchiveLine, type TablePage } from './archive.js';
import { copyHomeFiles, HomeWriter, piecesOf, requireEmptyHome } from './home-files.js';
import { appliedMigrations, copyTables, fillTables } from './tables.js';

/** `jangteo backup <file>`, `jangteo restore <file>`. */
export function registerBackup(program: Command): void {
  program
    .command('backup <file>')
    .description(
      'copy what cannot be made again into one file: submissions, keys, the embedded chain; the platform may run',
    )
    .action((file: string) => backup(process.env, path.resolve(file)));
  program
    .command('restore <file>')
    .description(
      'fill an empty home and database from a backup, copy the chain again, and compare everything',
    )
    .action(async (file: string) => {
      process.exitCode = await restore(process.env, path.resolve(file));
    });
}

async function backup(env: NodeJS.ProcessEnv, file: string): Promise<void> {
  const config = loadConfig(env);
  if (await exists(file)) throw new OperatorError(`${file} exists: choose another name.`);
  let rows = 0;
  let files = 0;
  async function* lines(db: Database): AsyncGenerator<ArchiveLine> {
    const hasChain = config.chainRpcUrl === undefined;
    const createdAt = new Date().toISOString();
    yield { jangteoBackup: 1, createdAt, migrations: await appliedMigrations(db), hasChain };
    // The tables first: then the chain knows at least all that they tell of.
    for await (const page of pagesAtOneMoment(db)) {
      rows += 1;
      yield page;
    }
    const contents = await copyHomeFiles(config.home, hasChain);
    files = contents.size;
    yield* piecesOf(contents);
  }
  const end = await withLedger(env, ({ db }) => writeArchive(file, lines(db)));
  say(`backup: ${file}, ${rows} pages of rows and ${files} files, sha256 ${end.sha256.slice(0, 16)}…`);
  say('It holds keys: keep it as you keep them.');
}

/** The pages of one transaction, handed over one by one; leaving early ends the transaction. */
async function* pagesAtOneMoment(db: Database): AsyncGenerator<TablePage> {
  const ready: TablePage[] = [];
  const signals = { taken: () => {}, came: () => {} };
  const state = { done: false, left: false };
  const work = db
    .transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      await tx.query('SET LOCAL statement_timeout = 0');
      await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      for await (const page of copyTables(tx)) {
        const taken = new Promise<void>((resolve) => (signals.taken = resolve));
        ready.push(page);
        signals.came();
        await taken;
        if (state.left) return;
      }
    })
    .finally(() => {
      state.done = true;
      signals.came();
    });
  // It is awaited below; until then a failure must not count as unhandled.
  work.catch(() => undefined);
  try {
    while (!state.done || ready.length > 0) {
      const page = ready.shift();
      if (page !== undefined) {
        yield page;
        signals.taken();
        continue;
      }
      await new Promise<void>((resolve) => {
        signals.came = resolve;
        if (state.done || ready.length > 0) resolve();
      });
    }
  } finally {
    state.left = true;
    signals.taken();
    await work;
  }
}

async function restore(env: NodeJS.ProcessEnv, file: string): Promise<number> {
  const config = loadConfig(env);
  const head = await verifyArchive(file);
  const known = migrations.map((Migration) => new Migration().name);
  if (head.migrations.join() !== known.join())
    throw new OperatorError(
      'The backup was made by another release. Restore it with that one, then start this one, which migrates.',
    );
  if (await findRunningPlatform(config.home))
    throw new OperatorError('The platform runs here. Stop it first.');
  await requireEmptyHome(config.home);
  await restoreFiles(config, file, head.hasChain);
  const rows = await withEndpoints(config, async ({ databaseUrl }) => {
    await migrate(databaseUrl);
    const db = await Database.connect({ url: databaseUrl, poolMax: 2, applicationName: 'jangteo-restore' });
    try {
      return await fillTables(db, pagesOf(file));
    } finally {
      await db.close();
    }
  });
  say(`restore: ${rows} rows of what was submitted, from ${head.createdAt}`);
  return withLedger(env, async (ledger) => {
    const { block, events } = await rebuild({ db: ledger.db, indexer: ledger.indexer });
    say(`restore: the chain is copied again to block ${block ?? 0}, ${events} events`);
    const { differences, rows: compared } = await reconcileLedger(ledger);
    for (const { check, key, expected, found } of differences)
      say(`${check}: ${key}: expected ${expected}, found ${found}`);
    say(
      differences.length === 0
        ? `restore: ${compared} rows of the contracts’ state, the tables and the books agree to the won`
        : `restore: ${differences.length} differences`,
    );
    return differences.length === 0 ? 0 : 1;
  });
}

async function restoreFiles(config: Config, file: string, hasChain: boolean): Promise<void> {
  if (hasChain && config.chainRpcUrl !== undefined)
    say('restore: CHAIN_RPC_URL names a node, so the chain inside the backup is left out');
  const lock = await lockHome(config.home);
  try {
    const writer = new HomeWriter(config.home);
    for await (const line of readArchive(file)) {
      if (!('base64' in line)) continue;
      if (config.chainRpcUrl !== undefined && line.file.startsWith(`chain${path.sep}`)) continue;
      await writer.write(line);
    }
    await writer.finish();
  } finally {
    await lock.release();
  }
}

async function* pagesOf(file: string): AsyncGenerator<TablePage> {
  for await (const line of readArchive(file)) if ('table' in line) yield line;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

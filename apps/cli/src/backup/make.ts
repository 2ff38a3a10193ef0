import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import { withClient } from '#persistence';
import { OperatorError, type Config } from '#platform';
import { withLedger } from '../platform/ledger.js';
import { writeArchive } from './archive.js';
import type { ArchiveLine } from './archive-lines.js';
import { appliedMigrations, copyTables, holdMoment } from './copy-tables.js';
import { HomeCopy } from './home-files.js';

export interface BackupMade {
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  /** What the file ends with: the SHA-256 of all bytes before. */
  readonly digest: string;
}

/**
 * Copies the database, as of one moment, and the home's files into one file. The platform may run.
 *
 * @param signal breaks it off
 * @throws OperatorError when it can't be written; then nothing is left of it
 */
export async function makeBackup(
  env: NodeJS.ProcessEnv,
  config: Config,
  file: string,
  signal: AbortSignal,
): Promise<BackupMade> {
  await requireGoodPlace(file, config.home);
  let [tables, rows] = [0, 0];
  const files = new Set<string>();
  async function* counted(client: Client): AsyncGenerator<ArchiveLine> {
    for await (const line of linesOf(client, config)) {
      signal.throwIfAborted();
      if ('table' in line) tables += 1;
      if ('endOf' in line) rows += line.count;
      if ('file' in line) files.add(line.file);
      yield line;
    }
  }
  const digest = await withLedger(env, ({ endpoints }) =>
    withClient(endpoints.databaseUrl, (client) => writeArchive(file, counted(client))),
  );
  return { tables, rows, files: files.size, digest };
}

/**
 * The home's files are taken right after the moment of the tables: a block is in the journal before it is mined, so the
 * chain in the file knows at least every block that the tables follow, and little that they don't.
 */
async function* linesOf(client: Client, { home, chainRpcUrl }: Config): AsyncGenerator<ArchiveLine> {
  const hasChain = chainRpcUrl === undefined;
  const createdAt = new Date().toISOString();
  const tables = await holdMoment(client);
  const copy = await HomeCopy.take(home, hasChain);
  try {
    yield { jangteoBackup: 3, createdAt, migrations: await appliedMigrations(client), hasChain };
    yield* copyTables(client, tables);
    yield* copy.pieces();
  } finally {
    await copy.dispose();
  }
}

async function requireGoodPlace(file: string, home: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (info !== undefined) throw new OperatorError(`${file} exists: choose another name.`);
  // It would be lost with the home, and be part of the next backup.
  if (path.resolve(file).startsWith(`${path.resolve(home)}${path.sep}`))
    throw new OperatorError(`${file} lies in the home that is saved: choose a place on another disk.`);
  const folder = await stat(path.dirname(file)).catch(() => undefined);
  if (folder?.isDirectory() !== true) throw new OperatorError(`${path.dirname(file)} is not a folder.`);
}

import path from 'node:path';
import { readCursor } from '#indexer';
import { ChainNode, loadDeployment } from '#node';
import { migrations } from '#migrations';
import { withClient, type Queryable } from '#persistence';
import { codeOf, lockHome, messageOf, OperatorError, type Config } from '#platform';
import { launcherLog, say } from '../platform/console.js';
import { freeBytes, FULL_BYTES } from '../platform/disk.js';
import { isDiskFull } from '../platform/explain.js';
import { startEndpoints } from '../platform/endpoints.js';
import { migrate } from '../platform/prepare.js';
import { findRunningPlatform } from '../platform/running.js';
import { markUnfinished, unmarkUnfinished } from '../platform/unfinished.js';
import type { Endpoints } from '../platform/with-endpoints.js';
import { readArchive, verifyArchive } from './archive.js';
import type { ArchiveHead } from './archive-lines.js';
import { clearHome, HomeBefore } from './clear-home.js';
import type { TableLine } from './copy-tables.js';
import { dropSchemas, fillTables, hasSchemas, type Filled } from './fill-tables.js';
import { HomeWriter } from './home-files.js';

export interface RestoreRequest {
  readonly config: Config;
  readonly file: string;
  /** Breaks it off; nothing is left then. */
  readonly signal: AbortSignal;
  /** See requireFitting. */
  readonly head: ArchiveHead;
}

export interface Restored extends Filled {
  readonly head: ArchiveHead;
}

/**
 * Reads the whole file and compares it with this release and configuration.
 *
 * @throws OperatorError when it can't be restored here
 */
export async function requireFitting(config: Config, file: string): Promise<ArchiveHead> {
  const head = await verifyArchive(file);
  const known = migrations.map((Migration) => new Migration().name);
  if (head.migrations.join() !== known.join())
    throw new OperatorError(
      'The backup was made by another release: restore it with that one, then start this one, which migrates.',
    );
  if (!head.hasChain && config.chainRpcUrl === undefined)
    throw new OperatorError(
      'The backup holds no chain: set CHAIN_RPC_URL to a node of the chain that it was made with.',
    );
  return head;
}

/**
 * Fills an empty home and an empty database from a backup, exactly, then does `work` with them while they are not yet
 * used by anything else. All or nothing: until the restore is whole the home is marked, and when it fails everything
 * that came with it is taken away again. What `work` throws comes after that and undoes nothing.
 *
 * @throws OperatorError with one sentence for the operator
 */
export async function restoreInto<T>(
  request: RestoreRequest,
  work: (endpoints: Endpoints, restored: Restored) => Promise<T>,
): Promise<T> {
  const { config } = request;
  if (await findRunningPlatform(config.home))
    throw new OperatorError('The platform runs here. Stop it first.');
  const home = await HomeBefore.look(config.home);
  const lock = await lockHome(config.home).catch(async (error: unknown) => {
    // Without room for the lock nothing has begun. Where another process holds it, the home is that one's.
    if (isDiskFull(error)) await home.leaveAsItWas();
    throw error;
  });
  const launcher = launcherLog(config.home);
  let started: Started | undefined;
  try {
    if (home.wasHalfRestored) await clearHome(config.home, launcher.log);
    started = await restoreOrClear(request, launcher.log);
    return await work(started.endpoints, started.restored);
  } finally {
    await started?.endpoints.stop();
    launcher.end();
    await lock.release();
    if (started === undefined) await home.leaveAsItWas();
  }
}

/** The restore itself failed, not what was done with it afterwards. */
export class RestoreFailed extends OperatorError {
  /** @param reason a sentence */
  constructor(
    readonly reason: string,
    left: string,
    cause: unknown,
  ) {
    super(`Nothing was restored and ${left}: ${reason}`, { cause });
  }
}

type Log = ReturnType<typeof launcherLog>['log'];
type Started = { endpoints: Endpoints & { stop(): Promise<void> }; restored: Restored };

async function restoreOrClear(request: RestoreRequest, log: Log): Promise<Started> {
  const { config, file, head, signal } = request;
  const undo: (() => Promise<void>)[] = [];
  try {
    await markUnfinished(config.home, { startedAt: new Date().toISOString(), file });
    await restoreFiles(request);
    const running = await startEndpoints(config, log, say, { restoring: true, signal });
    undo.push(() => running.stop());
    const filled = await restoreTables(request, running, undo);
    await unmarkUnfinished(config.home);
    return { endpoints: { ...running, isServing: false }, restored: { head, ...filled } };
  } catch (error) {
    const reason = await reasonOf(error, request);
    for (const step of undo.toReversed())
      await step().catch((trouble: unknown) =>
        log('error', 'restore.undo_failed', { message: messageOf(trouble) }),
      );
    const left = await clearHome(config.home, log).then(
      () => 'nothing is left of it',
      (trouble: unknown) => `what is left of it could not be removed (${messageOf(trouble)})`,
    );
    throw new RestoreFailed(reason, left, error);
  }
}

async function restoreFiles({ config, file, signal, head }: RestoreRequest): Promise<void> {
  const withChain = config.chainRpcUrl === undefined;
  if (head.hasChain && !withChain)
    say('restore: CHAIN_RPC_URL names a node, so the chain inside the backup is left out');
  const writer = new HomeWriter(config.home);
  try {
    for await (const line of readArchive(file)) {
      signal.throwIfAborted();
      if ('base64' in line && (withChain || !line.file.startsWith('chain/'))) await writer.write(line);
    }
    await writer.finish();
  } finally {
    await writer.close();
  }
}

async function restoreTables(
  request: RestoreRequest,
  { databaseUrl, chainUrl }: { readonly databaseUrl: string; readonly chainUrl: string },
  undo: (() => Promise<void>)[],
): Promise<Filled> {
  const { config } = request;
  if (!(await withClient(databaseUrl, hasSchemas)) && config.databaseUrl !== undefined)
    undo.push(() => withClient(databaseUrl, dropSchemas));
  await migrate(databaseUrl);
  return withClient(databaseUrl, (client) => {
    const tx: Queryable = {
      query: async (sql, params = []) => (await client.query(sql, [...params])).rows,
    };
    return fillTables(client, tableLinesOf(request), () => requireSameChain(tx, chainUrl));
  });
}

async function* tableLinesOf({ file, signal }: RestoreRequest): AsyncGenerator<TableLine> {
  for await (const line of readArchive(file)) {
    signal.throwIfAborted();
    if (!('base64' in line) && !('jangteoBackup' in line)) yield line;
  }
}

/** The node must have the block that the tables were copied up to: otherwise they would be taken back. */
async function requireSameChain(tx: Queryable, url: string): Promise<void> {
  const [deployment, cursor] = [await loadDeployment(tx), await readCursor(tx)];
  if (deployment === null) throw new OperatorError('The backup knows no contracts.');
  const node = ChainNode.connect({ url, chainId: deployment.chainId });
  try {
    await node.requireChain();
    const number = cursor?.number ?? deployment.blockNumber;
    const header = await node.header(number);
    if (header?.hash !== (cursor?.hash ?? deployment.blockHash))
      throw new OperatorError(
        `The chain’s block ${number} is not the one that the tables of the backup follow.`,
      );
  } finally {
    node.close();
  }
}

/** SQLSTATE of a database server without room, which may be another machine. */
const SERVER_DISK_FULL = '53100';

/** @returns a sentence */
async function reasonOf(cause: unknown, { config, signal }: RestoreRequest): Promise<string> {
  if (signal.aborted) return 'it was broken off.';
  // A database that finds no room for its log ends, and what is seen of that is a lost connection.
  const free = await freeBytes(config.home).catch(() => Infinity);
  const isElsewhere = config.databaseUrl !== undefined && codeOf(cause) === SERVER_DISK_FULL;
  if (free < FULL_BYTES || (isDiskFull(cause) && !isElsewhere))
    return `the disk that holds ${path.resolve(config.home)} is full; make room, or set JANGTEO_HOME to a folder on another disk.`;
  const message = messageOf(cause);
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { rebuild, type Difference } from '#books';
import { isRunning, OperatorError, parseIdentity, readTextIfPresent, type Config } from '#platform';
import { withLedgerIn } from '../platform/ledger.js';
import { reconcileLedger } from '../reconcile.js';
import { clearHome } from './clear-home.js';
import { requireFitting, RestoreFailed, restoreInto, type Restored } from './restore.js';

const PREFIX = 'jangteo-verify-';

export interface Verified extends Restored {
  /** The last block that the tables follow. */
  readonly block: bigint;
  /** Tables that the chain in the backup makes otherwise. */
  readonly differing: readonly string[];
  /** Where contracts, tables and books disagree. */
  readonly differences: readonly Difference[];
  /** Rows of the contracts' state that were compared. */
  readonly compared: number;
}

/**
 * Restores a backup into a temporary home, with a database of its own, and compares: every table with what was copied,
 * to the byte; the tables of the chain and the books with those that the chain makes again from its first block; the
 * contracts' state with the tables and the books. The temporary home is removed, whatever comes out.
 *
 * @throws OperatorError when the backup does not restore
 */
export async function verifyBackup(config: Config, file: string, signal: AbortSignal): Promise<Verified> {
  await removeAbandoned();
  const head = await requireFitting(config, file);
  const folder = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  const place: Config = {
    ...config,
    home: path.join(folder, 'home'),
    databaseUrl: undefined,
    chainRpcUrl: head.hasChain ? undefined : config.chainRpcUrl,
  };
  try {
    // PostgreSQL runs under another account when this process is root's, and has to pass through.
    await chmod(folder, 0o711);
    return await restoreInto({ config: place, file, signal, head }, (endpoints, restored) =>
      withLedgerIn(place, endpoints, async (ledger) => {
        const { differing, block } = await rebuild({
          ...ledger,
          onProgress: () => signal.throwIfAborted(),
        });
        const { differences, rows } = await reconcileLedger(ledger);
        return { ...restored, block: block ?? 0n, differing, differences, compared: rows };
      }),
    );
  } catch (error) {
    if (error instanceof RestoreFailed)
      throw new OperatorError(`${file} does not restore: ${error.reason}`, { cause: error });
    throw error;
  } finally {
    await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  const home = path.join(folder, 'home');
  // The home is missing when it was never begun.
  await clearHome(home, () => undefined).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** What a killed process left behind, its database and node included. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(os.tmpdir(), name);
    const text = await readTextIfPresent(path.join(folder, 'home', 'run', 'launcher.pid')).catch(
      () => undefined,
    );
    const owner = text === undefined ? undefined : parseIdentity(text);
    // Without an owner it has just begun or belongs to another account.
    if (owner !== undefined && !isRunning(owner)) await remove(folder);
  }
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  OperatorError,
  readTextIfPresent,
  syncFolder,
  writeFileDurably,
  type SupervisorLog,
} from '#platform';
import { explainFailure } from './failures.js';
import type { ServerPlace } from './server-account.js';

export const SUPERUSER = 'jangteo';
const INCOMPLETE = 'data.incomplete-';

/** A database folder that is ready to be started. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
  /** True when it was made just now. */
  readonly fresh: boolean;
}

/**
 * Makes the database folder on first use. initdb works in a folder of another name that is renamed once it has
 * finished, so `data` exists exactly when initdb completed; a crash in between leaves only rubbish that is
 * cleared here. A `data` folder is never deleted.
 *
 * @throws OperatorError when `data` is damaged, belongs to another major version, or the disk is full
 */
export async function prepareCluster(place: ServerPlace, log: SupervisorLog): Promise<Cluster> {
  const data = path.join(place.folder, 'data');
  const passwordFile = path.join(place.folder, 'password');
  await clearIncomplete(place.folder, log);
  await setAsideIfNeverUsed(data, log);

  const found = await readTextIfPresent(path.join(data, 'PG_VERSION'));
  if (found !== undefined) {
    const password = (await readTextIfPresent(passwordFile))?.trim();
    if (password === undefined || password === '') {
      throw new OperatorError(
        `${passwordFile} is missing, so the database in ${data} cannot be opened. Restore that file from a backup.`,
      );
    }
    return { data, password, fresh: false };
  }
  const password = (await readTextIfPresent(passwordFile))?.trim() || randomBytes(24).toString('base64url');
  await writeFileDurably(passwordFile, `${password}\n`, 0o600);
  await initialise(place, data, password);
  log('info', 'postgres.initialised', { data });
  return { data, password, fresh: true };
}

async function initialise(place: ServerPlace, data: string, password: string): Promise<void> {
  const working = path.join(place.folder, `${INCOMPLETE}${randomBytes(6).toString('hex')}`);
  const passwordCopy = `${working}.password`;
  try {
    await mkdir(working, { mode: 0o700 });
    await writeFile(passwordCopy, `${password}\n`, { mode: 0o600 });
    if (place.account) {
      await chown(working, place.account.uid, place.account.gid);
      await chown(passwordCopy, place.account.uid, place.account.gid);
    }
    await runInitdb(place, working, passwordCopy);
    await syncFolder(place.folder);
    await rename(working, data);
    await syncFolder(place.folder);
  } finally {
    await rm(passwordCopy, { force: true });
    await rm(working, { recursive: true, force: true });
  }
}

function runInitdb(place: ServerPlace, folder: string, passwordFile: string): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorting by code point: the same on every machine, and independent of its installed locales.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(place.binaries.initdb, args, {
      ...place.account,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) =>
      reject(new OperatorError(`initdb could not be started: ${error.message}`)),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          explainFailure(output, folder) ??
            new OperatorError(`initdb failed (exit code ${code}):\n${output.slice(-2_000)}`),
        );
    });
  });
}

async function clearIncomplete(folder: string, log: SupervisorLog): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(INCOMPLETE)) continue;
    log('warn', 'postgres.incomplete_cleared', { name });
    await rm(path.join(folder, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** A damaged `data` that no server ever ran in holds nothing; one that was used is left for a person to judge. */
async function setAsideIfNeverUsed(data: string, log: SupervisorLog): Promise<void> {
  const names = await readdir(data).catch(() => undefined);
  if (names === undefined) return;
  const essential = ['PG_VERSION', 'base', 'global', 'pg_wal', 'postgresql.conf'];
  const complete = essential.every((name) => names.includes(name)) && (await hasControlFile(data));
  if (complete) return;
  // The server writes postmaster.opts on its first start and never removes it.
  if (names.includes('postmaster.opts')) {
    throw new OperatorError(
      `The database in ${data} is damaged: ${essential.filter((name) => !names.includes(name)).join(', ') || 'global/pg_control'} is missing. It was in use before, so nothing was changed. Restore a backup into it, or run npm run reset to start over.`,
    );
  }
  const aside = `${data}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(data, aside);
  log('warn', 'postgres.damaged_set_aside', { aside });
}

async function hasControlFile(data: string): Promise<boolean> {
  const control = await stat(path.join(data, 'global', 'pg_control')).catch(() => undefined);
  return control !== undefined && control.size > 0;
}

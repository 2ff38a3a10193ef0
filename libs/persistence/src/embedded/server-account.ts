import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readFile, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { OperatorError, type SupervisorLog } from '#platform';
import { binariesIn, type PostgresBinaries } from './binaries.js';

const execute = promisify(execFile);

/** Where data and programs move when root's own folders are closed to other accounts. */
const SHARED_BASE = '/var/lib/jangteo';

/** The account PostgreSQL runs under; undefined: the one we run under. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Everything PostgreSQL needs to be able to reach. */
export interface ServerPlace {
  readonly account: ServerAccount | undefined;
  /** Folder below which the database, its password and its port are kept. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
}

/**
 * Chooses the account and the place. PostgreSQL refuses to run as root, so root hands it to the account
 * `postgres` (or `nobody`). That account cannot enter a checkout below, say, a 0700 /root: then data and a copy
 * of the programs go to /var/lib/jangteo and `home/postgres` becomes a link to them.
 *
 * @throws OperatorError when no suitable account or place can be had
 */
export async function chooseServerPlace(
  home: string,
  packaged: PostgresBinaries,
  log: SupervisorLog,
): Promise<ServerPlace> {
  const wanted = path.join(home, 'postgres');
  if (process.getuid?.() !== 0) {
    await mkdir(wanted, { recursive: true });
    return { account: undefined, folder: wanted, binaries: packaged };
  }
  const account = await findAccount();
  const existing = await lstat(wanted).catch(() => undefined);
  if (existing?.isSymbolicLink() !== true && (await isReachable(home, account))) {
    await mkdir(wanted, { recursive: true, mode: 0o711 });
    return { account, folder: wanted, binaries: await reachableBinaries(packaged, account) };
  }
  if (existing?.isDirectory() === true) {
    throw new OperatorError(
      `${wanted} cannot be entered by the account PostgreSQL runs under (uid ${account.uid}). Allow it with chmod o+x on every folder above, or move JANGTEO_HOME.`,
    );
  }
  const folder = path.join(
    SHARED_BASE,
    createHash('sha256').update(path.resolve(home)).digest('hex').slice(0, 16),
  );
  await mkdir(folder, { recursive: true, mode: 0o711 });
  if (existing === undefined) await symlink(folder, wanted);
  log('info', 'postgres.moved_out', { folder });
  return { account, folder: await realpath(wanted), binaries: await reachableBinaries(packaged, account) };
}

async function reachableBinaries(
  packaged: PostgresBinaries,
  account: ServerAccount,
): Promise<PostgresBinaries> {
  if (await isReachable(packaged.folder, account)) return packaged;
  const version = createHash('sha256')
    .update(packaged.folder)
    .update(String((await stat(packaged.postgres)).mtimeMs));
  const folder = path.join(SHARED_BASE, `programs-${version.digest('hex').slice(0, 16)}`);
  if ((await lstat(folder).catch(() => undefined)) === undefined) {
    // Copied beside and renamed, so that a crash never leaves half of it under the final name.
    const temporary = `${folder}.${process.pid}`;
    await mkdir(SHARED_BASE, { recursive: true, mode: 0o755 });
    await cp(packaged.folder, temporary, { recursive: true, verbatimSymlinks: true });
    await rename(temporary, folder).catch(() => rm(temporary, { recursive: true, force: true }));
  }
  return binariesIn(folder);
}

/** Whether the account may pass through every folder on the way. */
async function isReachable(target: string, account: ServerAccount): Promise<boolean> {
  await mkdir(target, { recursive: true });
  for (let folder = await realpath(target); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

async function findAccount(): Promise<ServerAccount> {
  const known = (await lookUp('postgres')) ?? (await createAccount()) ?? (await lookUp('nobody'));
  if (known === undefined) {
    throw new OperatorError(
      'PostgreSQL does not run as root and no account "postgres" or "nobody" exists. Start as another user, or set DATABASE_URL.',
    );
  }
  return known;
}

async function createAccount(): Promise<ServerAccount | undefined> {
  try {
    await execute('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch {
    return undefined; // No useradd here (Alpine, macOS): "nobody" serves as well.
  }
  return lookUp('postgres');
}

async function lookUp(name: string): Promise<ServerAccount | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
  if (fields === undefined) return undefined;
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

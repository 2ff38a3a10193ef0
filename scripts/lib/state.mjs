/** Removes the embedded system's state folder, after ending the platform's processes that still work in it. */
import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync, lstatSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const STOP_MS_MAX = 20_000;
/** Written by the launcher into every home; a folder without it is not ours to delete. */
const MARKER = 'jangteo-home.json';

/**
 * @param {string} home absolute path
 * @param {(text: string) => void} progress
 * @returns {Promise<boolean>} whether there was anything to remove
 * @throws when the folder is not a Jangteo home, or a process in it does not end
 */
export async function removeState(home, progress) {
  if (!existsSync(home)) return false;
  const names = readdirSync(home);
  if (names.length === 0) return false;
  if (!names.includes(MARKER) && path.basename(home) !== '.jangteo') {
    throw new Error(
      `${home} holds files but no ${MARKER}: this is no Jangteo state folder, so nothing was deleted.`,
    );
  }
  await stopProcesses(home, progress);
  // The database may live outside (see the pointer's own comment in libs/persistence); follow it first.
  const database = path.join(home, 'postgres');
  if (lstatSync(database, { throwIfNoEntry: false })?.isSymbolicLink()) {
    rmSync(path.resolve(home, readlinkSync(database)), { recursive: true, force: true });
  }
  rmSync(home, { recursive: true, force: true });
  return true;
}

async function stopProcesses(home, progress) {
  // The launcher first: it stops its own children in the right order.
  const launcher = recorded(path.join(home, 'run', 'launcher.pid'));
  if (launcher) await stop(launcher, progress);
  for (const name of listing(path.join(home, 'run'))) {
    if (!name.endsWith('.pid')) continue;
    const entry = recorded(path.join(home, 'run', name));
    if (entry) await stop(entry, progress);
  }
  const node = recorded(path.join(home, 'chain', 'node.json'));
  if (node) await stop({ ...node, name: "the chain's node" }, progress);
  const postmaster = postmasterOf(path.join(home, 'postgres', 'data'));
  if (postmaster) await stop({ ...postmaster, name: 'PostgreSQL', signal: 'SIGINT' }, progress);
}

async function stop(entry, progress) {
  if (!isSame(entry)) return;
  progress(`stopping ${entry.name ?? 'process'} ${entry.pid}`);
  process.kill(entry.pid, entry.signal ?? 'SIGTERM');
  const until = Date.now() + STOP_MS_MAX;
  while (isSame(entry)) {
    if (Date.now() > until) process.kill(entry.pid, 'SIGKILL');
    if (Date.now() > until + 5_000)
      throw new Error(`process ${entry.pid} does not end; stop it and try again`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @returns a process recorded by the launcher: { pid, startedAt, name } */
function recorded(file) {
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(entry.pid) && entry.pid > 1
      ? { name: path.basename(file, '.pid'), ...entry }
      : undefined;
  } catch {
    return undefined;
  }
}

/** PostgreSQL's own record: first line its process id, second its data folder. */
function postmasterOf(data) {
  try {
    const [pid, folder] = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    const commandLine = readFileSync(`/proc/${Number(pid)}/cmdline`, 'utf8');
    return commandLine.includes(folder.trim()) ? { pid: Number(pid) } : undefined;
  } catch {
    return undefined;
  }
}

function isSame(entry) {
  try {
    process.kill(entry.pid, 0);
  } catch {
    return false;
  }
  // Without a start time (no /proc here) an id alone is no proof: better a leftover than a stranger stopped.
  if (entry.startTicks === undefined) return entry.signal !== undefined;
  try {
    const stat = readFileSync(`/proc/${entry.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[19] === entry.startTicks;
  } catch {
    return process.platform !== 'linux';
  }
}

function listing(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

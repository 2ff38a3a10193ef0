/** The folder that the specs of one run share. */
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export const PREFIX = 'jangteo-jest-';

/** Ends the run's PostgreSQL at once (nothing in it is worth a checkpoint) and removes the folder. */
export async function endRun(home) {
  const folder = resolved(path.join(home, 'postgres'));
  const pid = postmasterPid(path.join(folder, 'data'));
  if (pid !== undefined) {
    signal(pid, 'SIGQUIT');
    for (let waited = 0; isAlive(pid) && waited < 10_000; waited += 50) await sleep(50);
    if (isAlive(pid)) signal(pid, 'SIGKILL');
  }
  if (folder !== path.join(home, 'postgres')) rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return process.platform !== 'linux';
  }
}

function postmasterPid(data) {
  try {
    const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (process.platform !== 'linux') return pid;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function resolved(file) {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

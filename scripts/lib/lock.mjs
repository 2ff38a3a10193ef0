/** A lock file between processes of one machine. A lock whose owner is gone is taken over. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const POLL_MS = 250;
/** A set-up takes minutes at worst; whoever waits longer is better off with a message. */
const WAIT_MS_MAX = 20 * 60_000;

/**
 * Runs `work` while holding the lock.
 *
 * @param {string} file
 * @param {{ onWait?: (owner: number) => void }} options onWait is called once when somebody else holds it
 * @param {() => Promise<T>} work
 * @template T
 */
export async function withLock(file, options, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  const until = Date.now() + WAIT_MS_MAX;
  let hasWaited = false;
  while (!acquire(file)) {
    if (!hasWaited) options.onWait?.(ownerOf(file)?.pid ?? 0);
    hasWaited = true;
    if (Date.now() > until) throw new Error(`${file} is still held by process ${ownerOf(file)?.pid}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startTimeOf(process.pid) }));
  try {
    // A link appears with its content or not at all, so no process ever reads a half-written lock.
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = ownerOf(file);
    if (owner && isAlive(owner)) return false;
    clearStale(file, `${mine}.stale`, owner);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a stale lock away; when another run replaced it in the meantime, that one is put back. */
function clearStale(file, aside, stale) {
  try {
    renameSync(file, aside);
  } catch {
    return; // Another waiter was first.
  }
  const taken = ownerOf(aside);
  if (taken && (taken.pid !== stale?.pid || taken.start !== stale?.start)) {
    try {
      linkSync(aside, file);
    } catch {
      // Somebody holds it again already.
    }
  }
  rmSync(aside, { force: true });
}

function ownerOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(owner) {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const start = startTimeOf(owner.pid);
  // Where /proc exists the start time distinguishes a recycled process id.
  return start === undefined || owner.start === undefined || start === owner.start;
}

function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

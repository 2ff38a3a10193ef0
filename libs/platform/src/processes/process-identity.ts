import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that can be recognised again: its id alone is reused by the system sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (field 22 of /proc/<pid>/stat); absent where there is no /proc. */
  readonly startTicks?: string;
}

/** @returns the identity of a running process */
export function identify(pid: number): ProcessIdentity {
  return { pid, startTicks: statOf(pid)?.startTicks };
}

/** Whether that very process still runs. A zombie counts as ended. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!Number.isSafeInteger(identity.pid) || identity.pid <= 1) return false;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = statOf(identity.pid);
  if (stat === undefined || stat.state === 'Z') return false;
  return identity.startTicks === undefined || identity.startTicks === stat.startTicks;
}

/** The command line of a process, arguments separated by spaces; empty when it is gone or unreadable. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

/**
 * Ends a process: first politely, after the grace period by SIGKILL.
 *
 * @param graceMs how long it may take to end by itself
 * @returns false when it had already ended
 * @throws when even SIGKILL does not end it within five seconds (stuck in the kernel, or not ours)
 */
export async function stopProcess(
  identity: ProcessIdentity,
  graceMs: number,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<boolean> {
  if (!isRunning(identity)) return false;
  signalQuietly(identity, signal);
  if (await endsWithin(identity, graceMs)) return true;
  signalQuietly(identity, 'SIGKILL');
  if (await endsWithin(identity, 5_000)) return true;
  throw new Error(`process ${identity.pid} does not end`);
}

/** Waits until the process has ended. @returns false when it still runs after `waitMs` */
export async function endsWithin(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const until = performance.now() + waitMs;
  while (isRunning(identity)) {
    if (performance.now() >= until) return false;
    await sleep(20);
  }
  return true;
}

function signalQuietly(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended in between.
  }
}

function statOf(pid: number): { state: string; startTicks: string } | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

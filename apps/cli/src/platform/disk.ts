import { statfs } from 'node:fs/promises';
import { messageOf, type SupervisorLog } from '#platform';

const GIGABYTE = 2 ** 30;
/** Room for days of a small city, and for what a restart writes. */
export const ROOM = { bad: GIGABYTE, low: 5 * GIGABYTE } as const;
/** PostgreSQL's next WAL segment does not fit. */
export const FULL_BYTES = 16 * 2 ** 20;
const LOOK_MS = 5_000;

export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export const inGigabytes = (bytes: number): string => (bytes / GIGABYTE).toFixed(1);

type Room = 'enough' | 'low' | 'bad' | 'none' | 'unknown';

export interface DiskWatchOptions {
  readonly folder: string;
  readonly log: SupervisorLog;
  /** Bytes under which it warns; default ROOM. */
  readonly room?: { readonly low: number; readonly bad: number };
  readonly everyMs?: number;
}

/**
 * Reports to the operator that the disk fills up, each step once, and when there is room again. A full disk need not stop
 * the platform at once: the database refuses what it can't store, the API asks clients to try again, and it goes on by
 * itself when there is space; somebody has to know why.
 *
 * @returns ends the watch
 */
export function watchDisk({ folder, log, room = ROOM, everyMs = LOOK_MS }: DiskWatchOptions): () => void {
  let last: Room = 'enough';
  const look = async (): Promise<void> => {
    const free = await freeBytes(folder).catch(messageOf);
    const now = typeof free === 'string' ? 'unknown' : roomOf(free, room);
    if (now === last) return;
    last = now;
    if (typeof free === 'string') log('warn', 'disk.unknown', { folder, reason: free });
    else report(log, now, { folder, free_gb: inGigabytes(free) });
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function roomOf(free: number, { low, bad }: { low: number; bad: number }): Room {
  if (free < FULL_BYTES) return 'none';
  if (free < bad) return 'bad';
  return free < low ? 'low' : 'enough';
}

function report(log: SupervisorLog, room: Room, fields: { folder: string; free_gb: string }): void {
  if (room === 'enough') return log('info', 'disk.has_room', fields);
  if (room !== 'none') return log('warn', 'disk.fills_up', fields);
  const message = 'The disk is full. Free some space; nothing that was accepted is lost.';
  log('error', 'disk.full', { ...fields, message });
}

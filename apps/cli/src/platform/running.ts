import { rm } from 'node:fs/promises';
import path from 'node:path';
import { identify, isRunning, readTextIfPresent, writeFileDurably } from '#platform';

/** How other commands reach the platform that `up` runs in a home. Holds the database's password. */
export interface RunningPlatform {
  readonly databaseUrl: string;
  readonly chainUrl: string;
  readonly apiUrl: string;
}

const fileOf = (home: string) => path.join(home, 'run', 'platform.json');

/** Leaves word for the other commands; readable by its owner alone. */
export async function announcePlatform(home: string, platform: RunningPlatform): Promise<void> {
  await writeFileDurably(
    fileOf(home),
    JSON.stringify({ launcher: identify(process.pid), ...platform }),
    0o600,
  );
}

export async function withdrawPlatform(home: string): Promise<void> {
  await rm(fileOf(home), { force: true });
}

/** The platform that runs in this home now, or undefined. A launcher that was killed leaves a file that doesn't count. */
export async function findRunningPlatform(home: string): Promise<RunningPlatform | undefined> {
  const text = await readTextIfPresent(fileOf(home));
  if (text === undefined) return undefined;
  const { launcher, databaseUrl, chainUrl, apiUrl } = JSON.parse(text) as Record<string, unknown>;
  if (typeof launcher !== 'object' || launcher === null || !('pid' in launcher)) return undefined;
  if (typeof launcher.pid !== 'number') return undefined;
  const startTicks =
    'startTicks' in launcher && typeof launcher.startTicks === 'string' ? launcher.startTicks : undefined;
  if (!isRunning({ pid: launcher.pid, startTicks })) return undefined;
  if (typeof databaseUrl !== 'string' || typeof chainUrl !== 'string' || typeof apiUrl !== 'string') {
    return undefined;
  }
  return { databaseUrl, chainUrl, apiUrl };
}

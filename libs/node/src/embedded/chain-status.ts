import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readTextIfPresent, writeFileDurably } from '#platform';

/** Others read it for their figures about as often. */
const WRITE_MS = 10_000;

/** What others, in processes of their own, may know of an embedded chain's snapshots. Times are Unix seconds. */
export interface ChainStatus {
  /** Its public address: whoever works with another node must not take this for that one's. */
  readonly url: string;
  /** Block of the newest snapshot that a start can use; null = a start replays everything. */
  readonly snapshotBlock: number | null;
  /** About how long the replay of a start would take now. */
  readonly replaySeconds: number;
  /** Why no snapshot could be made since then; null while that works. */
  readonly failure: { readonly since: number; readonly times: number; readonly reason: string } | null;
  /** How this start did without snapshots that could not be used, as one sentence; null when it used the newest. */
  readonly fallback: string | null;
}

const fileOf = (home: string) => path.join(path.resolve(home), 'chain', 'status.json');

/** Where a supervisor leaves the status of its chain while it runs. */
export class StatusFile {
  private readonly file: string;
  private timer: NodeJS.Timeout | undefined;
  private last = '';

  constructor(
    home: string,
    private readonly describe: () => ChainStatus,
  ) {
    this.file = fileOf(home);
  }

  async begin(): Promise<void> {
    this.timer = setInterval(() => void this.write(), WRITE_MS);
    this.timer.unref();
    await this.write();
  }

  /** Writes what has changed. Never fails: on a full disk the old one stays, and the launcher says what is wrong. */
  async write(): Promise<void> {
    if (this.timer === undefined) return;
    const text = JSON.stringify(this.describe());
    if (text === this.last) return;
    this.last = text;
    await writeFileDurably(this.file, text).catch(() => undefined);
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await rm(this.file, { force: true }).catch(() => undefined);
  }
}

/**
 * The status of the embedded chain in a home, when it is the node at this address.
 *
 * @returns undefined when the node is another one, or the file is not there or unreadable
 */
export async function readChainStatus(home: string, url: string): Promise<ChainStatus | undefined> {
  const text = await readTextIfPresent(fileOf(home));
  const status = text === undefined ? undefined : parse(text);
  return status?.url === url ? status : undefined;
}

function parse(text: string): ChainStatus | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('url' in value) || !('snapshotBlock' in value) || !('replaySeconds' in value)) return undefined;
    if (!('failure' in value) || !('fallback' in value)) return undefined;
    const { url, snapshotBlock, replaySeconds, fallback } = value;
    if (typeof url !== 'string' || typeof replaySeconds !== 'number') return undefined;
    if (typeof snapshotBlock !== 'number' && snapshotBlock !== null) return undefined;
    if (typeof fallback !== 'string' && fallback !== null) return undefined;
    const failure = value.failure === null ? null : parseFailure(value.failure);
    return failure === undefined ? undefined : { url, snapshotBlock, replaySeconds, failure, fallback };
  } catch {
    return undefined;
  }
}

function parseFailure(value: unknown): ChainStatus['failure'] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('since' in value) || !('times' in value) || !('reason' in value)) return undefined;
  const { since, times, reason } = value;
  if (typeof since !== 'number' || typeof times !== 'number' || typeof reason !== 'string') return undefined;
  return { since, times, reason };
}

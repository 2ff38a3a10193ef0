import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
  chmodSync,
  realpathSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { identify, isRunning, parseIdentity, type ProcessIdentity } from '#platform';

/** A process of the platform that tests can end. */
export const PROCESSES = ['launcher', 'api', 'worker', 'postgres', 'anvil'] as const;
export type ProcessName = (typeof PROCESSES)[number];

const PREFIX = 'jangteo-story-';

/** Where a platform under test keeps its state, and which processes live on it. */
export class PlatformHome {
  private constructor(
    private readonly folder: string,
    /** JANGTEO_HOME. */
    readonly state: string,
  ) {}

  /** A new home. What an earlier run left behind when it was killed is ended and removed first. */
  static create(): PlatformHome {
    for (const name of readdirSync(os.tmpdir())) {
      const folder = path.join(os.tmpdir(), name);
      if (name.startsWith(PREFIX) && !isRunning(ownerOf(folder))) PlatformHome.in(folder).remove();
    }
    const folder = mkdtempSync(path.join(os.tmpdir(), PREFIX));
    // PostgreSQL runs under another account when we are root, and has to pass through.
    chmodSync(folder, 0o711);
    writeFileSync(path.join(folder, 'owner'), JSON.stringify(identify(process.pid)));
    return PlatformHome.in(folder);
  }

  private static in(folder: string): PlatformHome {
    return new PlatformHome(folder, path.join(folder, 'home'));
  }

  /** The running process of a part; undefined when it does not run now. */
  process(part: ProcessName): ProcessIdentity | undefined {
    const found = this.recorded(part);
    return found !== undefined && isRunning(found) ? found : undefined;
  }

  /** SIGKILL to a part and, for the database, to its sessions, as when the machine loses power. */
  kill(part: ProcessName): boolean {
    const found = this.process(part);
    if (found === undefined) return false;
    const sessions = part === 'postgres' ? childrenOf(found.pid) : [];
    for (const pid of [found.pid, ...sessions]) killQuietly(pid);
    return true;
  }

  /** SIGKILL to everything: the launcher first, so that it restarts nothing; then the processes that no file names. */
  killAll(): void {
    for (const part of PROCESSES) this.kill(part);
    for (const { pid } of this.processes()) killQuietly(pid);
  }

  /** Every process that works in this home, whether it is written down or not. Empty where there is no /proc. */
  processes(): { readonly pid: number; readonly command: string }[] {
    if (!existsSync('/proc/self')) return [];
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid && this.isUsedBy(pid))
      .map((pid) => ({ pid, command: commandLine(pid).replaceAll('\0', ' ') }));
  }

  /** The text of a file of the home; undefined when there is none. */
  read(...names: string[]): string | undefined {
    const file = path.join(this.state, ...names);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** Ends what still runs and removes every file. */
  remove(): void {
    this.wipe();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** Ends what still runs and empties the home, as when its disk is lost. */
  wipe(): void {
    this.killAll();
    const database = path.join(this.state, 'postgres');
    // The database lives elsewhere when its account cannot enter the home.
    if (existsSync(database) && realpathSync(database) !== path.resolve(realpathSync(this.state), 'postgres'))
      rmSync(realpathSync(database), { recursive: true, force: true });
    rmSync(this.state, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private isUsedBy(pid: number): boolean {
    try {
      const [line, folder] = [readFileSync(`/proc/${pid}/cmdline`, 'utf8'), readlinkSync(`/proc/${pid}/cwd`)];
      if (line.includes(`${this.folder}/`) || folder.startsWith(`${this.folder}/`)) return true;
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`JANGTEO_HOME=${this.state}\0`);
    } catch {
      return false; // It ended in between, or is somebody else's.
    }
  }

  private recorded(part: ProcessName): ProcessIdentity | undefined {
    if (part === 'postgres') {
      const pid = Number(this.read('postgres', 'data', 'postmaster.pid')?.split('\n')[0]);
      return Number.isSafeInteger(pid) && pid > 1 && commandLine(pid).includes('postgres')
        ? identify(pid)
        : undefined;
    }
    const text = part === 'anvil' ? this.read('chain', 'node.json') : this.read('run', `${part}.pid`);
    return text === undefined ? undefined : parseIdentity(text);
  }
}

function ownerOf(folder: string): ProcessIdentity {
  try {
    return parseIdentity(readFileSync(path.join(folder, 'owner'), 'utf8')) ?? { pid: 0 };
  } catch {
    return { pid: 0 };
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // No /proc on this system: the pid file alone has to do.
    return existsSync('/proc/self') ? '' : 'postgres';
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

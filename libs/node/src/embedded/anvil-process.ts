import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  OperatorError,
  commandLineOf,
  findFreePort,
  identify,
  readTextIfPresent,
  stopProcess,
  writeFileDurably,
  type SupervisorLog,
} from '#platform';
import { NodeClient } from './node-client.js';

const READY_MS_MAX = 20_000;
/** Loading a history of a million payments takes about ten seconds. */
const LOADED_MS_MAX = 600_000;
const STOP_GRACE_MS = 3_000;
const OUTPUT_BYTES_KEPT = 4_000;

/** What fixes a chain's first block; with the same journal it yields the same block hashes for ever. */
export interface ChainIdentity {
  readonly chainId: number;
  /** Unix seconds. */
  readonly genesisTimestamp: number;
}

export interface AnvilOptions {
  /** State to begin with, as JSON. */
  readonly stateFile?: string | undefined;
  /** How far it steps back behind others for processor time, 0..19; only where there is a /proc. */
  readonly niceness?: number;
}

/**
 * One running anvil on a loopback port that only this process knows. It never mines by itself: under load its
 * automatic and mixed mining hang and leak (6 of 6 runs), and only the platform's own miner can journal first.
 */
export class AnvilProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    readonly client: NodeClient,
  ) {}

  /**
   * @param recordFile where the process is written down, so that the next start can end it if we are killed
   * @throws OperatorError when anvil is missing or does not start
   */
  static async start(
    identity: ChainIdentity,
    recordFile: string,
    { stateFile, niceness = 0 }: AnvilOptions = {},
  ): Promise<AnvilProcess> {
    const port = await findFreePort();
    const child = spawn(findAnvil(), argumentsFor(identity, port, stateFile), {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: path.dirname(recordFile),
      // Its own group: a terminal's Ctrl-C must reach the services first, the chain last.
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_BYTES_KEPT));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => (output += error.message));
    const client = new NodeClient(port);
    const { pid } = child;
    try {
      // At once, not when it answers: whoever kills us in between must not leave a node that no start finds.
      if (pid !== undefined) await writeFileDurably(recordFile, JSON.stringify({ ...identify(pid), port }));
      const waitMs = stateFile === undefined ? READY_MS_MAX : LOADED_MS_MAX;
      if (pid === undefined || !(await becomesReady(child, client, waitMs)))
        throw new OperatorError(`The embedded chain's node did not start: ${output.trim() || 'no answer'}`);
      if (niceness > 0) stepBack(pid, niceness);
      return new AnvilProcess(child, pid, client);
    } catch (error) {
      // Also when the disk is full and it could not be written down: no start would ever find it.
      child.kill('SIGKILL');
      client.close();
      throw error;
    }
  }

  /** Calls back once when the process ends, at once if it has. */
  onEnd(callback: () => void): void {
    if (this.child.exitCode !== null || this.child.signalCode !== null) callback();
    else this.child.once('exit', callback);
  }

  /** Everything worth keeping is in journal and snapshots, so there is nothing to wait for. */
  async kill(): Promise<void> {
    await stopProcess(identify(this.pid), 0, 'SIGKILL');
    this.client.close();
  }
}

/** Priority belongs to threads: each of them, those that come later inherit it. */
function stepBack(pid: number, niceness: number): void {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), niceness);
  } catch {
    // No /proc, or the thread has ended: it only competes a little more.
  }
}

async function becomesReady(child: ChildProcess, client: NodeClient, waitMs: number): Promise<boolean> {
  const until = performance.now() + waitMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < until) {
    if (await client.isUp()) return true;
    await sleep(10);
  }
  return false;
}

/** Ends an anvil that a killed supervisor left behind. */
export async function clearOrphan(recordFile: string, log: SupervisorLog): Promise<void> {
  const text = await readTextIfPresent(recordFile);
  if (text === undefined) return;
  const record = parseRecord(text);
  if (record !== undefined && isOurs(record)) {
    log('warn', 'chain.orphan_stopped', { pid: record.pid });
    await stopProcess(record, STOP_GRACE_MS);
  }
  await rm(recordFile, { force: true });
}

interface NodeRecord {
  readonly pid: number;
  readonly port: number;
  readonly startTicks?: string;
}

function parseRecord(text: string): NodeRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('port' in value))
      return undefined;
    const { pid, port } = value;
    if (typeof pid !== 'number' || typeof port !== 'number') return undefined;
    const startTicks =
      'startTicks' in value && typeof value.startTicks === 'string' ? value.startTicks : undefined;
    return { pid, port, startTicks };
  } catch {
    return undefined;
  }
}

function isOurs(record: NodeRecord): boolean {
  const commandLine = commandLineOf(record.pid);
  return commandLine.includes('anvil') && commandLine.includes(`--port ${record.port} `);
}

function argumentsFor(identity: ChainIdentity, port: number, stateFile: string | undefined): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', String(port), '--no-cors', '--quiet'],
    ...[
      '--chain-id',
      String(identity.chainId),
      '--timestamp',
      String(identity.genesisTimestamp),
      '--accounts',
      '0',
    ],
    ...['--no-mining', '--order', 'fifo'],
    ...['--hardfork', 'osaka', '--enable-tx-gas-limit', '--gas-limit', '150000000'],
    ...['--base-fee', '0', '--gas-price', '0', '--no-priority-fee'],
    ...['--prune-history', '50', '--no-request-size-limit'],
    ...(stateFile === undefined ? [] : ['--load-state', stateFile]),
  ];
}

function findAnvil(): string {
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const system = process.platform === 'win32' ? 'win32' : process.platform;
  const name = `@foundry-rs/anvil-${system}-${cpu}`;
  const program = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    // The set-up fetches it into .tools/ where the lockfile has no package for this platform.
    for (const owner of ['', '.tools']) {
      const candidate = path.join(folder, owner, 'node_modules', name, 'bin', program);
      if (existsSync(candidate)) return executable(candidate);
    }
    if (folder === path.dirname(folder)) break;
  }
  throw new OperatorError(
    `The package ${name} is missing. Run npm ci again without --omit=optional, or set CHAIN_RPC_URL.`,
  );
}

function executable(file: string): string {
  const { mode } = statSync(file);
  if ((mode & 0o111) === 0) chmodSync(file, mode | 0o555);
  return file;
}

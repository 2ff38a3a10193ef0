import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hexlify, JsonRpcProvider, Wallet } from 'ethers';
import { ChainNode, CurrentDeployment, storeDeployment } from '#node';
import { BAND_END, deployContracts } from '#contracts';
import { ensureRoles, type Database } from '#persistence';
import { findFreePort, projectRoot } from '#platform';
import { createMigratedDatabase, type MigratedDatabase } from './database.js';
import { keyOf, officerEntries } from './keys.js';
import { Json } from './json.js';
import type { OfficerKey } from './outside-client.js';
import { startTestNode } from './test-node.js';
import { UNLIMITED } from './unlimited.js';
import { until } from './until.js';

const BLOCK_MS = 250;
/** Two workers make their keys at once, and the machine may have other work. */
const READY_MS_MAX = 180_000;
const STOP_MS_MAX = 20_000;
const WORDS_KEPT = 2_000_000;

/** One API or worker. */
export class Member {
  words = '';
  /** Resolves with the exit code when the process has ended; null after a signal. */
  readonly ended: Promise<number | null>;

  private constructor(
    readonly kind: 'api' | 'worker',
    readonly port: number,
    private readonly metricsPort: number,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer) => (this.words = (this.words + chunk.toString()).slice(-WORDS_KEPT));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Starts a process from the sources and waits until it serves. */
  static async start(
    kind: 'api' | 'worker',
    port: number,
    env: Readonly<Record<string, string>>,
  ): Promise<Member> {
    // A worker's metrics are on its own port; an API's are not the public's.
    const metricsPort = kind === 'api' ? await findFreePort() : port;
    const child = fork(path.join(projectRoot(), 'apps', kind, 'src', 'main.ts'), [], {
      cwd: projectRoot(),
      execArgv: ['--conditions=source', '--no-warnings', '--import', './test/setup/typescript.mjs'],
      env: {
        PATH: process.env.PATH,
        ...env,
        // The worker's own port must differ from the API's, whichever of the two is used.
        ...(kind === 'api'
          ? { PORT: String(port), WORKER_PORT: '1', METRICS_PORT: String(metricsPort) }
          : { WORKER_PORT: String(port), PORT: '1' }),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const member = new Member(kind, port, metricsPort, child);
    const ready = new Promise<boolean>((resolve) => {
      child.once('message', () => resolve(true));
      child.once('exit', () => resolve(false));
      setTimeout(() => resolve(false), READY_MS_MAX).unref();
    });
    if (await ready) return member;
    child.kill('SIGKILL');
    throw new Error(`the ${kind} did not start:\n${member.words}`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get metricsUrl(): string {
    return `http://127.0.0.1:${this.metricsPort}/metrics`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What /health/ready says of a part; undefined while the process is not ready. */
  async health(part: string): Promise<Json | undefined> {
    try {
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      return response.ok ? new Json(await response.json()).at('details', part) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Sends SIGTERM without waiting. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** SIGTERM. @returns exit code; null when it had to be killed */
  async stop(): Promise<number | null> {
    this.terminate();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS_MAX);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  async kill9(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Several APIs and workers against one database and one chain, as on several machines. */
export class Fleet {
  readonly apis: Member[] = [];
  readonly workers: Member[] = [];

  private constructor(
    private readonly home: string,
    private readonly database: MigratedDatabase,
    private readonly node: { readonly url: string; stop(): Promise<void> },
    readonly deployment: CurrentDeployment,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /**
   * Workers start at the same moment, on a home without keys.
   *
   * @param chainUrl a node that somebody else runs; without it one is started
   * @param settings of every process; the default lifts the limits of clients
   */
  static async start(
    apis: number,
    workers: number,
    chainUrl?: string,
    settings: Readonly<Record<string, string>> = UNLIMITED,
  ): Promise<Fleet> {
    const database = await createMigratedDatabase();
    await ensureRoles(database.url);
    const node = chainUrl === undefined ? await ownNode() : { url: chainUrl, stop: () => Promise.resolve() };
    const home = mkdtempSync(path.join(os.tmpdir(), 'jangteo-fleet-'));
    const deployment = await deploy(node.url).catch(async (error: unknown) => {
      await node.stop();
      await database.drop();
      throw error;
    });
    await storeDeployment(database.db, deployment);
    const fleet = new Fleet(home, database, node, deployment, settings);
    try {
      const started = await Promise.allSettled([
        ...Array.from({ length: workers }, () => fleet.launch('worker')),
        ...Array.from({ length: apis }, () => fleet.launch('api')),
      ]);
      const failed = started.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      // APIs answer from the copy of the chain, and the first worker has only begun to make it.
      if (workers > 0)
        await until('the deployment is indexed', () => fleet.hasIndexed(deployment.blockNumber));
      return fleet;
    } catch (error) {
      await fleet.dispose();
      throw error;
    }
  }

  get db(): Database {
    return this.database.db;
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  get chainUrl(): string {
    return this.node.url;
  }

  /** The state's officers. */
  get officers(): OfficerKey[] {
    return [1, 2, 3].map((id) => ({ id, wallet: keyOf(`officer  ${id}`) }));
  }

  openChain(): ChainNode {
    return ChainNode.connect({ url: this.node.url, chainId: this.deployment.chainId });
  }

  /** Adds a process to the fleet. */
  async launch(kind: 'api' | 'worker', port?: number): Promise<Member> {
    const member = await Member.start(kind, port ?? (await findFreePort()), {
      JANGTEO_HOME: this.home,
      DATABASE_URL: this.database.url,
      CHAIN_RPC_URL: this.node.url,
      LOG_LEVEL: 'debug',
      RECONCILE_EVERY_SECONDS: '1',
      DATABASE_ROLES: 'required',
      ...this.settings,
    });
    (kind === 'api' ? this.apis : this.workers).push(member);
    return member;
  }

  /** Ends a process with SIGTERM and starts another one on its port. @returns its exit code and its successor */
  async restart(member: Member): Promise<{ code: number | null; successor: Member }> {
    const code = await member.stop();
    this.forget(member);
    return { code, successor: await this.launch(member.kind, member.port) };
  }

  /** Whether the copy of the chain has come to a block. */
  async hasIndexed(block: bigint): Promise<boolean> {
    const rows = await this.db.query('SELECT FROM chain.cursor WHERE block_number >= $1', [block]);
    return rows.length > 0;
  }

  forget(member: Member): void {
    for (const list of [this.apis, this.workers]) {
      const at = list.indexOf(member);
      if (at >= 0) list.splice(at, 1);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map((member) => member.kill9()));
    await this.node.stop();
    await this.database.drop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

async function ownNode(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const node = await startTestNode();
  void node.mineEvery(BLOCK_MS);
  return node;
}

async function deploy(url: string): Promise<CurrentDeployment> {
  const provider = new JsonRpcProvider(url, undefined, {
    staticNetwork: true,
    polling: true,
    pollingInterval: 100,
    cacheTimeout: -1,
  });
  try {
    const { chainId, authorities, vouchers, salt, block, blockHash } = await deployContracts({
      provider,
      // A key without a past: on a chain that others use a fixed one may have a past.
      signer: Wallet.createRandom().connect(provider),
      officers: officerEntries(''),
      thresholds: { governors: 2, registrars: 1, bands: [{ upTo: BAND_END, officers: 2 }] },
      salt: hexlify(randomBytes(32)),
    });
    return new CurrentDeployment(chainId, authorities, vouchers, salt, BigInt(block), blockHash);
  } finally {
    provider.destroy();
  }
}

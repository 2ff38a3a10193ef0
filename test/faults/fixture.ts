import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { differingTables, fingerprint, rebuild, reconcile } from '#books';
import { Indexer } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { ChainNode, type CurrentDeployment, type EmbeddedChain, startEmbeddedChain } from '#node';
import { createDatabase, Database, type EmbeddedPostgres, startEmbeddedPostgres, toHex } from '#persistence';
import { findFreePort, projectRoot, type ServiceProcess, silentLog, startServiceProcess } from '#platform';
import { deploy, migrate } from '../../apps/cli/src/platform/prepare.js';
import { OutsideClient } from '../support/outside-client.js';
import { PlatformHome } from '../support/platform-home.js';
import { stateOfficers } from '../support/province.js';
import { Auditor } from './evidence.js';
import { contradictions, type Entry, type Evidence } from './journal.js';
import { settle } from './settle.js';
import { Population, type PopulationOptions } from './population.js';

export interface FixtureOptions {
  /** Processes; each may have a clock that is so many milliseconds off. Default one with the right time. */
  readonly apis?: readonly { readonly clockMs?: number }[];
  readonly workers?: readonly { readonly clockMs?: number }[];
  readonly population: PopulationOptions;
  /** A PostgreSQL of the scenario's own, which ends it after the fixture; default one that the fixture starts. */
  readonly postgres?: { readonly url: string };
}

/**
 * Database and chain in this process, so that a scenario can hurt them from inside; APIs and workers as the
 * processes that people run. Whoever starts one has to dispose of it.
 */
export class FaultFixture {
  private readonly onExit = () => this.home.killAll();
  private readonly undo: (() => Promise<void>)[] = [];
  readonly apis: ServiceProcess[] = [];
  readonly workers: ServiceProcess[] = [];
  readonly clients: OutsideClient[] = [];
  /** Where each process reports its figures: workers first, as they are started. */
  readonly metricsUrls: string[] = [];
  private services: Services | undefined;
  private founded: Population | undefined;

  private constructor(private readonly home: PlatformHome) {
    process.once('exit', this.onExit);
  }

  static async start(wish: FixtureOptions): Promise<FaultFixture> {
    const fixture = new FaultFixture(PlatformHome.create());
    try {
      await fixture.open(wish);
      return fixture;
    } catch (error) {
      await fixture.dispose();
      throw error;
    }
  }

  get chain(): EmbeddedChain {
    return this.known.chain;
  }

  get db(): Database {
    return this.known.db;
  }

  get population(): Population {
    if (this.founded === undefined) throw new Error('no population yet');
    return this.founded;
  }

  /** The n-th API's client. */
  client(index = 0): OutsideClient {
    const client = this.clients[index % this.clients.length];
    if (client === undefined) throw new Error('the fixture has no API');
    return client;
  }

  /** Ids of settled payments as the node itself has them now. */
  async settledOnChain(): Promise<Set<string>> {
    const auditor = await Auditor.of(this.client(), this.chain.url, this.population.market.series);
    return new Set((await auditor.settledOnChain()).map(({ id }) => id));
  }

  /** Whether the node has this very block. */
  async hasBlock(number: bigint, hash: Buffer): Promise<boolean> {
    const header = await this.known.node.header(number).catch(() => null);
    return header?.hash === toHex(hash);
  }

  async evidence(): Promise<Evidence> {
    const { market, issued, merchants } = this.population;
    const auditor = await Auditor.of(this.client(), this.chain.url, market.series);
    return auditor.gather(issued, merchants);
  }

  /** The end of every scenario: journal against chain and API, reconciliation, and a clean rebuild. */
  async compare(journal: readonly Entry[]): Promise<{ wrong: string[]; evidence: Evidence }> {
    const wrong = await settle(this.client(), journal);
    const evidence = await this.evidence();
    wrong.push(...contradictions(journal, evidence));
    for (const worker of this.workers) await worker.stop();
    wrong.push(...(await this.known.disagreements()));
    return { wrong, evidence };
  }

  async dispose(): Promise<void> {
    process.off('exit', this.onExit);
    for (const step of this.undo.toReversed()) await step().catch(() => undefined);
    this.home.killAll();
    await sleep(100);
    this.home.remove();
  }

  private get known(): Services {
    if (this.services === undefined) throw new Error('the fixture is not set');
    return this.services;
  }

  private async open({ apis = [{}], workers = [{}], population, postgres }: FixtureOptions): Promise<void> {
    mkdirSync(this.home.state, { recursive: true, mode: 0o711 });
    const services = await Services.start(this.home.state, this.undo, postgres);
    this.services = services;
    for (const [index, { clockMs }] of workers.entries())
      this.workers.push(await this.serve('worker', index, services, clockMs));
    for (const [index, { clockMs }] of apis.entries())
      this.apis.push(await this.serve('api', index, services, clockMs));
    const genesis = this.home.read('genesis-officers.json') ?? '[]';
    this.founded = await Population.found(this.client(), stateOfficers(genesis), population);
  }

  private async serve(
    name: 'api' | 'worker',
    index: number,
    services: Services,
    clockMs = 0,
  ): Promise<ServiceProcess> {
    const [port, workerPort, metricsPort] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ];
    const collect = new URL('./collect-on-signal.mjs', import.meta.url).href;
    const clock = new URL(`./skewed-clock.mjs?ms=${clockMs}`, import.meta.url).href;
    const service = await startServiceProcess({
      name: `${name}-${index + 1}`,
      script: path.join(projectRoot(), 'dist', 'apps', name, 'src', 'main.js'),
      nodeFlags: [
        '--enable-source-maps',
        '--expose-gc',
        `--import=${collect}`,
        ...(clockMs === 0 ? [] : [`--import=${clock}`]),
      ],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        JANGTEO_HOME: this.home.state,
        DATABASE_URL: services.databaseUrl,
        CHAIN_RPC_URL: services.chain.url,
        PORT: String(port),
        WORKER_PORT: String(workerPort),
        METRICS_PORT: String(metricsPort),
      },
      home: this.home.state,
      log: silentLog,
    });
    this.undo.push(() => service.stop());
    this.metricsUrls.push(`http://127.0.0.1:${name === 'api' ? metricsPort : workerPort}/metrics`);
    if (name === 'api') this.clients.push(new OutsideClient(`http://127.0.0.1:${port}`));
    return service;
  }
}

/** What the processes stand on. */
class Services {
  private constructor(
    readonly databaseUrl: string,
    readonly chain: EmbeddedChain,
    readonly db: Database,
    private readonly deployment: CurrentDeployment,
    readonly node: ChainNode,
  ) {}

  static async start(
    home: string,
    undo: (() => Promise<void>)[],
    given?: { readonly url: string },
  ): Promise<Services> {
    const databaseUrl = await createDatabase(given?.url ?? (await ownPostgres(home, undo)), 'jangteo');
    const chain = await startEmbeddedChain({ home, log: silentLog });
    undo.push(() => chain.stop());
    await migrate(databaseUrl);
    const { deployment } = await deploy(
      { home, chainRpcUrl: undefined },
      { databaseUrl, chainUrl: chain.url },
    );
    const db = await Database.connect({ url: databaseUrl, poolMax: 3 });
    undo.push(() => db.close());
    const node = ChainNode.connect({ url: chain.url, chainId: deployment.chainId });
    undo.push(async () => node.close());
    return new Services(databaseUrl, chain, db, deployment, node);
  }

  /** Chain against tables against books, and the tables against a clean copy. No worker may run. */
  async disagreements(): Promise<string[]> {
    const { db, databaseUrl, deployment, node } = this;
    const projectors = ledgerProjectors();
    const indexer = new Indexer({ db, databaseUrl, node, deployment, projectors });
    await indexer.catchUp();
    const before = await fingerprint(db);
    const { differences } = await reconcile({ db, node, deployment });
    await rebuild({ db, indexer });
    const differing = differingTables(before, await fingerprint(db));
    return [
      ...differences.map(
        ({ check, key, expected, found }) => `${check}: ${key} is ${found}, not ${expected}`,
      ),
      ...differing.map((table) => `${table}: other rows after a clean rebuild`),
    ];
  }
}

async function ownPostgres(home: string, undo: (() => Promise<void>)[]): Promise<string> {
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres({ home, log: silentLog });
  undo.push(() => postgres.stop());
  return postgres.url;
}

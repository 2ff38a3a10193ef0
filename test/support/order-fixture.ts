import { type DynamicModule, Module } from '@nestjs/common';
import type { Indexer } from '#indexer';
import { ChainNode, LocalSigner } from '#node';
import { HttpRelayNode, Relayer } from '#relayer';
import {
  cancellationDigest,
  circulationDigest,
  giftDigest,
  merchantCancellationDigest,
  paymentDigest,
  redemptionDigest,
  refundDigest,
  vouchersDomain,
  voidDigest,
  type Hex,
  type SigningDomain,
} from '#contracts';
import { OrdersModule } from '#orders';
import type { Person } from './signing-keys.js';
import { startTestApi, type Answer, type TestApi } from './api.js';
import { until } from './until.js';
import { World } from './world.js';

const HOUR_SECONDS = 3_600;
export const ZERO_HASH = `0x${'00'.repeat(32)}`;

/** What can be ordered, and how its message is hashed. */
const KINDS = {
  payments: paymentDigest,
  voids: voidDigest,
  gifts: giftDigest,
  circulations: circulationDigest,
  redemptions: redemptionDigest,
  refunds: refundDigest,
  cancellations: cancellationDigest,
  'merchant-cancellations': merchantCancellationDigest,
} as const;
type Path = keyof typeof KINDS;
/** Their nonces count in the window of the merchant balance. */
const OF_MERCHANTS = new Set<Path>(['voids', 'circulations', 'redemptions', 'merchant-cancellations']);
type Message<P extends Path> = Parameters<(typeof KINDS)[P]>[1];
/** The rest has defaults: the next nonce, an hour, no order reference. */
type Wanted<P extends Path> = Omit<Message<P>, 'nonce' | 'deadline' | 'order'> &
  Partial<Pick<Message<P>, 'nonce' | 'deadline' | 'order'>>;

/** The API of orders over a world whose chain runs: blocks come, are indexed, and the outbox is relayed. */
export class OrderFixture {
  private nonces = new Map<string, number>();
  private indexer: Indexer | undefined;
  private relayer: Relayer | undefined;

  private constructor(
    readonly world: World,
    readonly api: TestApi,
    readonly domain: SigningDomain,
  ) {}

  static async create(modules: readonly DynamicModule[] = []): Promise<OrderFixture> {
    const world = await World.create();
    await world.index();
    const { databaseUrl } = world;
    const api = await startTestApi(databaseUrl, [
      nodeModule(world.chain),
      OrdersModule.forRoot({ databaseUrl }),
      ...modules,
    ]);
    const fixture = new OrderFixture(world, api, vouchersDomain(world.deployment));
    fixture.indexer = world.indexer({ pollIntervalMs: 20 });
    fixture.indexer.start();
    void world.node.mineEvery(60);
    return fixture;
  }

  /** Relays what is accepted from now on. */
  async relay(): Promise<void> {
    this.relayer = new Relayer({
      databaseUrl: this.world.databaseUrl,
      db: this.world.db,
      node: new HttpRelayNode(this.world.node.url),
      signers: [new LocalSigner(this.world.wallet('relayer').privateKey)],
      deployment: this.world.current,
      batchDelayMs: 10,
      idleMs: 100,
    });
    await this.relayer.start();
  }

  /** Accepted orders stay where they are until relay(). */
  async hold(): Promise<void> {
    await this.relayer?.stop();
    this.relayer = undefined;
  }

  /** What the chain has is in the tables. */
  async indexed(): Promise<void> {
    const head = BigInt(await this.world.node.provider.getBlockNumber());
    await this.until('indexed', async () => {
      const [row] = await this.world.db.query<{ block_number: bigint }>(
        `SELECT block_number FROM chain.cursor`,
      );
      return row !== undefined && row.block_number >= head;
    });
  }

  async issue(series: number, account: Hex, amount: bigint): Promise<void> {
    await this.world.issueTo(series, [{ account, amount }]);
    await this.indexed();
  }

  /** Signs and submits. */
  async order<P extends Path>(path: P, by: Person, wanted: Wanted<P>): Promise<{ id: Hex; answer: Answer }> {
    const { id, authorisation } = await this.message(path, by, wanted);
    return { id, answer: await this.submit(path, authorisation, by.prove(id)) };
  }

  async message<P extends Path>(path: P, by: Person, wanted: Wanted<P>) {
    const { series } = wanted;
    const side = OF_MERCHANTS.has(path) ? 'merchant balances' : 'holding';
    const key = `${side} ${by.address} ${typeof series === 'number' ? series : (series[0] ?? 0)}`;
    const nonce = wanted.nonce ?? (this.nonces.get(key) ?? 0) + 1;
    this.nonces.set(key, nonce);
    const deadline = (await this.world.now()) + HOUR_SECONDS;
    const authorisation = { deadline, order: ZERO_HASH, ...wanted, nonce };
    const digest: (domain: SigningDomain, message: never) => Hex = KINDS[path];
    return { authorisation, id: digest(this.domain, authorisation as never) };
  }

  submit(path: Path, authorisation: object, proof: Hex): Promise<Answer> {
    return this.api.post(`/v1/${path}`, { authorisation, proof }, { 'accept-language': 'en' });
  }

  stateOf(path: Path, id: Hex): Promise<Answer> {
    return this.api.get(`/v1/${path}/${id}`);
  }

  /** Its state once it is decided. */
  async decided(path: Path, id: Hex): Promise<Record<string, unknown>> {
    let last: Record<string, unknown> = {};
    await this.until(`${path} ${id} decided`, async () => {
      const { body } = await this.stateOf(path, id);
      last = body;
      return body.state === 'final' || body.state === 'refused';
    });
    return last;
  }

  /** Balance of a holding on chain. */
  async balance(series: number, account: Hex): Promise<bigint> {
    const [holding] = await this.world.read('holding', [series, account]);
    return (holding as { balance: bigint }).balance;
  }

  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await until(what, isSo);
  }

  async close(): Promise<void> {
    await this.world.node.mineEvery(0);
    await this.relayer?.stop();
    await this.indexer?.stop();
    await this.api.close();
    await this.world.close();
  }
}

/** The node as the whole API has it. */
function nodeModule(node: ChainNode): DynamicModule {
  @Module({})
  class NodeModule {}

  return {
    module: NodeModule,
    global: true,
    providers: [{ provide: ChainNode, useValue: node }],
    exports: [ChainNode],
  };
}

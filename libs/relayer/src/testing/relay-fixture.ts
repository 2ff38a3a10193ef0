import type { Wallet } from 'ethers';
import type { Indexer } from '#indexer';
import { LocalSigner } from '#node';
import { addToOutbox, HttpRelayNode, Relayer, type RelayerOptions, type RelayNode } from '#relayer';
import type { PaymentAuthorisation } from '#contracts';
import { toBytes } from '#persistence';
import { until } from '../../../../test/support/until.js';
import { CITY, World, type Signed } from '../../../../test/support/world.js';

const BLOCK_MS = 60;

/** A world that mines and indexes by itself, a funded payer, and relayers as a test wants them. */
export class RelayFixture {
  private readonly running: Relayer[] = [];

  private constructor(
    readonly world: World,
    private readonly indexer: Indexer,
    readonly series: number,
    readonly shop: Wallet,
    readonly payer: Wallet,
  ) {}

  /** @param world closed with the fixture; default a new one on the test server */
  static async create(world?: World): Promise<RelayFixture> {
    return RelayFixture.in(world ?? (await World.create()));
  }

  private static async in(world: World): Promise<RelayFixture> {
    const series = await world.publishSeries(CITY);
    const shop = await world.registerMerchant(CITY);
    const payer = world.wallet('payer');
    await world.issueTo(series, [{ account: payer, amount: 10_000_000n }]);
    return RelayFixture.over(world, series, shop, payer);
  }

  /** Over what a world has already. */
  static async over(world: World, series: number, shop: Wallet, payer: Wallet): Promise<RelayFixture> {
    const indexer = world.indexer({ pollIntervalMs: 20 });
    indexer.start();
    const fixture = new RelayFixture(world, indexer, series, shop, payer);
    fixture.mine();
    return fixture;
  }

  mine(): void {
    void this.world.node.mineEvery(BLOCK_MS);
  }

  /** No block comes after it has resolved. */
  async holdBlocks(): Promise<void> {
    await this.world.node.mineEvery(0);
  }

  async stopRelayers(): Promise<void> {
    for (const relayer of this.running.splice(0)) await relayer.stop();
  }

  async stopIndexing(): Promise<void> {
    await this.holdBlocks();
    await this.indexer.stop();
  }

  async close(): Promise<void> {
    await this.stopIndexing();
    await this.world.close();
  }

  /** The real node, with some of its answers replaced. */
  nodeWith(changes: Partial<RelayNode>): RelayNode {
    const real = new HttpRelayNode(this.world.node.url);
    return {
      sendRaw: (raw) => real.sendRaw(raw),
      transactionCount: (address) => real.transactionCount(address),
      blockNumber: () => real.blockNumber(),
      blockGasLimit: () => real.blockGasLimit(),
      isMined: (hash) => real.isMined(hash),
      simulate: (call) => real.simulate(call),
      ...changes,
    };
  }

  newSigner(): LocalSigner {
    return new LocalSigner(this.world.wallet('relayer').privateKey);
  }

  async start(options: Partial<RelayerOptions> = {}): Promise<Relayer> {
    const relayer = new Relayer({
      databaseUrl: this.world.databaseUrl,
      db: this.world.db,
      node: this.nodeWith({}),
      signers: [this.newSigner()],
      deployment: this.world.current,
      checkMs: 50,
      resendMs: 200,
      idleMs: 100,
      orphanScanMs: 100,
      ...options,
    });
    this.running.push(relayer);
    await relayer.start();
    return relayer;
  }

  async payments(count: number): Promise<Signed<PaymentAuthorisation>[]> {
    const { payer, shop, series } = this;
    const signed = [];
    for (let n = 0; n < count; n++) {
      signed.push(await this.world.signPayment({ payer, merchant: shop, series, amount: 100n }));
    }
    return signed;
  }

  async enqueue(items: readonly Signed<PaymentAuthorisation>[]): Promise<void> {
    const rows = items.map(({ id, packed, authorisation }) => ({
      id,
      kind: 'payment' as const,
      payload: packed,
      holder: authorisation.payer,
    }));
    await this.world.db.transaction((tx) => addToOutbox(tx, rows));
  }

  async rowsOf(ids: readonly string[]) {
    return this.world.db.query<{ failures: number; decided_block: bigint | null; relay_hash: Buffer | null }>(
      `SELECT failures, decided_block, relay_hash FROM app.outbox WHERE id = ANY ($1::bytea[]) ORDER BY seq`,
      [ids.map(toBytes)],
    );
  }

  /** All are settled once, and nothing was refused on the way (a double would be: replayed). */
  async expectSettledOnce(ids: readonly string[]): Promise<void> {
    await until('all decided', async () => {
      const rows = await this.rowsOf(ids);
      return rows.length === ids.length && rows.every(({ decided_block: block }) => block !== null);
    });
    const counts = [];
    for (const table of ['chain.payment', 'chain.order_refused']) {
      const found = await this.world.db.query(`SELECT 1 FROM ${table} WHERE id = ANY ($1::bytea[])`, [
        ids.map(toBytes),
      ]);
      counts.push(found.length);
    }
    expect(counts).toEqual([ids.length, 0]);
  }

  /** The journal of a key, by nonce. */
  async journalOf(signer: { readonly address: string }) {
    return this.world.db.query<{ nonce: bigint; items: number; open: boolean }>(
      `SELECT nonce, items, mined_block IS NULL AS open FROM app.relay_transaction WHERE relayer = $1 ORDER BY nonce`,
      [toBytes(signer.address)],
    );
  }

  async openTransactions(signer: { readonly address: string }): Promise<number> {
    return (await this.journalOf(signer)).filter(({ open }) => open).length;
  }

  async blockOf(payment: string): Promise<{ number: bigint; hash: Buffer } | undefined> {
    const [row] = await this.world.db.query<{ number: bigint; hash: Buffer }>(
      `SELECT b.number, b.hash FROM chain.payment p JOIN chain.block b ON b.number = p.block_number
        WHERE p.id = $1`,
      [toBytes(payment)],
    );
    return row;
  }
}

export const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

import { setTimeout as sleep } from 'node:timers/promises';
import { Listener, toBytes, toHex } from '#persistence';
import { until } from '../../../test/support/until.js';
import { CITY, PROVINCE, World } from '../../../test/support/world.js';
import { ChainNode, CurrentDeployment, type LogFilter, type NodeLog } from '#node';
import { issueChunkId } from '#relayer';
import { type IndexerOptions } from './indexer.js';

const MERCHANT_CATEGORY = 4;
const WRONG_REGION = 11;

describe('the indexer', () => {
  let world: World;
  let series: number;

  beforeAll(async () => {
    world = await World.create();
    series = await world.publishSeries(CITY);
  });
  afterAll(() => world.close());

  async function payerWith(amount: bigint) {
    const payer = world.wallet('payer');
    await world.issueTo(series, [{ account: payer, amount }]);
    return payer;
  }

  it('gives a payment the place that the merchant had at that very moment', async () => {
    const payer = await payerWith(50_000n);
    const merchant = world.wallet('merchant');
    const entry = { merchant: merchant.address.toLowerCase(), size: 0 };
    const before = { ...entry, region: CITY, category: 1 };
    await world.executeAct('set_merchants', { authority: PROVINCE, entries: [before] });
    const inside = { ...entry, region: `${CITY}10400`, category: MERCHANT_CATEGORY };
    const outside = { ...entry, region: '47111', category: 1 };
    const [first, second, third] = [
      await world.signPayment({ payer, merchant, series, amount: 1_000n }),
      await world.signPayment({ payer, merchant, series, amount: 2_000n }),
      await world.signPayment({ payer, merchant, series, amount: 3_000n }),
    ];
    await world.include([
      world.payCall(first),
      await world.actCall('set_merchants', { authority: PROVINCE, entries: [inside] }),
      world.payCall(second),
      await world.actCall('set_merchants', { authority: PROVINCE, entries: [outside] }),
      world.payCall(third),
    ]);
    await world.index();
    const rows = await world.db.query(
      'SELECT amount, region, category, block_number = $2 AS same_block FROM chain.payment WHERE payer = $1 ORDER BY log_index',
      [toBytes(payer.address), (await world.chain.latest()).number],
    );
    expect(rows).toEqual([
      { amount: 1_000n, region: CITY, category: 1, same_block: true },
      { amount: 2_000n, region: `${CITY}10400`, category: MERCHANT_CATEGORY, same_block: true },
    ]);
    const refused = await world.db.query('SELECT code FROM chain.order_refused WHERE id = $1', [
      toBytes(third.id),
    ]);
    expect(refused).toEqual([{ code: WRONG_REGION }]);
    const daily = await world.db.query(
      `SELECT series, region, category, count, amount FROM chain.daily_total WHERE figure = 'payment_refused' AND code = $1`,
      [WRONG_REGION],
    );
    expect(daily).toEqual([{ series: 0, region: '', category: -1, count: 1n, amount: 0n }]);
  });

  it('marks in outbox and journal what was decided, and undoes that in a reorg', async () => {
    const payer = await payerWith(10_000n);
    const merchant = await world.registerMerchant();
    const payment = await world.signPayment({ payer, merchant, series, amount: 10_000n });
    const refused = await world.signPayment({ payer, merchant, series, amount: 1n });
    const elsewhere = await world.signPayment({ payer, merchant, series, amount: 2n });
    await world.index();
    const nextOrder = Number((await world.read('issueOrderCount', []))[0]) + 1;
    const chunk = issueChunkId(nextOrder, 0);
    const holder = payer.address.toLowerCase();
    for (const { id } of [payment, refused, elsewhere]) await addToOutbox(id, 'payment', holder);
    await addToOutbox(chunk, 'issue_chunk', null);
    // It left the outbox without the chain, but another program submits it.
    await world.db.query('UPDATE app.outbox SET decided_block = -1 WHERE id = $1', [toBytes(refused.id)]);

    await world.issueTo(series, [{ account: payer, amount: 5n }]);
    const receipt = await world.pay(payment, { ...refused });
    await world.db.query(
      `INSERT INTO app.relay_transaction (relayer, nonce, hash, raw, items, gas) VALUES ($1, 0, $2, '\\x00', 2, 21000)`,
      [toBytes(world.sender.address), toBytes(receipt.hash)],
    );
    await world.index();
    const block = BigInt(receipt.blockNumber);
    expect(await decided()).toEqual({
      [payment.id]: block,
      [refused.id]: block,
      [elsewhere.id]: null,
      [chunk]: block - 1n,
    });
    expect(await mined()).toEqual([block]);

    await world.node.loseTail(1);
    await world.node.mine();
    await world.index();
    expect(await decided()).toEqual({
      [payment.id]: null,
      [refused.id]: null,
      [elsewhere.id]: null,
      [chunk]: block - 1n,
    });
    expect(await mined()).toEqual([null]);
    await world.db.query('DELETE FROM app.outbox');
  });

  async function addToOutbox(id: string, kind: string, holder: string | null): Promise<void> {
    await world.db.query(
      `INSERT INTO app.outbox (id, kind, payload, holder) VALUES ($1, $2::app.outbox_kind, '\\x00', $3)`,
      [toBytes(id), kind, holder && toBytes(holder)],
    );
  }

  async function decided(): Promise<Record<string, bigint | null>> {
    const rows = await world.db.query<{ id: Buffer; decided_block: bigint | null }>(
      'SELECT id, decided_block FROM app.outbox',
    );
    return Object.fromEntries(rows.map((row) => [toHex(row.id), row.decided_block]));
  }

  async function mined(): Promise<(bigint | null)[]> {
    const rows = await world.db.query<{ mined_block: bigint | null }>(
      'SELECT mined_block FROM app.relay_transaction',
    );
    return rows.map((row) => row.mined_block);
  }

  it('announces each range of blocks when it is committed', async () => {
    const heard: string[] = [];
    let connected = false;
    const listener = new Listener({
      url: world.databaseUrl,
      channels: ['jangteo_block'],
      onNotification: (_channel, payload) => heard.push(payload),
      onConnected: () => (connected = true),
    });
    await listener.start();
    try {
      await until('the listener is connected', () => connected);
      await world.node.mine();
      await world.index();
      const { number } = await world.chain.latest();
      await until('the block is announced', () => heard.includes(String(number)));
    } finally {
      await listener.stop();
    }
  });

  it('leaves the newest blocks alone when a depth is set', async () => {
    await world.index();
    for (let count = 0; count < 5; count++) await world.node.mine();
    const { number } = await world.chain.latest();
    const step = await world.indexer({ finalityDepth: 3 }).catchUp();
    expect(step).toMatchObject({ cursor: number - 3n, head: number - 3n, lagBlocks: 0 });
  });

  it('waits for a node that is behind before it counts the missing blocks as a reorg', async () => {
    await world.index();
    const before = (await world.chain.latest()).number;
    await world.node.loseTail(2);
    const patient = world.indexer({ shorterChainMs: 150 });
    expect(await patient.runOnce()).toMatchObject({ blocks: 0, cursor: before });
    await sleep(200);
    expect(await patient.runOnce()).toMatchObject({ blocks: -2, cursor: before - 2n });
  });

  it('lets one process index and another take over when it ends', async () => {
    const leading: string[] = [];
    const start = (name: string) => {
      const hooks = { onLeadership: (leads: boolean) => leading.push(`${name} ${leads}`) };
      const indexer = world.indexer({ pollIntervalMs: 10, hooks });
      indexer.start();
      return indexer;
    };
    const first = start('first');
    await until('the first leads', () => first.leads);
    const second = start('second');
    try {
      await world.node.mine();
      const { number } = await world.chain.latest();
      await until('the block is indexed', async () => (await cursor()) === number);
      expect(second.leads).toBe(false);
      await expect(second.asLeader(async () => undefined)).rejects.toThrow('stop the indexer first');
      await first.stop();
      await until('the second leads', () => second.leads);
      await world.node.mine();
      await until('the next block is indexed', async () => (await cursor()) === number + 1n);
      expect(leading).toEqual(['first true', 'second true']);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  async function cursor(): Promise<bigint | undefined> {
    const [row] = await world.db.query<{ block_number: bigint }>('SELECT block_number FROM chain.cursor');
    return row?.block_number;
  }

  it('copies nothing twice when two run at once', async () => {
    const payer = await payerWith(100n);
    const merchant = await world.registerMerchant();
    for (let count = 0; count < 4; count++) {
      await world.pay(await world.signPayment({ payer, merchant, series, amount: 10n }));
    }
    const outcomes = await Promise.allSettled([world.index(), world.index(), world.index()]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ action: 'retry' });
    }
    await world.index();
    const [row] = await world.db.query('SELECT balance, received FROM chain.holding WHERE account = $1', [
      toBytes(payer.address),
    ]);
    expect(row).toEqual({ balance: 60n, received: 100n });
  });

  /** Runs the loop until it reports an error. */
  async function firstError(options: Partial<IndexerOptions>) {
    const errors: { error: Error; willRetry: boolean }[] = [];
    const hooks = { onError: (error: Error, willRetry: boolean) => errors.push({ error, willRetry }) };
    const indexer = world.indexer({ ...options, hooks });
    indexer.start();
    await until('an error is reported', () => errors.length > 0).finally(() => indexer.stop());
    return errors[0];
  }

  it('stops for good before another chain', async () => {
    const { chainId, authorities, vouchers, salt, blockNumber } = world.current;
    const other = `0x${'ab'.repeat(32)}`;
    const deployment = new CurrentDeployment(chainId, authorities, vouchers, salt, blockNumber, other);
    const found = await firstError({ deployment });
    expect(found).toMatchObject({ willRetry: false, error: { action: 'stop' } });
    expect(found?.error.message).toContain('another chain');
  });

  it('tries again while the node is away', async () => {
    const node = ChainNode.connect({ url: 'http://127.0.0.1:9', chainId: world.node.chainId });
    try {
      expect(await firstError({ node })).toMatchObject({ willRetry: true, error: { action: 'retry' } });
    } finally {
      node.close();
    }
  });

  it.each([
    ['doubles', (logs: readonly NodeLog[]) => logs.flatMap((log) => [log, log])],
    ['mixes up', (logs: readonly NodeLog[]) => logs.toReversed()],
  ])('asks again when the node %s the logs of a block, and copies none of it twice', async (_name, spoil) => {
    const indexer = world.indexer();
    await indexer.catchUp();
    const merchant = await world.registerMerchant(CITY);
    const payer = await payerWith(5_000n);
    await indexer.catchUp();
    const items = [];
    for (let n = 0; n < 2; n++)
      items.push(await world.signPayment({ payer, merchant, series, amount: 100n }));
    await world.pay(...items);
    const node = new Proxy(world.chain, {
      get(target, property) {
        if (property === 'logs') return async (filter: LogFilter) => spoil(await target.logs(filter));
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await expect(world.indexer({ node }).runOnce()).rejects.toMatchObject({ action: 'retry' });
    await indexer.catchUp();
    const rows = await world.db.query(`SELECT 1 FROM chain.payment WHERE id = ANY ($1::bytea[])`, [
      items.map(({ id }) => toBytes(id)),
    ]);
    expect(rows).toHaveLength(2);
  });

  it('leaves the tables as they were when one projector fails', async () => {
    await world.index();
    const before = await cursor();
    await world.registerMerchant();
    const fails = {
      name: 'fails',
      apply: () => Promise.reject(new Error('on purpose')),
      rollback: async () => undefined,
      truncate: async () => undefined,
    };
    const broken = world.indexer({ projectors: [fails] });
    await expect(broken.runOnce()).rejects.toThrow('on purpose');
    expect(await cursor()).toBe(before);
    await world.index();
    expect(await cursor()).toBe((await world.chain.latest()).number);
  });
});

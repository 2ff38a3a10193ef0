import { setTimeout as sleep } from 'node:timers/promises';
import { Transaction, type Wallet } from 'ethers';
import type { LocalSigner } from '#node';
import { addToOutbox, type RelayNode } from '#relayer';
import { toBytes, toHex } from '#persistence';
import { until } from '../../../test/support/until.js';
import { idsOf, RelayFixture } from './testing/relay-fixture.js';
import { keyLock } from './key-lock.js';

const HELD_UP_MS = 800;

let fixture: RelayFixture;

beforeAll(async () => {
  fixture = await RelayFixture.create();
});

afterEach(() => fixture?.stopRelayers());

afterAll(() => fixture?.close());

/** The first wallet made whose orders the first or the second of two keys relays. */
async function relayedBy(place: 0 | 1, make: () => Wallet | Promise<Wallet>): Promise<Wallet> {
  for (;;) {
    const wallet = await make();
    if ((toBytes(wallet.address).at(-1) ?? 0) % 2 === place) return wallet;
  }
}

const payerOf = (place: 0 | 1) => relayedBy(place, () => fixture.world.wallet('payer'));

/** A node that gets the bytes of one key late. */
function nodeThatHoldsUp(signer: LocalSigner): { node: RelayNode; sent: ReadonlySet<string> } {
  const real = fixture.nodeWith({});
  const sent = new Set<string>();
  const node = fixture.nodeWith({
    async sendRaw(raw) {
      if (Transaction.from(raw).from === signer.address) await sleep(HELD_UP_MS);
      const outcome = await real.sendRaw(raw);
      sent.add(raw);
      return outcome;
    },
  });
  return { node, sent };
}

async function relayerOf(id: string): Promise<string | undefined> {
  const [row] = await fixture.world.db.query<{ relayer: Buffer }>(
    `SELECT t.relayer FROM app.outbox o JOIN app.relay_transaction t ON t.hash = o.relay_hash WHERE o.id = $1`,
    [toBytes(id)],
  );
  return row && toHex(row.relayer);
}

async function wasRemoved(id: string): Promise<boolean> {
  const rows = await fixture.world.db.query(
    `SELECT 1 FROM app.outbox o JOIN app.relay_transaction t ON t.hash = o.relay_hash
      WHERE o.id = $1 AND t.lost_block IS NOT NULL`,
    [toBytes(id)],
  );
  return rows.length > 0;
}

/** Blocks from the one that decided a row to the newest. */
async function blocksSince(id: string): Promise<number> {
  const [row] = await fixture.rowsOf([id]);
  if (row === undefined || row.decided_block === null) throw new Error('it is not decided');
  return Number(BigInt(await fixture.world.node.provider.getBlockNumber()) - row.decided_block) + 1;
}

async function decided(id: string): Promise<void> {
  await until('decided', async () => (await fixture.rowsOf([id]))[0]?.decided_block != null);
}

/** A reorg removes the block that decided a row, and all after it. */
async function removeBlockOf(id: string): Promise<void> {
  await fixture.holdBlocks();
  await fixture.world.node.loseTail(await blocksSince(id));
  fixture.mine();
}

describe('transactions that a reorg removed', () => {
  it('come back in the order of their blocks, also when another key relayed the first of them', async () => {
    const { world, series } = fixture;
    // Sorted against the order, so that nothing but the order of the blocks can keep it.
    const [second, first] = [fixture.newSigner(), fixture.newSigner()].toSorted((one, other) =>
      one.address.toLowerCase() < other.address.toLowerCase() ? -1 : 1,
    );
    if (first === undefined || second === undefined) throw new Error('there are two');
    const payer = await payerOf(0);
    const shop = await relayedBy(1, () => world.registerMerchant());
    await world.issueTo(series, [{ account: payer, amount: 900n }]);
    await fixture.start({ signers: [first, second] });

    const payment = await world.signPayment({ payer, merchant: shop, series, amount: 900n });
    await fixture.enqueue([payment]);
    await decided(payment.id);
    const redemption = await world.signRedemption({ merchant: shop, series, amount: 900n });
    const row = {
      id: redemption.id,
      kind: 'redemption',
      payload: redemption.packed,
      holder: shop.address,
    } as const;
    await world.db.transaction((tx) => addToOutbox(tx, [row]));
    await decided(redemption.id);
    expect([await relayerOf(payment.id), await relayerOf(redemption.id)]).toEqual(
      [first, second].map(({ address }) => address.toLowerCase()),
    );

    // The second time both are in one block.
    for (let reorg = 0; reorg < 2; reorg++) {
      await fixture.stopRelayers();
      await removeBlockOf(payment.id);
      await until('noticed', async () => (await fixture.rowsOf([payment.id]))[0]?.decided_block === null);
      await fixture.holdBlocks();
      const { node, sent } = nodeThatHoldsUp(first);
      await fixture.start({ signers: [first, second], node });
      await until('both are sent', () => Promise.resolve(sent.size === 2));
      fixture.mine();
      await fixture.expectSettledOnce([payment.id]);
      await decided(redemption.id);
      expect(
        await world.db.query('SELECT 1 FROM chain.redemption WHERE id = $1', [toBytes(redemption.id)]),
      ).toHaveLength(1);
    }
    const blocks = (await fixture.rowsOf([payment.id, redemption.id])).map(
      ({ decided_block: block }) => block,
    );
    expect(blocks[0]).toBe(blocks[1]);
  });
});

describe('the orders of a holder', () => {
  it('are relayed by one key, so that a hundred nonces keep their order, also after a reorg', async () => {
    const { world, series, shop } = fixture;
    const payers = [await payerOf(0), await payerOf(1)];
    await world.issueTo(
      series,
      payers.map((account) => ({ account, amount: 10_000n })),
    );
    const items = [];
    for (let count = 0; count < 100; count++)
      for (const payer of payers)
        items.push(await world.signPayment({ payer, merchant: shop, series, amount: 1n }));
    await fixture.enqueue(items);
    const signers = [fixture.newSigner(), fixture.newSigner()];
    // On a busy machine rows may wait for longer than five seconds; taking over is the next test's subject.
    await fixture.start({ signers, itemsMax: 7, takeoverAfterMs: 60_000 });
    await fixture.expectSettledOnce(idsOf(items));

    const [oldest] = items;
    if (oldest === undefined) throw new Error('there are items');
    await removeBlockOf(oldest.id);
    await until('the reorg is noticed', () => wasRemoved(oldest.id));
    await fixture.expectSettledOnce(idsOf(items));
    for (const [place, payer] of payers.entries()) {
      const own = items.filter(({ authorisation }) => authorisation.payer === payer.address.toLowerCase());
      const relayers = new Set(await Promise.all(own.map(({ id }) => relayerOf(id))));
      expect([own.length, ...relayers]).toEqual([100, signers[place]?.address.toLowerCase()]);
    }
  });

  it('are relayed by another key when no process works for theirs', async () => {
    const { world, series, shop } = fixture;
    const payer = await payerOf(1);
    await world.issueTo(series, [{ account: payer, amount: 100n }]);
    const signers = [fixture.newSigner(), fixture.newSigner()];
    const held = keyLock(world.databaseUrl, signers[1]?.address ?? '0x');
    try {
      expect(await held.tryAcquire()).toBe(true);
      const payment = await world.signPayment({ payer, merchant: shop, series, amount: 100n });
      await fixture.enqueue([payment]);
      await fixture.start({ signers, takeoverAfterMs: 500 });
      await fixture.expectSettledOnce([payment.id]);
      expect(await relayerOf(payment.id)).toBe(signers[0]?.address.toLowerCase());
    } finally {
      await held.release();
    }
  });
});

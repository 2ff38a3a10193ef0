import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256 } from 'ethers';
import { ChainError, LocalSigner } from '#node';
import { addToOutbox, callPayload, type RefusedItem } from '#relayer';
import {
  encodeExecute,
  encodeIssueByQuota,
  packRecipients,
  vouchersDomain,
  walletKeyId,
  walletSignature,
} from '#contracts';
import { toBytes } from '#persistence';
import { until } from '../../../test/support/until.js';
import { addressOf, CITY } from '../../../test/support/world.js';
import { idsOf, RelayFixture } from './testing/relay-fixture.js';
import { signQuotaIssue } from '../../../test/support/signing.js';

let fixture: RelayFixture;

beforeAll(async () => {
  fixture = await RelayFixture.create();
});

afterEach(async () => {
  await fixture?.stopRelayers();
});

afterAll(async () => {
  await fixture?.close();
});

describe('the relayer', () => {
  it('submits waiting payments in batches, in order', async () => {
    const items = await fixture.payments(25);
    await fixture.enqueue(items);
    const signer = fixture.newSigner();
    await fixture.start({ signers: [signer], itemsMax: 10 });
    await fixture.expectSettledOnce(idsOf(items));
    const batches = (await fixture.journalOf(signer)).map(({ items: count }) => count);
    expect(batches).toEqual([10, 10, 5]);
  });

  it('wakes for payments that come later, and its keys share the work', async () => {
    await fixture.start({
      signers: [fixture.newSigner(), fixture.newSigner(), fixture.newSigner()],
      idleMs: 60_000,
      checkMs: 60_000,
      itemsMax: 5,
    });
    await sleep(100);
    const items = await fixture.payments(40);
    await fixture.enqueue(items);
    await fixture.expectSettledOnce(idsOf(items));
  });

  it('takes the same item into the outbox once', async () => {
    const [item] = await fixture.payments(1);
    if (item === undefined) throw new Error('no payment');
    await fixture.enqueue([item]);
    await fixture.enqueue([item]);
    await fixture.start();
    await fixture.expectSettledOnce([item.id]);
  });
});

describe('a crash', () => {
  it('between journal and send loses nothing: the same bytes are sent at the next start', async () => {
    const items = await fixture.payments(3);
    await fixture.enqueue(items);
    const signer = fixture.newSigner();
    const dead = fixture.nodeWith({
      sendRaw: () => Promise.reject(new ChainError('retry', 'the process ended here')),
    });
    const first = await fixture.start({ signers: [signer], node: dead });
    await until('journalled', async () => (await fixture.openTransactions(signer)) === 1);
    await first.stop();
    const [before] = await fixture.rowsOf(idsOf(items));
    expect(before?.decided_block).toBeNull();
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(items));
    expect((await fixture.rowsOf(idsOf(items)))[0]?.relay_hash).toEqual(before?.relay_hash);
  });

  it('after send, before it is known, sends again and settles once', async () => {
    const items = await fixture.payments(3);
    const signer = fixture.newSigner();
    const real = fixture.nodeWith({});
    const sent: string[] = [];
    const halfDead = fixture.nodeWith({
      async sendRaw(raw) {
        sent.push(raw);
        await real.sendRaw(raw);
        throw new ChainError('retry', 'the answer was lost');
      },
    });
    const first = await fixture.start({ signers: [signer], node: halfDead });
    await fixture.enqueue(items);
    await until('sent twice', async () => sent.length >= 1);
    await first.stop();
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(items));
    expect(await fixture.openTransactions(signer)).toBe(0);
  });
});

describe('a node', () => {
  it('that is away for a while costs time, not payments', async () => {
    let away = true;
    const refuse = () => Promise.reject(new ChainError('retry', 'connection refused'));
    const real = fixture.nodeWith({});
    const node = fixture.nodeWith({
      sendRaw: (raw) => (away ? refuse() : real.sendRaw(raw)),
      transactionCount: (address) => (away ? refuse() : real.transactionCount(address)),
    });
    const items = await fixture.payments(5);
    await fixture.enqueue(items);
    await fixture.start({ node });
    await sleep(400);
    expect((await fixture.rowsOf(idsOf(items))).every(({ decided_block: block }) => block === null)).toBe(
      true,
    );
    away = false;
    await fixture.expectSettledOnce(idsOf(items));
  });

  it('answers "already known" to bytes it has, and the relayer goes on', async () => {
    await fixture.holdBlocks();
    try {
      const outcomes: string[] = [];
      const real = fixture.nodeWith({});
      const node = fixture.nodeWith({
        async sendRaw(raw) {
          const outcome = await real.sendRaw(raw);
          outcomes.push(outcome.kind);
          return outcome;
        },
      });
      const items = await fixture.payments(2);
      await fixture.enqueue(items);
      await fixture.start({ node, resendMs: 50 });
      await until('sent again', async () => outcomes.includes('known'));
      expect(outcomes[0]).toBe('sent');
      fixture.mine();
      await fixture.expectSettledOnce(idsOf(items));
    } finally {
      fixture.mine();
    }
  });

  it('that had a reorg gets the same bytes again, and the payments become final again', async () => {
    const items = await fixture.payments(4);
    await fixture.enqueue(items);
    const signer = fixture.newSigner();
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(items));
    const before = await fixture.blockOf(items[0]?.id ?? '');
    await fixture.holdBlocks();
    const head = BigInt(await fixture.world.node.provider.getBlockNumber());
    await fixture.world.node.loseTail(Number(head - (before?.number ?? head)) + 1);
    // Something else comes first this time, so that the block can't be the same again.
    await fixture.world.send({ to: fixture.shop.address, data: '0x' });
    fixture.mine();
    await until('in another block', async () => {
      const after = await fixture.blockOf(items[0]?.id ?? '');
      return after !== undefined && before !== undefined && !after.hash.equals(before.hash);
    });
    await fixture.expectSettledOnce(idsOf(items));
  });

  it('whose nonce a foreign transaction used up: another transaction submits the items', async () => {
    const wallet = fixture.world.wallet('relayer');
    const signer = new LocalSigner(wallet.privateKey);
    const items = await fixture.payments(3);
    await fixture.enqueue(items);
    const dead = fixture.nodeWith({ sendRaw: () => Promise.reject(new ChainError('retry', 'away')) });
    const first = await fixture.start({ signers: [signer], node: dead });
    await until('journalled', async () => (await fixture.openTransactions(signer)) === 1);
    await first.stop();
    const [before] = await fixture.rowsOf(idsOf(items));
    const { chainId } = fixture.world.deployment;
    const foreign = { type: 0, chainId, nonce: 0, to: wallet.address, gasPrice: 0, gasLimit: 21_000 };
    await fixture.world.node.include([await wallet.signTransaction(foreign)]);
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(items));
    const [after] = await fixture.rowsOf(idsOf(items));
    expect(after?.failures).toBe(0);
    expect(after?.relay_hash).not.toEqual(before?.relay_hash);
    expect(await fixture.openTransactions(signer)).toBe(0);
  });

  it('with a gap below a journalled nonce gets the gap filled', async () => {
    const signer = fixture.newSigner();
    const items = await fixture.payments(2);
    await fixture.enqueue(items);
    // Its journal begins at nonce 1: the row of nonce 0 is lost, as with an older backup.
    const real = fixture.nodeWith({});
    const ahead = fixture.nodeWith({
      sendRaw: () => Promise.reject(new ChainError('retry', 'away')),
      transactionCount: (address) =>
        real.transactionCount(address).then((count) => (address === signer.address ? 1 : count)),
    });
    const first = await fixture.start({ signers: [signer], node: ahead });
    await until('journalled', async () => (await fixture.openTransactions(signer)) === 1);
    await first.stop();
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(items));
    await until('filled', async () => (await fixture.openTransactions(signer)) === 0);
    const journal = await fixture.journalOf(signer);
    expect(journal).toEqual([
      { nonce: 0n, items: 0, open: false },
      { nonce: 1n, items: 2, open: false },
    ]);
  });
});

describe('the journal', () => {
  it('of a key that was lost is settled by a relayer with other keys', async () => {
    const lost = fixture.newSigner();
    const items = await fixture.payments(3);
    await fixture.enqueue(items);
    const dead = fixture.nodeWith({ sendRaw: () => Promise.reject(new ChainError('retry', 'away')) });
    const first = await fixture.start({ signers: [lost], node: dead });
    await until('journalled', async () => (await fixture.openTransactions(lost)) === 1);
    await first.stop();
    await fixture.start();
    await fixture.expectSettledOnce(idsOf(items));
    expect(await fixture.journalOf(lost)).toEqual([{ nonce: 0n, items: 3, open: false }]);
  });

  it('of a lost key with a gap is discarded, and another key relays its items', async () => {
    const lost = fixture.newSigner();
    const items = await fixture.payments(3);
    await fixture.enqueue(items);
    const real = fixture.nodeWith({});
    const ahead = fixture.nodeWith({
      sendRaw: () => Promise.reject(new ChainError('retry', 'away')),
      transactionCount: (address) =>
        real.transactionCount(address).then((count) => (address === lost.address ? 4 : count)),
    });
    const first = await fixture.start({ signers: [lost], node: ahead });
    await until('journalled', async () => (await fixture.openTransactions(lost)) === 1);
    await first.stop();
    await fixture.start();
    await fixture.expectSettledOnce(idsOf(items));
    expect(await fixture.journalOf(lost)).toEqual([]);
  });

  it('forgets what was mined long ago, and goes on with the right nonce', async () => {
    const signer = fixture.newSigner();
    const relayer = await fixture.start({ signers: [signer], keepBlocks: 2 });
    const items = await fixture.payments(2);
    await fixture.enqueue(items);
    await fixture.expectSettledOnce(idsOf(items));
    await until('forgotten', async () => (await fixture.journalOf(signer)).length === 0);
    await relayer.stop();
    const more = await fixture.payments(2);
    await fixture.enqueue(more);
    await fixture.start({ signers: [signer] });
    await fixture.expectSettledOnce(idsOf(more));
    expect(await fixture.journalOf(signer)).toMatchObject([{ nonce: 1n, items: 2 }]);
  });
});

describe('a transaction that fails as a whole', () => {
  it('sends its items again, alone after the second failure', async () => {
    const items = await fixture.payments(4);
    const signer = fixture.newSigner();
    // A signer that gives batches too little gas: the chain takes them and reverts them.
    const sizes: number[] = [];
    const stingy = {
      address: signer.address,
      signTransaction: (transaction: Parameters<LocalSigner['signTransaction']>[0]) => {
        // The number of items stands behind the selector and both offsets.
        const count = Number(`0x${transaction.data.slice(2 + 2 * (4 + 64), 2 + 2 * (4 + 96))}`);
        sizes.push(count);
        return signer.signTransaction(count > 1 ? { ...transaction, gasLimit: 60_000 } : transaction);
      },
    };
    await fixture.enqueue(items);
    await fixture.start({ signers: [stingy], batchDelayMs: 1 });
    await fixture.expectSettledOnce(idsOf(items));
    expect(sizes.slice(0, 2)).toEqual([4, 4]);
    expect(sizes.slice(2).every((count) => count === 1 || count === 4 - 1)).toBe(true);
    const rows = await fixture.rowsOf(idsOf(items));
    expect(rows.every(({ failures }) => failures >= 2)).toBe(true);
  });

  it('does not hold up others when one of its payloads is malformed', async () => {
    const items = await fixture.payments(3);
    const poison = `0x${'ab'.repeat(32)}`;
    await fixture.world.db.transaction(async (tx) => {
      await addToOutbox(tx, [
        {
          id: poison,
          kind: 'payment',
          payload: Buffer.alloc(7),
          holder: fixture.payer.address.toLowerCase(),
        },
      ]);
    });
    await fixture.enqueue(items);
    const refused: RefusedItem[] = [];
    await fixture.start({ onRefused: async (_tx, item) => void refused.push(item) });
    await fixture.expectSettledOnce(idsOf(items));
    expect(refused).toMatchObject([{ kind: 'payment', id: poison, revert: null }]);
    expect((await fixture.rowsOf([poison]))[0]?.decided_block).toBe(-1n);
  });
});

describe('an act', () => {
  async function enqueueAct(authority: string, paused: number): Promise<string> {
    const act = await fixture.world.act('pause_series', { authority, series: paused, until: 0 });
    const approvals = [];
    for (const officer of [1, 2])
      approvals.push({ officer, signature: await fixture.world.approve(act, officer) });
    const id = fixture.world.actId(act);
    const payload = callPayload(fixture.world.deployment.authorities, encodeExecute(act, approvals));
    await fixture.world.db.transaction((tx) => addToOutbox(tx, [{ id, kind: 'act', payload }]));
    return id;
  }

  it('is executed', async () => {
    await fixture.start();
    const id = await enqueueAct(CITY, fixture.series);
    await until('executed', async () => {
      const rows = await fixture.world.db.query(`SELECT 1 FROM chain.act_executed WHERE act = $1`, [
        toBytes(id),
      ]);
      return rows.length === 1;
    });
    expect((await fixture.rowsOf([id]))[0]?.decided_block).toBeGreaterThan(0n);
  });

  it('that the contract would refuse leaves the outbox with the reason, and costs no transaction', async () => {
    const refused: RefusedItem[] = [];
    const signer = fixture.newSigner();
    await fixture.start({ signers: [signer], onRefused: async (_tx, item) => void refused.push(item) });
    const id = await enqueueAct('47', fixture.series);
    await until('refused', async () => refused.length > 0);
    expect(refused).toMatchObject([{ kind: 'act', id, revert: { key: 'series_not_of_authority' } }]);
    await until('left', async () => (await fixture.rowsOf([id]))[0]?.decided_block === -1n);
    expect(await fixture.journalOf(signer)).toEqual([]);
  });

  it('stays when the handler of its refusal fails, and the handler is called again', async () => {
    let calls = 0;
    await fixture.start({
      onRefused: () => (++calls === 1 ? Promise.reject(new Error('not now')) : Promise.resolve()),
    });
    const id = await enqueueAct('47', fixture.series);
    await until('left', async () => (await fixture.rowsOf([id]))[0]?.decided_block === -1n);
    expect(calls).toBe(2);
  });
});

describe('a quota chunk', () => {
  it('whose number the chain has used for another list leaves the outbox with the reason', async () => {
    const { world, series } = fixture;
    const bank = world.wallet('bank');
    const quota = {
      authority: CITY,
      series,
      total: 100_000n,
      perDay: 100_000n,
      key: walletKeyId(bank.address),
    };
    await world.executeAct('approve_quota', quota);
    const issueOrder = Number(await world.read('issueOrderCount', []));
    const chunkOf = async (amount: bigint) => {
      const items = packRecipients([{ account: addressOf(world.wallet('buyer')), amount }]);
      const issue = { issueOrder, index: 0, items: keccak256(items) };
      const signature = walletSignature(await signQuotaIssue(bank, vouchersDomain(world.deployment), issue));
      return encodeIssueByQuota(issueOrder, 0, items, signature);
    };
    await world.send({ to: world.deployment.vouchers, data: await chunkOf(1_000n) });
    const id = `0x${'c4'.repeat(32)}`;
    const payload = callPayload(world.deployment.vouchers, await chunkOf(7_000n));
    await world.db.transaction((tx) => addToOutbox(tx, [{ id, kind: 'call', payload }]));
    const refused: RefusedItem[] = [];
    const lines: unknown[] = [];
    await fixture.start({
      onRefused: async (_tx, item) => void refused.push(item),
      log: (level, event, fields) => void lines.push({ level, event, ...fields }),
    });
    await until('left', async () => (await fixture.rowsOf([id]))[0]?.decided_block === -1n);
    expect(refused).toMatchObject([{ kind: 'call', id, revert: { key: 'chunk_already_issued' } }]);
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'relayer.item_refused', id, reason: 'ChunkAlreadyIssued' }),
    );
  });
});

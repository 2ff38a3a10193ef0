import type { Wallet } from 'ethers';
import type { Indexer } from '#indexer';
import type { Relayer } from '#relayer';
import type { Answer } from '../../../../../test/support/api.js';
import { until, untilRight } from '../../../../../test/support/until.js';
import { CITY, PROVINCE, type World } from '../../../../../test/support/world.js';
import { PaymentFixture } from '../../testing/payment-fixture.js';

const WATCH_MS_MAX = 60_000;

let fixture: PaymentFixture;
let world: World;
let indexer: Indexer;
let relayer: Relayer;
let series: number;
let shop: Wallet;

beforeAll(async () => {
  fixture = await PaymentFixture.create();
  ({ world, series, shop } = fixture);
  indexer = world.indexer({ pollIntervalMs: 20 });
  relayer = fixture.newRelayer();
  void world.node.mineEvery(100);
  indexer.start();
  await relayer.start();
});

afterAll(async () => {
  await relayer?.stop();
  await indexer?.stop();
  await fixture?.close();
});

async function untilDecided(id: string): Promise<Answer> {
  return untilRight(
    `${id} is decided`,
    () => fixture.stateOf(id),
    ({ status, body }) => status === 200 && body.state !== 'accepted',
  );
}

async function fundedWallet(amount: bigint): Promise<Wallet> {
  const wallet = await fixture.fund(amount);
  await until('the holding is indexed', async () => {
    const rows = await world.db.query('SELECT 1 FROM chain.holding WHERE account = $1', [
      Buffer.from(wallet.address.slice(2), 'hex'),
    ]);
    return rows.length > 0;
  });
  return wallet;
}

describe('an accepted payment', () => {
  it('becomes final, is listed behind the figures, and answers the same authorisation with its state', async () => {
    const payer = await fundedWallet(40_000n);
    const { signed, answer } = await fixture.pay({ payer, amount: 15_000n });
    expect(answer.status).toBe(202);
    const final = await untilDecided(signed.id);
    expect(final.body).toMatchObject({
      state: 'final',
      amount: '15000',
      region: CITY,
      category: 1,
      block: {
        number: expect.stringMatching(/^\d+$/),
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      },
    });
    const again = await fixture.submit(signed);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(final.body);
    const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
    const listed = await fixture.api.get(
      `/v1/payments?payer=${payer.address}&region=${PROVINCE}&day=${today}`,
    );
    expect(listed.body).toEqual({ items: [final.body], next: null });
    const elsewhere = await fixture.api.get(`/v1/payments?payer=${payer.address}&region=11`);
    expect(elsewhere.body).toEqual({ items: [], next: null });
  });

  it('settles what was accepted before, and turns pages without gap or repetition', async () => {
    const payer = await fundedWallet(40_000n);
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      ids.push((await fixture.pay({ payer, amount: BigInt(1_000 + count) })).signed.id);
    }
    for (const id of ids) expect((await untilDecided(id)).body).toMatchObject({ state: 'final' });
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await fixture.api.get(`/v1/payments?payer=${payer.address}&limit=2${cursor}`);
      const items: unknown = page.body.items;
      if (Array.isArray(items)) seen.push(...items.map((item: { id: string }) => item.id));
      cursor = typeof page.body.next === 'string' ? `&cursor=${page.body.next}` : '';
    } while (cursor !== '');
    expect([...seen].sort()).toEqual([...ids].sort());
    expect(new Set(seen).size).toBe(5);
  });

  it('is reported to a screen that watches', async () => {
    const payer = await fundedWallet(5_000n);
    const { signed } = await fixture.pay({ payer, amount: 5_000n });
    const response = await fetch(`${fixture.api.url}/v1/payments/${signed.id}/events`, {
      signal: AbortSignal.timeout(WATCH_MS_MAX),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const states = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => (JSON.parse(data) as { state: string }).state,
    );
    expect(states.at(-1)).toBe('final');
    expect(states).toEqual([...new Set(states)]);
    expect((await fetch(`${fixture.api.url}/v1/payments/0x${'11'.repeat(32)}/events`)).status).toBe(404);
  });

  it('shows what the contract refuses although the API had accepted it', async () => {
    const payer = await fundedWallet(5_000n);
    await relayer.stop();
    const { signed, answer } = await fixture.pay({ payer, amount: 4_000n, nonce: 1 });
    expect(answer.status).toBe(202);
    // The payer goes to the contract directly with another payment of the same nonce.
    const direct = await world.signPayment({ payer, merchant: shop, series, amount: 3_000n, nonce: 1 });
    await world.pay(direct);
    expect((await untilDecided(direct.id)).body).toMatchObject({ state: 'final', receivedAt: null });
    relayer = fixture.newRelayer();
    await relayer.start();
    const refused = await untilDecided(signed.id);
    expect(refused.body).toMatchObject({
      state: 'refused',
      code: 'replayed',
      expected: { nonce: 1, top: 1 },
    });
    const again = await fixture.submit(signed);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(refused.body);
  });
});

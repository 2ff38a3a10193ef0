import type { Wallet } from 'ethers';
import type { Indexer } from '#indexer';
import { MerchantsModule } from '#merchants';
import { LocalSigner } from '#node';
import { HttpRelayNode, Relayer } from '#relayer';
import type { RedemptionAuthorisation } from '#contracts';
import { OrdersModule } from '#orders';
import { startTestApi, type Answer, type TestApi } from '../../../../../test/support/api.js';
import { until } from '../../../../../test/support/until.js';
import { CITY, World, type RedemptionRequest, type Signed } from '../../../../../test/support/world.js';

let world: World;
let api: TestApi;
let series: number;
let payer: Wallet;

beforeAll(async () => {
  world = await World.create();
  series = await world.publishSeries(CITY);
  payer = world.wallet('payer');
  await world.issueTo(series, [{ account: payer, amount: 10_000_000n }]);
  await world.index();
  api = await startTestApi(world.databaseUrl, [
    OrdersModule.forRoot({ databaseUrl: world.databaseUrl }),
    { module: MerchantsModule },
  ]);
});

afterAll(async () => {
  await api?.close();
  await world?.close();
});

/** A merchant who has taken so many won. */
async function merchantWith(amount: bigint): Promise<Wallet> {
  const merchant = await world.registerMerchant(CITY);
  await world.pay(await world.signPayment({ payer, merchant, series, amount }));
  await world.index();
  return merchant;
}

function submit({ authorisation, signature }: Signed<RedemptionAuthorisation>): Promise<Answer> {
  return api.post('/v1/redemptions', { authorisation, proof: signature }, { 'accept-language': 'en' });
}

async function redeem(request: Omit<RedemptionRequest, 'series'> & Partial<RedemptionRequest>) {
  const signed = await world.signRedemption({ series, ...request });
  return { signed, answer: await submit(signed) };
}

describe('a redemption on acceptance', () => {
  it('is accepted, and reserves merchant balances and nonce', async () => {
    const merchant = await merchantWith(30_000n);
    const { signed, answer } = await redeem({ merchant, amount: 20_000n });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/redemptions/${signed.id}`);
    expect(answer.body).toMatchObject({ id: signed.id, state: 'accepted', amount: '20000' });
    expect((await api.get(`/v1/redemptions/${signed.id}`)).body).toEqual(answer.body);
    expect((await submit(signed)).body).toEqual(answer.body);
    expect((await api.get(`/v1/merchants/${merchant.address}/balance`)).body).toEqual({
      merchant: merchant.address.toLowerCase(),
      balances: [
        {
          series,
          balance: '30000',
          reserved: '20000',
          redeemable: '10000',
          fromResidents: '10000',
          movable: '0',
          nextNonce: 2,
        },
      ],
    });
  });

  it('never promises more than was taken, however many come at once', async () => {
    const merchant = await merchantWith(5_000n);
    const requests = await Promise.all(
      Array.from({ length: 20 }, () => world.signRedemption({ merchant, series, amount: 1_000n })),
    );
    const answers = await Promise.all(requests.map((signed) => submit(signed)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(answers.filter(({ body }) => body.code === 'insufficient_merchant_balance')).toHaveLength(15);
  });

  it('is refused with the code that the contract would give', async () => {
    const merchant = await merchantWith(5_000n);
    const now = Math.floor(Date.now() / 1000);
    const cases: [Partial<RedemptionRequest>, string][] = [
      [{ amount: 0n }, 'amount_zero'],
      [{ deadline: now + 1 }, 'deadline_passed'],
      [{ series: 4_000_000_000 }, 'series_unknown'],
      [{ signer: payer }, 'signature_invalid'],
      [{ nonce: 3_000_000 }, 'replayed'],
      [{ amount: 5_001n }, 'insufficient_merchant_balance'],
    ];
    for (const [change, code] of cases) {
      const { answer } = await redeem({ merchant, amount: 1_000n, ...change });
      expect(answer.body).toMatchObject({ code });
    }
    const { signed, answer } = await redeem({ merchant, amount: 9_999n });
    expect({ ...(await submit(signed)).body, requestId: '' }).toEqual({ ...answer.body, requestId: '' });
    const listed = await api.get(
      `/v1/redemptions?state=refused&merchant=${merchant.address}&code=insufficient_merchant_balance`,
    );
    expect(listed.body).toMatchObject({ items: [{ id: signed.id, state: 'refused' }, {}] });
    // What refused it has passed.
    await world.pay(await world.signPayment({ payer, merchant, series, amount: 90_000n }));
    await world.index();
    expect((await submit(signed)).status).toBe(202);
  });

  it('stores nothing for strangers, and knows no merchant balances of theirs', async () => {
    const stranger = world.wallet('stranger');
    const { signed, answer } = await redeem({ merchant: stranger, amount: 1n });
    expect(answer.body).toMatchObject({ code: 'insufficient_merchant_balance' });
    expect((await api.get(`/v1/redemptions/${signed.id}`)).status).toBe(404);
    expect((await api.get(`/v1/merchants/${stranger.address}/balance`)).status).toBe(404);
    expect((await api.get('/v1/merchants/0x12/balance')).status).toBe(400);
  });

  const table: readonly [string, Record<string, unknown>, string][] = [
    ['a payer', { payer: `0x${'11'.repeat(20)}` }, 'authorisation.payer'],
    ['a fraction', { amount: 0.5 }, 'authorisation.amount'],
    ['a merchant that is none', { merchant: 'shop' }, 'authorisation.merchant'],
    ['a deadline beyond 40 bits', { deadline: 2 ** 41 }, 'authorisation.deadline'],
  ];
  it.each(table)('is refused with its field: %s', async (_name, change, field) => {
    const { authorisation, signature } = await world.signRedemption({ merchant: payer, series, amount: 1n });
    const answer = await api.post('/v1/redemptions', {
      authorisation: { ...authorisation, ...change },
      proof: signature,
    });
    expect([answer.status, answer.body.errors]).toEqual([400, [expect.objectContaining({ field })]]);
  });
});

describe('an accepted redemption', () => {
  let indexer: Indexer;
  let relayer: Relayer;

  beforeAll(async () => {
    indexer = world.indexer({ pollIntervalMs: 20 });
    indexer.start();
    void world.node.mineEvery(100);
    relayer = new Relayer({
      databaseUrl: world.databaseUrl,
      db: world.db,
      node: new HttpRelayNode(world.node.url),
      signers: [new LocalSigner(world.wallet('relayer').privateKey)],
      deployment: world.current,
    });
    await relayer.start();
  });

  afterAll(async () => {
    await relayer?.stop();
    await indexer?.stop();
  });

  it('becomes final, and what is left can be redeemed with the next nonce', async () => {
    const merchant = await world.registerMerchant(CITY);
    await world.pay(await world.signPayment({ payer, merchant, series, amount: 7_000n }));
    await until('the payment is indexed', async () => {
      const { body } = await api.get(`/v1/merchants/${merchant.address}/balance`);
      return Array.isArray(body.balances) && body.balances.length === 1;
    });
    const { signed, answer } = await redeem({ merchant, amount: 4_000n });
    expect(answer.status).toBe(202);
    await until(
      'it is decided',
      async () => (await api.get(`/v1/redemptions/${signed.id}`)).body.state !== 'accepted',
    );
    const final = await submit(signed);
    expect(final.status).toBe(200);
    const events = await fetch(`${api.url}/v1/redemptions/${signed.id}/events`, {
      signal: AbortSignal.timeout(60_000),
    });
    expect(await events.text()).toContain('"state":"final"');
    expect(final.body).toMatchObject({ state: 'final', region: CITY, amount: '4000' });
    expect((await api.get(`/v1/redemptions?merchant=${merchant.address}`)).body).toEqual({
      items: [final.body],
      next: null,
    });
    expect((await api.get(`/v1/merchants/${merchant.address}/balance`)).body).toMatchObject({
      balances: [{ balance: '3000', reserved: '0', redeemable: '3000', nextNonce: 2 }],
    });
  });
});

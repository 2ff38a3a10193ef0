import {
  encodeGive,
  encodePay,
  encodeRedeem,
  giftTransfer,
  paymentTransfer,
  redemptionTransfer,
  storeTransfer,
  type Hex,
} from '#contracts';
import { differencesOf } from '../../../../test/support/differences.js';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { wallet } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

const FLAG_GIFT = 1;
const HOUR_SECONDS = 3_600;
const WATCH_MS_MAX = 60_000;

let fixture: OrderFixture;
let series: number;
let shop: Hex;
/** Someone with a node's address and no key of the platform. */
let stranger: ReturnType<OrderFixture['world']['wallet']>;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  const { world } = fixture;
  series = await world.publishSeries(CITY, { flags: FLAG_GIFT, giftCap: 50_000n });
  shop = (await world.registerMerchant(CITY)).address.toLowerCase() as Hex;
  stranger = world.wallet('stranger');
});

afterEach(async () => {
  await fixture?.hold();
});

afterAll(async () => {
  await fixture?.close();
});

async function submitAsStranger(...calls: readonly Hex[]): Promise<void> {
  const to = fixture.world.deployment.vouchers;
  await fixture.world.include(
    calls.map((data) => ({ to, data })),
    stranger,
  );
  await fixture.indexed();
}

async function register({ address }: { readonly address: Hex }): Promise<void> {
  const entries = [{ merchant: address, region: CITY, category: 1, size: 0 }];
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
}

const pay = (by: ReturnType<typeof wallet>, amount: bigint) =>
  fixture.message('payments', by, { payer: by.address, merchant: shop, amount, series: [series] });

describe('what a stranger submits of orders that were promised', () => {
  it('decides nothing where the contract refuses it: forged copies of payments, gifts and redemptions', async () => {
    const [ann, ben, till] = [wallet('copied ann'), wallet('copied ben'), wallet('copied till')];
    await register(till);
    await fixture.issue(series, ann.address, 20_000n);
    const taken = await fixture.order('payments', ann, {
      payer: ann.address,
      merchant: till.address,
      amount: 5_000n,
      series: [series],
    });
    await fixture.relay();
    expect(await fixture.decided('payments', taken.id)).toMatchObject({ state: 'final' });
    await fixture.hold();

    const payment = await pay(ann, 1_000n);
    const gift = await fixture.message('gifts', ann, {
      giver: ann.address,
      receiver: ben.address,
      series,
      amount: 2_000n,
    });
    const redemption = await fixture.message('redemptions', till, {
      merchant: till.address,
      series,
      amount: 5_000n,
    });
    const promised = [
      { path: 'payments', by: ann, ...payment },
      { path: 'gifts', by: ann, ...gift },
      { path: 'redemptions', by: till, ...redemption },
    ] as const;
    for (const { path, by, id, authorisation } of promised)
      expect((await fixture.submit(path, authorisation, by.prove(id))).status).toBe(202);

    const watched = fetch(`${fixture.api.url}/v1/payments/${payment.id}/events`, {
      signal: AbortSignal.timeout(WATCH_MS_MAX),
    }).then((response) => response.text());
    // The stranger knows the messages, and signs them with a key of its own.
    const forged = wallet('forger');
    await submitAsStranger(
      encodePay([storeTransfer(paymentTransfer(payment.authorisation), forged.prove(payment.id))]),
      encodeGive([storeTransfer(giftTransfer(gift.authorisation), forged.prove(gift.id))]),
      encodeRedeem([
        storeTransfer(redemptionTransfer(redemption.authorisation), forged.prove(redemption.id)),
      ]),
    );
    for (const { path, id } of promised)
      expect((await fixture.stateOf(path, id)).body).toMatchObject({ state: 'accepted' });

    await fixture.relay();
    for (const { path, id } of promised)
      expect(await fixture.decided(path, id)).toMatchObject({ state: 'final' });
    const states = [...(await watched).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state);
    expect(states).toEqual(['accepted', 'final']);
    expect(await differencesOf(fixture.world)).toEqual([]);
  });

  it('decides nothing when the true order comes at a moment at which it can not settle', async () => {
    const ann = wallet('submitted too early');
    await fixture.issue(series, ann.address, 3_000n);
    const { id, authorisation } = await pay(ann, 3_000n);
    expect((await fixture.submit('payments', authorisation, ann.prove(id))).status).toBe(202);
    const until = (await fixture.world.now()) + HOUR_SECONDS;
    await fixture.world.executeAct('pause_series', { authority: CITY, series, until });
    await submitAsStranger(encodePay([storeTransfer(paymentTransfer(authorisation), ann.prove(id))]));
    expect((await fixture.stateOf('payments', id)).body).toMatchObject({ state: 'accepted' });
    const now = await fixture.world.now();
    await fixture.world.executeAct('pause_series', { authority: CITY, series, until: now });
    await fixture.relay();
    expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
  });

  it('decides where the contract settles it', async () => {
    const ann = wallet('submitted in time');
    await fixture.issue(series, ann.address, 3_000n);
    const { id, authorisation } = await pay(ann, 1_000n);
    expect((await fixture.submit('payments', authorisation, ann.prove(id))).status).toBe(202);
    await submitAsStranger(encodePay([storeTransfer(paymentTransfer(authorisation), ann.prove(id))]));
    expect((await fixture.stateOf('payments', id)).body).toMatchObject({ state: 'final' });
    await fixture.relay();
    expect(await fixture.balance(series, ann.address)).toBe(2_000n);
  });
});

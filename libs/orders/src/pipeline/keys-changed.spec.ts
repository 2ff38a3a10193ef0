import { encodeChangeKeys, keyChangeDigest, type Hex } from '#contracts';
import { differencesOf } from '../../../../test/support/differences.js';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { passkey, ringAccount, wallet, type Person } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

const FLAG_GIFT = 1;
const GIVEN = 5_000n;

let fixture: OrderFixture;
let series: number;
let shop: Hex;

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT });
  shop = (await fixture.world.registerMerchant(CITY)).address.toLowerCase();
  await fixture.indexed();
});

afterEach(() => fixture?.hold());
afterAll(() => fixture?.close());

/** Gives an account other keys on chain; who signs for it from now on. */
async function changeKeys(of: Person): Promise<Person> {
  const next = ringAccount(0n, [{ right: 'owner', key: passkey(`next of ${of.address}`) }], of.address);
  const deadline = (await fixture.world.now()) + 600;
  const change = { account: of.address, keys: next.ring, change: 1, deadline };
  const data = encodeChangeKeys(
    of.address,
    next.ring,
    deadline,
    of.prove(keyChangeDigest(fixture.domain, change)),
  );
  await fixture.world.send({ to: fixture.world.deployment.vouchers, data });
  await fixture.indexed();
  return next.by(0);
}

async function withHolding(name: string): Promise<Person> {
  const person = wallet(name);
  await fixture.issue(series, person.address, GIVEN);
  return person;
}

async function withMerchantBalance(name: string): Promise<Person> {
  const person = wallet(name);
  const entries = [{ merchant: person.address, region: CITY, category: 1, size: 0 }];
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
  const payer = await withHolding(`payer of ${name}`);
  const paid = { payer: payer.address, merchant: person.address, amount: GIVEN, series: [series] };
  const { id } = await fixture.order('payments', payer, paid);
  await fixture.relay();
  expect(await fixture.decided('payments', id)).toMatchObject({ state: 'final' });
  await fixture.hold();
  return person;
}

describe('an order that was promised, of an account whose keys change before it settles', () => {
  it.each([
    ['payments', withHolding, (by: Person) => ({ payer: by.address, merchant: shop, series: [series] })],
    [
      'gifts',
      withHolding,
      (by: Person) => ({ giver: by.address, receiver: wallet('keys receiver').address, series }),
    ],
    ['redemptions', withMerchantBalance, (by: Person) => ({ merchant: by.address, series })],
  ] as const)('ends as refused, and what it had reserved is free: %s', async (path, begin, messageOf) => {
    const by = await begin(`keys of ${path}`);
    const wanted = { ...messageOf(by), amount: GIVEN, nonce: 1 } as never;
    const old = await fixture.order(path, by, wanted);
    expect(old.answer.status).toBe(202);
    const owner = await changeKeys(by);
    // Until the chain has decided, it is promised to the last won.
    const early = await fixture.order(path, owner, { ...(wanted as object), amount: 1n, nonce: 2 } as never);
    expect([early.answer.status, early.answer.body.expected]).toMatchObject([422, { balance: '0' }]);

    await fixture.relay();
    expect(await fixture.decided(path, old.id)).toMatchObject({
      state: 'refused',
      code: 'signature_invalid',
      block: expect.anything(),
    });
    const { id } = await fixture.order(path, owner, { ...(wanted as object), amount: GIVEN - 1n } as never);
    expect(await fixture.decided(path, id)).toMatchObject({ state: 'final' });
    expect(await differencesOf(fixture.world)).toEqual([]);
  });
});

import type { Hex } from '#contracts';
import { LAST_ISO_SECOND, WON_MAX } from '#domain';
import type { Answer } from '../../../../test/support/api.js';
import { OrderFixture } from '../../../../test/support/order-fixture.js';
import { wallet, type Person } from '../../../../test/support/signing-keys.js';
import { CITY } from '../../../../test/support/world.js';

const FLAG_GIFT = 1;
/** What numbers of each field a client may send: the least, the most, and both sides of what a database column holds. */
const BOUNDS = {
  series: [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
  amount: [0n, 1n, WON_MAX],
  nonce: [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
  deadline: [0, 2 ** 31, LAST_ISO_SECOND],
} as const;
const BEYOND = {
  series: 2 ** 32,
  amount: WON_MAX + 1n,
  nonce: 2 ** 32,
  deadline: LAST_ISO_SECOND + 1,
} as const;
type Field = keyof typeof BOUNDS;
const FIELDS = Object.keys(BOUNDS) as Field[];

let fixture: OrderFixture;
let series: number;
let shop: Person;
let payment: Hex;
const payer = wallet('bounds payer');
const stranger = wallet('bounds stranger').address;

async function openShop(name: string): Promise<Person> {
  const one = wallet(name);
  const entries = [{ merchant: one.address, region: CITY, category: 1, size: 0 }];
  await fixture.world.executeAct('set_merchants', { authority: CITY, entries });
  await fixture.indexed();
  return one;
}

beforeAll(async () => {
  fixture = await OrderFixture.create();
  series = await fixture.world.publishSeries(CITY, { flags: FLAG_GIFT, hops: 2 });
  shop = await openShop('bounds shop');
  await fixture.issue(series, payer.address, 1_000_000n);
  await fixture.relay();
  const paid = await fixture.order('payments', payer, {
    payer: payer.address,
    merchant: shop.address,
    series: [series],
    amount: 500_000n,
  });
  payment = paid.id;
  expect(await fixture.decided('payments', payment)).toMatchObject({ state: 'final' });
  await fixture.hold();
});

afterAll(() => fixture?.close());

/** A good order of each kind, by whom and what it says. */
function goodOrders() {
  return {
    payments: { by: payer, message: { payer: payer.address, merchant: shop.address, series } },
    gifts: { by: payer, message: { giver: payer.address, receiver: stranger, series } },
    refunds: { by: payer, message: { account: payer.address, series } },
    voids: { by: shop, message: { merchant: shop.address, payment, series } },
    circulations: { by: shop, message: { merchant: shop.address, recipient: stranger, series } },
    redemptions: { by: shop, message: { merchant: shop.address, series } },
  } as const;
}
type Path = keyof ReturnType<typeof goodOrders>;
const PATHS: readonly Path[] = ['payments', 'gifts', 'refunds', 'voids', 'circulations', 'redemptions'];

async function sendWith(path: Path, field: Field, value: number | bigint): Promise<Answer> {
  const { by, message } = goodOrders()[path];
  const deadline = (await fixture.world.now()) + 3_600;
  const terms = { amount: 1n, nonce: 1, deadline, ...message, [field]: value };
  const { id, authorisation } = await fixture.message(path, by, listed(path, terms) as never);
  return fixture.submit(path, authorisation, by.prove(id));
}

/** Payments name their series as a list. */
function listed<T extends { readonly series: number }>(path: string, terms: T): object {
  return path === 'payments' ? { ...terms, series: [Number(terms.series)] } : terms;
}

describe('a number at the bounds of its field', () => {
  it('is answered on every route of orders, and changes no answer to the honest orders in its batch', async () => {
    const people = Array.from({ length: 6 }, (_unused, index) => wallet(`bounds honest ${index}`));
    for (const { address } of people) await fixture.issue(series, address, 1_000n);
    const other = await openShop('bounds other shop');
    const hostile: Promise<Answer>[] = [];
    const honest: Promise<{ answer: Answer }>[] = [];
    for (const path of PATHS) {
      for (const field of FIELDS) {
        for (const value of BOUNDS[field]) hostile.push(sendWith(path, field, value));
      }
    }
    for (const one of people) {
      honest.push(
        fixture.order('payments', one, {
          payer: one.address,
          merchant: other.address,
          series: [series],
          amount: 100n,
          nonce: 1,
        }),
        fixture.order('gifts', one, {
          giver: one.address,
          receiver: stranger,
          series,
          amount: 100n,
          nonce: 2,
        }),
      );
    }
    const voids = [11, 12, 13].map((nonce) =>
      fixture.order('voids', shop, {
        merchant: shop.address,
        payment,
        series,
        amount: 10n,
        nonce,
      }),
    );
    const answers = await Promise.all(hostile);
    expect(answers.filter(({ status }) => status >= 500 || status < 200)).toEqual([]);
    const statuses = (await Promise.all([...honest, ...voids])).map(({ answer }) => answer.status);
    expect(statuses).toEqual(statuses.map(() => 202));
  });

  it('of a void of a series that no database column holds is refused as unknown, alone', async () => {
    for (const number of [2 ** 31, 2 ** 32 - 1]) {
      const answer = await sendWith('voids', 'series', number);
      expect([answer.status, answer.body.code]).toEqual([404, 'series_unknown']);
    }
  });

  it('is refused with the field once it is beyond them', async () => {
    for (const path of PATHS) {
      const { by, message } = goodOrders()[path];
      for (const field of FIELDS) {
        const terms = { amount: 1n, nonce: 1, deadline: 1, order: `0x${'00'.repeat(32)}`, ...message };
        const answer = await fixture.submit(
          path,
          listed(path, { ...terms, [field]: BEYOND[field] }),
          by.prove(`0x${'11'.repeat(32)}`),
        );
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({ errors: [{ field: `authorisation.${field}` }] });
      }
    }
  });

  it('is refused with the field where a list would begin after its end', async () => {
    for (const path of PATHS) {
      const list = await fixture.api.get(`/v1/${path}?from=2026-02-01&to=2026-01-31`);
      expect([list.status, list.body.errors]).toEqual([400, [expect.objectContaining({ field: 'from' })]]);
      expect((await fixture.api.get(`/v1/${path}?from=2026-01-31&to=2026-01-31`)).status).toBe(200);
    }
  });

  it('is a series without orders in every list', async () => {
    for (const path of PATHS) {
      const place = path === 'gifts' || path === 'refunds' ? '' : '&category=127';
      for (const state of ['final', 'accepted', 'refused']) {
        const list = await fixture.api.get(`/v1/${path}?series=4294967295&state=${state}${place}`);
        expect([list.status, list.body]).toEqual([200, { items: [], next: null }]);
      }
    }
  });
});

import type { Wallet } from 'ethers';
import { inventedBusinessNumber, koreanIsoDate } from '#domain';
import { CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, recordAt, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

const OTHER_CITY = '47110';
const CITY_SERIES = 1;
const PROVINCE_SERIES = 2;

let api: ApiFixture;
let cafe: Wallet;
let diner: Wallet;
let faraway: Wallet;
let resident: Wallet;

beforeAll(async () => {
  api = await ApiFixture.create();
  const { world } = api;
  [cafe, diner, faraway] = [world.wallet('cafe'), world.wallet('diner'), world.wallet('faraway')];
  resident = world.wallet('resident');
  await api.act({ kind: 'publish_series', authority: CITY, attachment: { terms: termsOf(CITY) } });
  const wide = termsOf(PROVINCE, { caps: { daily: '100000' } });
  await api.act({ kind: 'publish_series', authority: PROVINCE, attachment: { terms: wide } });
  await register(CITY, [
    [cafe, CITY, 'cafe', '황리단길 카페'],
    [diner, CITY, 'restaurant', '경주국밥'],
  ]);
  await register(PROVINCE, [[faraway, OTHER_CITY, 'restaurant', '포항물회']]);
  await issue(CITY, CITY_SERIES, '50000');
  await issue(PROVINCE, PROVINCE_SERIES, '70000');

  await pay(CITY_SERIES, cafe, 12_000n, 202);
  await pay(CITY_SERIES, diner, 8_000n, 202);
  await pay(PROVINCE_SERIES, faraway, 30_000n, 202);
  await pay(CITY_SERIES, faraway, 1_000n, 422);
  await api.until('everything is final', async () => (await api.count('chain.payment')) === 3);
  await world.redeem(await world.signRedemption({ merchant: cafe, series: CITY_SERIES, amount: 5_000n }));
  await api.until('redeemed', async () => (await api.count('chain.redemption')) === 1);
});

afterAll(async () => {
  await api?.close();
});

async function register(
  authority: string,
  shops: readonly (readonly [Wallet, string, string, string])[],
): Promise<void> {
  await api.act({
    kind: 'set_merchants',
    authority,
    args: {
      entries: shops.map(([{ address }, region, category]) => ({
        merchant: address,
        region,
        category,
        size: 0,
      })),
    },
    attachment: {
      profiles: shops.map(([{ address }, region, , name], index) => ({
        merchant: address,
        name,
        businessNumber: inventedBusinessNumber(Number(region) + index),
        address: `${region}로 1`,
      })),
    },
  });
}

async function issue(authority: string, series: number, amount: string): Promise<void> {
  const items = [{ account: resident.address, amount }];
  await api.act({ kind: 'approve_issue', authority, args: { series }, attachment: { items } });
  await api.enqueueLists();
  await api.until('issued', async () => {
    const { body } = await api.get(`/v1/series/${series}`);
    return textAt(body, 'figures', 'issued') === amount;
  });
}

async function pay(series: number, merchant: Wallet, amount: bigint, status: number): Promise<void> {
  const { authorisation, signature: proof } = await api.world.signPayment({
    payer: resident,
    merchant,
    series,
    amount,
  });
  const body = { authorisation: { ...authorisation, amount: String(amount) }, proof };
  expect(await api.post('/v1/payments', body)).toMatchObject({ status });
}

/** Every row behind a figure, page by page. */
async function rowsOf(href: string): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let cursor: unknown = ''; cursor !== null;) {
    const url = `${href}${href.includes('?') ? '&' : '?'}limit=1${cursor === '' ? '' : `&cursor=${String(cursor)}`}`;
    const { status, body } = await api.get(url);
    expect({ url, status }).toEqual({ url, status: 200 });
    items.push(...arrayAt(body, 'items'));
    cursor = at(body, 'next');
  }
  return items;
}

describe('looking things up', () => {
  it('finds regions by parent and by their former code', async () => {
    const provinces = await api.get('/v1/regions?level=province&limit=100');
    expect(arrayAt(provinces.body, 'items')).toHaveLength(16);
    expect(await api.get('/v1/regions/47720')).toMatchObject({ status: 200, body: { code: '27720' } });
    expect(await api.get('/v1/regions/4711000000')).toMatchObject({ status: 200, body: { code: '4711' } });
    expect(await api.get('/v1/regions/47')).toMatchObject({ body: { name: '경상북도' } });
    expect((await api.get('/v1/regions/99')).status).toBe(404);
  });

  it('shows what a divided place became', async () => {
    // Jung-gu of Incheon, until July 2026.
    for (const code of ['28110', '2811000000']) {
      expect(await api.get(`/v1/regions/${code}`)).toMatchObject({
        status: 200,
        body: {
          code,
          became: [
            { code: '28125', name: expect.stringContaining('인천광역시') },
            { code: '28155', name: expect.stringContaining('인천광역시') },
          ],
        },
      });
    }
  });

  it('says in one document what a wallet must sign', async () => {
    const { chainId, vouchers, authorities } = api.world.deployment;
    expect(await api.get('/v1/chain')).toMatchObject({
      status: 200,
      body: {
        chainId,
        contracts: { vouchers, authorities },
        domains: {
          vouchers: { verifyingContract: vouchers },
          authorities: { verifyingContract: authorities },
        },
        types: { Payment: expect.any(Array), Redemption: expect.any(Array), Act: expect.any(Array) },
        indexedBlock: { number: expect.stringMatching(/^\d+$/) },
      },
    });
    const refusals = await api.get('/v1/refusals');
    expect(arrayAt(refusals.body, 'items').map((one) => at(one, 'code'))).toContain('wrong_region');
  });

  it('explains a problem at the address that its type names', async () => {
    const problem = await api.get('/v1/series/999');
    expect(problem.status).toBe(404);
    const page = await api.get(String(at(problem.body, 'type')));
    expect(page).toMatchObject({ status: 200, body: { code: at(problem.body, 'code'), httpStatus: 404 } });
    expect(await api.get('/problems/no_such_code')).toMatchObject({ status: 404 });
  });

  it('lists merchants by region, category, name and status, one page after the other', async () => {
    expect((await rowsOf('/v1/merchants?region=47')).map((one) => at(one, 'id')).toSorted()).toEqual(
      [cafe, diner, faraway].map(({ address }) => address.toLowerCase()).toSorted(),
    );
    expect(await rowsOf(`/v1/merchants?region=${CITY}&category=cafe&status=active`)).toMatchObject([
      { name: '황리단길 카페', lastPaidDaysAgo: 0, regionName: '경상북도 경주시' },
    ]);
    expect(await rowsOf(`/v1/merchants?text=${encodeURIComponent('물회')}`)).toMatchObject([
      { region: '4711' },
    ]);
    expect(await rowsOf('/v1/merchants?status=suspended')).toEqual([]);
  });

  it('reports which series a merchant accepts', async () => {
    const accepts = async ({ address }: Wallet) =>
      arrayAt((await api.get(`/v1/merchants/${address}`)).body, 'accepts').map((one) => at(one, 'id'));
    expect(await accepts(cafe)).toEqual([PROVINCE_SERIES, CITY_SERIES]);
    expect(await accepts(faraway)).toEqual([PROVINCE_SERIES]);
  });

  it('reports to a resident what is left, what may be spent today, and the next nonce', async () => {
    expect(await api.get(`/v1/accounts/${resident.address}/holdings`)).toMatchObject({
      status: 200,
      body: {
        total: '70000',
        items: [
          { series: { id: 2 }, balance: '40000', spendable: '40000', nextNonce: 2, dailyCapLeft: '70000' },
          { series: { id: 1 }, balance: '30000', reserved: '0', nextNonce: 3, dailyCapLeft: null },
        ],
      },
    });
  });

  it('reports what happened to an account, newest first, each payment once', async () => {
    const history = await rowsOf(`/v1/accounts/${resident.address}/history`);
    const kinds = history.map((one) => at(one, 'kind')).toSorted();
    expect(kinds).toEqual(['issued', 'issued', 'paid', 'paid', 'paid', 'refused']);
    expect(history.find((one) => at(one, 'kind') === 'refused')).toMatchObject({ code: 'wrong_region' });
    const times = history.map((one) => textAt(one, 'at'));
    expect(times).toEqual(times.toSorted().toReversed());
  });
});

describe('a report', () => {
  const GROUPS = ['authority', 'series', 'region', 'category', 'day'];
  const FIGURES = ['issued', 'outstanding', 'paid', 'redeemed'];

  it.each(GROUPS)(
    'by %s adds up to the figures of the series, and every figure to its rows',
    async (group) => {
      const { status, body } = await api.get(`/v1/reports/summary?group=${group}`);
      expect(status).toBe(200);
      const total = recordAt(body, 'total');
      expect(Object.fromEntries(FIGURES.map((name) => [name, at(total, name, 'amount')]))).toEqual({
        issued: '120000',
        outstanding: '115000',
        paid: '50000',
        redeemed: '5000',
      });
      const rows = arrayAt(body, 'rows').map((row) => recordAt(row, 'figures'));
      for (const name of FIGURES) {
        // By day, outstanding is a level and not a movement.
        if (group !== 'day' || name !== 'outstanding') {
          const sum = rows.reduce((won, row) => won + Number(at(row, name, 'amount')), 0);
          expect([name, String(sum)]).toEqual([name, at(total, name, 'amount')]);
        }
        for (const figures of [...rows, total]) {
          const behind = await rowsOf(textAt(figures, name, 'href'));
          const won = behind.reduce((sum: number, row) => sum + Number(at(row, 'amount')), 0);
          expect([textAt(figures, name, 'href'), String(won)]).toEqual([
            textAt(figures, name, 'href'),
            at(figures, name, 'amount'),
          ]);
          const count = at(figures, name, 'count');
          if (count !== null) expect(behind).toHaveLength(Number(count));
        }
      }
      for (const figures of [...rows, total]) {
        for (const name of ['merchantsActive', 'refused']) {
          const behind = await rowsOf(textAt(figures, name, 'href'));
          expect(behind).toHaveLength(Number(at(figures, name, 'count')));
        }
      }
    },
  );

  it('of a region contains its cities and names what lies elsewhere', async () => {
    const { body } = await api.get('/v1/reports/summary?group=region&region=47');
    const rows = arrayAt(body, 'rows');
    const paid = Object.fromEntries(
      rows.map((row) => [at(row, 'key') ?? 'rest', at(row, 'figures', 'paid', 'amount')]),
    );
    // Issue by the province itself lies in none of its cities.
    expect(paid).toEqual({ 47130: '20000', 4711: '30000', rest: '0' });
  });

  it('of one series and day counts what belongs to both', async () => {
    const today = koreanIsoDate(Math.floor(Date.now() / 1000));
    const { body } = await api.get(`/v1/reports/summary?group=category&series=1&from=${today}&to=${today}`);
    expect(at(body, 'total', 'paid', 'amount')).toBe('20000');
    const tomorrow = koreanIsoDate(Math.floor(Date.now() / 1000) + 86_400);
    const later = await api.get(`/v1/reports/summary?group=category&series=1&from=${tomorrow}`);
    expect(at(later.body, 'total')).toMatchObject({
      paid: { amount: '0' },
      outstanding: { amount: '45000' },
    });
  });

  it('says why payments were refused', async () => {
    const { body } = await api.get('/v1/reports/summary?group=series');
    expect(at(body, 'total', 'refused', 'byCode')).toMatchObject([{ code: 'wrong_region', count: 1 }]);
    // One resident could raise a sum by amounts that only a treasury has.
    expect(recordAt(body, 'total', 'refused')).not.toHaveProperty('amount');
  });
});

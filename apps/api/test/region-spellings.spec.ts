import { inventedBusinessNumber, unpackScopeRule } from '#domain';
import { claimOf } from '../../../test/support/consents.js';
import { addressOf, keyOf } from '../../../test/support/keys.js';
import { ApiFixture, arrayAt, at, recordAt, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

const SOMEBODY = addressOf(keyOf('somebody in a place'));

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
});

afterAll(() => api?.close());

const publish = (areas: readonly string[], authority = '47130') =>
  api.post('/v1/acts/draft', {
    kind: 'publish_series',
    authority,
    attachment: {
      terms: termsOf('47130', { rules: areas.map((area) => ({ area, categories: 'all', maxSize: 'any' })) }),
    },
  });

const errorFields = (body: unknown) => arrayAt(body, 'errors').map((error) => textAt(error, 'field'));

describe('an area in terms', () => {
  it.each([
    ['4711000000', '4711', 'the official ten digits of a city with wards'],
    ['47110', '4711', 'its official five digits'],
    ['42', '51', 'a province under its former code'],
    ['47720', '27720', 'a county that went to another province'],
  ])('%s is written as %s in document, preview and contract: %s', async (spelling, code) => {
    const answer = await publish([spelling]);
    expect(answer.status).toBe(200);
    expect(at(answer.body, 'attachment', 'terms', 'rules', 0, 'area')).toBe(code);
    // What the contract compares.
    const rules = arrayAt(answer.body, 'args', 'rules').map((word) => unpackScopeRule(BigInt(String(word))));
    expect(rules.map(({ area }) => area)).toEqual([code]);
  });

  it('that names no place, or several after a division, is refused with its field and what it may be', async () => {
    const answer = await publish(['47130', '99', '4799', '28260']);
    expect(answer.status).toBe(400);
    expect(errorFields(answer.body)).toEqual(
      [1, 2, 3].map((index) => `attachment.terms.rules[${index}].area`),
    );
    expect(JSON.stringify(answer.body)).toMatch(/28275 .*28290 /);
  });
});

describe('a place in an act', () => {
  it('is the present one in any spelling, and refused when it is none', async () => {
    const found = (region: string) =>
      api.post('/v1/acts/draft', {
        kind: 'attest_accounts',
        authority: '4713000000',
        args: {
          // The consent names the authority by the code that it was founded with.
          entries: [
            { account: SOMEBODY, home: region, tier: 'phone', claim: claimOf(api.domain, SOMEBODY, '47130') },
          ],
        },
      });
    const answer = await found('4713000000');
    expect([answer.status, at(answer.body, 'act', 'authority')]).toEqual([200, '47130']);
    expect(at(answer.body, 'args', 'entries', 0, 'home')).toBe('47130');
    // An authority whose place was divided is asked for by what it became.
    const divided = await api.post('/v1/acts/draft', {
      kind: 'pause_series',
      authority: '28260',
      args: { series: 1, until: null },
    });
    expect([divided.status, errorFields(divided.body)]).toEqual([400, ['authority']]);
    expect(at(divided.body, 'errors', 0, 'became')).toEqual(['28275', '28290']);
    const none = await found('47999');
    expect([none.status, errorFields(none.body)]).toEqual([400, ['args.entries[0].home']]);
  });

  it('below the table of regions is refused where no legal dong, eup or myeon can have its number', async () => {
    const shopAt = (region: string) =>
      api.post('/v1/acts/draft', {
        kind: 'set_merchants',
        authority: '47130',
        args: { entries: [{ merchant: SOMEBODY, region, category: 'cafe', size: 0 }] },
        attachment: {
          profiles: [
            {
              merchant: SOMEBODY,
              name: '카페',
              businessNumber: inventedBusinessNumber(1),
              address: '경주시',
            },
          ],
        },
      });
    for (const none of ['47130001', '4713051500', '47130999', '4713010421', '4713000021']) {
      const answer = await shopAt(none);
      expect([none, answer.status, errorFields(answer.body)]).toEqual([
        none,
        400,
        ['args.entries[0].region'],
      ]);
    }
    const place = await shopAt('4713010400');
    expect([place.status, at(place.body, 'args', 'entries', 0, 'region')]).toEqual([200, '47130104']);
    // Whoever signs sees which place it is.
    expect(textAt(place.body, 'explanation', 'ko')).toContain('경상북도 경주시 읍·면·동 47130104');
    expect(textAt(place.body, 'explanation', 'en')).toContain('neighbourhood 47130104 of Gyeongju-si');
  });
});

describe('a place in a filter', () => {
  const FILTERS = [
    '/v1/series?region=',
    '/v1/series?authority=',
    '/v1/merchants?region=',
    '/v1/payments?region=',
    '/v1/redemptions?region=',
    '/v1/acts?authority=',
    '/v1/books/trial-balance?authority=',
    '/v1/reports/summary?group=series&region=',
    '/v1/reports/summary?group=series&authority=',
    '/v1/reports/rows/merchants?region=',
    '/v1/reports/rows/paid?authority=',
    '/v1/books/entries?authority=',
    `/v1/accounts/0x${'11'.repeat(20)}/holdings?authority=`,
    '/v1/regions?parent=',
  ];

  it.each(FILTERS)(
    '%s means the same in every spelling, and is refused when it names none or several',
    async (path) => {
      const present = await api.get(`${path}47130`);
      expect(present.status).toBe(200);
      expect((await api.get(`${path}4713000000`)).status).toBe(200);
      for (const none of ['99', '4799', '28260']) {
        const refused = await api.get(`${path}${none}`);
        const field = /[?&](region|authority|parent)=$/.exec(path)?.[1];
        expect([refused.status, errorFields(refused.body)]).toEqual([400, [field]]);
      }
      // Seo-gu of Incheon was divided in July 2026.
      const divided = await api.get(`${path}28260`);
      expect(at(divided.body, 'errors', 0, 'became')).toEqual(['28275', '28290']);
      expect(textAt(divided.body, 'errors', 0, 'message')).toMatch(/28275 \(인천.*28290 \(인천/);
    },
  );

  it.each([
    ['/v1/gifts?region=47130', 'region'],
    ['/v1/refunds?category=1', 'category'],
    ['/v1/reports/rows/merchants?series=1', 'series'],
    ['/v1/reports/rows/merchants?from=2026-01-01', 'from'],
    ['/v1/reports/rows/paid?code=expired', 'code'],
    ['/v1/reports/rows/paid-merchants?code=expired', 'code'],
    ['/v1/payments?day=2026-01-01&from=2026-01-01', 'day'],
  ])('that would do nothing is refused: %s', async (path, field) => {
    const answer = await api.get(path);
    expect([answer.status, errorFields(answer.body)]).toEqual([400, [field]]);
  });

  it('finds what is there by the official ten digits', async () => {
    await api.act({
      kind: 'publish_series',
      authority: '47130',
      attachment: { terms: termsOf('47130') },
    });
    const lists = await Promise.all(
      ['authority=47130', 'authority=4713000000', 'region=4713000000', 'region=28275'].map((query) =>
        api.get(`/v1/series?${query}`),
      ),
    );
    expect(lists.map(({ body }) => arrayAt(body, 'items').length)).toEqual([1, 1, 1, 0]);
  });

  it('counts and lists the same merchants in a report, however the place is written', async () => {
    await api.world.registerMerchant('47130');
    await api.indexed();
    for (const scope of ['region=47130', 'region=4713000000', 'authority=47130', 'authority=4713000000']) {
      const { body } = await api.get(`/v1/reports/summary?group=category&${scope}`);
      const { count, href } = recordAt(body, 'total', 'merchantsActive');
      const rows = await api.get(String(href));
      expect([scope, count, arrayAt(rows.body, 'items').length]).toEqual([scope, 1, 1]);
    }
  });

  it('leads to the authority by its place, and to one by the code under which it was founded', async () => {
    expect(textAt((await api.get('/v1/authorities/4713000000')).body, 'code')).toBe('47130');
    expect((await api.get('/v1/authorities/28260')).status).toBe(404);
    expect((await api.get('/v1/authorities/99')).status).toBe(404);
  });
});

describe('the list of regions', () => {
  const codes = async (query: string) =>
    arrayAt((await api.get(`/v1/regions?limit=100&${query}`)).body, 'items').map((row) =>
      textAt(row, 'code'),
    );

  it.each([
    ['47110', '4711', 'five digits of a city with wards'],
    ['4711000000', '4711', 'its official ten digits'],
    ['4700000000', '47', 'ten digits of a province'],
    ['42', '51', 'a province under its former code'],
  ])('has below parent %s what it has below %s: %s', async (spelling, present) => {
    const children = await codes(`parent=${present}`);
    expect(children.length).toBeGreaterThan(1);
    expect(await codes(`parent=${spelling}`)).toEqual(children);
  });

  it('has the provinces below an empty parent', async () => {
    expect(await codes('parent=')).toHaveLength(16);
  });

  it('is found by a part of the name, in single jamo and with other spaces as well', async () => {
    for (const text of ['포항', '포항'.normalize('NFD'), ' 포 항 '])
      expect(await codes(`text=${encodeURIComponent(text)}`)).toEqual(['4711', '47111', '47113']);
    const nothing = await api.get('/v1/regions?text=-');
    expect([nothing.status, errorFields(nothing.body)]).toEqual([400, ['text']]);
  });
});

describe('a report', () => {
  it('that ends before it begins is refused with the field', async () => {
    const answer = await api.get('/v1/reports/summary?group=series&from=2026-02-01&to=2026-01-31');
    expect([answer.status, errorFields(answer.body)]).toEqual([400, ['from']]);
  });
});

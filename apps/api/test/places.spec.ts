import { claimOf } from '../../../test/support/consents.js';
import { addressOf, keyOf } from '../../../test/support/keys.js';
import { ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

/** Gunwi moves to Daegu: acts about areas and reforms, and how authorities are found by what they answer for. */
let api: ApiFixture;
const SHOP = addressOf(keyOf('a shop that gets another code'));
const RESIDENT = addressOf(keyOf('a resident whose home gets another code'));

beforeAll(async () => {
  api = await ApiFixture.create();
  await api.world.found('', '27');
  await api.world.found('47', '47720');
  await api.indexed();
});

afterAll(() => api?.close());

const draft = (kind: string, authority: string, args: Record<string, unknown>) =>
  api.post('/v1/acts/draft', { kind, authority, args });
const code = (answer: { body: unknown }) => textAt(answer.body, 'code');
const areas = async (spelling: string) => at((await api.get(`/v1/authorities/${spelling}`)).body, 'areas');
const act = (kind: string, authority: string, args: Record<string, unknown>, officers = [1, 2, 3]) =>
  api.act({ kind, authority, args }, officers);
const inForce = async (spelling: string, wanted: readonly string[]) => {
  await api.until('areas are in force', async () => {
    await api.finishChanges();
    return JSON.stringify(await areas(spelling)) === JSON.stringify(wanted);
  });
};

describe('an area', () => {
  it.each([
    ['of a stranger', '47', { to: '47130', area: '27720' }, 'region_outside_authority'],
    ['that another has', '47', { to: '47130', area: '47720' }, 'authority_nearer'],
    ['around another’s', '47', { to: '47720', area: '471' }, 'area_occupied'],
    ['for an authority that is not founded', '47', { to: '47840', area: '47840' }, 'authority_unknown'],
    ['for oneself', '47', { to: '47', area: '47840' }, 'area_invalid'],
    ['that is there', '47130', { to: '47', area: '47130' }, 'area_invalid'],
  ])('%s is not granted', async (_what, authority, args, wanted) => {
    const answer = await draft('grant_area', authority, args);
    expect([answer.status >= 400, code(answer)]).toEqual([true, wanted]);
  });

  it('that no one else answers for is not given up', async () => {
    expect(code(await draft('give_up_area', '47', { area: '47' }))).toBe('area_without_authority');
    expect(code(await draft('give_up_area', '47130', { area: '47130101' }))).toBe('area_invalid');
  });

  it('is a code as it stands, of now or of then', async () => {
    const none = await draft('grant_area', '47', { to: '47130', area: '4784000000' });
    expect([none.status, arrayAt(none.body, 'errors').map((error) => textAt(error, 'field'))]).toEqual([
      400,
      ['args.area'],
    ]);
    expect(code(await draft('found_authority', '47', founding('471')))).toBe('area_occupied');
  });

  it('is granted, shown while it waits, and then finds its authority in every spelling', async () => {
    await act('grant_area', '27', { to: '47720', area: '27720' });
    await inForce('47720', ['47720', '27720']);
    for (const spelling of ['27720', '2772000000', '47720'])
      expect([spelling, textAt((await api.get(`/v1/authorities/${spelling}`)).body, 'code')]).toEqual([
        spelling,
        '47720',
      ]);
    const { body } = await api.get('/v1/authorities/47720');
    expect(textAt(body, 'name')).toBe('대구광역시 군위군');
    // A consent names the authority by the code that it was founded with.
    const claim = claimOf(api.domain, RESIDENT, '47720');
    const asked = await draft('attest_accounts', '27720', {
      entries: [{ account: RESIDENT, home: '27720', tier: 'phone', claim }],
    });
    expect([asked.status, at(asked.body, 'act', 'authority')]).toEqual([200, '47720']);
  });
});

describe('a reform', () => {
  const reform = { from: '47720', to: '27720' };
  const recoded = { ...reform, entries: [{ merchant: SHOP, region: '27720250' }] };

  it('is declared by whom answers for both regions, and once', async () => {
    expect(code(await draft('recode_merchants', '47720', recoded))).toBe('reform_unknown');
    expect(code(await draft('declare_reform', '27', reform))).toBe('region_outside_authority');
    expect(code(await draft('declare_reform', '47720', { from: '47720', to: '47720250' }))).toBe(
      'reform_invalid',
    );
    await api.world.executeAct('set_merchants', {
      authority: '47720',
      entries: [{ merchant: SHOP, region: '47720250', category: 1, size: 1 }],
    });
    await api.indexed();
    await act('declare_reform', '47720', reform);
    expect(code(await draft('declare_reform', '47720', reform))).toBe('reform_invalid');
  });

  it('explains itself in both languages, and skips what it does not lead to', async () => {
    const entries = [...recoded.entries, { merchant: RESIDENT, region: '27720250' }];
    const answer = await draft('recode_merchants', '47720', { ...reform, entries });
    expect(at(answer.body, 'skipped', 0, 'code')).toBe('merchant_unknown');
    expect(textAt(answer.body, 'explanation', 'ko')).toContain('대구광역시 군위군');
    expect(textAt(answer.body, 'explanation', 'en')).toMatch(/^[\x20-\x7e]+$/);
    const wrong = { ...reform, entries: [{ merchant: SHOP, region: '27710' }] };
    expect(code(await draft('recode_merchants', '47720', wrong))).toBe('place_outside_reform');
  });

  it('gives shops and homes their new codes', async () => {
    await act('recode_merchants', '47720', recoded, [1]);
    const { body } = await api.get(`/v1/merchants/${SHOP}`);
    expect([textAt(body, 'region'), textAt(body, 'formerRegion')]).toEqual(['27720250', '47720250']);
    expect(at(body, 'formerPlaces')).toEqual([{ region: '47720250', lastSeries: 0 }]);
    await act(
      'attest_accounts',
      '47720',
      { entries: [{ account: RESIDENT, home: '27720', tier: 'phone' }] },
      [1],
    );
    expect(
      code(
        await draft('recode_homes', '47720', { ...reform, entries: [{ account: RESIDENT, home: '27720' }] }),
      ),
    ).toBe('place_outside_reform');
  });

  it('lets the authority publish for its new code, and be found by it', async () => {
    await api.act({
      kind: 'publish_series',
      authority: '47720',
      attachment: {
        terms: termsOf('27720', { rules: [{ area: '27720', categories: 'all', maxSize: 'any' }] }),
      },
    });
    for (const query of ['authority=27720', 'authority=47720', 'authority=2772000000']) {
      const { body } = await api.get(`/v1/series?${query}`);
      expect([query, arrayAt(body, 'items').length]).toEqual([query, 1]);
    }
    const summary = await api.get('/v1/reports/summary?group=series&authority=27720');
    expect(summary.status).toBe(200);
  });
});

function founding(region: string) {
  return {
    region,
    officers: [1, 2, 3, 4].map((id) => ({
      id,
      keys: [`0x${String(id).repeat(40)}`],
      roles: ['governor', 'treasurer', 'registrar'],
    })),
    thresholds: { governors: 2, registrars: 1, bands: [{ upTo: null, officers: 2 }] },
  };
}

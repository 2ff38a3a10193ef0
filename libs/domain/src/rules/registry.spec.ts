import {
  latestPause,
  needsTwoToFreeze,
  refusalOfAttestation,
  refusalOfFreeze,
  refusalOfMerchant,
  refusalOfNewHome,
  refusalOfPlace,
  refusalOfRecoding,
  refusalOfStatus,
  type KnownAccount,
} from './registry.js';

const NOW = 1_790_000_000;
const DAY = 86_400;
const A = `0x${'0a'.repeat(20)}`;
const CITY = '47130';
const OTHER = '47190';
const HERE = { region: '47130101', status: 1, formerPlaces: 0 };
const THERE = { ...HERE, region: OTHER };
const BY = { authority: CITY, areas: [CITY] };
const STATE = { authority: '', areas: [] };
const account: KnownAccount = { home: CITY, tier: 1, frozenUntil: 0, frozenByOne: false };
const frozen = { ...account, frozenUntil: NOW + 1 };
const outside = (region: string, authority = CITY) => ({
  code: 'region_outside_authority',
  args: { authority, region },
});
const onlyOne = { code: 'officers_too_few', args: { had: 1, needed: 2 } };

describe('an entry of a list of merchants', () => {
  it.each([
    ['of a new merchant', CITY, CITY, undefined, undefined],
    ['of a known one', CITY, CITY, HERE, undefined],
    ['for a place outside', CITY, OTHER, undefined, outside(OTHER)],
    ['of another city’s merchant', CITY, CITY, THERE, outside(OTHER)],
    [
      'of a closed merchant',
      CITY,
      CITY,
      { ...HERE, status: 3 },
      { code: 'merchant_invalid', args: { merchant: A } },
    ],
    ['by the state', '', CITY, undefined, outside(CITY, '')],
  ] as const)('%s', (_what, authority, region, known, wanted) => {
    expect(refusalOfMerchant(authority === '' ? STATE : BY, { merchant: A, region }, known)).toEqual(wanted);
  });

  it('of a status follows the table of moves', () => {
    const move = (from: number, to: number) => refusalOfStatus(BY, A, { ...HERE, status: from }, to);
    expect(move(1, 2)).toBeUndefined();
    expect(move(2, 3)).toBeUndefined();
    for (const [from, to] of [
      [1, 1],
      [3, 1],
    ] as const) {
      expect(move(from, to)).toEqual({ code: 'merchant_move_illegal', args: { merchant: A, from, to } });
    }
    expect(refusalOfStatus(BY, A, undefined, 2)).toEqual({ code: 'merchant_unknown', args: {} });
    expect(refusalOfPlace(BY, THERE)).toEqual(outside(OTHER));
    expect(refusalOfPlace(BY, HERE)).toBeUndefined();
  });
});

describe('an entry of a list of accounts', () => {
  const attest = (
    entry: { home: string; tier: number },
    known?: KnownAccount,
    merchant?: typeof HERE,
    byTwo = false,
  ) => refusalOfAttestation(BY, entry, known, merchant, byTwo);

  it('is done for a new account, for a resident and for the city’s own merchant', () => {
    expect(attest({ home: CITY, tier: 1 })).toBeUndefined();
    expect(attest({ home: CITY, tier: 2 }, account)).toBeUndefined();
    expect(attest({ home: CITY, tier: 1 }, undefined, HERE)).toBeUndefined();
  });

  it('is skipped for what another city registered', () => {
    expect(attest({ home: CITY, tier: 1 }, { ...account, home: OTHER })).toEqual(outside(OTHER));
    expect(attest({ home: CITY, tier: 1 }, undefined, THERE)).toEqual(outside(OTHER));
    expect(attest({ home: OTHER, tier: 1 }, account)).toEqual(outside(OTHER));
    // A resident of the city keeps a shop elsewhere: the home decides.
    expect(attest({ home: CITY, tier: 1 }, account, THERE)).toBeUndefined();
  });

  it('lowers a tier by two registrars alone', () => {
    expect(attest({ home: CITY, tier: 0 }, account)).toEqual(onlyOne);
    expect(attest({ home: CITY, tier: 0 }, account, undefined, true)).toBeUndefined();
  });
});

describe('an entry of a list of places that a reform gave another code', () => {
  const NOW_IN = '27720';
  const moved = { authority: CITY, areas: [CITY, NOW_IN] };
  const reform = { from: CITY, to: NOW_IN };
  const recode = (region: string, known: typeof HERE | undefined = HERE, by = moved) =>
    refusalOfRecoding(by, reform, { merchant: A, region }, known);
  const outsideReform = (former: string, place: string) => ({
    code: 'place_outside_reform',
    args: { subject: A, former, place },
  });

  it('is done along the reform, by whom answers for both codes', () => {
    expect(recode('27720101')).toBeUndefined();
    expect(recode('27720101', HERE, { authority: '47', areas: ['47', '27'] })).toBeUndefined();
    expect(recode('27720101', HERE, BY)).toEqual(outside('27720101'));
    expect(recode('27720101', HERE, { authority: '27', areas: ['27'] })).toEqual(outside(HERE.region, '27'));
    expect(refusalOfNewHome(moved, reform, { account: A, home: NOW_IN }, account)).toBeUndefined();
  });

  it('is skipped where the reform does not lead', () => {
    expect(recode('47130102')).toEqual(outsideReform(HERE.region, '47130102'));
    expect(recode('47190101')).toEqual(outsideReform(HERE.region, '47190101'));
    expect(recode('27720101', THERE)).toEqual(outsideReform(OTHER, '27720101'));
    // With the new code around the old one.
    const wards = { from: CITY, to: '4713' };
    const here = { merchant: A, region: '47130102' };
    expect(refusalOfRecoding(moved, wards, here, HERE)).toEqual(outsideReform(HERE.region, '47130102'));
    const home = { account: A, home: OTHER };
    expect(refusalOfNewHome(moved, reform, home, account)).toEqual(outsideReform(CITY, OTHER));
  });

  it('is skipped for what is unknown or keeps three places already', () => {
    expect(refusalOfRecoding(moved, reform, { merchant: A, region: NOW_IN }, undefined)).toMatchObject({
      code: 'merchant_unknown',
    });
    expect(refusalOfNewHome(moved, reform, { account: A, home: NOW_IN }, undefined)).toMatchObject({
      code: 'account_unknown',
    });
    expect(recode('27720101', { ...HERE, formerPlaces: 3 })).toEqual({
      code: 'former_places_full',
      args: { merchant: A },
    });
  });
});

describe('a freeze', () => {
  const freeze = (known: KnownAccount | undefined, until: number, byTwo = false) =>
    refusalOfFreeze(BY, A, known, { until, now: NOW, byTwo });

  it('by one is of an account that is not frozen, once', () => {
    expect(freeze(account, NOW + DAY)).toBeUndefined();
    expect(freeze(frozen, NOW + DAY)).toEqual(onlyOne);
    expect(freeze({ ...account, frozenByOne: true }, NOW + DAY)).toEqual(onlyOne);
    expect(freeze({ ...frozen, frozenByOne: true }, NOW + DAY, true)).toBeUndefined();
  });

  it('is lifted by as many as decided it', () => {
    expect(freeze({ ...frozen, frozenByOne: true }, 0)).toBeUndefined();
    expect(freeze(frozen, 0)).toEqual(onlyOne);
    expect(freeze(frozen, 0, true)).toBeUndefined();
    // It is over: there is nothing to lift.
    expect(needsTwoToFreeze({ ...account, frozenUntil: NOW }, 0, NOW)).toBe(false);
  });

  it('is of attested accounts of the place', () => {
    expect(freeze(undefined, NOW + DAY, true)).toEqual({ code: 'account_unknown', args: { account: A } });
    expect(freeze({ ...account, home: OTHER }, NOW + DAY, true)).toEqual(outside(OTHER));
  });
});

describe('the pauses of a series', () => {
  const series = { validFrom: NOW - DAY, validUntil: NOW + 99 * DAY, pausedUntil: 0, pauseUsed: 0 };

  it('last seven days each and a tenth of the validity in all', () => {
    expect(latestPause(series, NOW)).toBe(NOW + 7 * DAY);
    expect(latestPause({ ...series, pauseUsed: 7 * DAY }, NOW)).toBe(NOW + 3 * DAY);
    expect(latestPause({ ...series, pauseUsed: 10 * DAY }, NOW)).toBe(NOW);
  });

  it('give back what is left of a running one', () => {
    expect(latestPause({ ...series, pausedUntil: NOW + 7 * DAY, pauseUsed: 10 * DAY }, NOW)).toBe(
      NOW + 7 * DAY,
    );
    expect(latestPause({ ...series, pausedUntil: NOW + DAY, pauseUsed: 10 * DAY }, NOW)).toBe(NOW + DAY);
  });
});

import {
  isHome,
  latestPause,
  needsTwoToFreeze,
  refusalOfAttestation,
  refusalOfFirstKeys,
  refusalOfFreeze,
  refusalOfHold,
  refusalOfMerchant,
  refusalOfNewHome,
  refusalOfRecoding,
  refusalOfReplacement,
  refusalOfStatus,
  type KnownAccount,
  type KnownMerchant,
  type Recording,
} from './registry.js';

const NOW = 1_790_000_000;
const DAY = 86_400;
const A = `0x${'0a'.repeat(20)}`;
const CITY = '47130';
const OTHER = '47190';
const OURS = { authority: CITY, keyless: false };
const HERE: KnownMerchant = { ...OURS, region: '47130101', status: 1, formerPlaces: 0 };
const THEIRS: KnownMerchant = { ...HERE, authority: OTHER };
const BY = { authority: CITY, areas: [CITY] };
const STATE = { authority: '', areas: [] };
const account: KnownAccount = {
  ...OURS,
  home: CITY,
  tier: 1,
  company: false,
  frozenUntil: 0,
  frozenByOne: false,
};
const frozen = { ...account, frozenUntil: NOW + 1 };
const CHOSEN: Recording = { chosen: true, elsewhere: false };
const outside = (region: string, authority = CITY) => ({
  code: 'region_outside_authority',
  args: { authority, region },
});
const notInCharge = (inCharge: string) => ({
  code: 'not_in_charge',
  args: { account: A, in_charge: inCharge },
});
const notChosen = { code: 'authority_not_chosen', args: { account: A, authority: CITY } };
const roleDiffers = { code: 'role_differs', args: { account: A } };
const onlyOne = { code: 'officers_too_few', args: { had: 1, needed: 2 } };

describe('an entry of a list of merchants', () => {
  it.each([
    ['of a new merchant', CITY, CITY, undefined, undefined],
    ['of a known one', CITY, CITY, HERE, undefined],
    ['for a place outside', CITY, OTHER, undefined, outside(OTHER)],
    ['of another authority’s merchant', CITY, CITY, THEIRS, notInCharge(OTHER)],
    ['of the own merchant wherever it was', CITY, CITY, { ...HERE, region: OTHER }, undefined],
    [
      'of a closed merchant',
      CITY,
      CITY,
      { ...HERE, status: 3 },
      { code: 'merchant_invalid', args: { merchant: A } },
    ],
    ['by the state', '', CITY, undefined, outside(CITY, '')],
  ] as const)('%s', (_what, authority, region, known, wanted) => {
    const by = authority === '' ? STATE : BY;
    expect(refusalOfMerchant(by, { merchant: A, region }, known, CHOSEN)).toEqual(wanted);
  });

  it('of a new merchant needs its choice, and that it is nothing else', () => {
    const entry = { merchant: A, region: CITY };
    expect(refusalOfMerchant(BY, entry, undefined, { chosen: false, elsewhere: false })).toEqual(notChosen);
    expect(refusalOfMerchant(BY, entry, undefined, { chosen: true, elsewhere: true })).toEqual(roleDiffers);
    // A known one has chosen before.
    expect(refusalOfMerchant(BY, entry, HERE, { chosen: false, elsewhere: false })).toBeUndefined();
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
    expect(refusalOfStatus(BY, A, THEIRS, 2)).toEqual(notInCharge(OTHER));
    expect(refusalOfHold(BY, A, THEIRS)).toEqual(notInCharge(OTHER));
    expect(refusalOfHold(BY, A, HERE)).toBeUndefined();
  });
});

describe('an entry of a list of accounts', () => {
  const attest = (
    entry: { home: string; tier: number; company?: boolean },
    known?: KnownAccount,
    recording = CHOSEN,
    byTwo = false,
  ) => refusalOfAttestation(BY, { account: A, company: false, ...entry }, known, recording, byTwo);

  it('is done for a new account that chose the authority, and for the own residents', () => {
    expect(attest({ home: CITY, tier: 1 })).toBeUndefined();
    expect(attest({ home: CITY, tier: 2 }, account)).toBeUndefined();
    expect(attest({ home: CITY, tier: 1 }, { ...account, home: OTHER })).toBeUndefined();
  });

  it('is skipped for whoever chose another authority, or is on record in another role', () => {
    expect(attest({ home: CITY, tier: 1 }, { ...account, authority: OTHER })).toEqual(notInCharge(OTHER));
    expect(attest({ home: OTHER, tier: 1 }, account)).toEqual(outside(OTHER));
    expect(attest({ home: CITY, tier: 1 }, undefined, { ...CHOSEN, chosen: false })).toEqual(notChosen);
    expect(attest({ home: CITY, tier: 1 }, undefined, { ...CHOSEN, elsewhere: true })).toEqual(roleDiffers);
    expect(attest({ home: CITY, tier: 1, company: true }, account)).toEqual(roleDiffers);
  });

  it('is skipped for a home finer than a district', () => {
    const invalid = { code: 'account_invalid', args: { account: A } };
    expect(attest({ home: '47130101', tier: 1 })).toEqual(invalid);
    expect(attest({ home: '', tier: 1 })).toEqual(invalid);
    expect([isHome('47'), isHome('4711'), isHome('47111'), isHome('471111')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('lowers a tier by two registrars alone', () => {
    expect(attest({ home: CITY, tier: 0 }, account)).toEqual(onlyOne);
    expect(attest({ home: CITY, tier: 0 }, account, CHOSEN, true)).toBeUndefined();
  });
});

describe('keys that officers give', () => {
  it('are the first ones of an own account without keys', () => {
    const keyless = { ...account, keyless: true };
    expect(refusalOfFirstKeys(BY, A, keyless, false)).toBeUndefined();
    expect(refusalOfFirstKeys(BY, A, { ...HERE, keyless: true }, false)).toBeUndefined();
    expect(refusalOfFirstKeys(BY, A, undefined, false)).toMatchObject({ code: 'account_unknown' });
    expect(refusalOfFirstKeys(BY, A, { ...keyless, authority: OTHER }, false)).toEqual(notInCharge(OTHER));
    for (const [known, changed] of [
      [account, false],
      [keyless, true],
    ] as const)
      expect(refusalOfFirstKeys(BY, A, known, changed)).toMatchObject({ code: 'keys_already_set' });
  });

  it('are proposed by whoever answers for the account alone', () => {
    expect(refusalOfReplacement(BY, A, HERE)).toBeUndefined();
    expect(refusalOfReplacement(BY, A, THEIRS)).toEqual(notInCharge(OTHER));
    expect(refusalOfReplacement(BY, A, undefined)).toMatchObject({ code: 'account_unknown' });
  });
});

describe('an entry of a list of places that a reform gave another code', () => {
  const NOW_IN = '27720';
  const moved = { authority: CITY, areas: [CITY, NOW_IN] };
  const reform = { from: CITY, to: NOW_IN };
  const recode = (region: string, known: KnownMerchant | undefined = HERE, by = moved) =>
    refusalOfRecoding(by, reform, { merchant: A, region }, known);
  const outsideReform = (former: string, place: string) => ({
    code: 'place_outside_reform',
    args: { subject: A, former, place },
  });

  it('is done along the reform, by whoever answers for the account and the new code', () => {
    expect(recode('27720101')).toBeUndefined();
    expect(recode('27720101', HERE, { authority: CITY, areas: [NOW_IN] })).toBeUndefined();
    expect(recode('27720101', HERE, { authority: '47', areas: ['47', '27'] })).toEqual(notInCharge(CITY));
    expect(recode('27720101', HERE, BY)).toEqual(outside('27720101'));
    expect(refusalOfNewHome(moved, reform, { account: A, home: NOW_IN }, account)).toBeUndefined();
  });

  it('is skipped where the reform does not lead', () => {
    expect(recode('47130102')).toEqual(outsideReform(HERE.region, '47130102'));
    expect(recode('47190101')).toEqual(outsideReform(HERE.region, '47190101'));
    expect(recode('27720101', { ...HERE, region: OTHER })).toEqual(outsideReform(OTHER, '27720101'));
    // With the new code around the old one.
    const wards = { from: CITY, to: '4713' };
    const here = { merchant: A, region: '47130102' };
    expect(refusalOfRecoding(moved, wards, here, HERE)).toEqual(outsideReform(HERE.region, '47130102'));
    const home = { account: A, home: OTHER };
    expect(refusalOfNewHome(moved, reform, home, account)).toEqual(outsideReform(CITY, OTHER));
    const dong = { account: A, home: '27720101' };
    expect(refusalOfNewHome(moved, reform, dong, account)).toMatchObject({ code: 'account_invalid' });
  });

  it('is skipped for what is unknown, of another authority, or keeps three places already', () => {
    expect(refusalOfRecoding(moved, reform, { merchant: A, region: NOW_IN }, undefined)).toMatchObject({
      code: 'merchant_unknown',
    });
    expect(refusalOfNewHome(moved, reform, { account: A, home: NOW_IN }, undefined)).toMatchObject({
      code: 'account_unknown',
    });
    const theirs = { ...account, authority: OTHER };
    expect(refusalOfNewHome(moved, reform, { account: A, home: NOW_IN }, theirs)).toEqual(notInCharge(OTHER));
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

  it('is of the own accounts on record', () => {
    expect(freeze(undefined, NOW + DAY, true)).toEqual({ code: 'account_unknown', args: { account: A } });
    expect(freeze({ ...account, authority: OTHER }, NOW + DAY, true)).toEqual(notInCharge(OTHER));
    // A merchant has no home.
    const shop = { ...HERE, frozenUntil: 0, frozenByOne: false };
    expect(refusalOfFreeze(BY, A, shop, { until: NOW + DAY, now: NOW, byTwo: false })).toBeUndefined();
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

import { encodeKeyRing, keyRingHash, vouchersDomain, walletKeyId } from '#contracts';
import { isoTime } from '#domain';
import { addressOf, CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at } from './support/api-fixture.js';
import { signKeyChange, signObjection } from '../../../test/support/signing.js';

const DAY_S = 86_400;
/** Inside the province and outside the city. */
const ELSEWHERE = '47111';

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
});

afterAll(async () => {
  await api?.close();
});

const newAccount = () => addressOf(api.world.wallet('resident'));
const entry = (account: string, home = CITY, tier = 'phone') => ({ account, home, tier });
const attest = (entries: readonly object[], authority = CITY) => ({
  kind: 'attest_accounts',
  authority,
  args: { entries },
});
const inDays = async (days: number) => isoTime((await api.world.now()) + days * DAY_S);
const freeze = (accounts: readonly string[], until: string | null) => ({
  kind: 'freeze_accounts',
  authority: CITY,
  args: { accounts, until },
});

async function needed(request: Record<string, unknown>): Promise<number> {
  const { status, body } = await api.post('/v1/acts/draft', request);
  expect({ status, body }).toMatchObject({ status: 200 });
  return Number(at(body, 'needed', 'officers'));
}

const holdings = async (account: string) => (await api.get(`/v1/accounts/${account}/holdings`)).body;

describe('an entry of a list that cannot be done', () => {
  it('is named in the draft and in the act, and blocks no other', async () => {
    const [claimed, fresh] = [newAccount(), newAccount()];
    await api.act(attest([entry(claimed, ELSEWHERE)], PROVINCE), [1]);
    const request = attest([entry(claimed), entry(fresh)]);
    const skipped = [
      {
        index: 0,
        subject: claimed,
        code: 'not_in_charge',
        args: { account: claimed, in_charge: PROVINCE },
        title: { ko: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) },
      },
    ];
    const draft = await api.post('/v1/acts/draft', request);
    expect(draft).toMatchObject({ status: 200 });
    expect(arrayAt(draft.body, 'skipped')).toEqual(skipped);
    const id = await api.act(request, [1]);
    expect(arrayAt((await api.get(`/v1/acts/${id}`)).body, 'skipped')).toEqual(skipped);
    expect(await holdings(fresh)).toMatchObject({ home: CITY, tier: 'phone' });
    expect(await holdings(claimed)).toMatchObject({ home: ELSEWHERE });
  });

  it('is the answer to a draft of which nothing would be done', async () => {
    const claimed = newAccount();
    await api.act(attest([entry(claimed, ELSEWHERE)], PROVINCE), [1]);
    expect(await api.post('/v1/acts/draft', attest([entry(claimed)]))).toMatchObject({
      status: 403,
      body: { code: 'not_in_charge' },
    });
    expect(await api.post('/v1/acts/draft', freeze([newAccount()], await inDays(1)))).toMatchObject({
      status: 404,
      body: { code: 'account_unknown' },
    });
  });
});

describe('a freeze', () => {
  it('of one registrar lasts three days, is not renewed, and stops payments and changes of keys', async () => {
    const holder = api.world.wallet('resident');
    const account = addressOf(holder);
    await api.act(attest([entry(account)]), [1]);
    const until = await inDays(2);
    expect(await needed(freeze([account], until))).toBe(1);
    expect(await needed(freeze([account], await inDays(4)))).toBe(2);
    expect(await api.post('/v1/acts/draft', freeze([account], await inDays(366)))).toMatchObject({
      status: 422,
      body: { code: 'freeze_too_long' },
    });
    await api.act(freeze([account], until), [1]);
    expect(await holdings(account)).toMatchObject({ frozen: true, frozenUntil: until });

    const keys = [{ right: 'owner' as const, id: walletKeyId(api.world.wallet('phone').address) }];
    const deadline = (await api.world.now()) + 3_600;
    const ring = encodeKeyRing({ dailyLimit: 0n, keys });
    const change = { account, keys: ring, change: 1, deadline };
    const proof = await signKeyChange(holder, vouchersDomain(api.world.deployment), change);
    const body = { keys: { dailyLimit: '0', keys }, deadline, proof };
    expect(await api.post(`/v1/accounts/${account}/keys`, body)).toMatchObject({
      status: 409,
      body: { code: 'keys_frozen' },
    });

    // The one registrar may lift it; another freeze takes two.
    expect(await needed(freeze([account], null))).toBe(1);
    await api.act(freeze([account], null), [1]);
    expect(await holdings(account)).toMatchObject({ frozen: false, frozenUntil: null });
    expect(await needed(freeze([account], until))).toBe(2);
    await api.act(freeze([account], await inDays(300)), [1, 2]);
    expect(await needed(freeze([account], null))).toBe(2);
    expect(await holdings(account)).toMatchObject({ frozen: true });
  });
});

describe('two registrars', () => {
  it('are asked to close a shop for good, and to lower a tier', async () => {
    const shop = addressOf(await api.world.registerMerchant());
    await api.indexed();
    const status = (to: string) => ({
      kind: 'set_merchant_status',
      authority: CITY,
      args: { merchants: [shop], status: to },
    });
    expect(await needed(status('suspended'))).toBe(1);
    expect(await needed(status('closed'))).toBe(2);
    await api.act(status('closed'), [1, 2]);

    const account = newAccount();
    await api.act(attest([entry(account, CITY, 'real_name')]), [1]);
    expect(await needed(attest([entry(account)]))).toBe(2);
    await api.act(attest([entry(account)]), [1, 2]);
    expect(await holdings(account)).toMatchObject({ tier: 'phone' });
  });
});

describe('an objection to new keys', () => {
  it('is overruled by three registrars, once there was one', async () => {
    const holder = api.world.wallet('resident');
    const account = addressOf(holder);
    await api.act(attest([entry(account)]), [1]);
    const ring = [{ right: 'owner' as const, id: walletKeyId(api.world.wallet('phone').address) }];
    const keys = { dailyLimit: '0', keys: ring };
    const replace = (overruling: boolean) => ({
      kind: 'replace_keys',
      authority: CITY,
      args: { account, keys, overruling },
    });
    expect(await needed(replace(false))).toBe(2);
    expect(await api.post('/v1/acts/draft', replace(true))).toMatchObject({
      status: 409,
      body: { code: 'objection_missing' },
    });

    const hash = keyRingHash(encodeKeyRing({ dailyLimit: 0n, keys: ring }));
    const deadline = (await api.world.now()) + 3_600;
    const object = async (number: number) => {
      const objection = { account, keys: hash, number, deadline };
      const proof = await signObjection(holder, vouchersDomain(api.world.deployment), objection);
      return api.post(`/v1/accounts/${account}/objections`, { deadline, proof });
    };
    const replacement = async () => at(await holdings(account), 'keys', 'replacement');
    await api.act(replace(false), [1, 2]);
    expect(await object(1)).toMatchObject({ status: 202 });
    await api.until('stopped', async () => (await replacement()) === null);
    // The same ring again is another proposal: what was said of the first does not meet it.
    await api.act(replace(false), [1, 2]);
    expect(await object(1)).toMatchObject({ body: { code: 'key_change_not_signed' } });
    expect(await needed(replace(true))).toBe(3);
    await api.act(replace(true), [1, 2, 3]);
    expect(await replacement()).toMatchObject({ number: 3, overruling: true });
    expect(await object(3)).toMatchObject({ status: 409, body: { code: 'objection_overruled' } });
  });
});

describe('the pauses of a series', () => {
  it('last a tenth of its validity in all', async () => {
    const now = await api.world.now();
    const series = await api.world.publishSeries(CITY, { validFrom: now, validUntil: now + 20 * DAY_S });
    await api.indexed();
    const pause = (until: string | null) => ({
      kind: 'pause_series',
      authority: CITY,
      args: { series, until },
    });
    expect(await api.post('/v1/acts/draft', pause(await inDays(3)))).toMatchObject({
      status: 422,
      body: { code: 'pause_too_long' },
    });
    await api.act(pause(await inDays(1.5)));
    expect(await api.post('/v1/acts/draft', pause(await inDays(2.5)))).toMatchObject({
      status: 422,
      body: { code: 'pause_too_long' },
    });
    await api.act(pause(null));
    expect(await needed(pause(await inDays(1.5)))).toBe(2);
  });
});

describe('the validity of a series', () => {
  const extension = (series: number, until: number, authority = CITY) => ({
    kind: 'extend_series',
    authority,
    args: { series, until: isoTime(until) },
  });
  /** The last second of 30 June, and of 31 December of 2031 in Korea, are before these. */
  const [FIRST, SECOND] = [Date.UTC(2031, 5, 30, 15) / 1_000, Date.UTC(2031, 11, 31, 15) / 1_000];

  it('is extended by an act that names the old and the new last day, and never shortened', async () => {
    const now = await api.world.now();
    const series = await api.world.publishSeries(CITY, { validFrom: now, validUntil: FIRST });
    await api.indexed();
    expect(await api.post('/v1/acts/draft', extension(series, SECOND, PROVINCE))).toMatchObject({
      body: { code: 'series_not_of_authority' },
    });
    const draft = await api.post('/v1/acts/draft', extension(series, SECOND));
    expect(draft).toMatchObject({
      status: 200,
      body: {
        args: { series, from: isoTime(FIRST), until: isoTime(SECOND) },
        needed: { role: 'treasurer', officers: 2, amount: '0' },
        explanation: {
          ko: expect.stringContaining('2031년 6월 30일에서 2031년 12월 31일(으)로 연장합니다'),
          en: expect.stringContaining('from 30 June 2031 to 31 December 2031'),
        },
      },
    });
    await api.act(extension(series, SECOND));
    expect(await api.get(`/v1/series/${series}`)).toMatchObject({
      body: { validUntil: isoTime(SECOND), originalUntil: isoTime(FIRST), state: 'open' },
    });
    expect(await api.post('/v1/acts/draft', extension(series, SECOND))).toMatchObject({
      status: 422,
      body: { code: 'extension_too_short', errors: [{ field: 'args.until' }] },
    });
  });

  it('is extended by as many as what is outstanding asks for', async () => {
    const series = await api.world.publishSeries(CITY, { validUntil: FIRST });
    const wallet = newAccount();
    await api.world.issueTo(series, [{ account: wallet, amount: 70_000n }]);
    await api.indexed();
    expect(await api.post('/v1/acts/draft', extension(series, SECOND))).toMatchObject({
      body: { needed: { role: 'treasurer', amount: '70000' } },
    });
  });

  it('is not extended twice by acts that were signed side by side', async () => {
    const series = await api.world.publishSeries(CITY, { validUntil: FIRST });
    await api.indexed();
    const draft = await api.post('/v1/acts/draft', extension(series, SECOND + DAY_S));
    await api.act(extension(series, SECOND));
    const act = at(draft.body, 'act');
    const signature = await api.sign(draft.body, api.world.officer(CITY, 1));
    const proposed = await api.post('/v1/acts', { act, approval: { officer: 1, signature } });
    expect(proposed).toMatchObject({ status: 409, body: { code: 'end_differs' } });
  });

  it('is not extended once the return of what is left has started', async () => {
    const now = await api.world.now();
    const series = await api.world.publishSeries(CITY, { validFrom: now - DAY_S, validUntil: now + 30 });
    await api.indexed();
    await api.leap(60);
    await api.indexed();
    expect(await needed(extension(series, SECOND))).toBe(2);
    await api.act({ kind: 'start_expiry', authority: CITY, args: { series } });
    expect(await api.post('/v1/acts/draft', extension(series, SECOND))).toMatchObject({
      status: 409,
      body: { code: 'expiry_already_started' },
    });
  });
});

describe('a delegation', () => {
  it('that was taken back stays taken back, and its owner ends what was approved under it', async () => {
    const series = await api.world.publishSeries(PROVINCE);
    await api.indexed();
    const delegate = (left: string) => ({
      kind: 'delegate_budget',
      authority: PROVINCE,
      args: { series, to: CITY, left },
    });
    const quota = {
      kind: 'approve_quota',
      authority: CITY,
      args: { series, total: '5000', perDay: '5000', key: api.world.wallet('quota').address },
    };
    await api.act(delegate('5000'));
    await api.act(quota);
    const [issueOrder] = await api.world.read('issueOrderCount', []);
    await api.act(delegate('0'));
    await api.act(
      { kind: 'close_issue_order', authority: PROVINCE, args: { issueOrder: Number(issueOrder) } },
      [1],
    );
    expect(await api.post('/v1/acts/draft', quota)).toMatchObject({
      status: 403,
      body: { code: 'series_not_of_authority' },
    });
  });
});

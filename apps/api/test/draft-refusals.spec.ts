import { encodeChangeKeys, keyChangeDigest } from '#contracts';
import { FIRST_KEYS_MAX, inventedBusinessNumber } from '#domain';
import { passkey, ringAccount, wallet } from '../../../test/support/signing-keys.js';
import { addressOf, CITY, keyOf } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

const YEAR_9999 = '9999-12-31T00:00:00Z';
const NO_KEY = `0x${'00'.repeat(32)}`;
const RUN = `0x${'34'.repeat(32)}`;
const one = addressOf(keyOf('one'));
const two = `0x${'22'.repeat(20)}`;

let api: ApiFixture;
let series: number;
let shop: string;

beforeAll(async () => {
  api = await ApiFixture.create();
  const { world } = api;
  series = await world.publishSeries(CITY);
  shop = addressOf(await world.registerMerchant(CITY));
  const resident = world.wallet('resident');
  await world.issueTo(series, [{ account: addressOf(resident), amount: 5_000n }]);
  await world.pay(await world.signPayment({ payer: resident, merchant: shop, series, amount: 1_000n }));
  await api.indexed();
});

afterAll(() => api?.close());

type Draft = Record<string, unknown>;

const draft = (request: Draft, lang = 'en') =>
  api.post('/v1/acts/draft', { authority: CITY, ...request }, { 'accept-language': lang });

const shops = (entries: readonly Draft[]) => ({
  kind: 'set_merchants',
  args: {
    entries: entries.map((entry) => ({ region: CITY, category: 'cafe', size: 0, ...entry })),
  },
  attachment: {
    profiles: [...new Set(entries.map(({ merchant }) => merchant))].map((merchant, index) => ({
      merchant,
      name: '카페',
      businessNumber: inventedBusinessNumber(index + 1),
      address: '경주시',
    })),
  },
});
const account = (address: string) => ({ account: address, home: CITY, tier: 'phone' });
const officer = (id: number, key: string) => ({ id, keys: [key], roles: ['registrar'] });
const line = (merchant: string, amount: string) => ({ merchant, series, amount });
const firstKeys = (count: number) =>
  Array.from({ length: count }, (_unused, index) => ({
    account: `0x${(index + 1).toString(16).padStart(40, '0')}`,
    keys: { keys: [{ right: 'owner', id: two }] },
  }));
const terms = () =>
  termsOf(CITY, { validFrom: '2020-01-01T00:00:00+09:00', validUntil: '2021-01-01T00:00:00+09:00' });

describe('a draft of what the contract would refuse', () => {
  const CASES: readonly [string, () => Draft, string, string][] = [
    [
      'a pause until 9999',
      () => ({ kind: 'pause_series', args: { series, until: YEAR_9999 } }),
      'pause_too_long',
      'args.until',
    ],
    [
      'an extension to an earlier end',
      () => ({ kind: 'extend_series', args: { series, until: '2020-12-30T00:00:00Z' } }),
      'extension_too_short',
      'args.until',
    ],
    [
      'an extension until 9999',
      () => ({ kind: 'extend_series', args: { series, until: YEAR_9999 } }),
      'extension_too_long',
      'args.until',
    ],
    [
      'an extension of a series that does not exist',
      () => ({ kind: 'extend_series', args: { series: 77, until: YEAR_9999 } }),
      'series_unknown',
      'args.series',
    ],
    [
      'a hold until 9999',
      () => ({ kind: 'hold_payouts', args: { merchants: [shop], until: YEAR_9999 } }),
      'hold_too_long',
      'args.until',
    ],
    [
      'a freeze until 9999',
      () => ({ kind: 'freeze_accounts', args: { accounts: [one], until: YEAR_9999 } }),
      'freeze_too_long',
      'args.until',
    ],
    [
      'a moment before 1970',
      () => ({ kind: 'pause_series', args: { series, until: '1969-01-01T00:00:00Z' } }),
      'invalid_request',
      'args.until',
    ],
    [
      'a pause until a moment that has passed',
      () => ({ kind: 'pause_series', args: { series, until: '2020-12-30T00:00:00Z' } }),
      'invalid_request',
      'args.until',
    ],
    [
      'a hold until a moment that has passed',
      () => ({ kind: 'hold_payouts', args: { merchants: [shop], until: '2020-12-30T00:00:00Z' } }),
      'invalid_request',
      'args.until',
    ],
    [
      'a freeze until a moment that has passed',
      () => ({ kind: 'freeze_accounts', args: { accounts: [one], until: '2020-12-30T00:00:00Z' } }),
      'invalid_request',
      'args.until',
    ],
    [
      'a budget below what is approved',
      () => ({ kind: 'set_budget', args: { series, budget: '4999' } }),
      'budget_below_approved',
      'args.budget',
    ],
    [
      'a quota above the budget',
      () => ({ kind: 'approve_quota', args: { series, total: '281474976710655', perDay: '1', key: one } }),
      'budget_exceeded',
      'args.total',
    ],
    [
      'a list above the budget',
      () => ({
        kind: 'approve_issue',
        args: { series },
        attachment: { items: [{ account: one, amount: '281474976710655' }] },
      }),
      'budget_exceeded',
      'attachment.items',
    ],
    [
      'a quota for no key',
      () => ({ kind: 'approve_quota', args: { series, total: '1', perDay: '1', key: NO_KEY } }),
      'invalid_request',
      'args.key',
    ],
    [
      'new keys of which one is none',
      () => ({
        kind: 'replace_keys',
        args: { account: shop, keys: { keys: [{ right: 'owner', id: NO_KEY }] } },
      }),
      'invalid_request',
      'args.keys.keys[0].id',
    ],
    [
      'first keys of more accounts than a transaction has room for',
      () => ({ kind: 'set_first_keys', args: { entries: firstKeys(FIRST_KEYS_MAX + 1) } }),
      'invalid_request',
      'args.entries',
    ],
    [
      'first keys of an account that is not on record',
      () => ({ kind: 'set_first_keys', args: { entries: firstKeys(FIRST_KEYS_MAX) } }),
      'account_unknown',
      'args.entries[0]',
    ],
    [
      'an officer with no key',
      () => ({ kind: 'set_officers', args: { officers: [officer(7, NO_KEY)] } }),
      'invalid_request',
      'args.officers[0].keys[0]',
    ],
    [
      'the same officer twice',
      () => ({ kind: 'set_officers', args: { officers: [officer(7, one), officer(7, two)] } }),
      'invalid_request',
      'args.officers[1].id',
    ],
    [
      'a size class that is none',
      () => shops([{ merchant: one, size: 6 }]),
      'invalid_request',
      'args.entries[0].size',
    ],
    [
      'the same merchant twice',
      () => shops([{ merchant: one }, { merchant: two }, { merchant: one, size: 1 }]),
      'invalid_request',
      'args.entries[2].merchant',
    ],
    [
      'a status of one merchant twice',
      () => ({ kind: 'set_merchant_status', args: { merchants: [shop, shop], status: 'suspended' } }),
      'invalid_request',
      'args.merchants[1]',
    ],
    [
      'a hold of one merchant twice',
      () => ({ kind: 'hold_payouts', args: { merchants: [shop, shop], until: null } }),
      'invalid_request',
      'args.merchants[1]',
    ],
    [
      'the same account twice',
      () => ({ kind: 'attest_accounts', args: { entries: [account(one), account(one)] } }),
      'invalid_request',
      'args.entries[1].account',
    ],
    [
      'a freeze of one account twice',
      () => ({ kind: 'freeze_accounts', args: { accounts: [one, one], until: null } }),
      'invalid_request',
      'args.accounts[1]',
    ],
    [
      'a run with one line twice',
      () => ({ kind: 'settle', args: { run: RUN, lines: [line(shop, '1'), line(shop, '1')] } }),
      'invalid_request',
      'args.lines[1].merchant',
    ],
    [
      'a series that does not exist',
      () => ({ kind: 'set_budget', args: { series: 77, budget: '1' } }),
      'series_unknown',
      'args.series',
    ],
    [
      'a line of a series that does not exist',
      () => ({ kind: 'settle', args: { run: RUN, lines: [{ ...line(shop, '1'), series: 77 }] } }),
      'series_unknown',
      'args.lines[0].series',
    ],
    [
      'an end of a series that goes on',
      () => ({ kind: 'close_series', args: { series } }),
      'series_not_over',
      'args.series',
    ],
    [
      'terms that are over',
      () => ({ kind: 'publish_series', attachment: { terms: terms() } }),
      'terms_invalid',
      'attachment.terms.validUntil',
    ],
  ];

  it.each(CASES)(
    'as %s has its code and names the field, in both languages',
    async (_what, request, code, field) => {
      const before = await api.count('app.act');
      for (const lang of ['en', 'ko']) {
        const { status, body } = await draft(request(), lang);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        expect(body).toMatchObject({ code, errors: [{ field }] });
        expect(textAt(body, 'errors', 0, 'message')).toMatch(lang === 'ko' ? /[가-힣]/ : /[a-z]{2}/);
      }
      expect(await api.count('app.act')).toBe(before);
    },
  );

  it('names the lines of a run that the contract would skip, and is refused when nothing would be paid', async () => {
    const settle = (lines: readonly Draft[]) => draft({ kind: 'settle', args: { run: RUN, lines } });
    const other = addressOf(api.world.wallet('other'));
    const some = await settle([line(shop, '600'), line(other, '5'), line(one, '0')]);
    expect(some.status).toBe(200);
    expect(arrayAt(some.body, 'skipped')).toMatchObject([
      {
        index: 1,
        subject: other,
        code: 'insufficient_merchant_balance',
        args: { balance: '0', amount: '5' },
      },
      { index: 2, subject: one, code: 'amount_zero' },
    ]);
    expect(await settle([line(shop, '1001')])).toMatchObject({
      status: 422,
      body: { code: 'insufficient_merchant_balance', expected: { balance: '1000', amount: '1001' } },
    });
  });

  it('names the entries about the zero address and the platform itself', async () => {
    const { vouchers } = api.world.deployment;
    const answer = await draft(
      shops([{ merchant: `0x${'00'.repeat(20)}` }, { merchant: one }, { merchant: vouchers }]),
    );
    expect(answer.status).toBe(200);
    expect(arrayAt(answer.body, 'skipped').map((entry) => [at(entry, 'index'), at(entry, 'code')])).toEqual([
      [0, 'merchant_invalid'],
      [2, 'merchant_invalid'],
    ]);
  });

  it('records no plain wallet by the consent of a key that it has changed', async () => {
    const person = wallet('changed before it was recorded');
    const requests = [
      { kind: 'attest_accounts', args: { entries: [account(person.address)] } },
      shops([{ merchant: person.address }]),
    ];
    for (const request of requests)
      expect(await draft(request)).toMatchObject({ status: 200, body: { skipped: [] } });
    const { ring } = ringAccount(0n, [{ right: 'owner', key: passkey('the next key') }], person.address);
    const deadline = (await api.world.now()) + 600;
    const change = { account: person.address, keys: ring, change: 1, deadline };
    const proof = person.prove(keyChangeDigest(api.domain, change));
    const data = encodeChangeKeys(person.address, ring, deadline, proof);
    await api.world.send({ to: api.world.deployment.vouchers, data });
    await api.indexed();
    for (const request of requests)
      expect(await draft(request)).toMatchObject({
        status: 422,
        body: { code: 'authority_not_chosen', errors: [{ field: 'args.entries[0]' }] },
      });
    const others = { kind: 'attest_accounts', args: { entries: [one, person.address].map(account) } };
    expect(await draft(others)).toMatchObject({
      status: 200,
      body: { skipped: [{ index: 1, subject: person.address, code: 'authority_not_chosen' }] },
    });
  });

  it('closes an issue order once', async () => {
    const act = { kind: 'close_issue_order', authority: CITY, args: { issueOrder: 1 } };
    await api.act(act);
    expect(await draft(act)).toMatchObject({
      status: 409,
      body: { code: 'order_closed', errors: [{ field: 'args.issueOrder' }] },
    });
  });
});

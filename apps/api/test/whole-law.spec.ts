import { keccak256, type Wallet } from 'ethers';
import { ExpiryEnqueuer } from '#issuance';
import { encodeKeyRing, keyRingHash, packRecipients, vouchersDomain, walletKeyId } from '#contracts';
import { inventedBusinessNumber, isoTime } from '#domain';
import { addressOf, CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';
import { signKeyChange, signObjection, signQuotaIssue } from '../../../test/support/signing.js';

const SERIES = 1;
const CITY_WARD = '47111';
let api: ApiFixture;
let shop: Wallet;
let resident: Wallet;

beforeAll(async () => {
  api = await ApiFixture.create();
  shop = api.world.wallet('shop');
  resident = api.world.wallet('resident');
  await api.act({ kind: 'publish_series', authority: PROVINCE, attachment: { terms: termsOf(PROVINCE) } });
  await api.act(
    {
      kind: 'set_merchants',
      authority: PROVINCE,
      args: { entries: [{ merchant: shop.address, region: CITY_WARD, category: 'cafe', size: 0 }] },
      attachment: {
        profiles: [
          { merchant: shop.address, name: '가게', businessNumber: inventedBusinessNumber(1), address: '' },
        ],
      },
    },
    [1],
  );
});

afterAll(async () => {
  await api?.close();
});

const inHour = () => Math.floor(Date.now() / 1000) + 3_600;

async function account(who: Wallet, query = ''): Promise<unknown> {
  return (await api.get(`/v1/accounts/${who.address}/holdings${query}`)).body;
}

describe('a quota', () => {
  const key = () => api.world.wallet('bank');

  it('is approved for a key, which issues chunk by chunk until its day is full; one officer stops it', async () => {
    const bank = key();
    const args = { series: SERIES, total: '100000', perDay: '60000', key: bank.address };
    await api.act({ kind: 'approve_quota', authority: PROVINCE, args });
    const order = await api.get('/v1/issue-orders/1');
    expect(order.body).toMatchObject({
      kind: 'quota',
      total: '100000',
      approvedBy: PROVINCE,
      quota: { key: walletKeyId(bank.address), perDay: '60000', leftToday: '60000' },
    });
    const chunk = async (index: number, amount: bigint, signer = bank) => {
      const items = keccak256(packRecipients([{ account: addressOf(resident), amount }]));
      const issue = { issueOrder: 1, index, items };
      const signature = await signQuotaIssue(signer, vouchersDomain(api.world.deployment), issue);
      const body = { index, items: [{ account: resident.address, amount: String(amount) }], signature };
      return api.post('/v1/issue-orders/1/quota-chunks', body);
    };
    expect(await chunk(1, 1_000n, resident)).toMatchObject({ body: { code: 'chunk_not_in_order' } });
    expect(await chunk(1, 50_000n)).toMatchObject({ status: 202, body: { state: 'accepted' } });
    await api.until('issued', async () => {
      const { body } = await api.get('/v1/issue-orders/1');
      return textAt(body, 'issued') === '50000';
    });
    expect(await chunk(1, 50_000n)).toMatchObject({ status: 202, body: { state: 'issued' } });
    expect(await chunk(2, 10_001n)).toMatchObject({
      status: 409,
      body: { code: 'quota_exceeded', expected: { left: '10000', needed: '10001' } },
    });
    await api.act({ kind: 'close_issue_order', authority: PROVINCE, args: { issueOrder: 1 } }, [2]);
    expect(await chunk(2, 1_000n)).toMatchObject({ status: 409, body: { code: 'order_closed' } });
    const listed = await api.get(`/v1/series/${SERIES}/issue-orders`);
    expect(arrayAt(listed.body, 'items')).toEqual([
      expect.objectContaining({ id: '1', issued: '50000', closed: true }),
    ]);
  });
});

describe('a delegated part of the budget', () => {
  it('lets the city approve a list up to what is left, and no more', async () => {
    const items = (amount: string) => [{ account: resident.address, amount }];
    const approve = (amount: string) => ({
      kind: 'approve_issue',
      authority: CITY,
      args: { series: SERIES },
      attachment: { items: items(amount) },
    });
    expect(await api.post('/v1/acts/draft', approve('1000'))).toMatchObject({
      body: { code: 'series_not_of_authority' },
    });
    const args = { series: SERIES, to: CITY, left: '30000' };
    await api.act({ kind: 'delegate_budget', authority: PROVINCE, args });
    expect(await api.post('/v1/acts/draft', approve('30001'))).toMatchObject({
      body: { code: 'delegation_exceeded', expected: { left: '30000', needed: '30001' } },
    });
    await api.act(approve('20000'));
    const { body } = await api.get(`/v1/series/${SERIES}/delegations`);
    expect(at(body, 'items')).toMatchObject([{ authority: CITY, left: '10000', approved: '20000' }]);
  });
});

describe('keys of an account', () => {
  it('are changed by the owner, and proposed ones stopped by an owner', async () => {
    const { deployment } = api.world;
    const domain = vouchersDomain(deployment);
    const fresh = api.world.wallet('phone');
    const ring = { dailyLimit: '50000', keys: [{ right: 'owner', id: walletKeyId(fresh.address) }] };
    const keys = encodeKeyRing({
      dailyLimit: 50_000n,
      keys: [{ right: 'owner', id: walletKeyId(fresh.address) }],
    });
    await api.act(
      {
        kind: 'attest_accounts',
        authority: CITY,
        args: { entries: [{ account: resident.address, home: CITY, tier: 'phone', company: false }] },
      },
      [1],
    );
    const deadline = inHour();
    const change = { account: addressOf(resident), keys, change: 1, deadline };
    const forged = await signKeyChange(fresh, domain, change);
    const url = `/v1/accounts/${resident.address}`;
    expect(await api.post(`${url}/keys`, { keys: ring, deadline, proof: forged })).toMatchObject({
      body: { code: 'key_change_not_signed' },
    });
    expect(await api.post(`${url}/objections`, { deadline, proof: forged })).toMatchObject({
      body: { code: 'replacement_unknown' },
    });
    // Officers propose other keys; two registrars have to.
    const args = { account: resident.address, keys: { dailyLimit: '0', keys: ring.keys } };
    await api.act({ kind: 'replace_keys', authority: CITY, args });
    const proposed = encodeKeyRing({
      dailyLimit: 0n,
      keys: [{ right: 'owner', id: walletKeyId(fresh.address) }],
    });
    expect(await account(resident)).toMatchObject({
      company: false,
      keys: {
        changes: 0,
        ring: null,
        replacement: { authority: CITY, hash: keyRingHash(proposed), number: 1 },
      },
    });
    const objection = { account: addressOf(resident), keys: keyRingHash(proposed), number: 1, deadline };
    const proof = await signObjection(resident, domain, objection);
    expect(await api.post(`${url}/objections`, { deadline, proof })).toMatchObject({ status: 202 });
    await api.until('stopped', async () => at(await account(resident), 'keys', 'replacement') === null);
    const signed = await signKeyChange(resident, domain, change);
    expect(await api.post(`${url}/keys`, { keys: ring, deadline, proof: signed })).toMatchObject({
      status: 202,
    });
    await api.until('changed', async () => at(await account(resident), 'keys', 'changes') === 1);
    expect(await account(resident)).toMatchObject({
      keys: { ring: { dailyLimit: '50000', keys: ring.keys } },
    });
  });
});

describe('a redemption whose payout the bank refused', () => {
  it('is settled by a run and returned by its number alone; held payouts show', async () => {
    const payer = api.world.wallet('payer');
    const items = [{ account: payer.address, amount: '9000' }];
    await api.act({
      kind: 'approve_issue',
      authority: PROVINCE,
      args: { series: SERIES },
      attachment: { items },
    });
    await api.enqueueLists();
    await api.until('issued', async () => arrayAt(await account(payer), 'items').length === 1);
    await api.world.pay(
      await api.world.signPayment({ payer, merchant: shop, series: SERIES, amount: 9_000n }),
    );
    await api.indexed();
    const lines = [{ merchant: shop.address, series: SERIES, amount: '9000' }];
    await api.act({ kind: 'settle', authority: PROVINCE, args: { run: `0x${'11'.repeat(32)}`, lines } });
    const redeemed = await api.get(`/v1/reports/rows/redeemed?series=${SERIES}`);
    const id = textAt(redeemed.body, 'items', 0, 'id');
    const request = { kind: 'return_redemptions', authority: PROVINCE, args: { redemptions: [id] } };
    await api.act(request);
    expect(await api.post('/v1/acts/draft', request)).toMatchObject({ body: { code: 'return_invalid' } });
    const { body } = await api.get(`/v1/series/${SERIES}`);
    expect(at(body, 'figures')).toMatchObject({ redeemed: '9000', returned: '9000' });
    const until = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d{3}Z$/, 'Z');
    await api.act({ kind: 'hold_payouts', authority: PROVINCE, args: { merchants: [shop.address], until } });
    const merchant = await api.get(`/v1/merchants/${shop.address}`);
    expect(at(merchant.body, 'heldUntil')).toEqual(expect.any(String));
    expect(at(merchant.body, 'balances')).toEqual([
      { series: SERIES, balance: '9000', fromResidents: '9000' },
    ]);
  });
});

describe('what residents still have when a series is over', () => {
  it('goes back to the funders batch by batch after officers started it, and the series can be closed', async () => {
    const over = Math.floor(Date.now() / 1000) + 3_600;
    const validUntil = new Date(over * 1_000).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const terms = { ...termsOf(PROVINCE), validUntil };
    await api.act({ kind: 'publish_series', authority: PROVINCE, attachment: { terms } });
    const items = [1, 2, 3].map((n) => ({ account: api.world.wallet(`late ${n}`).address, amount: '1000' }));
    await api.act({ kind: 'approve_issue', authority: PROVINCE, args: { series: 2 }, attachment: { items } });
    await api.enqueueLists();
    const figures = async () => (await api.get('/v1/series/2')).body;
    await api.until('issued', async () => textAt(await figures(), 'figures', 'issued') === '3000');
    const start = { kind: 'start_expiry', authority: PROVINCE, args: { series: 2 } };
    expect(await api.post('/v1/acts/draft', start)).toMatchObject({ body: { code: 'series_not_over' } });
    // The newest block's clock counts where it is ahead of the database's.
    await api.world.node.mine(over);
    await api.until('over', async () => textAt(await figures(), 'state') === 'over');
    await api.until('over on chain as well', async () => {
      const { status } = await api.post('/v1/acts/draft', start);
      return status === 200;
    });
    await api.act(start);
    expect(textAt(await figures(), 'state')).toBe('expiring');
    const expiry = api.app.get(ExpiryEnqueuer, { strict: false });
    expect(await expiry.runOnce()).toBe(3);
    expect(await expiry.runOnce()).toBe(0);
    await api.until('expired', async () => textAt(await figures(), 'figures', 'expired') === '3000');
    expect(at(await figures(), 'figures', 'outstanding')).toBe('0');
    expect(await expiry.runOnce()).toBe(0);
    await api.act({ kind: 'close_series', authority: PROVINCE, args: { series: 2 } });
    expect(textAt(await figures(), 'state')).toBe('closed');
    const report = await api.get('/v1/reports/summary?group=series&series=2');
    expect(at(report.body, 'total')).toMatchObject({
      expired: { amount: '3000', count: 3 },
      outstanding: { amount: '0' },
    });
    const rows = await api.get(textAt(report.body, 'total', 'expired', 'href'));
    expect(arrayAt(rows.body, 'items')).toHaveLength(3);
  });
});

describe('what wallets show of a series', () => {
  it('is the same by its number and by the address that the contract gives', async () => {
    const one = await api.get(`/v1/series/${SERIES}/token.json`);
    expect(one).toMatchObject({ status: 200, body: { decimals: 0, properties: { series: SERIES } } });
    const [uri] = await api.world.read('uri', [SERIES]);
    const file = String(uri).replace('{id}', SERIES.toString(16).padStart(64, '0'));
    expect((await api.get(file)).body).toEqual(one.body);
  });
});

describe('a quota of a series that is not open yet', () => {
  it('gives before the first day of use, as a list does and the contract', async () => {
    const bank = api.world.wallet('early bank');
    const days = 10 * 86_400;
    const validFrom = isoTime(Math.floor(Date.now() / 1000) + days);
    const terms = termsOf(PROVINCE, { validFrom });
    await api.act({ kind: 'publish_series', authority: PROVINCE, attachment: { terms } });
    const { body } = await api.get(`/v1/series?authority=${PROVINCE}`);
    const upcoming = arrayAt(body, 'items').find((one) => at(one, 'state') === 'upcoming');
    const series = Number(at(upcoming, 'id'));
    const args = { series, total: '100000', perDay: '60000', key: bank.address };
    await api.act({ kind: 'approve_quota', authority: PROVINCE, args });
    const listed = await api.get(`/v1/series/${series}/issue-orders`);
    const order = Number(at(arrayAt(listed.body, 'items')[0], 'id'));
    const items = keccak256(packRecipients([{ account: addressOf(resident), amount: 7_000n }]));
    const issue = { issueOrder: order, index: 1, items };
    const signature = await signQuotaIssue(bank, vouchersDomain(api.world.deployment), issue);
    const chunk = { index: 1, items: [{ account: resident.address, amount: '7000' }], signature };
    const answer = await api.post(`/v1/issue-orders/${order}/quota-chunks`, chunk);
    expect(answer).toMatchObject({ status: 202, body: { state: 'accepted' } });
    await api.until('issued', async () => {
      const { body: now } = await api.get(`/v1/issue-orders/${order}`);
      return textAt(now, 'issued') === '7000';
    });
  });
});

import { keccak256, type Wallet } from 'ethers';
import { packRecipients, vouchersDomain } from '#contracts';
import { addressOf, PROVINCE } from '../../../test/support/world.js';
import { type Answer, ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';
import { signQuotaIssue } from '../../../test/support/signing.js';

const SERIES = 1;
let api: ApiFixture;
let bank: Wallet;
let one: Wallet;
let other: Wallet;

beforeAll(async () => {
  api = await ApiFixture.create();
  bank = api.world.wallet('bank');
  one = api.world.wallet('resident');
  other = api.world.wallet('resident');
  await api.act({ kind: 'publish_series', authority: PROVINCE, attachment: { terms: termsOf(PROVINCE) } });
});

afterAll(async () => {
  await api?.close();
});

interface Gift {
  readonly to: Wallet;
  readonly amount: bigint;
}

/** A new quota of 50,000 won a day; returns the order's number. */
async function newQuota(): Promise<number> {
  const args = { series: SERIES, total: '100000', perDay: '50000', key: bank.address };
  await api.act({ kind: 'approve_quota', authority: PROVINCE, args });
  const { body } = await api.get(`/v1/series/${SERIES}/issue-orders`);
  return Number(at(arrayAt(body, 'items')[0], 'id'));
}

async function send(issueOrder: number, index: number, ...gifts: readonly Gift[]): Promise<Answer> {
  const packed = packRecipients(gifts.map(({ to, amount }) => ({ account: addressOf(to), amount })));
  const issue = { issueOrder, index, items: keccak256(packed) };
  const signature = await signQuotaIssue(bank, vouchersDomain(api.world.deployment), issue);
  const items = gifts.map(({ to, amount }) => ({ account: to.address, amount: String(amount) }));
  return api.post(`/v1/issue-orders/${issueOrder}/quota-chunks`, { index, items, signature });
}

async function untilIssued(issueOrder: number, amount: string): Promise<void> {
  await api.until('issued', async () => {
    const { body } = await api.get(`/v1/issue-orders/${issueOrder}`);
    return textAt(body, 'issued') === amount;
  });
}

const ACCEPTED = { status: 202, body: { state: 'accepted' } };
const ISSUED = { status: 202, body: { state: 'issued' } };
const TAKEN = { status: 409, body: { code: 'chunk_already_issued' } };

describe('a quota chunk under a number that is used', () => {
  it('is answered as the first when it is the same, and refused when its list is another', async () => {
    const order = await newQuota();
    expect(await send(order, 0, { to: one, amount: 1_000n })).toMatchObject(ACCEPTED);
    await untilIssued(order, '1000');
    expect(await send(order, 0, { to: one, amount: 1_000n })).toMatchObject(ISSUED);
    expect(await send(order, 0, { to: other, amount: 7_000n })).toMatchObject(TAKEN);
    expect(await send(order, 0, { to: one, amount: 1_001n })).toMatchObject(TAKEN);
    expect(await send(order, 0, { to: one, amount: 1_000n }, { to: other, amount: 1n })).toMatchObject(TAKEN);
    expect(await send(order, 1, { to: other, amount: 7_000n })).toMatchObject(ACCEPTED);
    await untilIssued(order, '8000');
  });

  it('is the same although the contract refused one of its recipients', async () => {
    const order = await newQuota();
    const contract = { address: api.world.deployment.vouchers } as Wallet;
    const gifts = [
      { to: contract, amount: 5n },
      { to: one, amount: 2_000n },
    ];
    expect(await send(order, 0, ...gifts)).toMatchObject(ACCEPTED);
    await untilIssued(order, '2000');
    expect(await send(order, 0, ...gifts)).toMatchObject(ISSUED);
    expect(await send(order, 0, { to: one, amount: 2_000n })).toMatchObject(TAKEN);
  });
});

describe('quota chunks that are under way', () => {
  it('keep their number: of several at once the first accepted one is issued', async () => {
    const order = await newQuota();
    await api.world.node.mineEvery(0);
    const amounts = [1_000n, 2_000n, 3_000n, 4_000n];
    const answers = await Promise.all(amounts.map((amount) => send(order, 0, { to: one, amount })));
    const winner = answers.findIndex(({ status }) => status === 202);
    const amount = amounts[winner] ?? 0n;
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
    expect(answers.filter(({ status }) => status === 409)).toMatchObject([TAKEN, TAKEN, TAKEN]);
    expect(await send(order, 0, { to: one, amount })).toMatchObject(ACCEPTED);
    void api.world.node.mineEvery(100);
    await untilIssued(order, String(amount));
  });

  it('have spent of the day what they promise', async () => {
    const order = await newQuota();
    await api.world.node.mineEvery(0);
    expect(await send(order, 0, { to: one, amount: 30_000n })).toMatchObject(ACCEPTED);
    expect(await send(order, 1, { to: other, amount: 30_000n })).toMatchObject({
      status: 409,
      body: { code: 'quota_exceeded', expected: { left: '20000', needed: '30000' } },
    });
    expect(await send(order, 1, { to: other, amount: 20_000n })).toMatchObject(ACCEPTED);
    expect(await send(order, 0, { to: one, amount: 30_000n })).toMatchObject(ACCEPTED);
    void api.world.node.mineEvery(100);
    await untilIssued(order, '50000');
  });
});

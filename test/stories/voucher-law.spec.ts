import type { BaseWallet } from 'ethers';
import {
  codeOf,
  OutsideClient,
  walletProver,
  type Answer,
  type OrderPath,
  type Prover,
  type SignedOrder,
  type WatchedPath,
} from '../support/outside-client.js';
import { TestPlatform } from '../support/platform.js';
import { GYEONGJU, keysOf, Province, stateOfficers } from '../support/province.js';
import { device, passkey, ringAccount } from '../support/signing-keys.js';

const DEVICE_LIMIT = 15_000n;
const DAY_SECONDS = 86_400;

/** What the law gives residents and shops besides a payment, on the platform as people start it. */
describe('everything that may happen to a voucher', () => {
  const [stallKey, bakeryKey, neighbourKey] = keysOf('the law of a voucher', 3);
  if (stallKey === undefined || bakeryKey === undefined || neighbourKey === undefined)
    throw new Error('keys');
  const nameOf = (wallet: BaseWallet) => wallet.address.toLowerCase();
  const [stall, bakery, neighbour] = [stallKey, bakeryKey, neighbourKey].map(nameOf);
  const keys = ringAccount(DEVICE_LIMIT, [
    { right: 'owner', key: passkey('a resident’s passkey') },
    { right: 'device', key: device('a resident’s phone') },
  ]);
  const resident = keys.address;
  const [withPasskey, withDevice] = [keys.by(0), keys.by(1)];
  let platform: TestPlatform;
  let client: OutsideClient;
  let korean: OutsideClient;
  let province: Province;
  /** Ends first. */
  let soon = 0;
  let later = 0;
  let firstPayment = '';
  let bakeryPayout = '';

  beforeAll(async () => {
    platform = await TestPlatform.start();
    client = new OutsideClient(platform.url);
    korean = new OutsideClient(platform.url, 'ko');
  });
  afterAll(() => platform?.dispose());

  const holdings = async (account: string) =>
    new Map(
      (await client.get(`/v1/accounts/${account}/holdings`))
        .at('items')
        .list()
        .map((item) => [item.at('series', 'id').number(), item]),
    );
  const balances = async (merchant = '') =>
    new Map(
      (await client.get(`/v1/merchants/${merchant}/balance`))
        .at('balances')
        .list()
        .map((item) => [item.at('series').number(), item]),
    );
  const nonceOfHolding = async (series: number) =>
    (await holdings(resident)).get(series)?.at('nextNonce').number() ?? 1;
  const nonceOfMerchant = async (merchant: string | undefined, series: number) =>
    (await balances(merchant)).get(series)?.at('nextNonce').number() ?? 1;

  /** Accepted at once, and final in the end, as the stream of its states reports. */
  const settle = async (path: WatchedPath, signed: SignedOrder) => {
    const answer = await client.submit(path, signed);
    expect([answer.status, answer.body.value]).toEqual([
      202,
      expect.objectContaining({ id: signed.id, state: 'accepted', code: null, block: null }),
    ]);
    expect((await client.watch(signed.id, path)).at(-1)).toBe('final');
    const view = await client.decided(signed.id, path);
    expect(view.value).toMatchObject({ state: 'final', code: null, block: { number: expect.any(String) } });
    return view;
  };
  /** Refused with the same code in both languages, and words in each. */
  const refused = async (path: OrderPath, signed: SignedOrder, korean_: RegExp): Promise<Answer> => {
    const [en, ko] = [await client.submit(path, signed), await korean.submit(path, signed)];
    expect(codeOf(ko)).toBe(codeOf(en));
    expect(`${ko.body.at('title').text()} ${ko.body.at('next').text()}`).toMatch(korean_);
    expect(`${en.body.at('title').text()} ${en.body.at('next').text()}`).toMatch(/^[\x20-\x7e’]+$/);
    return en;
  };
  const paymentOf = async (signer: Prover, series: readonly number[], amount: bigint) =>
    client.sign('payments', signer, {
      payer: resident,
      merchant: stall,
      series,
      amount: String(amount),
      nonce: await nonceOfHolding(series[0] ?? 0),
    });

  it('begins with two series that end one after the other, and an account that is nothing but its keys', async () => {
    province = await Province.found(
      client,
      stateOfficers(platform.home.read('genesis-officers.json') ?? '[]'),
    );
    later = await province.publish({ authority: GYEONGJU, sold: true });
    soon = await province.publish({ authority: GYEONGJU, sold: true, validFor: 30 * DAY_SECONDS });
    await province.register(
      GYEONGJU,
      [stallKey, bakeryKey].map((wallet) => ({
        wallet,
        region: GYEONGJU,
        category: 'market_stall',
        size: 1,
      })),
    );
    await province.issue(GYEONGJU, soon, [{ account: resident, amount: 10_000n }]);
    await province.issue(GYEONGJU, later, [{ account: resident, amount: 50_000n }]);
    const held = await holdings(resident);
    expect([held.get(soon)?.at('balance').won(), held.get(later)?.at('balance').won()]).toEqual([
      10_000n,
      50_000n,
    ]);
  });

  it('is paid by the phone from both series at once, what ends first before the rest', async () => {
    const backwards = await paymentOf(withDevice, [later, soon], 12_000n);
    const order = await refused('payments', backwards, /유효기간/);
    expect([order.status, codeOf(order), order.body.at('expected', 'series').value]).toEqual([
      422,
      'series_order',
      soon,
    ]);
    const signed = await paymentOf(withDevice, [soon, later], 12_000n);
    const answer = await client.submit('payments', signed);
    expect([answer.status, answer.body.at('series').value]).toEqual([202, [soon, later]]);
    // The same whether it is on its way or settled: what is promised is not there any more.
    const held = await holdings(resident);
    expect([held.get(soon)?.at('spendable').won(), held.get(later)?.at('spendable').won()]).toEqual([
      0n,
      48_000n,
    ]);
    expect((await client.watch(signed.id)).at(-1)).toBe('final');
    firstPayment = signed.id;
    expect((await client.get(`/v1/payments/${signed.id}`)).value).toMatchObject({
      amount: '12000',
      payer: resident,
      region: GYEONGJU,
      parts: [
        { series: soon, amount: '10000' },
        { series: later, amount: '2000' },
      ],
    });
  });

  it('is refused above what the phone may spend in a day, and the passkey pays the same', async () => {
    const byDevice = await paymentOf(withDevice, [later], 4_000n);
    const refusal = await refused('payments', byDevice, /패스키/);
    expect([refusal.status, codeOf(refusal), refusal.body.at('expected').value]).toEqual([
      422,
      'device_limit_exceeded',
      { left: '3000', amount: '4000' },
    ]);
    const { authorisation } = byDevice.body;
    const byPasskey = { id: byDevice.id, body: { authorisation, proof: withPasskey.prove(byDevice.id) } };
    expect((await settle('payments', byPasskey)).value).toMatchObject({ payer: resident, amount: '4000' });
  });

  it('comes back in part when the merchant takes a payment back, and never more than was paid', async () => {
    const takeBack = async (series: number, amount: bigint) =>
      client.sign('voids', walletProver(stallKey), {
        merchant: stall,
        payment: firstPayment,
        series,
        amount: String(amount),
        nonce: await nonceOfMerchant(stall, series),
      });
    const view = await settle('voids', await takeBack(later, 500n));
    expect(view.value).toMatchObject({
      payment: firstPayment,
      series: later,
      amount: '500',
    });
    const more = await refused('voids', await takeBack(later, 1_501n), /취소/);
    expect([more.status, codeOf(more), more.body.at('expected').value]).toEqual([
      422,
      'void_exceeds_payment',
      { left: '1500', amount: '1501' },
    ]);
    await settle('voids', await takeBack(soon, 4_000n));
    expect((await holdings(resident)).get(soon)?.at('balance').won()).toBe(4_000n);
  });

  it('is given to another resident with the passkey alone', async () => {
    const message = {
      giver: resident,
      receiver: neighbour,
      series: later,
      amount: '5000',
      nonce: await nonceOfHolding(later),
    };
    const byDevice = await refused('gifts', await client.sign('gifts', withDevice, message), /패스키/);
    expect([byDevice.status, codeOf(byDevice)]).toEqual([403, 'owner_key_needed']);
    await settle('gifts', await client.sign('gifts', withPasskey, message));
    expect((await holdings(neighbour ?? '')).get(later)?.value).toMatchObject({
      balance: '5000',
      received: '5000',
    });
    const [received] = await client.all(`/v1/accounts/${neighbour}/history`);
    expect(received?.value).toMatchObject({ kind: 'received', amount: '5000', other: resident });
  });

  it('is spent by the stall at the bakery, which can only turn it into won', async () => {
    const pass = async (from: BaseWallet, to: string | undefined, amount: bigint) =>
      client.sign('circulations', walletProver(from), {
        merchant: nameOf(from),
        recipient: to,
        series: later,
        amount: String(amount),
        nonce: await nonceOfMerchant(nameOf(from), later),
      });
    await settle('circulations', await pass(stallKey, bakery, 3_000n));
    expect((await balances(bakery)).get(later)?.value).toMatchObject({
      balance: '3000',
      fromResidents: '0',
      movable: '0',
      redeemable: '3000',
    });
    const further = await refused('circulations', await pass(bakeryKey, stall, 1_000n), /환전/);
    expect([further.status, codeOf(further), further.body.at('expected').value]).toEqual([
      422,
      'hop_limit_reached',
      { available: '0', amount: '1000' },
    ]);
  });

  it('is refunded once enough was spent, as the quote said before', async () => {
    const quote = () => client.get(`/v1/refunds/quote?account=${resident}&series=${later}`);
    const refundOf = async (amount: string) =>
      client.sign('refunds', withPasskey, {
        account: resident,
        series: later,
        amount,
        nonce: (await quote()).at('nextNonce').number(),
      });
    expect((await quote()).value).toMatchObject({ due: null, spentPercent: 12, balance: '39500' });
    const early = await refused('refunds', await refundOf('39500'), /환불|환급/);
    expect([early.status, codeOf(early), early.body.at('expected').value]).toEqual([
      422,
      'refund_not_due',
      { spent_percent: 12, needed_percent: 60 },
    ]);
    await settle('payments', await paymentOf(withPasskey, [later], 22_000n));
    const due = await quote();
    expect(due.value).toMatchObject({
      due: 'spent',
      received: '45000',
      spent: '27500',
      spentPercent: 61,
      balance: '17500',
      own: '15750',
      toFunders: '1750',
    });
    expect(due.at('text', 'ko').list().length).toBe(due.at('text', 'en').list().length);
    expect(JSON.stringify(due.at('text', 'ko').value)).toContain('15,750');
    const view = await settle('refunds', await refundOf('17500'));
    expect(view.value).toMatchObject({ account: resident, amount: '17500', own: '15750' });
    expect((await holdings(resident)).get(later)?.value).toMatchObject({ balance: '0', received: '0' });
  });

  it('is redeemed by a shop’s own order and by the city’s run; the bank sends one back', async () => {
    const own = await client.signRedemption(bakeryKey, {
      series: later,
      amount: 3_000n,
      nonce: await nonceOfMerchant(bakery, later),
    });
    await settle('redemptions', own);
    bakeryPayout = own.id;
    await province.act({
      kind: 'settle',
      authority: GYEONGJU,
      args: {
        run: `0x${'51'.repeat(32)}`,
        lines: [
          { merchant: stall, series: soon, amount: '6000' },
          { merchant: stall, series: later, amount: '24500' },
        ],
      },
    });
    const run = await client.all(`/v1/redemptions?merchant=${stall}`);
    expect(
      run
        .map((one) => [one.at('state').text(), one.at('series').number(), one.at('amount').won()])
        .toSorted(),
    ).toEqual(
      [
        ['final', soon, 6_000n],
        ['final', later, 24_500n],
      ].toSorted(),
    );
    const back = {
      kind: 'return_redemptions',
      authority: GYEONGJU,
      args: { redemptions: [bakeryPayout] },
    };
    await province.act(back);
    const again = await client.send('POST', '/v1/acts/draft', back);
    expect([again.status, codeOf(again)]).toEqual([409, 'return_invalid']);
    expect((await balances(bakery)).get(later)?.value).toMatchObject({
      balance: '3000',
      fromResidents: '3000',
    });
  });

  it('reports to the resident all of it, and the figures of the resident add up', async () => {
    const history = await client.all(`/v1/accounts/${resident}/history`);
    const reported = history.map(
      (row) => `${row.at('kind').text()} ${row.at('series').text()} ${row.at('amount').text()}`,
    );
    expect(reported.toSorted()).toEqual(
      [
        `issued ${soon} 10000`,
        `issued ${later} 50000`,
        `refused ${later} 12000`,
        `paid ${soon} 10000`,
        `paid ${later} 2000`,
        `paid ${later} 4000`,
        `voided ${later} 500`,
        `voided ${soon} 4000`,
        `given ${later} 5000`,
        `refused ${later} 39500`,
        `paid ${later} 22000`,
        `refunded ${later} 17500`,
      ].toSorted(),
    );
    expect((await client.get(`/v1/series/${later}`)).at('figures').value).toMatchObject({
      issued: '50000',
      refunded: '17500',
      redeemed: '27500',
      returned: '3000',
      outstanding: '8000',
    });
    const { value } = (await client.get(`/v1/reports/summary?group=series&series=${later}`)).at('total');
    expect(value).toMatchObject({
      paid: { amount: '28000' },
      voided: { amount: '500' },
      given: { amount: '5000' },
      refunded: { amount: '17500' },
      outstanding: { amount: '8000' },
    });
    const balance = await client.get(`/v1/books/trial-balance?series=${later}`);
    expect(balance.at('debit').won()).toBe(balance.at('credit').won());
  });

  it('is the same on chain, in the tables and in the books, and again when copied from the first block', async () => {
    const verdict = await platform.command('reconcile');
    expect([verdict.code, verdict.output]).toEqual([0, expect.stringContaining('agree to the won')]);
    expect((await platform.stop()).code).toBe(0);
    const rebuilt = await platform.command('rebuild');
    expect([rebuilt.code, rebuilt.output]).toEqual([
      0,
      expect.stringContaining('identical to what was there'),
    ]);
  });
});

import { keccak256, toUtf8Bytes, Wallet, type BaseWallet } from 'ethers';
import { codeOf, OutsideClient, type Answer } from '../support/outside-client.js';
import { TestPlatform } from '../support/platform.js';
import {
  GYEONGBUK,
  GYEONGJU,
  keysOf,
  POHANG_NAM,
  Province,
  stateOfficers,
  type Shop,
} from '../support/province.js';
import { BAD_REQUESTS, faultOf } from './bad-input.js';

const FESTIVAL_SECONDS = 25;

/** One life of a voucher on the platform as people start it; each part goes on where the one before ended. */
describe('the life of a voucher', () => {
  const keys = keysOf('the life of a voucher', 9);
  const key = (index: number): BaseWallet => {
    const wallet = keys[index];
    if (wallet === undefined) throw new Error('more keys are needed');
    return wallet;
  };
  const [resident, neighbour, stranger] = [key(6), key(7), key(8)];
  const shops = {
    stall: { wallet: key(0), region: GYEONGJU, category: 'market_stall', size: 1 },
    restaurant: { wallet: key(1), region: GYEONGJU, category: 'restaurant', size: 4 },
    academy: { wallet: key(2), region: GYEONGJU, category: 'academy', size: 1 },
    large: { wallet: key(3), region: GYEONGJU, category: 'market_stall', size: 5 },
    suspended: { wallet: key(4), region: GYEONGJU, category: 'market_stall', size: 1 },
    pohang: { wallet: key(5), region: POHANG_NAM, category: 'market_stall', size: 1 },
  };
  let platform: TestPlatform;
  let client: OutsideClient;
  let province: Province;
  let series = 0;
  let festival = 0;
  /** Won that have become final. */
  let settled = 0n;
  let nonce = 0;

  beforeAll(async () => {
    platform = await TestPlatform.start();
    client = new OutsideClient(platform.url);
  });
  afterAll(() => platform?.dispose());

  const to = ({ wallet }: Shop) => wallet.address.toLowerCase();
  const of = (wallet: BaseWallet) => wallet.address.toLowerCase();
  const wish = (merchant: Shop, amount: bigint) => ({
    merchant: to(merchant),
    series,
    amount,
    nonce: ++nonce,
  });
  const refusal = async (merchant: Shop, amount: bigint): Promise<Answer> =>
    client.pay(await client.signPayment(resident, wish(merchant, amount)));
  const payFinal = async (payer: BaseWallet, merchant: Shop, amount: bigint) => {
    const signed = await client.signPayment(payer, wish(merchant, amount));
    const answer = await client.pay(signed);
    expect([answer.status, answer.body.value]).toEqual([202, expect.objectContaining({ state: 'accepted' })]);
    expect((await client.decided(signed.id)).at('state').text()).toBe('final');
    settled += amount;
    return signed;
  };
  const holding = async (who: BaseWallet) =>
    (await client.get(`/v1/accounts/${of(who)}/holdings`))
      .at('items')
      .list()
      .find((item) => item.at('series', 'id').value === series);

  it('begins with officers who found a province and a city, and no one else can', async () => {
    const state = stateOfficers(platform.home.read('genesis-officers.json') ?? '[]');
    province = await Province.found(client, state);
    const city = await client.get(`/v1/authorities/${GYEONGJU}`);
    expect(city.at('officers').list()).toHaveLength(3);
    const impostor = { id: 1, wallet: Wallet.createRandom() };
    const { proposal } = await client.propose(
      {
        kind: 'attest_accounts',
        authority: GYEONGJU,
        args: { entries: [{ account: of(stranger), home: GYEONGJU, tier: 'phone' }] },
      },
      impostor,
    );
    const answer = await client.send('POST', '/v1/acts', proposal);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'officer_signature_invalid']);
    expect(await client.all(`/v1/acts?authority=${GYEONGJU}`)).toEqual([]);
  });

  it('publishes terms whose hash is on chain, registers merchants and issues to an approved list', async () => {
    // Published first, so that it is over when it is needed; long enough to be issued on a busy machine.
    festival = await province.publish({ authority: GYEONGJU, validFor: FESTIVAL_SECONDS });
    await province.issue(GYEONGJU, festival, [{ account: of(resident), amount: 5_000n }]);
    series = await province.publish({
      authority: GYEONGJU,
      categories: ['market_stall', 'restaurant'],
      maxSize: 4,
      paymentCap: 200_000n,
      budget: 10_000_000n,
    });
    const detail = await client.get(`/v1/series/${series}`);
    expect(detail.at('termsHash').text()).toBe(keccak256(toUtf8Bytes(detail.at('termsText').text())));
    const { pohang, ...gyeongju } = shops;
    await province.register(GYEONGJU, Object.values(gyeongju));
    await province.register(GYEONGBUK, [pohang]);
    const listed = await client.all(`/v1/merchants?region=${GYEONGJU}`);
    expect(listed.map((one) => one.at('id').text()).toSorted()).toEqual(
      Object.values(gyeongju).map(to).toSorted(),
    );
    const list = await province.issue(GYEONGJU, series, [
      { account: of(resident), amount: 500_000n },
      { account: of(neighbour), amount: 50_000n },
    ]);
    expect(list.value).toMatchObject({ recipientsIssued: 2, amountIssued: '550000', refused: [] });
    expect((await holding(resident))?.value).toMatchObject({ balance: '500000', spendable: '500000' });
  });

  it('is accepted at once and soon final when a resident pays in the region', async () => {
    const signed = await client.signPayment(resident, wish(shops.stall, 12_000n));
    const sentAt = performance.now();
    const answer = await client.pay(signed);
    const acceptedMs = performance.now() - sentAt;
    expect(answer.status).toBe(202);
    // The wallet computed the id from GET /v1/chain alone.
    expect(answer.body.value).toMatchObject({ id: signed.id, state: 'accepted', payer: of(resident) });
    const states = await client.watch(signed.id);
    const finalMs = performance.now() - sentAt;
    expect(states.at(-1)).toBe('final');
    process.stdout.write(
      `accepted after ${acceptedMs.toFixed(0)} ms, final after ${finalMs.toFixed(0)} ms\n`,
    );
    settled += 12_000n;
    const view = await client.get(`/v1/payments/${signed.id}`);
    expect(view.value).toMatchObject({ amount: '12000', region: GYEONGJU, merchant: to(shops.stall) });
    expect((await holding(resident))?.at('balance').won()).toBe(488_000n);
  });

  it('is refused where its rules do not allow it, with the code and what was expected', async () => {
    const region = await refusal(shops.pohang, 1_000n);
    expect([region.status, codeOf(region)]).toEqual([422, 'wrong_region']);
    expect(region.body.at('expected').value).toEqual({
      merchant_region: POHANG_NAM,
      allowed_region: GYEONGJU,
    });
    expect(codeOf(await refusal(shops.academy, 1_000n))).toBe('wrong_category');
    expect(codeOf(await refusal(shops.large, 1_000n))).toBe('merchant_too_large');
    const cap = await refusal(shops.stall, 200_001n);
    expect(codeOf(cap)).toBe('payment_cap_exceeded');
    expect(cap.body.at('expected').value).toEqual({ cap: '200000', amount: '200001' });
    const balance = await client.pay(await client.signPayment(neighbour, wish(shops.stall, 50_001n)));
    expect([balance.status, codeOf(balance)]).toEqual([422, 'insufficient_balance']);
    expect(balance.body.at('expected').value).toEqual({ balance: '50000', amount: '50001' });
    const forged = await client.signPayment(resident, wish(shops.stall, 1_000n), stranger);
    expect(codeOf(await client.pay(forged))).toBe('signature_invalid');
    const toStranger = await client.signPayment(resident, {
      ...wish(shops.stall, 1_000n),
      merchant: of(stranger),
    });
    expect(codeOf(await client.pay(toStranger))).toBe('merchant_unknown');
  });

  it('is refused as suspended while the merchant is', async () => {
    await payFinal(resident, shops.suspended, 3_000n);
    await province.act({
      kind: 'set_merchant_status',
      authority: GYEONGJU,
      args: { merchants: [to(shops.suspended)], status: 'suspended' },
    });
    expect(codeOf(await refusal(shops.suspended, 1_000n))).toBe('merchant_not_active');
  });

  it('has one effect however often it is sent, and spends no won twice', async () => {
    const signed = await payFinal(resident, shops.restaurant, 7_000n);
    const again = await client.pay(signed);
    expect([again.status, again.body.value]).toEqual([
      200,
      expect.objectContaining({ id: signed.id, state: 'final' }),
    ]);
    const sameNonce = await client.signPayment(resident, { ...wish(shops.stall, 1_000n), nonce });
    const before = nonce;
    expect(before).toBeGreaterThan(0);
    expect((await client.pay(sameNonce)).status).toBe(202);
    settled += 1_000n;
    const other = await client.signPayment(resident, { ...wish(shops.stall, 2_000n), nonce: before });
    expect([
      codeOf(await client.pay(other)),
      (await client.decided(sameNonce.id)).at('state').text(),
    ]).toEqual(['replayed', 'final']);
    expect(codeOf(await client.pay(other))).toBe('replayed');

    const both = await Promise.all(
      [shops.stall, shops.restaurant].map((merchant) =>
        client.signPayment(neighbour, wish(merchant, 50_000n)),
      ),
    );
    const answers = await Promise.all(both.map((one) => client.pay(one)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 422]);
    expect(codeOf(answers.find(({ status }) => status === 422) as Answer)).toBe('insufficient_balance');
    const [winner] = both.filter((_one, index) => answers[index]?.status === 202);
    expect((await client.decided(winner?.id ?? '')).at('state').text()).toBe('final');
    settled += 50_000n;
    expect((await holding(neighbour))?.at('balance').won() ?? 0n).toBe(0n);
  });

  it('is redeemed by the merchant, and never more than was taken', async () => {
    const signed = await client.signRedemption(shops.suspended.wallet, {
      series,
      amount: 2_000n,
      nonce: 1,
    });
    const answer = await client.redeem(signed);
    expect([answer.status, answer.body.at('id').text()]).toEqual([202, signed.id]);
    expect((await client.decided(signed.id, 'redemptions')).at('state').text()).toBe('final');
    const more = await client.signRedemption(shops.suspended.wallet, {
      series,
      amount: 1_001n,
      nonce: 2,
    });
    expect(codeOf(await client.redeem(more))).toBe('insufficient_merchant_balance');
    const balances = await client.get(`/v1/merchants/${to(shops.suspended)}/balance`);
    expect(balances.at('balances', 0).value).toMatchObject({ series, balance: '1000', redeemable: '1000' });
  });

  it('shows in reports whose figures open to their rows, and in books that balance', async () => {
    const bySeries = await client.get(`/v1/reports/summary?group=series&series=${series}`);
    const total = (name: string) => bySeries.at('total', name, 'amount').won();
    expect([total('issued'), total('paid'), total('redeemed')]).toEqual([550_000n, settled, 2_000n]);
    const rows = await client.all(bySeries.at('total', 'paid', 'href').text());
    expect(rows.reduce((sum, row) => sum + row.at('amount').won(), 0n)).toBe(settled);
    const final = await client.all(`/v1/payments?series=${series}&state=final`);
    expect(rows.map((row) => row.at('id').text()).toSorted()).toEqual(
      final.map((row) => row.at('id').text()).toSorted(),
    );
    for (const group of ['region', 'category', 'day', 'authority']) {
      const report = await client.get(`/v1/reports/summary?group=${group}&series=${series}`);
      const sum = report
        .at('rows')
        .list()
        .reduce((won, row) => won + row.at('figures', 'paid', 'amount').won(), 0n);
      expect([group, sum]).toEqual([group, settled]);
    }
    const balance = await client.get(`/v1/books/trial-balance?series=${series}`);
    expect(balance.at('debit').won()).toBe(balance.at('credit').won());
    expect(balance.at('debit').won()).toBeGreaterThan(550_000n);
  });

  it('is refused after its validity', async () => {
    await client.until(
      () => client.get(`/v1/series/${festival}`),
      (view) => view.at('state').text() === 'over',
    );
    const late = { ...wish(shops.stall, 1_000n), series: festival };
    expect(codeOf(await client.pay(await client.signPayment(resident, late)))).toBe('expired');
  });

  it('says what is wrong in Korean and in English', async () => {
    const korean = new OutsideClient(platform.url, 'ko');
    const signed = await client.signPayment(resident, wish(shops.pohang, 1_000n));
    const [ko, en] = [await korean.pay(signed), await client.pay(signed)];
    expect([ko.headers.get('content-language'), en.headers.get('content-language')]).toEqual(['ko', 'en']);
    expect(ko.body.at('detail').text()).toMatch(/포항.*경주/);
    expect(en.body.at('detail').text()).toMatch(/The merchant is in .*this voucher is for/);
    expect(codeOf(ko)).toBe(codeOf(en));
  });

  it('refuses bad input of every kind with the field, and stores none of it', async () => {
    const stored = async () =>
      Promise.all([
        ...['final', 'accepted', 'refused'].map(async (state) => [
          (await client.all(`/v1/payments?state=${state}&limit=500`)).length,
          (await client.all(`/v1/redemptions?state=${state}&limit=500`)).length,
        ]),
        (await client.all('/v1/acts?limit=500')).length,
        (await client.get('/v1/reports/summary?group=authority')).at('total').value,
      ]);
    const before = await stored();
    const faults: string[] = [];
    for (const request of BAD_REQUESTS) faults.push(await faultOf(client, request));
    expect(faults.filter((fault) => fault !== '')).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  it('survives the end of the platform and its next start', async () => {
    const facts = async () => ({
      holdings: (await holding(resident))?.value,
      history: (await client.all(`/v1/accounts/${of(resident)}/history`)).map(({ value }) => value),
      balance: (await client.get(`/v1/merchants/${to(shops.stall)}/balance`)).value,
      report: (await client.get(`/v1/reports/summary?group=series`)).at('total').value,
      acts: (await client.all('/v1/acts?limit=500')).map((act) => [
        act.at('id').text(),
        act.at('state').text(),
      ]),
    });
    const before = await facts();
    const ended = await platform.stop();
    expect({
      code: ended.code,
      left: platform.home.process('postgres') ?? platform.home.process('anvil'),
    }).toEqual({
      code: 0,
      left: undefined,
    });
    const startedAt = performance.now();
    await platform.up();
    process.stdout.write(`second start after ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
    expect(await facts()).toEqual(before);
    await payFinal(resident, shops.stall, 4_000n);
    const verdict = await platform.command('reconcile');
    expect([verdict.code, verdict.output]).toEqual([0, expect.stringContaining('agree to the won')]);
  });
});

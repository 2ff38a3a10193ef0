import { keccak256, toUtf8Bytes, type BaseWallet } from 'ethers';
import {
  decodeKeyRing,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  vouchersDomain,
  type Hex,
  type SigningDomain,
} from '#contracts';
import { FIRST_KEYS_MAX, OPENED_MAX } from '#domain';
import { loadDeployment } from '#node';
import { Database, leadClock } from '#persistence';
import { claimOf, moveConsentOf } from '../support/consents.js';
import { objectToHandOver } from '../support/moves-life.js';
import { codeOf, OutsideClient } from '../support/outside-client.js';
import { TestPlatform } from '../support/platform.js';
import { keysOf, Province, stateOfficers } from '../support/province.js';
import { keylessAccount, passkey, ringAccount } from '../support/signing-keys.js';

const GYEONGBUK = '47';
const POHANG = { city: '4711', ward: '47111' };
const SEOUL = { city: '11', district: '11110' };
const INCHEON = '28';
/** A district that was made of a part of another one in July 2026. */
const GEOMDAN = '28290';
/** More than one list opens, and more than two lists give keys. */
const AT_THE_COUNTER = 400;

/**
 * People and shops come to another authority, on the platform as people start it: somebody moves, a district gets an
 * authority of its own, and a city opens accounts for those who have no keys yet.
 */
describe('who answers for an account changes', () => {
  let platform: TestPlatform;
  let client: OutsideClient;
  let province: Province;
  let db: Database;
  let domain: SigningDomain;
  const nonces = new Map<string, number>();

  beforeAll(async () => {
    platform = await TestPlatform.start([], { TEST_CLOCK: 'on' });
    client = new OutsideClient(platform.url);
    db = await Database.connect({ url: platform.databaseUrl, poolMax: 1 });
    const deployment = await loadDeployment(db);
    if (deployment === null) throw new Error('nothing is deployed');
    domain = vouchersDomain(deployment);
    province = Province.of(client, stateOfficers(platform.home.read('genesis-officers.json') ?? '[]'));
    for (const [founder, region] of [
      ['', GYEONGBUK],
      [GYEONGBUK, POHANG.city],
      ['', SEOUL.city],
      ['', INCHEON],
    ] as const)
      await province.foundOne(founder, region);
  });
  afterAll(async () => {
    await db?.close();
    await platform?.dispose();
  });

  const act = (kind: string, authority: string, args: Record<string, unknown>) =>
    province.act({ kind, authority, args });
  const draft = (kind: string, authority: string, args: Record<string, unknown>) =>
    client.send('POST', '/v1/acts/draft', { kind, authority, args });
  const attest = (authority: string, accounts: readonly string[], home: string) =>
    act('attest_accounts', authority, {
      entries: accounts.map((account) => ({ account, home, tier: 'phone' })),
    });
  const shopAt = (authority: string, wallet: BaseWallet, region: string) =>
    province.register(authority, [{ wallet, region, category: 'market_stall', size: 1 }]);
  const holdings = (account: string) => client.get(`/v1/accounts/${account}/holdings`);
  const heldOf = async (account: string, series: number) =>
    (await holdings(account))
      .at('items')
      .list()
      .find((item) => item.at('series', 'id').number() === series)
      ?.at('balance')
      .won();

  /** What becomes of a payment of 1,000 won: its state, or the code with which it is refused. */
  const pay = async (payer: BaseWallet, shop: BaseWallet, series: number) => {
    const key = `${nameOf(payer)} ${series}`;
    const nonce = (nonces.get(key) ?? 0) + 1;
    const order = await client.signPayment(payer, {
      merchant: nameOf(shop),
      series,
      amount: 1_000n,
      nonce,
    });
    const answer = await client.pay(order);
    if (answer.status !== 202) return codeOf(answer);
    nonces.set(key, nonce);
    return (await client.decided(order.id)).at('state').text();
  };

  describe('somebody moves from Pohang to Seoul', () => {
    const [mover, there, here] = threeOf('a move to Seoul');
    const account = nameOf(mover);
    const consent = { from: POHANG.city, to: SEOUL.city, number: 0 };
    let old = 0;

    it('with vouchers of Pohang, an own consent and a home in Seoul', async () => {
      await attest(POHANG.city, [account], POHANG.ward);
      await shopAt(POHANG.city, there, POHANG.ward);
      await shopAt(SEOUL.city, here, SEOUL.district);
      old = await province.publish({ authority: POHANG.city });
      await province.issue(POHANG.city, old, [{ account, amount: 100_000n }]);
      expect(await pay(mover, there, old)).toBe('final');
      // Nothing moves without the holder's word, and no city takes anybody in whom it does not answer for.
      const entry = { account, place: SEOUL.district };
      expect(codeOf(await draft('take_accounts', SEOUL.city, { entries: [entry] }))).toBe(
        'hand_over_unknown',
      );
      const signed = { ...entry, consent: moveConsentOf(domain, account, consent) };
      const other = await draft('take_accounts', INCHEON, { entries: [{ ...signed, place: GEOMDAN }] });
      expect(codeOf(other)).toBe('authority_not_chosen');
      await act('take_accounts', SEOUL.city, { entries: [signed] });
      const moved = await client.until(
        () => holdings(account),
        (view) => view.at('moves').number() === 1,
      );
      expect([moved.at('authority').text(), moved.at('home').text(), moved.at('tier').text()]).toEqual([
        SEOUL.city,
        SEOUL.district,
        'phone',
      ]);
    });

    it('keeps what was granted there, spends it where it could be spent, and gets what Seoul grants', async () => {
      expect(await heldOf(account, old)).toBe(99_000n);
      expect(await pay(mover, there, old)).toBe('final');
      expect(await pay(mover, here, old)).toBe('wrong_region');
      const ours = await province.publish({ authority: SEOUL.city });
      await province.issue(SEOUL.city, ours, [{ account, amount: 50_000n }]);
      expect(await pay(mover, here, ours)).toBe('final');
      expect(await pay(mover, there, ours)).toBe('wrong_region');
    });

    it('is out of the reach of Pohang, and of every consent of before', async () => {
      const keys = { dailyLimit: '0', keys: [{ right: 'owner', id: account }] };
      for (const [kind, args] of [
        ['freeze_accounts', { accounts: [account], until: isoIn(client, 3_600) }],
        ['replace_keys', { account, keys }],
        ['attest_accounts', { entries: [{ account, home: POHANG.ward, tier: 'real_name' }] }],
        ['propose_hand_over', { to: POHANG.city.slice(0, 2), accounts: [account] }],
      ] as const)
        expect([kind, codeOf(await draft(kind, POHANG.city, args))]).toEqual([kind, 'not_in_charge']);
      const claim = claimOf(domain, account, POHANG.city);
      const stale = moveConsentOf(domain, account, { from: SEOUL.city, to: POHANG.city, number: 0 });
      for (const proof of [claim, stale]) {
        const entries = [{ account, place: POHANG.ward, consent: proof }];
        expect(codeOf(await draft('take_accounts', POHANG.city, { entries }))).toBe('authority_not_chosen');
      }
      const events = await client.all(`/v1/accounts/${account}/moves`);
      expect(events.map((event) => event.at('event').text())).toEqual(['taken']);
    });
  });

  describe('a district of Incheon gets an authority of its own', () => {
    const [payer, kept, shop, market] = fourOf('the split of Incheon');
    const counter = keylessAccount({
      authority: INCHEON,
      role: 'resident',
      salt: keccak256(toUtf8Bytes('Geomdan')),
    });
    const people = [nameOf(payer), nameOf(kept), counter.address];
    const everybody = [...people, nameOf(shop), nameOf(market)];
    let sold = 0;

    it('which hands the residents and shops there over, without any signature of theirs', async () => {
      await attest(INCHEON, people, GEOMDAN);
      for (const one of [shop, market]) await shopAt(INCHEON, one, GEOMDAN);
      sold = await province.publish({ authority: INCHEON, sold: true });
      await province.issue(INCHEON, sold, [{ account: nameOf(payer), amount: 100_000n }]);
      expect(await pay(payer, shop, sold)).toBe('final');
      await province.foundOne(INCHEON, GEOMDAN);
      await act('propose_hand_over', INCHEON, { to: GEOMDAN, accounts: everybody });
      const list = () => client.all(`/v1/hand-overs?to=${GEOMDAN}&limit=2`);
      const waiting = await list();
      expect(waiting.map((one) => one.at('account').text()).toSorted()).toEqual(everybody.toSorted());
      expect(waiting.map((one) => one.at('ready').value)).toEqual(everybody.map(() => false));
      const kinds = waiting.map((one) => one.at('kind').text()).toSorted();
      expect(kinds).toEqual(['merchant', 'merchant', 'resident', 'resident', 'resident']);
    });

    it('after a notice in which one of them objects and stays', async () => {
      const entries = everybody.map((account) => ({ account, place: GEOMDAN }));
      expect(codeOf(await draft('take_accounts', GEOMDAN, { entries }))).toBe('hand_over_too_early');
      await objectToHandOver(client, domain, kept);
      client.ahead = HAND_OVER_DELAY_SECONDS_DEFAULT + 60;
      await leadClock(db, client.ahead);
      await client.until(
        async () => client.get(`/v1/hand-overs?to=${GEOMDAN}`),
        (page) =>
          page
            .at('items')
            .list()
            .every((one) => one.at('ready').value === true),
      );
      const done = await act('take_accounts', GEOMDAN, { entries });
      expect(
        done
          .at('skipped')
          .list()
          .map((one) => [one.at('subject').text(), one.at('code').text()]),
      ).toEqual([[nameOf(kept), 'hand_over_unknown']]);
      expect(await client.all(`/v1/hand-overs?to=${GEOMDAN}`)).toEqual([]);
      const taken = await client.get(`/v1/merchants/${nameOf(shop)}`);
      expect([taken.at('authority').text(), taken.at('region').text()]).toEqual([GEOMDAN, GEOMDAN]);
      expect((await holdings(nameOf(kept))).at('authority').text()).toBe(INCHEON);
    });

    it('and vouchers from before are paid after at the same shops, for which the district answers', async () => {
      expect(await pay(payer, shop, sold)).toBe('final');
      expect(await pay(payer, market, sold)).toBe('final');
      const suspend = { merchants: [nameOf(shop)], status: 'suspended' };
      expect(codeOf(await draft('set_merchant_status', INCHEON, suspend))).toBe('not_in_charge');
      expect((await draft('set_merchant_status', GEOMDAN, suspend)).status).toBe(200);
      // Who had no keys gets the first ones from whoever answers now.
      const phone = ringAccount(0n, [{ right: 'owner', key: passkey('Geomdan') }], counter.address);
      const first = [{ account: counter.address, keys: ringOf(phone.ring) }];
      expect(codeOf(await draft('set_first_keys', INCHEON, { entries: first }))).toBe('not_in_charge');
      await act('set_first_keys', GEOMDAN, { entries: first });
    });
  });

  describe(`${AT_THE_COUNTER} people without a phone`, () => {
    const accounts = Array.from(
      { length: AT_THE_COUNTER },
      (_unused, index) =>
        keylessAccount({
          authority: SEOUL.city,
          role: 'resident',
          salt: keccak256(toUtf8Bytes(`counter ${index}`)),
        }).address,
    );
    /** Everybody's first keys: a passkey, in a ring of the account that it is for. */
    const ringFor = (account: Hex) =>
      ringAccount(0n, [{ right: 'owner', key: passkey('counter of Seoul') }], account);
    let series = 0;

    it('get accounts and vouchers at the counter, and first keys later', async () => {
      const tooMany = accounts.map((account) => ({ account, home: SEOUL.district, tier: 'phone' }));
      expect(codeOf(await draft('attest_accounts', SEOUL.city, { entries: tooMany }))).toBe(
        'batch_too_large',
      );
      await attest(SEOUL.city, accounts.slice(0, OPENED_MAX), SEOUL.district);
      await attest(SEOUL.city, accounts.slice(OPENED_MAX), SEOUL.district);
      series = await province.publish({ authority: SEOUL.city });
      const granted = accounts.map((account) => ({ account, amount: 30_000n }));
      const list = await province.issue(SEOUL.city, series, granted);
      expect(list.at('state').text()).toBe('done');
      for (let from = 0; from < accounts.length; from += FIRST_KEYS_MAX) {
        const entries = accounts
          .slice(from, from + FIRST_KEYS_MAX)
          .map((account) => ({ account, keys: ringOf(ringFor(account).ring) }));
        const done = await act('set_first_keys', SEOUL.city, { entries });
        expect(done.at('skipped').list()).toEqual([]);
      }
      const last = accounts.at(-1) ?? '';
      const view = await holdings(last);
      expect([view.at('keyless').value, view.at('keys', 'changes').number(), view.at('total').won()]).toEqual(
        [false, 1, 30_000n],
      );
    }, 300_000);

    it('and pay with them', async () => {
      const [stall] = threeOf('a stall in Seoul');
      await shopAt(SEOUL.city, stall, SEOUL.district);
      const account = accounts[7] ?? '';
      const order = await client.sign('payments', ringFor(account).by(0), {
        payer: account,
        merchant: nameOf(stall),
        series: [series],
        amount: '12000',
        nonce: 1,
      });
      expect((await client.pay(order)).status).toBe(202);
      expect((await client.decided(order.id)).at('state').text()).toBe('final');
      expect(await heldOf(account, series)).toBe(18_000n);
    });
  });

  it('leaves contracts, tables and books alike', async () => {
    const { code, output } = await platform.command('reconcile');
    expect([code, output]).toEqual([0, expect.stringContaining('agree to the won')]);
  });
});

/** A ring as requests have it. */
function ringOf(encoded: Hex) {
  const { dailyLimit, keys } = decodeKeyRing(encoded);
  return { dailyLimit: String(dailyLimit), keys };
}

function fourOf(seed: string): [BaseWallet, BaseWallet, BaseWallet, BaseWallet] {
  const [one, two, three, four] = keysOf(seed, 4);
  if (!one || !two || !three || !four) throw new Error('keys');
  return [one, two, three, four];
}

function threeOf(seed: string): [BaseWallet, BaseWallet, BaseWallet] {
  const [one, two, three] = fourOf(seed);
  return [one, two, three];
}

function nameOf(wallet: { readonly address: string }): string {
  return wallet.address.toLowerCase();
}

function isoIn(client: OutsideClient, seconds: number): string {
  return new Date((Math.floor(Date.now() / 1000) + client.ahead + seconds) * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
}

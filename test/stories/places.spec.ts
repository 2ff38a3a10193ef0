import type { BaseWallet } from 'ethers';
import { decodeAct, encodeAct } from '#contracts';
import { Database, leadClock } from '#persistence';
import { Json } from '../support/json.js';
import { codeOf, OutsideClient, signDraft, type OfficerKey } from '../support/outside-client.js';
import { TestPlatform } from '../support/platform.js';
import { keysOf, Province, stateOfficers } from '../support/province.js';
import { until } from '../support/until.js';

const DAY_SECONDS = 86_400;
/** Changes of areas wait for two days. */
const CHANGE_SECONDS = 2 * DAY_SECONDS + 60;

/** Codes before and after their reforms. */
const GANGWON = { before: '42', after: '51' };
const CHUNCHEON = { before: '42110', after: '51110', shop: '42110104', shopAfter: '51110104' };
const GUNWI = { before: '47720', after: '27720', shop: '47720250', shopAfter: '27720250' };
const HWASEONG = { before: '41590', after: '4159', shop: '41590', shopAfter: '41591' };
const CITIES = { CHUNCHEON, GUNWI, HWASEONG };

/**
 * The reforms of the last years, on the platform as people start it: a province that got another code, a county that moved
 * to another province, a city that got wards. Vouchers from before are paid after at the same shops.
 */
describe('vouchers outlive reforms of the codes', () => {
  const [payerKey, ...shopKeys] = keysOf('places change', 4);
  if (payerKey === undefined) throw new Error('keys');
  const payer: BaseWallet = payerKey;
  const shops = new Map(Object.keys(CITIES).map((name, index) => [name, keyAt(shopKeys, index)]));
  let platform: TestPlatform;
  let client: OutsideClient;
  let province: Province;
  let db: Database;
  let lead = 0;
  const nonces = new Map<number, number>();
  /** Series by what they are of. */
  const series = new Map<string, number>();

  beforeAll(async () => {
    platform = await TestPlatform.start([], { TEST_CLOCK: 'on' });
    client = new OutsideClient(platform.url);
    db = await Database.connect({ url: platform.databaseUrl, poolMax: 1 });
  });
  afterAll(async () => {
    await db?.close();
    await platform?.dispose();
  });

  const act = (kind: string, authority: string, args: Record<string, unknown>) =>
    province.act({ kind, authority, args });

  /** Founds an authority under a code of before its reform, as it was founded then: officers sign the calldata itself. */
  const foundThen = async (founder: string, region: string, like: string) => {
    const officers = province.prepareOfficers(region);
    const wish = province.foundingOf(founder, like, officers);
    const { draft } = await client.propose(wish, province.officersOf(founder)[0]);
    const call = decodeAct(draft.at('act', 'call').text(), 'authorities');
    if (call?.kind !== 'found_authority') throw new Error('no founding');
    const changed = encodeAct('found_authority', { ...call.args, region }).call;
    const own = new Json({
      typedData: {
        ...draft.at('typedData').object(),
        message: { ...draft.at('typedData', 'message').object(), call: changed },
      },
    });
    const body = { act: { ...draft.at('act').object(), call: changed }, attachment: null };
    await executed(own, body, province.officersOf(founder));
  };

  const executed = async (draft: Json, body: object, officers: readonly OfficerKey[]) => {
    const approvals = officers.map((officer) => ({
      officer: officer.id,
      signature: signDraft(draft, officer),
    }));
    const [first, ...others] = approvals;
    let view = await client.post('/v1/acts', { ...body, approval: first });
    const id = view.at('id').text();
    for (const approval of others) {
      if (view.at('state').text() !== 'open') break;
      view = await client.post(`/v1/acts/${id}/approvals`, approval);
    }
    await client.until(
      () => client.get(`/v1/acts/${id}`),
      (now) => now.at('state').text() === 'executed',
    );
  };

  const publish = async (name: string, authority: string, area: string) => {
    const id = await province.publish({ authority, area });
    series.set(name, id);
    await province.issue(authority, id, [{ account: payer.address, amount: 100_000n }]);
  };

  const pay = async (shop: string, name: string) => {
    const id = series.get(name) ?? 0;
    const nonce = (nonces.get(id) ?? 0) + 1;
    const order = await client.signPayment(payer, {
      merchant: nameOf(shops.get(shop)),
      series: id,
      amount: 1_000n,
      nonce,
      deadline: Math.floor(Date.now() / 1000) + lead + 600,
    });
    const answer = await client.pay(order);
    if (answer.status !== 202) return codeOf(answer);
    nonces.set(id, nonce);
    return (await client.decided(order.id)).at('state').text();
  };

  const pays = async (wanted: Readonly<Record<string, string>>, shop: string) => {
    const found: Record<string, string> = {};
    for (const name of Object.keys(wanted)) found[name] = await pay(shop, name);
    expect([shop, found]).toEqual([shop, wanted]);
  };

  const leap = async () => {
    lead += CHANGE_SECONDS;
    await leadClock(db, lead);
  };
  const areasOf = async (code: string) =>
    (await client.get(`/v1/authorities/${code}`))
      .at('areas')
      .list()
      .map((area) => area.text());
  const answersFor = (code: string, area: string) =>
    until(`${code} answers for ${area}`, async () => (await areasOf(code)).includes(area));

  it('begins before the reforms, with vouchers that are paid at the places of then', async () => {
    const genesis = stateOfficers(platform.home.read('genesis-officers.json') ?? '[]');
    province = Province.of(client, genesis);
    await foundThen('', GANGWON.before, GANGWON.after);
    for (const code of ['41', '47', '27']) await province.foundOne('', code);
    await province.foundOne(GANGWON.before, CHUNCHEON.before);
    await foundThen('47', GUNWI.before, '47130');
    await foundThen('41', HWASEONG.before, '41111');
    await publish('Gangwon', GANGWON.before, GANGWON.before);
    await publish('Gyeongbuk', '47', '47');
    for (const [name, { before, shop }] of Object.entries(CITIES)) {
      await publish(name, before, before);
      const wallet = shops.get(name);
      if (wallet === undefined) throw new Error('no shop');
      await province.register(before, [{ wallet, region: shop, category: 'market_stall', size: 1 }]);
    }
    await act('attest_accounts', CHUNCHEON.before, {
      entries: [{ account: nameOf(payer), home: CHUNCHEON.before, tier: 'phone' }],
    });
    await pays({ Gangwon: 'final', CHUNCHEON: 'final', Gyeongbuk: 'wrong_region' }, 'CHUNCHEON');
    await pays({ Gyeongbuk: 'final', GUNWI: 'final', Gangwon: 'wrong_region' }, 'GUNWI');
    await pays({ HWASEONG: 'final' }, 'HWASEONG');
  }, 120_000);

  it('gives each authority the places that the law gives it, from the state down', async () => {
    await act('grant_area', '', { to: GANGWON.before, area: GANGWON.after });
    await act('grant_area', '27', { to: GUNWI.before, area: GUNWI.after });
    await act('grant_area', '41', { to: HWASEONG.before, area: HWASEONG.after });
    // A stranger grants nothing.
    const strange = { kind: 'grant_area', authority: '47', args: { to: GUNWI.before, area: GUNWI.after } };
    expect(codeOf(await client.send('POST', '/v1/acts/draft', strange))).toBe('region_outside_authority');
    await leap();
    await answersFor(GANGWON.before, GANGWON.after);
    await act('grant_area', GANGWON.before, { to: CHUNCHEON.before, area: CHUNCHEON.after });
    await leap();
    await answersFor(CHUNCHEON.before, CHUNCHEON.after);
    expect(await areasOf(GUNWI.after)).toEqual([GUNWI.before, GUNWI.after]);
    expect(await areasOf(HWASEONG.after)).toEqual([HWASEONG.before, HWASEONG.after]);
  });

  it('records the new codes along reforms that governors declared, and nothing else', async () => {
    const early = {
      kind: 'recode_merchants',
      authority: GUNWI.before,
      args: {
        from: GUNWI.before,
        to: GUNWI.after,
        entries: [{ merchant: nameOf(shops.get('GUNWI')), region: GUNWI.shopAfter }],
      },
    };
    expect(codeOf(await client.send('POST', '/v1/acts/draft', early))).toBe('reform_unknown');
    await act('declare_reform', GANGWON.before, { from: GANGWON.before, to: GANGWON.after });
    await act('declare_reform', GUNWI.before, { from: GUNWI.before, to: GUNWI.after });
    await act('declare_reform', HWASEONG.before, { from: HWASEONG.before, to: HWASEONG.after });
    const again = {
      kind: 'declare_reform',
      authority: GUNWI.before,
      args: { from: GUNWI.before, to: GUNWI.after },
    };
    expect(codeOf(await client.send('POST', '/v1/acts/draft', again))).toBe('reform_invalid');
    for (const [name, { before, shopAfter }] of Object.entries(CITIES)) {
      const { from, to } = reformOf(name);
      const merchant = nameOf(shops.get(name));
      await act('recode_merchants', before, { from, to, entries: [{ merchant, region: shopAfter }] });
    }
    const homes = [{ account: nameOf(payer), home: CHUNCHEON.after }];
    await act('recode_homes', CHUNCHEON.before, {
      from: GANGWON.before,
      to: GANGWON.after,
      entries: homes,
    });
    const shop = await client.get(`/v1/merchants/${nameOf(shops.get('GUNWI'))}`);
    expect([shop.at('region').text(), shop.at('formerRegion').text()]).toEqual([GUNWI.shopAfter, GUNWI.shop]);
  });

  it('takes vouchers from before at the same shops, and new ones by the new codes alone', async () => {
    await pays({ Gangwon: 'final', CHUNCHEON: 'final', Gyeongbuk: 'wrong_region' }, 'CHUNCHEON');
    await pays({ Gyeongbuk: 'final', GUNWI: 'final', Gangwon: 'wrong_region' }, 'GUNWI');
    await pays({ HWASEONG: 'final' }, 'HWASEONG');
    await publish('new Gyeongbuk', '47', '47');
    await publish('new Daegu', '27', '27');
    await publish('new Gunwi', GUNWI.before, GUNWI.after);
    await publish('new Chuncheon', CHUNCHEON.before, CHUNCHEON.after);
    await publish('a ward of Hwaseong', HWASEONG.before, HWASEONG.shopAfter);
    await publish('another ward', HWASEONG.before, '41593');
    await pays({ 'new Gyeongbuk': 'wrong_region', 'new Daegu': 'final', 'new Gunwi': 'final' }, 'GUNWI');
    await pays({ 'new Chuncheon': 'final', 'new Gunwi': 'wrong_region' }, 'CHUNCHEON');
    await pays({ 'a ward of Hwaseong': 'final', 'another ward': 'wrong_region' }, 'HWASEONG');
  });

  it('leaves contracts, tables and books alike', async () => {
    const { code, output } = await platform.command('reconcile');
    expect([code, output]).toEqual([0, expect.stringContaining('agree to the won')]);
  });
});

function reformOf(name: string) {
  const { before: from, after: to } = name === 'CHUNCHEON' ? GANGWON : name === 'GUNWI' ? GUNWI : HWASEONG;
  return { from, to };
}

function keyAt(keys: readonly BaseWallet[], index: number): BaseWallet {
  const key = keys[index];
  if (key === undefined) throw new Error(`there is no key ${index}`);
  return key;
}

function nameOf(wallet: { readonly address: string } | undefined): string {
  if (wallet === undefined) throw new Error('no wallet');
  return wallet.address.toLowerCase();
}

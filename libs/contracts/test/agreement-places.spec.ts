import {
  matchSeries,
  nearestTo,
  packRegion,
  refusalArgs,
  refusalOfAreaChange,
  refusalOfFounding,
  refusalOfNewHome,
  refusalOfRecoding,
  unpackScopeRule,
  packScopeRule,
  type AreaHolder,
  type FormerPlace,
  type OfficersRefusal,
} from '#domain';
import { people, wallet } from '../../../test/support/signing-keys.js';
import { authoritiesInterface, decodeRevert, encodeFinishArea, encodePay, type Hex } from '../src/index.js';
import { Chance } from './support/chance.js';
import { ContractsFixture } from './support/contracts-fixture.js';
import { codeOf, outcomes } from './support/outcomes.js';
import { crew, thresholds } from './support/test-chain.js';

/** Changes of areas and of places compared; five times as many before a release (AGREEMENT_RUNS=10000). */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000) / 20;
const SEED = process.env.AGREEMENT_SEED ?? '1';
const CHANGE_DELAY = 2 * 86_400;
/** Codes that lie in each other, and some of no place. */
const CODES = [
  '47',
  '471',
  '4713',
  '47130',
  '471301',
  '4719',
  '47190',
  '48',
  '4811',
  '48110',
  '51',
  '51110',
  '28',
];

/** What the contract's rules and their copy say of places: both refuse the same for the same reason. */
describe(`contract and rules of ${RUNS} random changes of places (seed ${SEED})`, () => {
  const chance = new Chance(`places ${SEED}`);
  let fixture: ContractsFixture;

  beforeAll(async () => {
    // Hardhat shows a revert with the stack of Solidity and wants Node's own way to print stacks, which Jest takes away.
    Error.prepareStackTrace ??= (error) => `${error.name}: ${error.message}`;
    fixture = await ContractsFixture.open();
    await fixture.found('', '48');
    await fixture.found('47', '47190');
  });

  afterAll(() => {
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    return fixture?.close();
  });

  /** The code and arguments with which the contract refuses a call to Authorities; null when it does not. */
  async function refusalOf(data: Hex): Promise<unknown> {
    try {
      await fixture.chain.provider.call({ to: fixture.chain.deployment.authorities, data });
      return null;
    } catch (error) {
      const revert = decodeRevert(dataOf(error));
      if (revert === null || revert.key === null) throw error;
      return { key: revert.key, args: refusalArgs(revert.key, Object.values(revert.args)) };
    }
  }

  const said = (refusal: OfficersRefusal | undefined) =>
    refusal === undefined ? null : { key: refusal.key, args: refusalArgs(refusal.key, refusal.args) };

  it('agree about areas and about who is nearest', async () => {
    const holders: AreaHolder[] = ['47', '47130', '48', '47190'].map((code) => ({
      authority: code,
      areas: [code],
    }));
    const seen = new Set<string>();
    for (let run = 0; run < RUNS; run += 1) {
      const authority = chance.pick(['', '47', '47', '48', '47130', '47190']);
      const to = chance.pick([...holders.map((one) => one.authority), authority, '', '11']);
      const area = chance.pick(CODES);
      const founding = chance.percent(15);
      const refusal = founding
        ? refusalOfFounding(holders, authority, area)
        : refusalOfAreaChange(holders, { authority, to, area });
      seen.add(refusal?.key ?? (founding ? 'founded' : to === authority ? 'given_up' : 'granted'));
      if (founding) {
        if (holders.some((holder) => holder.authority === area) || area === authority) continue;
        const found = { authority, region: area, officers: crew(), thresholds };
        expect([run, authority, area, await refusalOf(fixture.signedAct('found_authority', found))]).toEqual([
          run,
          authority,
          area,
          said(refusal),
        ]);
        continue;
      }
      const call =
        to === authority
          ? fixture.signedAct('give_up_area', { authority, area })
          : fixture.signedAct('grant_area', { authority, to, area });
      const change = [run, authority, to, area];
      expect([...change, await refusalOf(call)]).toEqual([...change, said(refusal)]);
      if (refusal !== undefined || holders.length > 4) continue;
      await fixture.chain.send(fixture.chain.deployment.authorities, call);
      fixture.chain.at(fixture.chain.now() + CHANGE_DELAY + 1);
      await fixture.chain.send(fixture.chain.deployment.authorities, encodeFinishArea(authority, to, area));
      apply(holders, authority, to, area);
      for (const code of CODES) {
        const data = authoritiesInterface.encodeFunctionData('nearestTo', [packRegion(code)]);
        const answer = await fixture.chain.provider.call({ to: fixture.chain.deployment.authorities, data });
        expect([...change, code, BigInt(answer)]).toEqual([
          ...change,
          code,
          packRegion(nearestTo(holders, code)),
        ]);
      }
    }
    expect([...seen].toSorted()).toEqual(
      expect.arrayContaining(['area_invalid', 'authority_nearer', 'granted']),
    );
  });
});

/** Keeps the copy as the contract keeps its own. */
function apply(holders: AreaHolder[], authority: string, to: string, area: string): void {
  const change = (name: string, by: (areas: readonly string[]) => readonly string[]) => {
    const place = holders.findIndex((holder) => holder.authority === name);
    const holder = holders[place];
    if (holder !== undefined) holders[place] = { authority: name, areas: by(holder.areas) };
  };
  change(authority, (areas) => areas.filter((one) => one !== area));
  if (to !== authority) change(to, (areas) => [...areas, area]);
}

/** All are registered and attested by the province. */
const ON_RECORD = { authority: '47', keyless: false };
const RESIDENT = { ...ON_RECORD, tier: 2, company: false, frozenUntil: 0, frozenByOne: false } as const;

describe(`contract and rules of ${RUNS} random recodings and payments after them (seed ${SEED})`, () => {
  const chance = new Chance(`recodings ${SEED}`);
  const shops = people('recoded shop', 12);
  /** One for each shop: its home is recoded as the shop's place. */
  const residents = people('recoded resident', 12);
  const homeOf = (shop: { readonly address: Hex }): Hex =>
    residents[shops.findIndex((one) => one.address === shop.address)]?.address ?? '';
  const payer = wallet('payer of recoded shops');
  const PLACES = ['47130', '47130101', '47131', '47131101', '47132', '47190', '47132101'];
  const REFORMS = [
    { from: '47130', to: '47131' },
    { from: '47131', to: '47132' },
    { from: '47130101', to: '47132101' },
    { from: '4713', to: '47190' },
  ];
  let fixture: ContractsFixture;

  beforeAll(async () => {
    fixture = await ContractsFixture.open();
  });
  afterAll(() => fixture?.close());

  it('agree entry by entry, and about every series at every shop', async () => {
    const known = new Map<string, { region: string; formerly: readonly FormerPlace[]; home: string }>();
    const declared = new Map<string, number>();
    const series: { id: number; rules: ReturnType<typeof unpackScopeRule>[] }[] = [];
    const seen = new Set<string>();
    const publish = async () => {
      const rules = Array.from({ length: chance.whole(1, 3) }, () => ({
        area: chance.pick(PLACES),
        categories: chance.percent(70) ? 2n ** 128n - 1n : 1n << 9n,
        maxSize: chance.pick([0, 255]),
      }));
      await fixture.publish({ rules: rules.map(packScopeRule) });
      const id = series.length + 1;
      await fixture.give([payer], 10n ** 6n, id);
      series.push({ id, rules });
    };
    for (const shop of shops) {
      const region = chance.pick(PLACES);
      await register(fixture, shop.address, homeOf(shop), region);
      known.set(shop.address, { region, formerly: [], home: region.slice(0, 5) });
    }
    await publish();
    const used = new Map<number, number>();
    for (let run = 0; run < RUNS / 4; run += 1) {
      if (chance.percent(30)) await publish();
      const reform = chance.pick(REFORMS);
      const name = `${reform.from} ${reform.to}`;
      if (!declared.has(name)) {
        declared.set(name, series.length);
        await fixture.act('declare_reform', { authority: '47', ...reform });
      }
      const by = chance.percent(80)
        ? { authority: '47', areas: ['47'] }
        : { authority: '47130', areas: ['47130'] };
      const places = shops.map(({ address }) => ({ address, place: chance.pick(PLACES) }));
      const wanted = places.map(({ address, place }) => {
        const shop = known.get(address);
        if (shop === undefined) throw new Error('every shop is known');
        const merchant = { ...ON_RECORD, region: shop.region, status: 1, formerPlaces: shop.formerly.length };
        const refusal = refusalOfRecoding(by, reform, { merchant: address, region: place }, merchant);
        if (refusal === undefined) {
          const former = { region: shop.region, lastSeries: declared.get(name) ?? 0 };
          known.set(address, { ...shop, region: place, formerly: [former, ...shop.formerly] });
        }
        seen.add(refusal?.code ?? 'recoded');
        return codeOf(refusal);
      });
      const recode = {
        authority: by.authority,
        ...reform,
        entries: places.map(({ address, place }) => ({ merchant: address, region: place })),
      };
      const events = fixture.events(await fixture.act('recode_merchants', recode));
      expect(outcomes(events, places.length)).toEqual(wanted);
      const homes = {
        authority: by.authority,
        ...reform,
        entries: places.map(({ address, place }) => ({ account: homeOf({ address }), home: place })),
      };
      const wantedHomes = places.map(({ address, place }) => {
        const shop = known.get(address);
        if (shop === undefined) throw new Error('every shop is known');
        const account = homeOf({ address });
        const refusal = refusalOfNewHome(
          by,
          reform,
          { account, home: place },
          { ...RESIDENT, home: shop.home },
        );
        seen.add(`home ${refusal?.code ?? 'recoded'}`);
        if (refusal === undefined) known.set(address, { ...shop, home: place });
        return codeOf(refusal);
      });
      const homeEvents = fixture.events(await fixture.act('recode_homes', homes));
      expect(outcomes(homeEvents, places.length)).toEqual(wantedHomes);
      // One payment at each shop, of a series by chance.
      for (const shop of shops) {
        const one = chance.pick(series);
        const state = known.get(shop.address);
        if (state === undefined) throw new Error('every shop is known');
        const match = matchSeries(one, { ...state, category: 3, size: 1 });
        // A number that was refused stays free, and each series counts its own: the next may not lead far.
        const nonce = (used.get(one.id) ?? 0) + 1;
        const paid = await fixture.send(
          encodePay([fixture.payment(payer, shop, { amount: 1n, nonce }, [one.id])]),
        );
        if (match.ok) used.set(one.id, nonce);
        const [event] = fixture.events(paid);
        seen.add(match.ok ? 'paid' : match.code);
        const found =
          event?.name === 'PaymentRefused'
            ? [event.a, event.b]
            : event?.name === 'Paid'
              ? 'paid'
              : event?.name;
        expect([run, one, state, found]).toEqual([run, one, state, match.ok ? 'paid' : [match.a, match.b]]);
      }
      if (chance.percent(30)) {
        const shop = chance.pick(shops);
        const region = chance.pick(PLACES);
        const before = known.get(shop.address);
        await register(fixture, shop.address, homeOf(shop), region);
        const formerly = before?.region === region ? before.formerly : [];
        known.set(shop.address, { home: region.slice(0, 5), region, formerly });
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'recoded',
        'place_outside_reform',
        'not_in_charge',
        'paid',
        'wrong_region',
        'home recoded',
        'home account_invalid',
        'home not_in_charge',
      ]),
    );
  });
});

async function register(fixture: ContractsFixture, shop: Hex, resident: Hex, region: string): Promise<void> {
  await fixture.act('set_merchants', {
    authority: '47',
    entries: [{ merchant: shop, region, category: 3, size: 1 }],
  });
  await fixture.act('attest_accounts', {
    authority: '47',
    entries: [{ account: resident, home: region.slice(0, 5), tier: 2, company: false }],
  });
}

/** The data of a revert, which ethers keeps where it found it. */
function dataOf(error: unknown): Hex {
  if (error instanceof Error && 'data' in error && typeof error.data === 'string') return error.data;
  throw error;
}

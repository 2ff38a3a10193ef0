import { regions } from '#platform';
import { isBusinessNumber, regionContains, requireTerms, termsToChain } from '#domain';
import { Wallet } from 'ethers';
import { addressOfKey, demoKey, signDigest } from './keys.js';
import { buildPlan, grownBy, SMALL } from './plan.js';

const catalogue = regions();
const SEED = `0x${'5e'.repeat(32)}`;
const NOW = Date.parse('2026-11-20T00:00:00Z') / 1000;
const SIZE = { merchants: 1_000, residents: 6_000 };
const plan = buildPlan(catalogue, SEED, SIZE, NOW);
const merchants = plan.cities.flatMap((city) => city.merchants);
const residents = plan.cities.flatMap((city) => city.residents);

describe('the plan of a demo', () => {
  it('has the real cities and counties of Gyeongbuk, and exactly as many shops and people as asked', () => {
    expect(plan.cities).toHaveLength(22);
    expect(plan.cities.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['포항시', '경주시', '안동시', '울릉군', '칠곡군']),
    );
    expect(merchants).toHaveLength(1_000);
    expect(residents).toHaveLength(6_000);
  });

  it('keeps proportions: no city is off its exact share by one or more', () => {
    const population = plan.cities.reduce((sum, city) => sum + city.population, 0);
    for (const city of plan.cities) {
      expect(Math.abs(city.residents.length - (6_000 * city.population) / population)).toBeLessThan(1);
      expect(Math.abs(city.merchants.length - (1_000 * city.population) / population)).toBeLessThan(1);
    }
  });

  it('puts shops of a city with wards into its wards', () => {
    const pohang = plan.cities.find(({ code }) => code === '4711');
    const wards = new Set(pohang?.merchants.map(({ region }) => region));
    expect([...wards].toSorted()).toEqual(['47111', '47113']);
    expect(merchants.every(({ city, region }) => regionContains(city, region))).toBe(true);
  });

  it('invents valid business numbers, each once, and addresses that belong to the derived keys', () => {
    expect(merchants.every(({ businessNumber }) => isBusinessNumber(businessNumber))).toBe(true);
    expect(new Set(merchants.map(({ businessNumber }) => businessNumber)).size).toBe(1_000);
    expect(new Set([...merchants, ...residents].map(({ address }) => address)).size).toBe(7_000);
    const someone = residents[777];
    const key = demoKey(SEED, 'resident', someone?.city ?? '', someone?.index ?? 0);
    expect(new Wallet(key).address.toLowerCase()).toBe(someone?.address);
  });

  it('is the same for the same seed and another for another', () => {
    const small = buildPlan(catalogue, SEED, SMALL, NOW);
    expect(buildPlan(catalogue, SEED, SMALL, NOW)).toEqual(small);
    const other = buildPlan(catalogue, `0x${'5f'.repeat(32)}`, SMALL, NOW);
    expect(other.cities[0]?.merchants[9]).not.toEqual(small.cities[0]?.merchants[9]);
  });

  it('has one granted series of the province and one sold series of each of nine cities, all marked as demo', () => {
    expect(plan.series.map(({ terms }) => terms.kind).filter((kind) => kind === 'granted')).toHaveLength(1);
    const sold = plan.series.filter(({ terms }) => terms.kind === 'sold');
    expect(new Set(sold.map(({ authority }) => authority)).size).toBe(9);
    for (const { terms } of plan.series) {
      expect(requireTerms(JSON.parse(JSON.stringify(terms)))).toEqual(terms);
      expect(terms.demo).toBe(true);
      expect(terms.programme.ko).toContain('[데모]');
    }
  });

  it('stays within its own caps and budgets', () => {
    for (const series of plan.series) {
      const chain = termsToChain(series.terms);
      const parts = residents
        .map((one) =>
          series.terms.kind === 'granted' ? one.granted : one.city === series.authority ? one.bought : 0n,
        )
        .filter((won) => won > 0n);
      expect(parts.reduce((sum, won) => sum + won, 0n)).toBeLessThanOrEqual(chain.budget);
      expect(parts.every((won) => chain.holdingCap === 0n || won <= chain.holdingCap)).toBe(true);
      expect(parts.length).toBeGreaterThan(100);
    }
  });

  it('contains the smaller demo unchanged, so that a demo can grow', () => {
    const small = buildPlan(catalogue, SEED, SMALL, NOW);
    expect(plan.series).toEqual(small.series);
    const added = grownBy(plan, small);
    small.cities.forEach((city, at) => {
      const rest = added.cities[at];
      expect([...city.merchants, ...(rest?.merchants ?? [])]).toEqual(plan.cities[at]?.merchants);
      expect([...city.residents, ...(rest?.residents ?? [])]).toEqual(plan.cities[at]?.residents);
    });
    expect(grownBy(plan, undefined)).toEqual(plan);
  });

  it('has, even when small, what every refusal needs in each of the nine cities', () => {
    const small = buildPlan(catalogue, SEED, SMALL, NOW);
    for (const city of small.cities.filter(({ rule }) => rule !== undefined)) {
      expect(city.merchants.some(({ size }) => size === 5)).toBe(true);
      expect(city.residents.some(({ bought }) => bought > 0n)).toBe(true);
      expect(city.residents.some(({ frozen }) => frozen)).toBe(true);
    }
    expect(small.cities.some((city) => city.merchants.some(({ suspended }) => suspended))).toBe(true);
  });

  it('signs like any wallet', () => {
    const key = demoKey(SEED, 'officer', '47', 1);
    const digest = `0x${'ab'.repeat(32)}`;
    expect(signDigest(key, digest)).toBe(new Wallet(key).signingKey.sign(digest).serialized);
    expect(addressOfKey(key)).toBe(new Wallet(key).address.toLowerCase());
  });
});

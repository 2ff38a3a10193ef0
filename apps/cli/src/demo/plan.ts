import {
  allocate,
  categoryOfKey,
  inventedBusinessNumber,
  type RegionCatalogue,
  type RegionRow,
  type Won,
} from '#domain';
import { Dice } from './dice.js';
import { addressOfKey, demoKey } from './keys.js';
import { shopName, streetAddress } from './names.js';
import * as series from './series.js';

/** How large a demo is. */
export interface DemoSize {
  readonly merchants: number;
  readonly residents: number;
  /** Payments of one day, refused ones included. */
  readonly payments: number;
}

/** What the first `npm start` loads: enough to see everything, little enough not to be waited for. */
export const SMALL: DemoSize = { merchants: 120, residents: 600, payments: 400 };
/** `--scale`: 1 resident in 113 of the province, 1 shop in 1,100 residents. */
export const LARGE: DemoSize = { merchants: 2_000, residents: 20_000, payments: 20_000 };

export const DEMO_PROVINCE = '47';
const CITIES_WITH_SERIES = 9;

export interface DemoMerchant {
  /** Number within the city, from 1; part of the key derivation. */
  readonly index: number;
  readonly city: string;
  /** The ward in cities that have wards, else the city. */
  readonly region: string;
  readonly address: string;
  readonly name: string;
  readonly businessNumber: string;
  readonly streetAddress: string;
  readonly category: number;
  readonly size: number;
  /** To be suspended after registration, so that something is refused. */
  readonly suspended: boolean;
}

export interface DemoResident {
  readonly index: number;
  readonly city: string;
  readonly address: string;
  /** Identification to be attested; 0 = not attested. */
  readonly tier: 0 | 1 | 2;
  readonly frozen: boolean;
  readonly granted: Won;
  /** Bought of the city's own voucher; 0 = none. */
  readonly bought: Won;
  readonly festival: boolean;
}

export interface DemoCity {
  readonly code: string;
  readonly name: string;
  readonly population: number;
  readonly merchants: readonly DemoMerchant[];
  readonly residents: readonly DemoResident[];
  /** Only the nine largest cities have a voucher of their own. */
  readonly rule?: series.CityRule;
}

export interface DemoPlan {
  readonly seed: string;
  readonly province: { readonly code: string; readonly name: string };
  readonly cities: readonly DemoCity[];
  /** Without the festival series: its validity begins when it is published. */
  readonly series: readonly series.DemoSeries[];
}

/** Shops by kind, about as a Korean provincial city has them; the demo needs no official statistics. */
const WEIGHTS: readonly (readonly [key: string, weight: number])[] = [
  ['restaurant', 260],
  ['cafe', 110],
  ['grocery', 70],
  ['market_stall', 80],
  ['hair_salon', 70],
  ['academy', 70],
  ['convenience_store', 60],
  ['pharmacy', 35],
  ['hospital', 35],
  ['clothing', 35],
  ['butcher', 20],
  ['greengrocer', 20],
  ['fishmonger', 12],
  ['laundry', 20],
  ['car_repair', 25],
  ['fuel', 15],
  ['lodging', 12],
  ['electronics', 8],
  ['flower', 10],
  ['bathhouse', 10],
  ['optician', 10],
  ['korean_medicine', 12],
  ['dental_clinic', 15],
  ['farm_supply', 15],
  ['hardware', 10],
  ['bookshop', 6],
  ['stationery', 8],
  ['farm_shop', 8],
  ['childcare', 8],
  ['postnatal_care', 3],
  ['shoes', 6],
  ['beauty', 12],
  ['exam_fee', 2],
];

/** Size class by annual sales: most shops are small; class 5 is above the ministry's limit. */
const SIZES: readonly (readonly [size: number, weight: number])[] = [
  [0, 60],
  [1, 14],
  [2, 12],
  [3, 6],
  [4, 5],
  [5, 3],
];

/** The first shops of every city, so that even a small demo has what each refusal needs. */
const FIRST_SHOPS: readonly (readonly [key: string, size: number])[] = [
  ['restaurant', 1],
  ['grocery', 5],
  ['fuel', 2],
  ['cafe', 0],
  ['academy', 1],
];

function indexed(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** Sizes in proportion to population by largest remainder; together exactly `total`. */
export function inProportion(total: number, rows: readonly { readonly population: number }[]): number[] {
  return allocate(
    BigInt(total),
    rows.map(({ population }) => population),
  ).map(Number);
}

interface CityRequest {
  readonly seed: string;
  readonly row: RegionRow;
  /** Position among the cities of the province. */
  readonly rank: number;
  /** Where shops are: the wards, or the city itself. */
  readonly places: readonly RegionRow[];
  readonly merchants: number;
  readonly residents: number;
  readonly rule: series.CityRule | undefined;
}

/** Room for the business numbers of one city; 22 of them stay within what inventedBusinessNumber keeps distinct. */
const NUMBERS_PER_CITY = 400_000;

// Each shop and person has dice of its own, so that a larger demo contains the smaller one unchanged.

function planMerchant({ seed, row, rank, places }: CityRequest, index: number): DemoMerchant {
  const dice = new Dice(`${seed}/merchant/${row.code}/${index}`);
  const place = dice.weighted(places.map((one) => [one, one.population] as const));
  const [firstKey, firstSize] = FIRST_SHOPS[index - 1] ?? [];
  const key = firstKey ?? dice.weighted(WEIGHTS);
  const category = categoryOfKey(key);
  if (category === undefined) throw new Error(`no category ${key}`);
  return {
    index,
    city: row.code,
    region: place.code,
    address: addressOfKey(demoKey(seed, 'merchant', row.code, index)),
    name: shopName(dice, key, category.ko),
    businessNumber: inventedBusinessNumber(rank * NUMBERS_PER_CITY + index),
    streetAddress: streetAddress(dice, place.name),
    category: category.id,
    size: firstSize ?? dice.weighted(SIZES),
    suspended: index % 40 === 7,
  };
}

function planResident({ seed, row, rule }: CityRequest, index: number): DemoResident {
  const dice = new Dice(`${seed}/resident/${row.code}/${index}`);
  return {
    index,
    city: row.code,
    address: addressOfKey(demoKey(seed, 'resident', row.code, index)),
    tier: dice.chance(10) ? 2 : dice.chance(10) ? 1 : 0,
    // The tenth resident of every city: frozen, to show that a payment is refused then.
    frozen: index === 10,
    granted: row.level === 'county' ? series.ALLOWANCE_COUNTY_WON : series.ALLOWANCE_WON,
    bought: rule !== undefined && dice.chance(60) ? BigInt(dice.between(5, 50)) * 10_000n : 0n,
    festival: index % 20 === 1,
  };
}

/** Which rule the city of each rank has; every kind occurs. */
const RULES: readonly series.CityRule[] = ['home-only', 'academies', 'postnatal-care'];

function ruleOf(row: RegionRow, largest: readonly RegionRow[]): series.CityRule | undefined {
  const rank = largest.indexOf(row);
  return rank === -1 ? undefined : RULES[rank % RULES.length];
}

/** Won of one kind over all residents. */
export function sumOf(residents: readonly DemoResident[], of: (resident: DemoResident) => Won): Won {
  return residents.reduce((sum, resident) => sum + of(resident), 0n);
}

/**
 * Who takes part in the demo and which series they get: the province with its real cities, counties and wards, in
 * proportion to the registered residents of August 2026; people, shops and numbers invented. The same seed, size and day give the
 * same plan. `now` in unix seconds: when the series become valid.
 */
export function buildPlan(
  catalogue: RegionCatalogue,
  seed: string,
  size: Pick<DemoSize, 'merchants' | 'residents'>,
  now: number,
): DemoPlan {
  const province = catalogue.get(DEMO_PROVINCE);
  if (province === undefined) throw new Error(`no province ${DEMO_PROVINCE} in the regions file`);
  const rows = catalogue.children(province.code);
  const largest = rows
    .filter((row) => row.level === 'city')
    .toSorted((one, other) => other.population - one.population)
    .slice(0, CITIES_WITH_SERIES);
  const merchants = inProportion(size.merchants, rows);
  const residents = inProportion(size.residents, rows);
  const cities = rows.map((row, rank): DemoCity => {
    const wards = catalogue.children(row.code);
    const rule = ruleOf(row, largest);
    const request: CityRequest = {
      seed,
      row,
      rank,
      places: wards.length > 0 ? wards : [row],
      merchants: merchants[rank] ?? 0,
      residents: residents[rank] ?? 0,
      rule,
    };
    return {
      code: row.code,
      name: catalogue.shortName(row.code),
      population: row.population,
      merchants: indexed(request.merchants).map((index) => planMerchant(request, index)),
      residents: indexed(request.residents).map((index) => planResident(request, index)),
      ...(rule === undefined ? {} : { rule }),
    };
  });
  return {
    seed,
    province: { code: province.code, name: province.name },
    cities,
    series: planSeries(province, cities, now),
  };
}

/** What a plan has that an earlier, smaller plan of the same seed has not: to be registered and issued to. */
export function grownBy(plan: DemoPlan, before: DemoPlan | undefined): DemoPlan {
  const cities = plan.cities.map((city, at) => ({
    ...city,
    merchants: city.merchants.slice(before?.cities[at]?.merchants.length ?? 0),
    residents: city.residents.slice(before?.cities[at]?.residents.length ?? 0),
  }));
  return { ...plan, cities };
}

/** Terms depend on the real population alone, so that they stay the same when a demo grows. */
function planSeries(province: RegionRow, cities: readonly DemoCity[], from: number): series.DemoSeries[] {
  const own = cities.flatMap(({ code, name, rule, population }) =>
    rule === undefined
      ? []
      : [series.citySeries({ code, name, province: province.code, rule, population, from })],
  );
  return [series.allowanceSeries(province, from), ...own];
}

import { CATEGORIES, koreanIsoDateTime, SIZE_CLASS_STATUTORY, TERMS_SCHEMA, yearsOn } from '#domain';
import type { Terms, TermsCaps, Won } from '#domain';

/** One series of the demo with what the plan wants to know of it. */
export interface DemoSeries {
  /** Name within the demo: 'allowance', 'festival', 'city-<code>'. */
  readonly key: string;
  readonly authority: string;
  readonly terms: Terms;
}

export const ALLOWANCE = 'allowance';
export const FESTIVAL = 'festival';

/** Face value per resident of the province's grants. A county loses people, so its residents get more. */
export const ALLOWANCE_WON: Won = 100_000n;
export const ALLOWANCE_COUNTY_WON: Won = 150_000n;
export const FESTIVAL_WON: Won = 20_000n;

export const CITY_CAPS = {
  payment: 300_000n,
  daily: 200_000n,
  holding: 700_000n,
  purchaseMonth: 500_000n,
  purchaseYear: 6_000_000n,
  giftMonth: 200_000n,
} as const;
export const ALLOWANCE_PAYMENT_CAP: Won = 300_000n;

/** One daily cap, however well the holder is identified. */
function forAllTiers(won: Won): TermsCaps['daily'] {
  const text = String(won);
  return { none: text, phone: text, real_name: text };
}

const NO_CAPS: TermsCaps = {
  payment: '0',
  daily: forAllTiers(0n),
  holding: '0',
  purchaseMonth: '0',
  purchaseYear: '0',
  giftMonth: '0',
};

/** What daily needs are not: the allowance of the demo leaves them out (so that something is refused). */
const NOT_DAILY = new Set(['lodging', 'electronics', 'fuel']);
/** Local vouchers of the demo leave fuel out: a tank is filled anyway, and its won leave the city. */
const NOT_LOCAL = new Set(['fuel']);

const allowedExcept = (left: ReadonlySet<string>): string[] =>
  CATEGORIES.filter(({ allowed, key }) => allowed && !left.has(key))
    .map(({ key }) => key)
    .toSorted();

/** Act Art 4(2): sold vouchers are valid for five years unless the ordinance says otherwise. */
const YEARS_VALID = 5;
const HALF_YEAR = 182 * 86_400;

/** Budgets are round figures: so many won for each of the real residents, up to the next 100 million. */
function budgetFor(population: number, wonEach: Won): string {
  const step = 100_000_000n;
  return String(((BigInt(population) * wonEach) / step + 1n) * step);
}

/** Far more than any demo hands out. */
const FESTIVAL_BUDGET = '500000000';

/** A real region. */
export interface Area {
  readonly code: string;
  readonly population: number;
}

/** A living allowance of the province, for every resident, in all its cities. */
export function allowanceSeries(region: Area, from: number): DemoSeries {
  const province = region.code;
  return {
    key: ALLOWANCE,
    authority: province,
    terms: {
      schema: TERMS_SCHEMA,
      authority: province,
      programme: { ko: '경북 생활안정지원금 [데모]', en: 'Gyeongbuk living allowance [demo]' },
      kind: 'granted',
      audience: 'residents',
      validFrom: koreanIsoDateTime(from),
      validUntil: koreanIsoDateTime(from + HALF_YEAR),
      rules: [
        { area: province, categories: allowedExcept(NOT_DAILY), maxSize: SIZE_CLASS_STATUTORY },
        { area: province, categories: ['hospital', 'pharmacy', 'postnatal_care'], maxSize: 'any' },
      ],
      caps: { ...NO_CAPS, payment: String(ALLOWANCE_PAYMENT_CAP) },
      budget: budgetFor(region.population, ALLOWANCE_COUNTY_WON),
      funding: { resident: 0, state: 7000, province: 1500, city: 1500 },
      flags: { gift: false },
      circulation: 0,
      refund: { thresholdPercent: 0, unusedDays: 0 },
      demo: true,
    },
  };
}

/** A grant that is over seconds after it was handed out, so that "expired" can be seen. */
export function festivalSeries(province: string, from: number, until: number): DemoSeries {
  return {
    key: FESTIVAL,
    authority: province,
    terms: {
      schema: TERMS_SCHEMA,
      authority: province,
      programme: {
        ko: '경북 축제 쿠폰, 지난 행사 [데모]',
        en: 'Gyeongbuk festival coupon, past event [demo]',
      },
      kind: 'granted',
      audience: 'residents',
      validFrom: koreanIsoDateTime(from),
      validUntil: koreanIsoDateTime(until),
      rules: [{ area: province, categories: 'all', maxSize: 'any' }],
      caps: NO_CAPS,
      budget: FESTIVAL_BUDGET,
      funding: { resident: 0, state: 0, province: 10_000, city: 0 },
      flags: { gift: false },
      circulation: 0,
      refund: { thresholdPercent: 0, unusedDays: 0 },
      demo: true,
    },
  };
}

/** What a city adds to "only here": nothing, academies province-wide, or postnatal care without limit of size. */
export type CityRule = 'home-only' | 'academies' | 'postnatal-care';

export interface CitySeriesRequest {
  readonly code: string;
  readonly name: string;
  readonly province: string;
  readonly rule: CityRule;
  readonly population: number;
  readonly from: number;
}

/** A city's own voucher, sold to residents at 10 % less than it is worth; state 3 %, province 2 %, city 5 %. */
export function citySeries({ code, name, province, rule, population, from }: CitySeriesRequest): DemoSeries {
  const home = { area: code, categories: allowedExcept(NOT_LOCAL), maxSize: SIZE_CLASS_STATUTORY };
  const wider = {
    'home-only': [],
    academies: [{ area: province, categories: ['academy', 'exam_fee'], maxSize: SIZE_CLASS_STATUTORY }],
    'postnatal-care': [{ area: province, categories: ['postnatal_care'], maxSize: 'any' as const }],
  }[rule];
  return {
    key: citySeriesKey(code),
    authority: code,
    terms: {
      schema: TERMS_SCHEMA,
      authority: code,
      programme: { ko: `${name} 지역사랑상품권 [데모]`, en: `Local voucher of ${name} [demo]` },
      kind: 'sold',
      audience: 'residents',
      validFrom: koreanIsoDateTime(from),
      validUntil: koreanIsoDateTime(yearsOn(from, YEARS_VALID)),
      rules: [home, ...wider],
      caps: {
        payment: String(CITY_CAPS.payment),
        daily: forAllTiers(CITY_CAPS.daily),
        holding: String(CITY_CAPS.holding),
        purchaseMonth: String(CITY_CAPS.purchaseMonth),
        purchaseYear: String(CITY_CAPS.purchaseYear),
        giftMonth: String(CITY_CAPS.giftMonth),
      },
      budget: budgetFor(population, CITY_CAPS.holding),
      funding: { resident: 9000, state: 300, province: 200, city: 500 },
      flags: { gift: true },
      circulation: 1,
      refund: { thresholdPercent: 60, unusedDays: 7 },
      demo: true,
    },
  };
}

export function citySeriesKey(code: string): string {
  return `city-${code}`;
}

import type { Won } from '#domain';
import type { Http } from './http.js';
import type { Json } from './json.js';
import type { DemoPlan } from './plan.js';
import type { RedeemResult } from './redeem.js';
import type { Receipt } from './till.js';

/** What one city did in a day, as the outside client saw it. */
export interface CityTally {
  paid: Won;
  payments: number;
  redeemed: Won;
  /** Refused payments by code. */
  readonly refused: Map<string, number>;
}

/** By city code; '' for payments to an address that is no shop. */
export type DayTally = ReadonlyMap<string, CityTally>;

/** What the platform reports of one authority: issued and outstanding of its series, the rest of its area. */
export interface AreaFigures {
  readonly issued: Won;
  readonly outstanding: Won;
  readonly paid: Won;
  readonly payments: number;
  readonly redeemed: Won;
  readonly refused: ReadonlyMap<string, number>;
}

/** By city code; the province's own series under its code. */
export interface Figures {
  readonly areas: ReadonlyMap<string, AreaFigures>;
  readonly total: AreaFigures;
}

/** Adds up what the client saw. */
export function tallyOf(plan: DemoPlan, receipts: readonly Receipt[], redemptions: RedeemResult): DayTally {
  const empty = (): CityTally => ({ paid: 0n, payments: 0, redeemed: 0n, refused: new Map() });
  const tally = new Map(plan.cities.map(({ code }) => [code, empty()]));
  const nowhere = empty();
  tally.set('', nowhere);
  for (const { payment, code } of receipts) {
    const city = tally.get(payment.shop?.city ?? '') ?? nowhere;
    if (code === null) {
      city.paid += payment.amount;
      city.payments++;
    } else {
      city.refused.set(code, (city.refused.get(code) ?? 0) + 1);
    }
  }
  for (const { shop, amount } of redemptions.settled) {
    const city = tally.get(shop.city);
    if (city !== undefined) city.redeemed += amount;
  }
  return tally;
}

/** Of a place where nothing has happened. */
export const NOTHING: AreaFigures = {
  issued: 0n,
  outstanding: 0n,
  paid: 0n,
  payments: 0,
  redeemed: 0n,
  refused: new Map(),
};

/** What the platform reports now of the province and its parts. */
export async function readFigures(http: Http, plan: DemoPlan): Promise<Figures> {
  const { province } = plan;
  const body = await http.get(`/v1/reports/summary?group=region&region=${province.code}`);
  const areas = new Map(
    body
      .at('rows')
      .list()
      .map((row) => {
        // What lies in none of the cities is the province's own: its series are issued by it.
        const key = row.at('key');
        return [key.present ? key.text() : province.code, areaOf(row.at('figures'))];
      }),
  );
  return { areas, total: areaOf(body.at('total')) };
}

function areaOf(figures: Json): AreaFigures {
  const won = (name: string): Won => figures.at(name).at('amount').won();
  const refused = figures.at('refused').at('byCode').list();
  return {
    issued: won('issued'),
    outstanding: won('outstanding'),
    paid: won('paid'),
    payments: figures.at('paid').at('count').integer(),
    redeemed: won('redeemed'),
    refused: new Map(refused.map((one) => [one.at('code').text(), one.at('count').integer()])),
  };
}

/** Refusals that the platform does not store: strangers could fill it with them. */
const NOT_KEPT: ReadonlySet<string> = new Set(['signature_invalid', 'series_unknown']);

/** Where the platform's figures of a day are not those of the client. `before` and `after` the day. */
export function compareDay(plan: DemoPlan, before: Figures, after: Figures, tally: DayTally): string[] {
  const differences: string[] = [];
  const expect = (what: string, found: bigint | number, expected: bigint | number): void => {
    if (found !== expected)
      differences.push(`${what}: the platform reports ${found}, the client saw ${expected}`);
  };
  for (const { code, name } of plan.cities) {
    const [was, is] = [before.areas.get(code) ?? NOTHING, after.areas.get(code) ?? NOTHING];
    const seen = tally.get(code);
    if (seen === undefined) continue;
    expect(`paid in ${name}`, is.paid - was.paid, seen.paid);
    expect(`payments in ${name}`, is.payments - was.payments, seen.payments);
    expect(`redeemed in ${name}`, is.redeemed - was.redeemed, seen.redeemed);
    for (const refusal of new Set([...is.refused.keys(), ...seen.refused.keys()])) {
      if (NOT_KEPT.has(refusal)) continue;
      const found = (is.refused.get(refusal) ?? 0) - (was.refused.get(refusal) ?? 0);
      expect(`${refusal} in ${name}`, found, seen.refused.get(refusal) ?? 0);
    }
  }
  const redeemed = after.total.redeemed - before.total.redeemed;
  expect('outstanding', before.total.outstanding - after.total.outstanding, redeemed);
  return differences;
}

import type { Dice } from './dice.js';
import type { Http } from './http.js';
import type { Json } from './json.js';
import type { DemoPlan, DemoResident } from './plan.js';
import { inParallel } from './pool.js';
import type { LiveSeries, SpendableHolding, ResidentHoldings } from './spendable.js';

/**
 * Who takes part in a day: as many as it takes, some frozen ones, and some of the guests, who have festival coupons.
 */
export function participants(
  plan: DemoPlan,
  guests: readonly DemoResident[],
  errands: number,
  dice: Dice,
): DemoResident[] {
  const invited = new Set(guests.slice(0, 50 + Math.ceil(errands / 50)).map(({ address }) => address));
  const everybody = dice.shuffle(plan.cities.flatMap((city) => city.residents));
  const {
    frozen = [],
    guest = [],
    other = [],
  } = Object.groupBy(everybody, ({ address, frozen: isFrozen }) =>
    isFrozen ? 'frozen' : invited.has(address) ? 'guest' : 'other',
  );
  return [
    ...frozen.slice(0, 20 + Math.ceil(errands / 200)),
    ...guest,
    ...other.slice(0, Math.ceil(errands / 2) + 100),
  ];
}

/** What the platform says these residents have. */
export async function readWallets(
  http: Http,
  residents: readonly DemoResident[],
  series: readonly LiveSeries[],
  width: number,
): Promise<ResidentHoldings[]> {
  const byId = new Map(series.map((one) => [one.id, one]));
  return inParallel(residents, width, async (resident) => {
    const body = await http.get(`/v1/accounts/${resident.address}/holdings`);
    const holdings = body
      .at('items')
      .list()
      .flatMap((entry) => {
        const one = byId.get(entry.at('series').at('id').integer());
        return one === undefined ? [] : [holdingOf(entry, one)];
      });
    return { resident, holdings };
  });
}

function holdingOf(entry: Json, series: LiveSeries): SpendableHolding {
  const left = entry.at('dailyCapLeft');
  return {
    series,
    // `spendable` is what the day's cap leaves as well, which payments are planned with by themselves.
    balance: entry.at('balance').won() - entry.at('reserved').won(),
    nextNonce: entry.at('nextNonce').integer(),
    dailyLeft: left.present ? left.won() : undefined,
  };
}

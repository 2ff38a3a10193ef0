import { type Queryable, toHex } from '#persistence';
import { bytes, type IndexedBatch, type IndexedEvent, numbers } from '#indexer';

/** won by how often they went from merchant to merchant: 0, 1, 2, 3 hops. */
export type ByHop = readonly [bigint, bigint, bigint, bigint];

const HOPS = [3, 2, 1, 0] as const;
const NOTHING: ByHop = [0n, 0n, 0n, 0n];

/**
 * Takes `amount` from merchant balances, what made most hops first, as the contract does.
 *
 * @param hops what may be taken has made at most so many
 * @throws Error when there is not so much
 */
export function takeMostHops(balances: ByHop, amount: bigint, hops = 3): ByHop {
  const taken: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n];
  let rest = amount;
  for (const hop of HOPS) {
    if (hop > hops) continue;
    taken[hop] = balances[hop] < rest ? balances[hop] : rest;
    rest -= taken[hop];
  }
  if (rest > 0n)
    throw new Error(`a merchant balance of ${balances.join(', ')} by hops does not give ${amount}`);
  return taken;
}

type Moving = IndexedEvent<'Paid' | 'Voided' | 'Circulated' | 'Redeemed' | 'RedemptionReturned'>;
type Leaving = IndexedEvent<'Circulated' | 'Redeemed'>;

/**
 * How many hops the won of each circulation and redemption of this batch had made. No event says it: it follows from the order of
 * everything that moved these merchant balances, so series with circulation are followed event by event.
 *
 * @returns the won by hops of each circulation and redemption
 */
export async function loadHops(tx: Queryable, batch: IndexedBatch): Promise<(event: Leaving) => ByHop> {
  const leaving = batch.ofAny('Circulated', 'Redeemed');
  const hopsOf = await seriesThatCirculate(tx, new Set(leaving.map(({ series }) => series)));
  const byHop = new Map<Leaving, ByHop>();
  if (hopsOf.size > 0) {
    const moving = batch
      .ofAny('Paid', 'Voided', 'Circulated', 'Redeemed', 'RedemptionReturned')
      .filter(({ series }) => hopsOf.has(series));
    const balances = await balancesBefore(tx, moving);
    for (const event of moving) follow(event, balances, hopsOf.get(event.series) ?? 0, byHop);
  }
  return (event) => byHop.get(event) ?? [event.amount, 0n, 0n, 0n];
}

function follow(event: Moving, balances: Map<string, ByHop>, hops: number, byHop: Map<Leaving, ByHop>): void {
  const of = (merchant: string): ByHop => balances.get(keyOf(event.series, merchant)) ?? NOTHING;
  const set = (merchant: string, value: ByHop): unknown => balances.set(keyOf(event.series, merchant), value);
  const { merchant, amount } = event;
  switch (event.name) {
    case 'Paid':
    case 'RedemptionReturned':
      set(merchant, plus(of(merchant), [amount, 0n, 0n, 0n], 1n));
      return;
    case 'Voided':
      set(merchant, plus(of(merchant), [amount, 0n, 0n, 0n], -1n));
      return;
    case 'Circulated': {
      const taken = takeMostHops(of(merchant), amount, hops - 1);
      set(merchant, plus(of(merchant), taken, -1n));
      set(event.recipient, plus(of(event.recipient), [0n, taken[0], taken[1], taken[2]], 1n));
      byHop.set(event, taken);
      return;
    }
    case 'Redeemed': {
      const taken = takeMostHops(of(merchant), amount);
      set(merchant, plus(of(merchant), taken, -1n));
      byHop.set(event, taken);
    }
  }
}

function plus(one: ByHop, other: ByHop, sign: 1n | -1n): ByHop {
  return [
    one[0] + sign * other[0],
    one[1] + sign * other[1],
    one[2] + sign * other[2],
    one[3] + sign * other[3],
  ];
}

function keyOf(series: number, merchant: string): string {
  return `${series} ${merchant}`;
}

async function seriesThatCirculate(tx: Queryable, series: ReadonlySet<number>): Promise<Map<number, number>> {
  if (series.size === 0) return new Map();
  const rows = await tx.query<{ id: number; hops: number }>(
    'SELECT id, hops FROM chain.series WHERE hops > 0 AND id = ANY ($1::integer[])',
    [numbers(series)],
  );
  return new Map(rows.map(({ id, hops }) => [id, hops]));
}

type RawMerchantBalance = {
  series: number;
  merchant: Buffer;
  balance: bigint;
  hop1: bigint;
  hop2: bigint;
  hop3: bigint;
};

/** As they stand before the batch: the projector of running state comes later. */
async function balancesBefore(tx: Queryable, events: readonly Moving[]): Promise<Map<string, ByHop>> {
  const merchants = new Set<string>();
  for (const event of events) {
    merchants.add(event.merchant);
    if (event.name === 'Circulated') merchants.add(event.recipient);
  }
  const rows = await tx.query<RawMerchantBalance>(
    `SELECT series, merchant, balance, hop1, hop2, hop3 FROM chain.merchant_balance
      WHERE merchant = ANY ($1::bytea[]) AND series = ANY ($2::integer[])`,
    [bytes(merchants), numbers(new Set(events.map(({ series }) => series)))],
  );
  return new Map(
    rows.map(({ series, merchant, balance, hop1, hop2, hop3 }) => [
      keyOf(series, toHex(merchant)),
      [balance, hop1, hop2, hop3],
    ]),
  );
}

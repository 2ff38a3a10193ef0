import { type AmountsByHop, mostHopsFirst } from '#domain';
import { bytes, type IndexedBatch, type IndexedEvent, numbers } from '#indexer';
import { type Queryable, toHex } from '#persistence';

const NOTHING: AmountsByHop = [0n, 0n, 0n, 0n];

type Moving = IndexedEvent<'Paid' | 'Voided' | 'Circulated' | 'Redeemed' | 'RedemptionReturned'>;
type Leaving = IndexedEvent<'Circulated' | 'Redeemed'>;

/**
 * How far what was circulated or redeemed in this batch had byHop. No event says it: it follows from the order of
 * everything that moved these merchant balances, so series with circulation are followed event by event.
 *
 * @returns the won by hops of each circulation and redemption
 */
export async function loadHops(
  tx: Queryable,
  batch: IndexedBatch,
): Promise<(event: Leaving) => AmountsByHop> {
  const leaving = batch.ofAny('Circulated', 'Redeemed');
  const hopsOf = await seriesThatCirculate(tx, new Set(leaving.map(({ series }) => series)));
  const byHop = new Map<Leaving, AmountsByHop>();
  if (hopsOf.size > 0) {
    const moving = batch
      .ofAny('Paid', 'Voided', 'Circulated', 'Redeemed', 'RedemptionReturned')
      .filter(({ series }) => hopsOf.has(series));
    const balances = await balancesBefore(tx, moving);
    for (const event of moving) follow(event, balances, hopsOf.get(event.series) ?? 0, byHop);
  }
  return (event) => byHop.get(event) ?? [event.amount, 0n, 0n, 0n];
}

function follow(
  event: Moving,
  balances: Map<string, AmountsByHop>,
  hops: number,
  byHop: Map<Leaving, AmountsByHop>,
): void {
  const of = (merchant: string): AmountsByHop => balances.get(keyOf(event.series, merchant)) ?? NOTHING;
  const set = (merchant: string, value: AmountsByHop): unknown =>
    balances.set(keyOf(event.series, merchant), value);
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
      const taken = taking(of(merchant), amount, hops - 1);
      set(merchant, plus(of(merchant), taken, -1n));
      set(event.recipient, plus(of(event.recipient), [0n, taken[0], taken[1], taken[2]], 1n));
      byHop.set(event, taken);
      return;
    }
    case 'Redeemed': {
      const taken = taking(of(merchant), amount);
      set(merchant, plus(of(merchant), taken, -1n));
      byHop.set(event, taken);
    }
  }
}

/** What an order took: most hops first, as the contract does. @throws Error when there is not so much */
function taking([balance, one, two, three]: AmountsByHop, amount: bigint, fromHop = 3): AmountsByHop {
  const taken = mostHopsFirst({ balance, byHop: [one, two, three] }, amount, fromHop);
  if (taken.reduce((sum, part) => sum + part, 0n) < amount) {
    throw new Error(`balances by hops of ${balance}, ${one}, ${two}, ${three} do not give ${amount}`);
  }
  return taken;
}

function plus(one: AmountsByHop, other: AmountsByHop, sign: 1n | -1n): AmountsByHop {
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
async function balancesBefore(tx: Queryable, events: readonly Moving[]): Promise<Map<string, AmountsByHop>> {
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

import { BATCH_MAX, encodePay, encodeRedeem, type PackedTransfer } from '../../src/index.js';
import { people, Town, type Person } from './town.js';

/** Gas of one transaction, calldata included, and its share per item (rounded up). */
export interface GasFigure {
  readonly gas: number;
  readonly items: number;
  readonly perItem: number;
  /** what an item should cost at most, where there is a target (onchain design) */
  readonly target?: number;
  /** by how much the target is missed */
  readonly above?: number;
}

export type GasSnapshot = Record<string, GasFigure>;

function figure(gas: bigint, items: number, target?: number): GasFigure {
  const perItem = Math.ceil(Number(gas) / items);
  if (target === undefined) return { gas: Number(gas), items, perItem };
  return { gas: Number(gas), items, perItem, target, ...(perItem > target && { above: perItem - target }) };
}

/** Real transactions on an in-process chain with Osaka's rules, each in a block of its own. */
export async function measureGas(): Promise<GasSnapshot> {
  const town = await Town.open();
  try {
    await town.publish();
    const residents = people('resident', BATCH_MAX);
    const shops = people('shop', BATCH_MAX);
    return {
      ...(await measureActs(town, shops)),
      ...(await measureIssue(town, residents)),
      ...(await measurePay(town, residents, shops)),
      ...(await measureRedeem(town, shops)),
    };
  } finally {
    await town.close();
  }
}

async function measureActs(town: Town, shops: readonly Person[]): Promise<GasSnapshot> {
  const budget = await town.act('set_budget', { authority: '47130', series: 1, budget: 2n * 10n ** 12n });
  const registered = await town.register(shops);
  const paused = await town.act('pause_series', { authority: '47130', series: 1, until: 0 });
  return {
    'act of two officers: set_budget': figure(budget.gasUsed, 1),
    'act of two officers: pause_series': figure(paused.gasUsed, 1),
    'act of one officer: set_merchants, per new merchant': figure(registered.gasUsed, shops.length),
  };
}

async function measureIssue(town: Town, residents: readonly Person[]): Promise<GasSnapshot> {
  const first = await town.give(residents, 500_000n);
  const again = await town.give(residents, 500_000n);
  return {
    'issue, new holder': figure(first.gasUsed, residents.length, 27_000),
    'issue, known holder': figure(again.gasUsed, residents.length),
  };
}

async function measurePay(
  town: Town,
  residents: readonly Person[],
  shops: readonly Person[],
): Promise<GasSnapshot> {
  const [oneShop] = shops;
  if (oneShop === undefined) throw new Error('no shop');
  const pay = async (items: readonly PackedTransfer[]) =>
    (await town.chain.send(town.chain.deployment.vouchers, encodePay(items))).gasUsed;
  const at = (shopOf: (index: number) => Person, nonce: number) =>
    residents.map((payer, index) => town.payment(payer, shopOf(index), 5_000n, nonce));
  const everyShop = (index: number) => shops[index] ?? oneShop;

  // A merchant's first payment writes a new slot: four hundred of them are above what one transaction may use.
  const half = BATCH_MAX / 2;
  const first = await pay(at(everyShop, 1).slice(0, half));
  await pay(at(everyShop, 1).slice(half));
  const different = await pay(at(everyShop, 2));
  const warm = await pay(at(() => oneShop, 3));
  const replayed = await pay(at(() => oneShop, 3));
  const single = await pay(at(() => oneShop, 4).slice(0, 1));
  return {
    'pay, one merchant': figure(warm, BATCH_MAX, 18_000),
    'pay, every merchant different': figure(different, BATCH_MAX, 24_000),
    "pay, every merchant's first payment in the series": figure(first, half),
    'pay, refused as replay': figure(replayed, BATCH_MAX),
    'pay, alone in its transaction': figure(single, 1),
  };
}

async function measureRedeem(town: Town, shops: readonly Person[]): Promise<GasSnapshot> {
  const items = shops.map((shop) => town.redemption(shop, 5_000n, 1));
  const { gasUsed } = await town.chain.send(town.chain.deployment.vouchers, encodeRedeem(items));
  return { 'redeem, every merchant different': figure(gasUsed, shops.length) };
}

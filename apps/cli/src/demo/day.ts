import { allocate, type ItemRefusalKey, type Won } from '#domain';
import type { Dice } from './dice.js';
import type { DemoMerchant, DemoResident } from './plan.js';
import {
  spend,
  spendable,
  takeNonce,
  type LiveSeries,
  type SpendableHolding,
  type ResidentHoldings,
  type Shops,
} from './spendable.js';
import { FESTIVAL } from './series.js';

/** One authorisation of the day, before it is signed. */
export interface PlannedPayment {
  readonly payer: DemoResident;
  /** Address; of no registered shop when `shop` is absent. */
  readonly merchant: string;
  readonly shop?: DemoMerchant;
  readonly series: number;
  readonly amount: Won;
  readonly nonce: number;
  /** Seconds from the moment of signing. */
  readonly deadlineIn: number;
  /** Signed with a key that is not the payer's. */
  readonly forged?: true;
}

export type Scenario = keyof typeof SCENARIOS;

/** Something that one resident does. Steps of one resident come one after the other. */
export type Step =
  | { readonly kind: 'pay'; readonly payment: PlannedPayment; readonly refused: ItemRefusalKey | null }
  /** The same authorisation twice at the same moment: one answer, one effect. */
  | { readonly kind: 'twice'; readonly payment: PlannedPayment }
  /** Two payments at the same moment whose sum is more than the balance: one settles, one is refused. */
  | {
      readonly kind: 'race';
      readonly payments: readonly [PlannedPayment, PlannedPayment];
      readonly refused: ItemRefusalKey;
    };

export interface Errand {
  readonly scenario: Scenario;
  readonly steps: readonly Step[];
}

/** The errands of one resident, in order. */
export interface Visit {
  readonly wallet: ResidentHoldings;
  readonly errands: Errand[];
}

interface Market {
  readonly dice: Dice;
  readonly shops: Shops;
  /** An address that no one registered. */
  readonly stranger: string;
}

const DEADLINE_SECONDS = 300;

interface Payee {
  readonly merchant: string;
  readonly shop?: DemoMerchant;
}

const at = (shop: DemoMerchant): Payee => ({ merchant: shop.address, shop });

function order(
  wallet: ResidentHoldings,
  holding: SpendableHolding,
  to: Payee,
  amount: Won,
  change: Partial<PlannedPayment> = {},
): PlannedPayment {
  return {
    payer: wallet.resident,
    ...to,
    series: holding.series.id,
    amount,
    nonce: holding.nextNonce,
    deadlineIn: DEADLINE_SECONDS,
    ...change,
  };
}

/** A step that the platform refuses; it uses up nothing. */
function refusal(payment: PlannedPayment, refused: ItemRefusalKey): Step[] {
  return [{ kind: 'pay', payment, refused }];
}

const STEP_WON = 100n;
const BASKET_MAX: Won = 45_000n;

/** An everyday amount: hundreds of won, at most a basket and what the holding allows; undefined when too little. */
function basket(dice: Dice, holding: SpendableHolding): Won | undefined {
  const most = spendable(holding) < BASKET_MAX ? spendable(holding) : BASKET_MAX;
  if (most < 1_000n) return undefined;
  return (BigInt(dice.between(1_000, Number(most))) / STEP_WON) * STEP_WON;
}

const open = (wallet: ResidentHoldings): SpendableHolding[] =>
  wallet.holdings.filter(({ series }) => series.key !== FESTIVAL);

/** A holding with a shop that answers in the wanted way; the city's own voucher comes first. */
function findShop(
  market: Market,
  wallet: ResidentHoldings,
  outcome: ItemRefusalKey | 'ok',
): { holding: SpendableHolding; shop: DemoMerchant } | undefined {
  for (const holding of open(wallet).toReversed()) {
    const shops = market.shops.that(outcome, holding.series);
    if (shops.length > 0 && holding.balance >= STEP_WON) return { holding, shop: market.dice.pick(shops) };
  }
  return undefined;
}

function settledPayment(
  market: Market,
  wallet: ResidentHoldings,
): { holding: SpendableHolding; payment: PlannedPayment } | undefined {
  const holdings = market.dice.shuffle(open(wallet));
  for (const holding of holdings) {
    const amount = basket(market.dice, holding);
    const shops = market.shops.that('ok', holding.series);
    if (amount === undefined || shops.length === 0) continue;
    // Four of five purchases are made at home.
    const near = shops.filter(({ city }) => city === wallet.resident.city);
    const shop = market.dice.pick(near.length > 0 && market.dice.chance(80) ? near : shops);
    const payment = order(wallet, holding, at(shop), amount, { nonce: takeNonce(holding) });
    spend(holding, amount);
    return { holding, payment };
  }
  return undefined;
}

type Planner = (market: Market, wallet: ResidentHoldings) => readonly Step[] | undefined;

/** A refusal that depends on the shop alone. */
const atShopThat =
  (outcome: ItemRefusalKey): Planner =>
  (market, wallet) => {
    const found = findShop(market, wallet, outcome);
    if (found === undefined) return undefined;
    return refusal(order(wallet, found.holding, at(found.shop), STEP_WON), outcome);
  };

/** A refusal at a shop where everything else would be fine. */
const atGoodShop =
  (
    refused: ItemRefusalKey,
    amountOf: (holding: SpendableHolding) => Won | undefined,
    change: Partial<PlannedPayment> = {},
  ): Planner =>
  (market, wallet) => {
    for (const holding of open(wallet).toReversed()) {
      const amount = amountOf(holding);
      const shops = market.shops.that('ok', holding.series);
      if (amount === undefined || shops.length === 0) continue;
      return refusal(order(wallet, holding, at(market.dice.pick(shops)), amount, change), refused);
    }
    return undefined;
  };

const small = (holding: SpendableHolding): Won | undefined =>
  spendable(holding) >= STEP_WON ? STEP_WON : undefined;
/** The demo's daily caps are the same for everybody. */
const capOf = ({ terms }: LiveSeries, cap: 'payment' | 'daily'): Won =>
  BigInt(cap === 'payment' ? terms.caps.payment : terms.caps.daily.none);

/**
 * What happens on a day, with its share of the payments in per mille and what each ends in. The order of
 * the contract's checks decides which refusal is reported, so each scenario breaks one rule only.
 */
const SCENARIOS = {
  in_region: {
    share: 800,
    plan: (market, wallet) => {
      const settled = settledPayment(market, wallet);
      return settled && [{ kind: 'pay', payment: settled.payment, refused: null }];
    },
  },
  sent_twice: {
    share: 20,
    plan: (market, wallet) => {
      const settled = settledPayment(market, wallet);
      return settled && [{ kind: 'twice', payment: settled.payment }];
    },
  },
  out_of_region: { share: 40, plan: atShopThat('wrong_region') },
  wrong_category: { share: 25, plan: atShopThat('wrong_category') },
  merchant_too_large: { share: 15, plan: atShopThat('merchant_too_large') },
  suspended_merchant: { share: 10, plan: atShopThat('merchant_not_active') },
  unknown_merchant: {
    share: 5,
    plan: (market, wallet) => {
      const holding = open(wallet).find(({ balance }) => balance >= STEP_WON);
      return (
        holding &&
        refusal(order(wallet, holding, { merchant: market.stranger }, STEP_WON), 'merchant_unknown')
      );
    },
  },
  amount_above_payment_cap: {
    share: 10,
    plan: atGoodShop('payment_cap_exceeded', ({ series }) =>
      capOf(series, 'payment') > 0n ? capOf(series, 'payment') + STEP_WON : undefined,
    ),
  },
  amount_above_daily_cap: {
    share: 5,
    // Above the whole day's cap, so that midnight changes nothing; below the cap of one payment.
    plan: atGoodShop('daily_cap_exceeded', ({ series, balance }) => {
      const amount = capOf(series, 'daily') + STEP_WON;
      return capOf(series, 'daily') > 0n && balance >= amount ? amount : undefined;
    }),
  },
  amount_above_balance: {
    share: 15,
    plan: atGoodShop('insufficient_balance', ({ series, balance }) =>
      balance + STEP_WON <= capOf(series, 'payment') ? balance + STEP_WON : undefined,
    ),
  },
  double_spent: {
    share: 10,
    plan: (market, wallet) => {
      const holding = open(wallet).find((one) => one.balance >= STEP_WON && spendable(one) === one.balance);
      const shops = holding === undefined ? [] : market.shops.that('ok', holding.series);
      if (holding === undefined || shops.length < 2) return undefined;
      const amount = holding.balance / 2n + 1n;
      const [one, other] = market.dice.shuffle(shops.slice(0, 20));
      if (one === undefined || other === undefined) return undefined;
      const payments = [one, other].map((shop) =>
        order(wallet, holding, at(shop), amount, { nonce: takeNonce(holding) }),
      );
      spend(holding, amount);
      const [first, second] = payments;
      if (first === undefined || second === undefined) return undefined;
      return [{ kind: 'race', payments: [first, second], refused: 'insufficient_balance' }];
    },
  },
  replayed: {
    share: 15,
    plan: (market, wallet) => {
      const settled = settledPayment(market, wallet);
      if (settled === undefined) return undefined;
      const { payment } = settled;
      // The same number on another order: more won for the same shop.
      const again = { ...payment, amount: payment.amount + STEP_WON };
      return [{ kind: 'pay', payment, refused: null }, ...refusal(again, 'replayed')];
    },
  },
  expired: {
    share: 10,
    plan: (market, wallet) => {
      const holding = wallet.holdings.find(({ series }) => series.key === FESTIVAL);
      const shops = holding === undefined ? [] : market.shops.that('ok', holding.series);
      if (holding === undefined || shops.length === 0) return undefined;
      return refusal(order(wallet, holding, at(market.dice.pick(shops)), STEP_WON), 'expired');
    },
  },
  unknown_series: {
    share: 5,
    plan: atGoodShop('series_unknown', small, { series: 4_000_000_000 }),
  },
  late: { share: 5, plan: atGoodShop('deadline_passed', small, { deadlineIn: -60 }) },
  forged_signature: { share: 5, plan: atGoodShop('signature_invalid', small, { forged: true }) },
  frozen_account: { share: 5, plan: atGoodShop('account_frozen', small) },
} satisfies Record<string, { readonly share: number; readonly plan: Planner }>;

export const SCENARIO_NAMES: readonly Scenario[] = Object.keys(SCENARIOS).filter(isScenario);

function isScenario(name: string): name is Scenario {
  return Object.hasOwn(SCENARIOS, name);
}

/** How many errands of each kind a day of so many has; each kind at least once. */
export function sharesOf(errands: number): ReadonlyMap<Scenario, number> {
  const weights = SCENARIO_NAMES.map((name) => SCENARIOS[name].share);
  const counts = allocate(BigInt(Math.max(0, errands - SCENARIO_NAMES.length)), weights);
  return new Map(SCENARIO_NAMES.map((name, index) => [name, Number(counts[index] ?? 0n) + 1]));
}

/** Residents tried for one errand before it is given up: on a second day some have spent everything. */
const TRIES_MAX = 200;

/**
 * A day of payments: who pays what where, and how each payment must end. ResidentHoldings are changed as the day goes
 * on; give what the platform says the residents have. Errands of one resident follow each other, different residents may
 * act at the same time. `missing` counts errands that no resident was in the position to do.
 */
export function planDay(
  market: Market,
  wallets: readonly ResidentHoldings[],
  errands: number,
): { readonly visits: readonly Visit[]; readonly missing: ReadonlyMap<Scenario, number> } {
  const visits = new Map<ResidentHoldings, Visit>();
  const missing = new Map<Scenario, number>();
  const todo = [...sharesOf(errands)].flatMap(([name, count]) => Array<Scenario>(count).fill(name));
  const free = market.dice.shuffle(wallets.filter(({ resident }) => !resident.frozen));
  const special: Partial<Record<Scenario, readonly ResidentHoldings[]>> = {
    frozen_account: wallets.filter(({ resident }) => resident.frozen),
    expired: free.filter(({ holdings }) => holdings.some(({ series }) => series.key === FESTIVAL)),
  };
  let next = 0;
  for (const scenario of rareFirst(market.dice, todo)) {
    const candidates = special[scenario] ?? free;
    let found = false;
    for (let tries = 0; tries < Math.min(TRIES_MAX, candidates.length) && !found; tries++) {
      const wallet = candidates[next++ % candidates.length];
      const steps = wallet && SCENARIOS[scenario].plan(market, wallet);
      if (wallet === undefined || steps === undefined) continue;
      found = true;
      const visit = visits.get(wallet) ?? { wallet, errands: [] };
      visit.errands.push({ scenario, steps });
      visits.set(wallet, visit);
    }
    if (!found) missing.set(scenario, (missing.get(scenario) ?? 0) + 1);
  }
  return { visits: [...visits.values()], missing };
}

/** Scenarios that need a full wallet come while wallets are full; the rest in any order. */
function rareFirst(dice: Dice, todo: readonly Scenario[]): Scenario[] {
  const early: ReadonlySet<Scenario> = new Set(['amount_above_daily_cap', 'double_spent']);
  return [
    ...dice.shuffle(todo.filter((name) => early.has(name))),
    ...dice.shuffle(todo.filter((name) => !early.has(name))),
  ];
}

import { regions } from '#platform';
import {
  EMPTY_WINDOW,
  judgePayment,
  koreanDayIndex,
  scopeRulesOf,
  termsToChain,
  use,
  type PaymentHolding,
} from '#domain';
import { planDay, SCENARIO_NAMES, type PlannedPayment, type Step } from './day.js';
import { Dice } from './dice.js';
import { buildPlan, SMALL } from './plan.js';
import { Shops, statusOf, type LiveSeries, type ResidentHoldings } from './spendable.js';
import { FESTIVAL, FESTIVAL_WON, festivalSeries } from './series.js';

const catalogue = regions();
const SEED = `0x${'5e'.repeat(32)}`;
const NOW = Date.parse('2026-11-20T03:00:00Z') / 1000;
const plan = buildPlan(catalogue, SEED, SMALL, NOW - 600);
const merchants = plan.cities.flatMap((city) => city.merchants);
const residents = plan.cities.flatMap((city) => city.residents);
const live: LiveSeries[] = [...plan.series, festivalSeries('47', NOW - 600, NOW - 5)].map(
  (series, index) => ({ ...series, id: index + 1 }),
);

const won = (one: (typeof residents)[number], series: LiveSeries): bigint => {
  if (series.key === FESTIVAL) return one.festival ? FESTIVAL_WON : 0n;
  if (series.terms.kind === 'granted') return one.granted;
  return series.authority === one.city ? one.bought : 0n;
};

const walletsOfFirstDay = (): ResidentHoldings[] =>
  residents.map((resident) => ({
    resident,
    holdings: live
      .filter((series) => won(resident, series) > 0n)
      .map((series) => {
        const [daily] = termsToChain(series.terms).dailyCaps;
        const dailyLeft = daily > 0n ? daily : undefined;
        return { series, balance: won(resident, series), nextNonce: 1, dailyLeft };
      }),
  }));

/** The rules of the contract over plain maps: what each payment of the day really ends in. */
class Ledger {
  private readonly holdings = new Map<string, PaymentHolding>();

  pay(payment: PlannedPayment): string | null {
    const series = live.find(({ id }) => id === payment.series);
    const key = `${payment.payer.address}/${payment.series}`;
    const fresh = {
      balance: series ? won(payment.payer, series) : 0n,
      window: EMPTY_WINDOW,
      day: 0,
      spentToday: 0n,
    };
    const holding = this.holdings.get(key) ?? fresh;
    const shop = merchants.find(({ address }) => address === payment.merchant);
    const ruling = judgePayment({
      payer: payment.payer.address,
      payee: payment.merchant,
      amount: payment.amount,
      nonce: payment.nonce,
      deadline: NOW + payment.deadlineIn,
      now: NOW,
      sources: [
        {
          seriesId: payment.series,
          series: series && {
            ...termsToChain(series.terms),
            originalUntil: Date.parse(series.terms.validUntil) / 1_000,
            pausedUntil: 0,
            rules: scopeRulesOf(series.terms),
          },
          holding,
        },
      ],
      merchant: shop && { ...shop, formerly: [], status: statusOf(shop) },
      account: {
        frozenUntil: payment.payer.frozen ? Number.MAX_SAFE_INTEGER : 0,
        tier: payment.payer.tier,
        company: false,
      },
      signedBy: payment.forged === true ? undefined : { right: 'owner' },
    });
    if (!ruling.ok) return ruling.refusal.code;
    const today = koreanDayIndex(NOW);
    this.holdings.set(key, {
      balance: holding.balance - payment.amount,
      window: use(holding.window, payment.nonce),
      day: today,
      spentToday: (holding.day === today ? holding.spentToday : 0n) + payment.amount,
    });
    return null;
  }

  ends(step: Step): (string | null)[] {
    if (step.kind === 'race') return step.payments.map((payment) => this.pay(payment));
    return [this.pay(step.payment)];
  }
}

const expected = (step: Step): (string | null)[] =>
  step.kind === 'race' ? [null, step.refused] : [step.kind === 'pay' ? step.refused : null];

const market = () => ({
  dice: new Dice(`${SEED}/day/1`),
  shops: new Shops(merchants),
  stranger: `0x${'99'.repeat(20)}`,
});

describe('a day of payments', () => {
  const day = planDay(market(), walletsOfFirstDay(), 400);
  const errands = day.visits.flatMap((visit) => visit.errands);

  it('ends as planned under the rules of the contract, payment by payment', () => {
    const ledger = new Ledger();
    const wrong = errands.flatMap(({ scenario, steps }) =>
      steps.flatMap((step) => {
        const ends = ledger.ends(step);
        return JSON.stringify(ends) === JSON.stringify(expected(step)) ? [] : [{ scenario, ends, step }];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('has every scenario', () => {
    expect(day.missing).toEqual(new Map());
    expect(new Set(errands.map(({ scenario }) => scenario))).toEqual(new Set(SCENARIO_NAMES));
    expect(errands).toHaveLength(400);
    expect(errands.filter(({ scenario }) => scenario === 'in_region').length).toBeGreaterThan(280);
  });

  it('is the same for the same dice', () => {
    expect(planDay(market(), walletsOfFirstDay(), 400)).toEqual(day);
  });

  it('says what it could not plan when wallets are empty, and plans the rest', () => {
    const empty = walletsOfFirstDay().map(({ resident, holdings }) => ({
      resident,
      holdings: holdings.map((holding) => ({ ...holding, balance: 0n })),
    }));
    const poor = planDay(market(), empty, 100);
    expect(poor.missing.get('in_region')).toBeGreaterThan(0);
    const ledgerless = poor.visits.flatMap((visit) => visit.errands.map(({ scenario }) => scenario));
    expect(ledgerless).toContain('amount_above_balance');
    expect(ledgerless).not.toContain('in_region');
  });
});

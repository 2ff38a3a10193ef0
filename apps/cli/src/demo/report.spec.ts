import { regions } from '#platform';
import { buildPlan } from './plan.js';
import { compareDay, NOTHING, tallyOf, type AreaFigures, type Figures } from './report.js';
import type { Receipt } from './till.js';

const catalogue = regions();
const plan = buildPlan(catalogue, `0x${'5e'.repeat(32)}`, { merchants: 120, residents: 60 }, 1_800_000_000);
const [pohang] = plan.cities;
const [shop] = pohang?.merchants ?? [];
const [payer] = pohang?.residents ?? [];
if (pohang === undefined || shop === undefined || payer === undefined) throw new Error('an empty plan');

const receipt = (amount: bigint, code: string | null, isShop = true): Receipt => ({
  id: '0x',
  code,
  payment: {
    payer,
    merchant: shop.address,
    ...(isShop ? { shop } : {}),
    series: 1,
    amount,
    nonce: 1,
    deadlineIn: 60,
  },
});

const receipts = [
  receipt(4_000n, null),
  receipt(1_000n, null),
  receipt(100n, 'wrong_region'),
  receipt(100n, 'signature_invalid'),
  receipt(100n, 'merchant_unknown', false),
];
const redemptions = { settled: [{ shop, amount: 3_000n }], refused: new Map(), surprises: [] };
const tally = tallyOf(plan, receipts, redemptions);

const before: AreaFigures = {
  ...NOTHING,
  issued: 90_000n,
  outstanding: 50_000n,
  paid: 7n,
  refused: new Map([['wrong_region', 2]]),
};
const after: AreaFigures = {
  ...before,
  paid: 5_007n,
  payments: 2,
  redeemed: 3_000n,
  outstanding: 47_000n,
  refused: new Map([['wrong_region', 3]]),
};
const figures = (area: AreaFigures): Figures => ({ areas: new Map([[pohang.code, area]]), total: area });

describe('the comparison of a day', () => {
  it('adds up by the city of the shop what settled, and by reason what was refused', () => {
    expect(tally.get(pohang.code)).toMatchObject({ paid: 5_000n, payments: 2, redeemed: 3_000n });
    expect(tally.get(pohang.code)?.refused.get('wrong_region')).toBe(1);
    expect(tally.get('')?.refused).toEqual(new Map([['merchant_unknown', 1]]));
  });

  it('finds no difference when the platform reports what the client saw', () => {
    expect(compareDay(plan, figures(before), figures(after), tally)).toEqual([]);
  });

  it.each([
    ['a won too much', { paid: 5_008n }, 'paid in 포항시'],
    ['a payment too few', { payments: 1 }, 'payments in 포항시'],
    ['a redemption that was not', { redeemed: 3_001n }, 'redeemed in 포항시'],
    ['a refusal that was not', { refused: new Map([['wrong_region', 4]]) }, 'wrong_region in 포항시'],
    ['outstanding that moved by itself', { outstanding: 46_999n }, 'outstanding'],
  ])('names %s', (_what, change, named) => {
    const [first] = compareDay(plan, figures(before), figures({ ...after, ...change }), tally);
    expect(first).toContain(named);
  });
});

import * as fc from 'fast-check';
import { codeOf, itRefusesInOrder } from '../../test/support/spoilers.js';
import type { Spoiler } from '../../test/support/spoilers.js';
import { koreanMonthIndex, yearBounds } from '../calendar.js';
import { packRegion } from '../regions/region.js';
import { TERMS_FLAG_COMPANY, TERMS_FLAG_SOLD } from '../terms.js';
import { judgeIssue, purchasesAt } from './issue.js';
import type { IssueInput } from './issue.js';

const at = (text: string): number => Date.parse(text) / 1000;
const NOW = at('2026-03-31T23:59:59+09:00');
const MARCH = koreanMonthIndex(NOW);

const GOOD: IssueInput = {
  amount: 100_000n,
  now: NOW,
  remaining: 100_000n,
  series: { flags: TERMS_FLAG_SOLD, holdingCap: 1_500_000n, monthCap: 700_000n, yearCap: 8_000_000n },
  within: { authority: '47', areas: ['47', '51'] },
  account: { company: false, home: '47130' },
  balance: 1_400_000n,
  purchases: { month: MARCH, inMonth: 600_000n, inYear: 7_900_000n },
};

const SPOILERS: readonly Spoiler<IssueInput>[] = [
  ['amount_zero', (i) => ({ ...i, amount: 0n })],
  ['budget_exceeded', (i) => ({ ...i, remaining: 99_999n }), 99_999, 100_000],
  ['buyer_not_eligible', (i) => ({ ...i, account: { ...i.account, company: true } })],
  [
    'home_outside',
    (i) => ({ ...i, account: { ...i.account, home: '11110' } }),
    packRegion('11110'),
    packRegion('47'),
  ],
  ['home_outside', (i) => ({ ...i, account: { ...i.account, home: '' } }), 0, packRegion('47')],
  ['holding_cap_exceeded', (i) => ({ ...i, balance: 1_400_001n }), 99_999, 100_000],
  ['month_cap_exceeded', (i) => bought(i, { inMonth: 600_001n }), 99_999, 100_000],
  ['year_cap_exceeded', (i) => bought(i, { inYear: 7_900_001n }), 99_999, 100_000],
];

function bought(input: IssueInput, change: Partial<IssueInput['purchases']>): IssueInput {
  return { ...input, purchases: { ...input.purchases, ...change } };
}

describe('judgeIssue', () => {
  itRefusesInOrder(judgeIssue, GOOD, SPOILERS);

  it('asks for no home unless a part of the budget was delegated', () => {
    const noHome = { ...GOOD, within: undefined, account: { company: false, home: '' } };
    expect(codeOf(judgeIssue(noHome))).toBe('settled');
  });

  it('gives companies their own series alone, without purchase caps', () => {
    const company = { company: true, home: '47130' };
    const series = { flags: TERMS_FLAG_SOLD | TERMS_FLAG_COMPANY, holdingCap: 0n, monthCap: 1n, yearCap: 1n };
    const large = { ...GOOD, series, amount: 10n ** 9n, remaining: 10n ** 9n };
    expect(codeOf(judgeIssue({ ...large, account: company }))).toBe('settled');
    expect(codeOf(judgeIssue(large))).toBe('buyer_not_eligible');
  });

  it('counts no purchase of what is granted', () => {
    const granted = { ...GOOD, series: { ...GOOD.series, flags: 0 } };
    const over = bought(granted, { inMonth: 700_000n, inYear: 8_000_000n });
    expect(judgeIssue(over)).toEqual({ ok: true, purchases: over.purchases });
  });

  it('restarts the month and the year at midnight in Korea', () => {
    const full = bought(GOOD, { inMonth: 700_000n, inYear: 7_900_000n });
    expect(codeOf(judgeIssue(full))).toBe('month_cap_exceeded');
    const april = { ...full, now: NOW + 1 };
    expect(judgeIssue(april)).toEqual({
      ok: true,
      purchases: { month: MARCH + 1, inMonth: 100_000n, inYear: 8_000_000n },
    });
    const spent = bought(GOOD, { inMonth: 0n, inYear: 8_000_000n });
    expect(codeOf(judgeIssue({ ...spent, now: yearBounds(2026).until - 1 }))).toBe('year_cap_exceeded');
    expect(judgeIssue({ ...spent, now: yearBounds(2026).until })).toMatchObject({
      purchases: { inMonth: 100_000n, inYear: 100_000n },
    });
  });

  it('never lets a resident buy more than the caps, in any month or year', () => {
    const purchase = fc.record({
      amount: fc.bigInt({ min: 1n, max: 400_000n }),
      // Two and a half years, up to two months between purchases.
      wait: fc.integer({ min: 0, max: 60 * 86_400 }),
    });
    fc.assert(
      fc.property(fc.array(purchase, { maxLength: 60 }), (list) => {
        const series = { ...GOOD.series, holdingCap: 0n, yearCap: 2_000_000n };
        const sums = new Map<string, bigint>();
        let [now, purchases] = [at('2026-01-01T00:00:00+09:00'), { month: 0, inMonth: 0n, inYear: 0n }];
        for (const { amount, wait } of list) {
          now += wait;
          const ruling = judgeIssue({ ...GOOD, amount, remaining: amount, now, series, purchases });
          const month = koreanMonthIndex(now);
          const [m, y] = [`m${month}`, `y${Math.floor(month / 12)}`];
          const [inMonth, inYear] = [(sums.get(m) ?? 0n) + amount, (sums.get(y) ?? 0n) + amount];
          expect(ruling.ok).toBe(inMonth <= series.monthCap && inYear <= series.yearCap);
          if (!ruling.ok) continue;
          sums.set(m, inMonth);
          sums.set(y, inYear);
          purchases = ruling.purchases;
          expect(purchasesAt(purchases, now)).toEqual({ month, inMonth, inYear });
        }
      }),
    );
  });
});

import * as fc from 'fast-check';
import { codeOf, itRefusesInOrder } from '../../test/support/spoilers.js';
import type { Spoiler } from '../../test/support/spoilers.js';
import { koreanDayIndex } from '../calendar.js';
import { judgeRefund, refundStatement } from './refund.js';
import type { RefundInput } from './refund.js';
import { explainRefundStatement } from './refund-text.js';

const NOW = Date.parse('2026-01-08T23:59:59+09:00') / 1000;
const TODAY = koreanDayIndex(NOW);
const SERIES = { refundPercent: 60, refundDays: 7, residentShare: 9_000 };

/** 60,000 of 100,000 won are spent: just enough. */
const GOOD: RefundInput = {
  seriesId: 7,
  amount: 40_000n,
  nonce: 12,
  deadline: NOW,
  now: NOW,
  signedBy: { right: 'owner' },
  series: SERIES,
  account: { frozenUntil: 0 },
  holding: { balance: 40_000n, received: 100_000n, receivedDay: TODAY - 30, window: { top: 11, bitmap: 1n } },
};

const SPOILERS: readonly Spoiler<RefundInput>[] = [
  ['amount_zero', (i) => ({ ...i, amount: 0n })],
  ['deadline_passed', (i) => ({ ...i, deadline: NOW - 1 }), NOW - 1, NOW],
  ['series_unknown', (i) => ({ ...i, series: undefined }), 7],
  ['signature_invalid', (i) => ({ ...i, signedBy: undefined })],
  ['owner_key_needed', (i) => ({ ...i, signedBy: { right: 'device', left: 40_000n } })],
  ['account_frozen', (i) => ({ ...i, account: { frozenUntil: NOW + 1 } })],
  ['replayed', (i) => ({ ...i, nonce: 11 }), 11, 11],
  ['refund_not_whole', (i) => ({ ...i, amount: 39_999n }), 40_000, 39_999],
  ['refund_not_due', (i) => ({ ...i, holding: { ...i.holding, received: 99_999n } }), 59, 60],
];

describe('judgeRefund', () => {
  itRefusesInOrder(judgeRefund, GOOD, SPOILERS);

  it('pays the resident’s own part and returns the rest to the funders', () => {
    expect(judgeRefund(GOOD)).toEqual({ ok: true, own: 36_000n, toFunders: 4_000n });
  });

  it('refunds what is untouched for seven days after it last grew', () => {
    const untouched = { ...GOOD, amount: 100_000n };
    const days = (ago: number): RefundInput => ({
      ...untouched,
      holding: { ...GOOD.holding, balance: 100_000n, receivedDay: TODAY - ago },
    });
    expect(judgeRefund(days(7))).toMatchObject({ ok: true, own: 90_000n });
    expect(judgeRefund(days(8))).toMatchObject({ refusal: { code: 'refund_not_due', a: 0n, b: 60n } });
    const touched = { ...days(0), holding: { ...days(0).holding, received: 100_001n } };
    expect(codeOf(judgeRefund(touched))).toBe('refund_not_due');
  });

  it('is never due where the terms have no refund', () => {
    const none = { ...GOOD, series: { ...SERIES, refundPercent: 0, refundDays: 0 } };
    expect(judgeRefund(none)).toMatchObject({ refusal: { code: 'refund_not_due', a: 60n, b: 0n } });
  });
});

describe('refundStatement', () => {
  const holding = fc
    .tuple(fc.bigInt({ min: 1n, max: 2n ** 48n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }))
    .map(([received, raw]) => ({ received, balance: raw % (received + 1n), receivedDay: TODAY - 30 }));

  it('adds up, and says exactly how much is still to spend', () => {
    fc.assert(
      fc.property(holding, fc.integer({ min: 60, max: 80 }), fc.nat(10_000), (held, refundPercent, share) => {
        const series = { refundPercent, refundDays: 0, residentShare: share };
        const statement = refundStatement(series, held, NOW);
        expect(statement.own + statement.toFunders).toBe(held.balance);
        expect(statement.spent + statement.balance).toBe(held.received);
        const after = (more: bigint) =>
          refundStatement(series, { ...held, balance: held.balance - more }, NOW);
        const { stillToSpend } = statement;
        if (held.balance === 0n) return;
        expect(statement.due === 'spent').toBe(stillToSpend === 0n);
        if (stillToSpend > 0n) {
          expect(after(stillToSpend - 1n).due).toBeUndefined();
          expect(after(stillToSpend).stillToSpend).toBe(0n);
        }
      }),
    );
  });

  it('reads as arithmetic before the tap', () => {
    expect(explainRefundStatement(refundStatement(SERIES, GOOD.holding, NOW), 'ko')).toEqual([
      '받은 금액 100,000원 가운데 60,000원(60%)을 썼고 40,000원이 남았습니다.',
      '환급되는 금액: 40,000원 × 90%(본인이 낸 비율) = 36,000원. 나머지 4,000원은 할인에 쓰인 공공 재원으로 돌아갑니다.',
      '60% 이상을 써서 지금 환급받을 수 있습니다.',
    ]);
    const early = refundStatement(SERIES, { balance: 45_000n, received: 100_000n, receivedDay: TODAY }, NOW);
    expect(explainRefundStatement(early, 'ko').at(-1)).toBe(
      '아직 환급받을 수 없습니다. 5,000원을 더 쓰면(60%) 환급받을 수 있습니다.',
    );
    const fresh = refundStatement(SERIES, { balance: 10n, received: 10n, receivedDay: TODAY - 7 }, NOW);
    expect(explainRefundStatement(fresh, 'en')).toEqual([
      'Of KRW 10 received you have spent KRW 0 (0%); KRW 10 is left.',
      'Paid back to you: KRW 10 × 90% (your own share) = KRW 9. The other KRW 1 was the public discount and goes back.',
      'You have used none of it, so you can have it until 8 January 2026.',
    ]);
  });

  it('reads well when all is own money, when nothing is left, and when there is no refund', () => {
    const own = { ...SERIES, residentShare: 10_000 };
    expect(explainRefundStatement(refundStatement(own, GOOD.holding, NOW), 'en')[1]).toBe(
      'Paid back to you: KRW 40,000.',
    );
    const gone = refundStatement(SERIES, { balance: 0n, received: 5n, receivedDay: TODAY }, NOW);
    expect(explainRefundStatement(gone, 'ko').at(-1)).toBe('환급할 잔액이 없습니다.');
    const none = refundStatement({ ...SERIES, refundPercent: 0, refundDays: 0 }, GOOD.holding, NOW);
    expect(explainRefundStatement(none, 'ko').at(-1)).toBe('이 상품권은 현금으로 환급되지 않습니다.');
    expect(refundStatement(SERIES, { balance: 0n, received: 0n, receivedDay: 0 }, NOW).spentPercent).toBe(0);
  });
});

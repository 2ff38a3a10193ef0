import type { OrderKindName } from '#contracts';
import { type ItemRefusalKey, refusal } from '#domain';
import { nextAfter } from './refusal-reasons.js';

/** 1 January 2027, noon in Korea. */
const DEADLINE = Date.UTC(2027, 0, 1, 3) / 1_000;

const orderOf = (kind: OrderKindName) => ({ kind, series: [1], amount: 1_000n, deadline: DEADLINE });

/** As the contract's event says it, or as the API said on acceptance. */
const endOf = (code: ItemRefusalKey, a: bigint, b: bigint, refusedOnAcceptance = false) => ({
  code,
  number: refusal(code).number,
  a,
  b,
  refusedOnAcceptance,
});

/** The texts of the table of refusals. */
const listed = (code: ItemRefusalKey) => ({ ko: refusal(code).ko.next, en: refusal(code).en.next });

const PAUSED = endOf('series_paused', 1n, BigInt(DEADLINE));

describe('what a refusal by the contract says to do next', () => {
  it.each<[OrderKindName, string]>([
    ['payment', '/v1/cancellations'],
    ['gift', '/v1/cancellations'],
    ['refund', '/v1/cancellations'],
    ['void', '/v1/merchant-cancellations'],
    ['circulation', '/v1/merchant-cancellations'],
    ['redemption', '/v1/merchant-cancellations'],
  ])('sends a %s whose reason may pass to %s, and names the deadline', (kind, route) => {
    const next = nextAfter(orderOf(kind), PAUSED);
    expect(next.ko).toContain(`철회(${route})`);
    expect(next.en).toContain(`(${route})`);
    expect(next.ko).toContain('2027');
    expect(next.en).toContain('2027');
  });

  describe.each<OrderKindName>(['cancellation', 'merchant_cancellation'])('of a %s', (kind) => {
    it('is final where there is nothing to cancel', () => {
      expect(nextAfter(orderOf(kind), endOf('nothing_to_cancel', 3n, 7n))).toEqual(
        listed('nothing_to_cancel'),
      );
    });

    it('never says to cancel the cancellation', () => {
      expect(nextAfter(orderOf(kind), endOf('signature_invalid', 0n, 0n))).toEqual(
        listed('signature_invalid'),
      );
    });
  });

  it('is final where the number was used up, and may still settle where the number is too far ahead', () => {
    expect(nextAfter(orderOf('payment'), endOf('replayed', 3n, 3n))).toEqual(listed('replayed'));
    expect(nextAfter(orderOf('payment'), endOf('replayed', 90n, 3n)).en).toContain('can still settle');
  });

  it('is final where the reason never passes, or where nothing was submitted', () => {
    expect(nextAfter(orderOf('gift'), endOf('gift_not_allowed', 1n, 0n))).toEqual(listed('gift_not_allowed'));
    expect(nextAfter(orderOf('payment'), { ...PAUSED, refusedOnAcceptance: true })).toEqual(
      listed('series_paused'),
    );
  });
});

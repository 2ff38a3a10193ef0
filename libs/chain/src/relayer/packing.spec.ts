import { countThatFits, GAS_MAX, isCarriable, packCall } from './packing.js';

const VOUCHERS = `0x${'22'.repeat(20)}`;

/** A packed item of series 1 to a merchant. */
function item(merchant: number): Buffer {
  const packed = Buffer.alloc(160);
  packed.writeUInt32BE(1, 40);
  packed.writeUInt32BE(merchant, 60);
  return packed;
}

describe('a batch', () => {
  it('of 400 items to few merchants fits one transaction', () => {
    const payloads = Array.from({ length: 400 }, (_unused, index) => item(index % 100));
    expect(countThatFits(payloads)).toBe(400);
    expect(packCall('payment', payloads, VOUCHERS).gasLimit).toBeLessThanOrEqual(GAS_MAX);
  });

  it('to merchants that may all be paid for the first time is cut where gas would run out', () => {
    const payloads = Array.from({ length: 400 }, (_unused, index) => item(index));
    const count = countThatFits(payloads);
    // The dearest payment that was measured, first of its merchant, takes 47,600.
    expect(count * 47_600).toBeLessThan(packCall('payment', payloads.slice(0, count), VOUCHERS).gasLimit);
    expect(count).toBeGreaterThan(300);
    expect(countThatFits(payloads.slice(0, 1))).toBe(1);
  });

  it('has at least one item, and none of another length', () => {
    expect(() => packCall('payment', [], VOUCHERS)).toThrow(RangeError);
    expect(() => packCall('redemption', [Buffer.alloc(159)], VOUCHERS)).toThrow(RangeError);
    expect(isCarriable('payment', Buffer.alloc(159))).toBe(false);
  });
});

describe('a call', () => {
  it('goes to its own target, alone', () => {
    const payload = Buffer.from(`${'33'.repeat(20)}12345678`, 'hex');
    expect(packCall('act', [payload], VOUCHERS)).toEqual({
      to: `0x${'33'.repeat(20)}`,
      data: '0x12345678',
      gasLimit: GAS_MAX,
    });
    expect(() => packCall('act', [payload, payload], VOUCHERS)).toThrow(RangeError);
    expect(isCarriable('act', payload.subarray(0, 23))).toBe(false);
  });
});

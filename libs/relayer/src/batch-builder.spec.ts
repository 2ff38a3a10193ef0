import { BATCH_GAS, countThatFits, GAS_MAX, isRelayable, buildCall } from './batch-builder.js';

const VOUCHERS = `0x${'22'.repeat(20)}`;
const TRANSFER = 128;
/** Bytes of proofs: a wallet's alone; a device's and a passkey's with a ring of two keys. */
const PROOFS = { wallet: 65, device: 129 + 1 + 70, passkey: 135 + 37 + 140 + 1 + 70 } as const;
const KIND_BYTE = { wallet: 1, device: 2, passkey: 3 } as const;

/** A packed item to a merchant with a proof of some kind. */
function item(
  merchant: number,
  kind: keyof typeof PROOFS = 'wallet',
  series: readonly number[] = [1],
): Buffer {
  const packed = Buffer.alloc(TRANSFER + PROOFS[kind]);
  packed.writeUInt32BE(merchant, 60);
  series.forEach((id, index) => packed.writeUInt32BE(id, 96 - 4 * (index + 1)));
  packed.writeUInt8(KIND_BYTE[kind], TRANSFER);
  return packed;
}

const items = (count: number, one: (index: number) => Buffer) =>
  Array.from({ length: count }, (_unused, index) => one(index));
const gasOf = (payloads: readonly Buffer[]) => buildCall('payment', payloads, VOUCHERS).gasLimit;

describe('a batch', () => {
  it('of wallet payments to few merchants has about 340 in one transaction', () => {
    const payloads = items(400, (index) => item(index % 50));
    const count = countThatFits(payloads);
    expect(count).toBeGreaterThan(320);
    // Measured with one merchant 27,600; here every seventh reads and writes another merchant's slots for 7,000.
    expect(count * 28_600).toBeLessThan(BATCH_GAS);
    expect(gasOf(payloads.slice(0, count))).toBeLessThanOrEqual(GAS_MAX);
  });

  it('to merchants that may all be paid for the first time is cut where gas would run out', () => {
    const payloads = items(400, (index) => item(index));
    const count = countThatFits(payloads);
    // A payment that is the first of its merchant was measured with 54,800.
    expect(count * 54_800).toBeLessThan(gasOf(payloads.slice(0, count)));
    expect(count).toBeGreaterThan(240);
    expect(countThatFits(payloads.slice(0, 1))).toBe(1);
  });

  it('of dearer keys and of several series is cut earlier', () => {
    const counts = (['wallet', 'device', 'passkey'] as const).map((kind) =>
      countThatFits(items(400, () => item(1, kind))),
    );
    expect(counts[0]).toBeGreaterThan(300);
    expect(counts[1]).toBeLessThan(counts[0] ?? 0);
    expect(counts[2]).toBeLessThan(counts[1] ?? 0);
    expect(counts[2]).toBeGreaterThan(150);
    expect(countThatFits(items(400, () => item(1, 'wallet', [1, 2, 3])))).toBeLessThan(160);
  });

  it('is cut where its bytes would be too many', () => {
    const long = Buffer.alloc(TRANSFER + 2_000);
    long.writeUInt8(KIND_BYTE.wallet, TRANSFER);
    const count = countThatFits(items(400, () => long));
    const bytes = (size: number) =>
      (buildCall(
        'payment',
        items(size, () => long),
        VOUCHERS,
      ).data.length -
        2) /
      2;
    expect(bytes(count)).toBeLessThanOrEqual(105_000);
    expect(() => bytes(count + 1)).toThrow(RangeError);
  });

  it('has at least one item, and none without a proof', () => {
    expect(() => buildCall('payment', [], VOUCHERS)).toThrow(RangeError);
    expect(() => buildCall('redemption', [Buffer.alloc(127)], VOUCHERS)).toThrow(RangeError);
    expect(isRelayable('payment', Buffer.alloc(TRANSFER))).toBe(false);
    expect(isRelayable('payment', Buffer.alloc(TRANSFER + 2_049))).toBe(false);
    expect(isRelayable('payment', item(1))).toBe(true);
  });
});

describe('a call', () => {
  it('goes to its own target, alone', () => {
    const payload = Buffer.from(`${'33'.repeat(20)}12345678`, 'hex');
    expect(buildCall('act', [payload], VOUCHERS)).toEqual({
      to: `0x${'33'.repeat(20)}`,
      data: '0x12345678',
      gasLimit: GAS_MAX,
    });
    expect(() => buildCall('call', [payload, payload], VOUCHERS)).toThrow(RangeError);
    expect(isRelayable('call', payload.subarray(0, 23))).toBe(false);
  });
});

import * as fc from 'fast-check';
import { Signature, SigningKey } from 'ethers';
import {
  BATCH_MAX,
  encodePay,
  encodeRedeem,
  packPayment,
  packRedemption,
  toSignedTransfer,
  unpackPayment,
  unpackRedemption,
  unpackSignature,
  vouchersInterface,
} from './index.js';
import { hexOf, payment, redemption } from '../test/support/arbitraries.js';

const key = new SigningKey(`0x${'42'.repeat(32)}`);
const signature = hexOf(32).map((digest) => key.sign(digest).serialized);
const signedPayment = fc.tuple(payment, signature);
const signedRedemption = fc.tuple(redemption, signature);

describe('a packed transfer', () => {
  it('gives back the payment and its signature', () => {
    fc.assert(
      fc.property(signedPayment, ([item, signed]) => {
        const packed = packPayment(item, signed);
        expect(unpackPayment(packed)).toEqual(item);
        expect(unpackSignature(packed)).toBe(signed);
      }),
      { numRuns: 50 },
    );
  });

  it('gives back the redemption, and names no recipient', () => {
    fc.assert(
      fc.property(signedRedemption, ([item, signed]) => {
        const packed = packRedemption(item, signed);
        expect(unpackRedemption(packed)).toEqual(item);
        expect(toSignedTransfer(packed).to & (2n ** 160n - 1n)).toBe(0n);
      }),
      { numRuns: 50 },
    );
  });

  it('has its fields at the bits that SignedTransfer.sol names, and a compact signature', () => {
    fc.assert(
      fc.property(signedPayment, ([item, signed]) => {
        expect(toSignedTransfer(packPayment(item, signed))).toEqual({
          from: BigInt(item.payer) | (BigInt(item.nonce) << 160n) | (BigInt(item.deadline) << 192n),
          to: BigInt(item.merchant) | (BigInt(item.series) << 160n) | (item.amount << 192n),
          order: item.order,
          r: Signature.from(signed).r,
          vs: Signature.from(signed).yParityAndS,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when it is not 160 bytes', () => {
    expect(() => encodePay([new Uint8Array(159)])).toThrow(RangeError);
  });
});

describe('calldata of a batch equals what ethers encodes', () => {
  const batches = fc.array(signedPayment, { minLength: 1, maxLength: 20 });

  it.each([
    ['pay', encodePay],
    ['redeem', encodeRedeem],
  ] as const)('%s', (method, encode) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const packed = batch.map(([item, signed]) => packPayment(item, signed));
        expect(encode(packed)).toBe(
          vouchersInterface.encodeFunctionData(method, [packed.map(toSignedTransfer)]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('refuses an empty batch and one above the limit', () => {
    const item = new Uint8Array(160);
    expect(() => encodePay([])).toThrow(RangeError);
    expect(() => encodePay(Array.from({ length: BATCH_MAX + 1 }, () => item))).toThrow(RangeError);
    expect(encodePay(Array.from({ length: BATCH_MAX }, () => item))).toHaveLength(
      2 + 2 * (4 + 64 + 160 * BATCH_MAX),
    );
  });
});

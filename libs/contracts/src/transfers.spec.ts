import * as fc from 'fast-check';
import {
  BATCH_MAX,
  CALLDATA_MAX,
  circulationTransfer,
  countThatFit,
  encodeCirculate,
  encodeGive,
  encodePay,
  encodePreviewPayments,
  encodeRedeem,
  encodeCancel,
  encodeCancelAsMerchant,
  encodeRefund,
  encodeVoidPayments,
  giftTransfer,
  packPayment,
  packRedemption,
  proofOf,
  cancellationTransfer,
  merchantCancellationTransfer,
  refundTransfer,
  SignatureError,
  storeTransfer,
  toTransfer,
  voidTransfer,
  vouchersInterface,
} from './index.js';
import { unpackPayment, unpackTransfer } from '../test/support/unpack.js';
import { address, hexOf, payment, proof, redemption } from '../test/support/arbitraries.js';

describe('a packed order', () => {
  it('gives back payment and proof', () => {
    fc.assert(
      fc.property(payment, proof, (item, bytes) => {
        const stored = packPayment(item, bytes);
        expect(unpackPayment(stored)).toEqual(item);
        expect(proofOf(stored).equals(bytes)).toBe(true);
        expect(stored).toHaveLength(128 + bytes.length);
      }),
    );
  });

  it('gives back orders of every other kind', () => {
    fc.assert(
      fc.property(redemption, address, address, hexOf(32), (item, one, other, id) => {
        const { merchant, series, ...rest } = item;
        const noRecipient = `0x${'00'.repeat(20)}`;
        const fields = (account: string, recipient = noRecipient) => ({
          ...rest,
          series: [series],
          account,
          recipient,
        });
        expect(unpackTransfer(packRedemption(item, '0x01'))).toEqual(fields(merchant));
        const order = { ...rest, series };
        expect(unpackTransfer(refundTransfer({ ...order, account: one }))).toEqual(fields(one));
        const gift = { ...order, giver: one, receiver: other };
        expect(unpackTransfer(giftTransfer(gift))).toEqual(fields(one, other));
        const circulation = { ...order, merchant: one, recipient: other };
        expect(unpackTransfer(circulationTransfer(circulation))).toEqual(fields(one, other));
        const voided = { ...order, payment: id, merchant: one };
        expect(unpackTransfer(voidTransfer(voided, other))).toEqual(fields(one, other));
        const { amount, ...unvalued } = order;
        const cancelled = { ...unvalued, count: Number(amount % 2n ** 32n) };
        const counted = { ...fields(one), amount: BigInt(cancelled.count) };
        expect(unpackTransfer(cancellationTransfer({ ...cancelled, account: one }))).toEqual(counted);
        expect(unpackTransfer(merchantCancellationTransfer({ ...cancelled, merchant: one }))).toEqual(
          counted,
        );
      }),
    );
  });

  it('has its fields at the bits that Transfer.sol names', () => {
    fc.assert(
      fc.property(payment, (item) => {
        expect(toTransfer(packPayment(item, '0x01'))).toEqual({
          from: BigInt(item.payer) | (BigInt(item.nonce) << 160n) | (BigInt(item.deadline) << 192n),
          to: BigInt(item.merchant) | (item.amount << 160n),
          series: item.series.reduce((word, id, index) => word | (BigInt(id) << BigInt(32 * index)), 0n),
          order: item.order,
        });
      }),
    );
  });

  it('is refused when it names no series, nine, or zero among several', () => {
    const [item] = fc.sample(payment, 1);
    if (item === undefined) throw new Error('no sample');
    for (const series of [[], [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 0, 2]]) {
      expect(() => packPayment({ ...item, series }, '0x01')).toThrow(/^series/);
    }
  });

  it.each(['', '0x', '0x0', '0xzz', `0x${'00'.repeat(2_049)}`])('is refused with the proof %s', (bad) => {
    const packed = new Uint8Array(128);
    expect(() => storeTransfer(packed, bad)).toThrow(SignatureError);
  });

  it('is refused when it is shorter than 128 bytes', () => {
    expect(() => encodePay([new Uint8Array(127)])).toThrow(RangeError);
    expect(() => toTransfer(new Uint8Array(127))).toThrow(RangeError);
  });
});

describe('calldata of a batch equals what ethers encodes', () => {
  const batches = fc.array(fc.tuple(payment, proof), { minLength: 1, maxLength: 12 });
  const proofsOf = (batch: readonly (readonly [unknown, Uint8Array])[]) =>
    Buffer.concat(batch.flatMap(([, one]) => [Buffer.of(one.length >> 8, one.length & 0xff), one]));

  it.each([
    ['pay', encodePay],
    ['redeem', encodeRedeem],
    ['give', encodeGive],
    ['circulate', encodeCirculate],
    ['refund', encodeRefund],
    ['cancel', encodeCancel],
    ['cancelAsMerchant', encodeCancelAsMerchant],
    ['previewPayments', encodePreviewPayments],
  ] as const)('%s', (method, encode) => {
    fc.assert(
      fc.property(batches, (batch) => {
        const stored = batch.map(([item, bytes]) => packPayment(item, bytes));
        expect(encode(stored)).toBe(
          vouchersInterface.encodeFunctionData(method, [stored.map(toTransfer), proofsOf(batch)]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('of voids contains the receipts', () => {
    const [item] = fc.sample(payment, 1);
    if (item === undefined) throw new Error('no sample');
    const receipt = { id: `0x${'11'.repeat(32)}`, amount: 5n, day: 20_000, batch: 3n, branch: [] };
    const call = encodeVoidPayments([{ stored: packPayment(item, '0x010203'), receipt }]);
    const [items, receipts, proofs] = vouchersInterface.decodeFunctionData('voidPayments', call);
    expect(items[0].series).toBe(toTransfer(packPayment(item, '0x01')).series);
    expect(receipts[0].toObject()).toMatchObject({ id: receipt.id, amount: 5n, day: 20_000n, batch: 3n });
    expect(proofs).toBe('0x0003010203');
    expect(() => encodeVoidPayments([])).toThrow(RangeError);
  });
});

describe('the limits of a batch', () => {
  const wallets = Array.from({ length: BATCH_MAX + 1 }, () => new Uint8Array(128 + 65));
  const passkeys = wallets.map(() => new Uint8Array(128 + 500));

  it('400 orders of wallets fit', () => {
    expect(countThatFit(wallets)).toBe(BATCH_MAX);
    expect(encodePay(wallets.slice(0, BATCH_MAX)).length).toBeLessThan(2 * CALLDATA_MAX);
    expect(() => encodePay(wallets)).toThrow(RangeError);
    expect(() => encodePay([])).toThrow(RangeError);
  });

  it('longer proofs fit as long as there are bytes left, and not one more', () => {
    const count = countThatFit(passkeys);
    expect(encodePay(passkeys.slice(0, count)).length).toBeLessThanOrEqual(2 + 2 * CALLDATA_MAX);
    expect(() => encodePay(passkeys.slice(0, count + 1))).toThrow(RangeError);
    expect(count).toBe(Math.floor((CALLDATA_MAX - 163) / 630));
  });
});

import * as fc from 'fast-check';
import { toHex } from '../../src/bytes.js';
import type { PaymentAuthorisation, RedemptionAuthorisation } from '../../src/index.js';

/** `0x…` of so many bytes. */
export const hexOf = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);

export const address = hexOf(20);
export const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
export const uint40 = fc.integer({ min: 0, max: 2 ** 40 - 1 });
export const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** A region code of 2 to 10 digits. */
export const regionCode = fc.stringMatching(/^[0-9]{2,10}$/);

export const redemption: fc.Arbitrary<RedemptionAuthorisation> = fc.record({
  merchant: address,
  series: uint32,
  amount: uint64,
  nonce: uint32,
  deadline: uint40,
  order: hexOf(32),
});

/** 1 to 8 series, none of them 0 (it would end the list). */
export const seriesList = fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 8 });

export const payment: fc.Arbitrary<PaymentAuthorisation> = fc
  .tuple(redemption, address, seriesList)
  .map(([rest, payer, series]) => ({ ...rest, payer, series }));

/** Bytes that look like a proof and are none. */
export const proof = fc.uint8Array({ minLength: 1, maxLength: 500 });

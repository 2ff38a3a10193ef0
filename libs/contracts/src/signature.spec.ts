import * as fc from 'fast-check';
import { N, SigningKey, Wallet } from 'ethers';
import { parseSignature, recoverSigner, SignatureError } from './index.js';
import { hexOf } from '../test/support/arbitraries.js';

const key = new SigningKey(`0x${'42'.repeat(32)}`);
const signer = new Wallet(key).address.toLowerCase();
const digest = `0x${'ab'.repeat(32)}`;
const signature = key.sign(digest).serialized;

/** The other signature that a curve point allows: s mirrored, parity flipped. */
function mirrored(serialized: string): string {
  const s = N - BigInt(`0x${serialized.slice(66, 130)}`);
  const v = serialized.endsWith('1b') ? '1c' : '1b';
  return `${serialized.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`;
}

describe('recoverSigner', () => {
  it('finds the signer of any digest', () => {
    fc.assert(
      fc.property(hexOf(32), (message) => {
        expect(recoverSigner(message, key.sign(message).serialized)).toBe(signer);
      }),
      { numRuns: 50 },
    );
  });

  it('takes v as 0/1 and bytes as well', () => {
    const v = signature.endsWith('1b') ? '00' : '01';
    expect(recoverSigner(digest, signature.slice(0, 130) + v)).toBe(signer);
    expect(recoverSigner(digest, Buffer.from(signature.slice(2), 'hex'))).toBe(signer);
  });

  it('names another signer, or none, for another digest', () => {
    expect(recoverSigner(`0x${'ac'.repeat(32)}`, signature)).not.toBe(signer);
  });

  it.each([
    ['a high s', mirrored(signature)],
    ['r of zero', `0x${'00'.repeat(32)}${signature.slice(66)}`],
    ['r above the order', `0x${'ff'.repeat(32)}${signature.slice(66)}`],
    ['s of zero', `${signature.slice(0, 66)}${'00'.repeat(32)}1b`],
    ['another v', `${signature.slice(0, 130)}1d`],
    ['a byte too few', signature.slice(0, 130)],
    ['a byte too many', `${signature}00`],
    ['no hex', `${signature.slice(0, 10)}zz${signature.slice(12)}`],
    ['no 0x', `00${signature.slice(2)}`],
    ['nothing', ''],
  ])('answers null for %s', (_what, bad) => {
    expect(recoverSigner(digest, bad)).toBeNull();
  });

  it('answers null for a digest that is none', () => {
    expect(recoverSigner('0x12', signature)).toBeNull();
    expect(recoverSigner(`0x${'zz'.repeat(32)}`, signature)).toBeNull();
  });
});

describe('parseSignature', () => {
  it('says what is wrong', () => {
    expect(() => parseSignature(mirrored(signature))).toThrow(SignatureError);
    expect(() => parseSignature(mirrored(signature))).toThrow('upper half');
    expect(() => parseSignature('0x12')).toThrow('130 hex digits');
    expect(() => parseSignature(new Uint8Array(64))).toThrow('65 bytes');
  });
});

import * as fc from 'fast-check';
import { keccak256, toUtf8Bytes } from 'ethers';
import { decodeKeyRing, encodeKeyRing, keyRingHash, type RingKey } from './index.js';
import { rightInRing } from './key-ring.js';
import { hexOf, uint32 } from '../test/support/arbitraries.js';

const key = fc.record({ right: fc.constantFrom('owner' as const, 'device' as const), id: hexOf(32) });
const ring = fc
  .record({ dailyLimit: uint32.map(BigInt), keys: fc.array(key, { minLength: 1, maxLength: 8 }) })
  .filter(({ keys }) => keys.some(({ right }) => right === 'owner'));
const owner: RingKey = { right: 'owner', id: `0x${'11'.repeat(32)}` };
const device: RingKey = { right: 'device', id: `0x${'22'.repeat(32)}` };

describe('a key ring', () => {
  it('comes back as it went in, and gives each key its right at its place alone', () => {
    fc.assert(
      fc.property(ring, (item) => {
        const encoded = encodeKeyRing(item);
        const bytes = Buffer.from(encoded.slice(2), 'hex');
        expect(decodeKeyRing(encoded)).toEqual(item);
        item.keys.forEach(({ id, right }, position) => {
          expect(rightInRing(bytes, position, id)).toEqual({ right, dailyLimit: item.dailyLimit });
          const next = item.keys[position + 1];
          if (next?.id !== id) expect(rightInRing(bytes, position + 1, id)).toBeNull();
        });
      }),
    );
  });

  it('has the layout and the hash of KeyRing.sol', () => {
    const encoded = encodeKeyRing({ dailyLimit: 50_000n, keys: [owner, device] });
    expect(encoded).toBe(`0x0000c350${'02'}${'11'.repeat(32)}${'01'}${'22'.repeat(32)}`);
    const domain = keccak256(toUtf8Bytes('Jangteo key ring 1'));
    expect(keyRingHash(encoded)).toBe(keccak256(`${domain}${encoded.slice(2)}`));
    expect(keyRingHash(Buffer.from(encoded.slice(2), 'hex'))).toBe(keyRingHash(encoded));
    expect(keyRingHash('0x')).toBe(keccak256(domain));
  });

  it.each([
    ['no key', { dailyLimit: 0n, keys: [] }],
    ['nine keys', { dailyLimit: 0n, keys: Array.from({ length: 9 }, () => owner) }],
    ['no owner', { dailyLimit: 0n, keys: [device] }],
    ['a limit beyond 32 bits', { dailyLimit: 2n ** 32n, keys: [owner] }],
    ['a negative limit', { dailyLimit: -1n, keys: [owner] }],
    ['a short id', { dailyLimit: 0n, keys: [{ right: 'owner' as const, id: '0x11' }] }],
  ])('with %s is refused', (_what, bad) => {
    expect(() => encodeKeyRing(bad)).toThrow(RangeError);
  });

  const whole = encodeKeyRing({ dailyLimit: 1n, keys: [owner, device] });
  it.each([
    ['nothing', '0x'],
    ['a byte too few', whole.slice(0, -2)],
    ['a byte too many', `${whole}00`],
    ['no entry', whole.slice(0, 10)],
    ['an unknown right', `${whole.slice(0, 10)}03${whole.slice(12)}`],
    ['no owner', `${whole.slice(0, 10)}01${whole.slice(12)}`],
    ['no hex', `${whole.slice(0, -1)}z`],
  ])('of %s is not read', (_what, bad) => {
    expect(() => decodeKeyRing(bad)).toThrow(RangeError);
  });
});

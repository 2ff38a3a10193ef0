import * as fc from 'fast-check';
import {
  EMPTY_WINDOW,
  inAnyOrder,
  isFresh,
  NONCE_JUMP_MAX,
  NONCE_MAX,
  nextNonce,
  use,
} from './replay-window.js';

describe('replay window', () => {
  it('lets two devices arrive out of order', () => {
    let window = use(EMPTY_WINDOW, 5);
    window = use(window, 3);
    expect(isFresh(window, 3)).toBe(false);
    expect(isFresh(window, 5)).toBe(false);
    expect(isFresh(window, 4)).toBe(true);
    expect(nextNonce(window)).toBe(6);
    expect(window).toEqual({ top: 5, bitmap: 0b101n });
  });

  it('closes 64 behind the top and opens 63 ahead', () => {
    const window = { top: 1000, bitmap: 1n };
    expect(isFresh(window, 937)).toBe(true);
    expect(isFresh(window, 936)).toBe(false);
    expect(isFresh(window, 1000 + NONCE_JUMP_MAX)).toBe(true);
    expect(isFresh(window, 1001 + NONCE_JUMP_MAX)).toBe(false);
    expect(use(use(window, 1063), 1001).bitmap & 1n).toBe(1n);
    expect(use(window, 1063)).toEqual({ top: 1063, bitmap: (1n << 63n) | 1n });
  });

  it('knows which two nonces may be used in either order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -63, max: 62 }), fc.integer({ min: 1, max: 126 }), (behind, apart) => {
        const window = { top: 1000, bitmap: 0n };
        const low = window.top + behind;
        const high = Math.min(low + apart, window.top + NONCE_JUMP_MAX);
        fc.pre(high > low);
        expect(isFresh(use(window, low), high)).toBe(true);
        expect(inAnyOrder(low, high)).toBe(isFresh(use(window, high), low));
        expect(inAnyOrder(high, low)).toBe(inAnyOrder(low, high));
      }),
    );
  });

  it('lets no single jump shut out what was signed before: all numbers that may be used may be used in any order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1, max: 63 }), (signed, jump) => {
        fc.pre(signed !== jump);
        expect(isFresh(use({ top: 1000, bitmap: 1n }, 1000 + jump), 1000 + signed)).toBe(true);
      }),
    );
  });

  it.each([-1, 0.5, NONCE_MAX + 1, Number.NaN])('refuses %p', (nonce) => {
    expect(isFresh({ top: NONCE_MAX - 1, bitmap: 1n }, nonce)).toBe(false);
    expect(() => use(EMPTY_WINDOW, nonce)).toThrow(expect.objectContaining({ code: 'replayed' }));
  });

  it('takes a nonce at most once, in every order, and agrees with a plain set', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 200 }), (nonces) => {
        const used = new Set<number>();
        let window = EMPTY_WINDOW;
        for (const nonce of nonces) {
          const top = Math.max(0, ...used);
          const expected = nonce > 0 && !used.has(nonce) && nonce > top - 64 && nonce <= top + NONCE_JUMP_MAX;
          expect(isFresh(window, nonce)).toBe(expected);
          if (expected) {
            window = use(window, nonce);
            used.add(nonce);
          }
          expect(window.bitmap >> 64n).toBe(0n);
        }
      }),
    );
  });
});

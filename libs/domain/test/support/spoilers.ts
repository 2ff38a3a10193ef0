import type { Ruling } from '../../src/index.js';

/** Spoils a good input in one way, and the refusal that follows with its two arguments. */
export type Spoiler<Input> = readonly [
  code: string,
  spoil: (input: Input) => Input,
  a?: number | bigint,
  b?: number | bigint,
];

/** The code of a refusal; 'settled' when there is none. */
export function codeOf(ruling: Ruling): string {
  return ruling.ok ? 'settled' : ruling.refusal.code;
}

/**
 * Tests that a judge settles the good input, refuses each spoiled one with its code and arguments, and names the
 * earlier refusal of the list when two apply.
 */
export function itRefusesInOrder<Input>(
  judge: (input: Input) => Ruling,
  good: Input,
  spoilers: readonly Spoiler<Input>[],
): void {
  it('settles at the edge of every rule', () => {
    expect(codeOf(judge(good))).toBe('settled');
  });

  const rows = spoilers.map(([code, spoil, a = 0, b = 0]) => ({ code, spoil, a: BigInt(a), b: BigInt(b) }));
  it.each(rows)('refuses with $code($a, $b), as the contract does', ({ code, spoil, a, b }) => {
    expect(judge(spoil(good))).toMatchObject({ ok: false, refusal: { code, a, b } });
  });

  it('names the earlier refusal when two apply', () => {
    for (const [place, [, late]] of spoilers.entries()) {
      for (const [code, early] of spoilers.slice(0, place)) {
        expect([code, codeOf(judge(early(late(good))))]).toEqual([code, code]);
      }
    }
  });
}

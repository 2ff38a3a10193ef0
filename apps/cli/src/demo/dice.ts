import { id } from 'ethers';

/**
 * Random numbers that are the same for the same seed (sfc32, 128 bits of state), so that a demo can be repeated.
 * Not for keys.
 */
export class Dice {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(seed: string) {
    const hash = id(seed).slice(2);
    const word = (index: number): number => Number.parseInt(hash.slice(8 * index, 8 * index + 8), 16) | 0;
    [this.a, this.b, this.c] = [word(0), word(1), word(2)];
    for (let i = 0; i < 12; i++) this.next();
  }

  /** 0 … 2^32-1 */
  private next(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** A whole number of 0 … count-1. */
  below(count: number): number {
    return Math.floor((this.next() / 2 ** 32) * count);
  }

  /** A whole number of min … max, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.next() / 2 ** 32 < percent / 100;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  /** An entry, as often as its weight says. */
  weighted<T>(entries: readonly (readonly [entry: T, weight: number])[]): T {
    let left = (this.next() / 2 ** 32) * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [entry, weight] of entries) {
      left -= weight;
      if (left < 0) return entry;
    }
    throw new RangeError('nothing to pick from');
  }

  /** The same entries in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((entry) => ({ entry, place: this.next() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ entry }) => entry);
  }
}

import { keccak256, toUtf8Bytes } from 'ethers';

/** Random choices that a seed repeats: the words of keccak256(seed ‖ counter). */
export class Chance {
  private words: bigint[] = [];
  private drawn = 0;

  constructor(private readonly seed: string) {}

  /** A random integer below 2^64. */
  private word(): bigint {
    if (this.words.length === 0) {
      const hash = BigInt(keccak256(toUtf8Bytes(`${this.seed} ${this.drawn++}`)));
      this.words = [0n, 64n, 128n, 192n].map((shift) => BigInt.asUintN(64, hash >> shift));
    }
    return this.words.pop() ?? 0n;
  }

  /** min ≤ whole number ≤ max */
  whole(min: number, max: number): number {
    return min + Number(this.word() % BigInt(max - min + 1));
  }

  /** min ≤ amount ≤ max */
  amount(min: bigint, max: bigint): bigint {
    return max <= min ? min : min + (this.word() % (max - min + 1n));
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.whole(0, 99) < share;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.whole(0, list.length - 1)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}

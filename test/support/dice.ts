/** Random numbers that a seed repeats (mulberry32). */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ x < 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, min ≤ x < end. */
  whole(min: number, end: number): number {
    return min + Math.floor(this.next() * (end - min));
  }

  /** A whole number, min ≤ x ≤ max. */
  between(min: number, max: number): number {
    return this.whole(min, max + 1);
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.whole(0, 100) < share;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.whole(0, list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** So many of the list, or all, in any order. */
  some<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    const drawn: T[] = [];
    while (rest.length > 0 && drawn.length < count) drawn.push(...rest.splice(this.whole(0, rest.length), 1));
    return drawn;
  }

  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, key: this.next() }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ value }) => value);
  }
}

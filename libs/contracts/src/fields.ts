import { Result } from 'ethers';
import { unpackRegion } from '#domain';
import type { Hex } from './bytes.js';

/**
 * Typed access to what ethers decoded, by name. ethers' own Result yields `any` and hides fields that are called
 * like array methods (`entries`, `values`). A wrong name or type is a programming error and throws a TypeError.
 */
export class Fields {
  constructor(private readonly result: Result) {}

  big(name: string): bigint {
    const value = this.value(name);
    if (typeof value !== 'bigint') throw new TypeError(`${name} is not an integer`);
    return value;
  }

  num(name: string): number {
    const value = this.big(name);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new TypeError(`${name} is too large for a number`);
    return Number(value);
  }

  /** Bytes as they are, addresses in lower case. */
  hex(name: string): Hex {
    const value = this.value(name);
    if (typeof value !== 'string') throw new TypeError(`${name} is not hex`);
    return value.toLowerCase();
  }

  bool(name: string): boolean {
    const value = this.value(name);
    if (typeof value !== 'boolean') throw new TypeError(`${name} is not true or false`);
    return value;
  }

  /** A region's code. */
  region(name: string): string {
    return unpackRegion(this.big(name));
  }

  /** A struct. */
  struct(name: string): Fields {
    const value = this.value(name);
    if (!(value instanceof Result)) throw new TypeError(`${name} is not a struct`);
    return new Fields(value);
  }

  /** An array of structs. */
  structs(name: string): Fields[] {
    return this.array(name).map((row) => {
      if (!(row instanceof Result)) throw new TypeError(`${name} is not an array of structs`);
      return new Fields(row);
    });
  }

  bigs(name: string): bigint[] {
    return this.array(name).map((value) => {
      if (typeof value !== 'bigint') throw new TypeError(`${name} is not an array of integers`);
      return value;
    });
  }

  nums(name: string): number[] {
    return this.bigs(name).map(Number);
  }

  hexes(name: string): Hex[] {
    return this.array(name).map((value) => {
      if (typeof value !== 'string') throw new TypeError(`${name} is not an array of hex`);
      return value.toLowerCase();
    });
  }

  private array(name: string): unknown[] {
    const value = this.value(name);
    if (!(value instanceof Result)) throw new TypeError(`${name} is not an array`);
    return value.toArray();
  }

  private value(name: string): unknown {
    return this.result.getValue(name);
  }
}

/** A hex string with 0x; addresses in lower case. */
export type Hex = string;

const UINT40_MAX = 2 ** 40 - 1;
const UINT32_MAX = 2 ** 32 - 1;

/** The 20 or 32 bytes of `hex` go to `offset`. Throws a RangeError unless it is exactly that many bytes of hex. */
export function writeHex(target: Buffer, offset: number, hex: Hex, bytes: number, name: string): void {
  // Buffer.write stops silently at the first character that is not hex, so its answer is the check.
  if (
    hex.length !== 2 + 2 * bytes ||
    !hex.startsWith('0x') ||
    target.write(hex.slice(2), offset, 'hex') !== bytes
  ) {
    throw new RangeError(`${name}: expected 0x and ${2 * bytes} hex digits, got "${hex}"`);
  }
}

/** Four bytes, big endian. Throws a RangeError outside 0..2^32-1. */
export function writeUint32(target: Buffer, offset: number, value: number, name: string): void {
  if (!Number.isInteger(value) || value < 0 || value > UINT32_MAX) {
    throw new RangeError(`${name}: expected an integer in 0..2^32-1, got ${value}`);
  }
  target.writeUInt32BE(value, offset);
}

/** Five bytes, big endian. Throws a RangeError outside 0..2^40-1. */
export function writeUint40(target: Buffer, offset: number, value: number, name: string): void {
  if (!Number.isInteger(value) || value < 0 || value > UINT40_MAX) {
    throw new RangeError(`${name}: expected an integer in 0..2^40-1, got ${value}`);
  }
  target.writeUIntBE(value, offset, 5);
}

/** Eight bytes, big endian. Throws a RangeError outside 0..2^64-1. */
export function writeUint64(target: Buffer, offset: number, value: bigint, name: string): void {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
    throw new RangeError(`${name}: expected an integer in 0..2^64-1, got ${value}`);
  }
  target.writeBigUInt64BE(value, offset);
}

/** A 32-byte word that holds a small number. */
export function writeWord(target: Buffer, offset: number, value: number, name: string): void {
  target.fill(0, offset, offset + 28);
  writeUint32(target, offset + 28, value, name);
}

/** `0x…` of some bytes. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

/** The bytes of `0x…`. Throws a RangeError when it is not hex. */
export function fromHex(hex: Hex, name = 'hex'): Buffer {
  const bytes = Buffer.alloc((hex.length - 2) >> 1);
  writeHex(bytes, 0, hex, bytes.length, name);
  return bytes;
}

import { isHexString } from 'ethers';

/** Hex of the API and of ethers ("0x…") to bytes of Postgres. */
export function toBytes(hex: string): Buffer {
  if (!isHexString(hex) || hex.length % 2 !== 0)
    throw new TypeError(`not whole bytes of hex: ${hex.slice(0, 20)}`);
  return Buffer.from(hex.slice(2), 'hex');
}

/** Bytes of Postgres to lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

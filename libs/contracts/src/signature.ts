import { keccak256 } from 'ethers';
import secp256k1 from 'secp256k1';
import type { Hex } from './bytes.js';

/** Half of the curve's order: a signature with a larger s has a twin, so only the lower one is valid (EIP-2). */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex');

/** A signature that the contracts refuse. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}

/** r and s side by side, and the parity of R's y. */
export interface ParsedSignature {
  readonly rs: Buffer;
  readonly yParity: 0 | 1;
}

/**
 * Reads r ‖ s ‖ v, 65 bytes, v 27/28 or 0/1. Throws a SignatureError on another length, characters that are not
 * hex, another v, or a high s.
 */
export function parseSignature(signature: Hex | Uint8Array): ParsedSignature {
  const bytes = typeof signature === 'string' ? signatureBytes(signature) : Buffer.from(signature);
  if (bytes.length !== 65) throw new SignatureError(`a signature has 65 bytes, not ${bytes.length}`);
  const v = bytes.readUInt8(64);
  const yParity = v === 27 || v === 0 ? 0 : v === 28 || v === 1 ? 1 : undefined;
  if (yParity === undefined) throw new SignatureError(`v is 27 or 28, not ${v}`);
  if (isHighS(bytes)) throw new SignatureError('s is in the upper half');
  return { rs: bytes.subarray(0, 64), yParity };
}

/**
 * The address whose key made `signature` (65 bytes, r ‖ s ‖ v) over `digest` (32 bytes), lower case; null when the
 * signature is malformed, has a high s, or fits no key. Native: about 50 µs. For the benchmark's baseline and the tests of
 * other clients' signatures; the platform reads proofs, see verifyProof.
 */
export function recoverSigner(digest: Hex, signature: Hex | Uint8Array): Hex | null {
  const message = Buffer.from(digest.slice(2), 'hex');
  if (message.length !== 32) return null;
  try {
    return recover(message, parseSignature(signature));
  } catch {
    // Both kinds of failure mean the same to the caller: the signature is invalid.
    return null;
  }
}

/** The same for a compact signature (EIP-2098: r ‖ vs, 64 bytes). */
export function recoverCompact(digest: Uint8Array, compact: Uint8Array): Hex | null {
  const rs = Buffer.from(compact);
  if (rs.length !== 64 || digest.length !== 32) return null;
  const yParity = rs.readUInt8(32) >> 7 === 0 ? 0 : 1;
  rs.writeUInt8(rs.readUInt8(32) & 0x7f, 32);
  if (isHighS(rs)) return null;
  try {
    return recover(digest, { rs, yParity });
  } catch {
    return null;
  }
}

function recover(digest: Uint8Array, { rs, yParity }: ParsedSignature): Hex {
  const key = secp256k1.ecdsaRecover(rs, yParity, digest, false);
  return `0x${keccak256(key.subarray(1)).slice(26)}`;
}

function isHighS(rs: Buffer): boolean {
  return rs.compare(HALF_ORDER, 0, 32, 32, 64) > 0;
}

function signatureBytes(hex: Hex): Buffer {
  const bytes = Buffer.alloc(65);
  if (hex.length !== 132 || !hex.startsWith('0x') || bytes.write(hex.slice(2), 'hex') !== 65) {
    throw new SignatureError('a signature is 0x and 130 hex digits');
  }
  return bytes;
}

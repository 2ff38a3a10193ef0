import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Hex } from './bytes.js';
import { SignatureError } from './signature.js';

/** r and s of a P-256 signature, 32 bytes each, s the lower one. */
export interface P256Signature {
  readonly r: Hex;
  readonly s: Hex;
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER_BYTES = Buffer.from(
  '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8',
  'hex',
);

/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point's coordinates (RFC 5480). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');

/**
 * Reads a P-256 signature as authenticators (DER) and WebCrypto (r ‖ s, 64 bytes) give it, and turns a high s into the
 * low one that the contracts want. SignatureError on anything else.
 */
export function normaliseP256(signature: Uint8Array): P256Signature {
  const bytes = Buffer.from(signature);
  // A DER signature of 64 bytes begins with 30 3e; as r ‖ s that is one in 2^16, and then the rest hardly parses.
  const parts = readDer(bytes) ?? (bytes.length === 64 ? [bytes.subarray(0, 32), bytes.subarray(32)] : null);
  if (parts === null) throw new SignatureError('a P-256 signature is DER, or r and s of 32 bytes');
  const [r, s] = parts.map((part) => BigInt(`0x${part.toString('hex')}`));
  if (r === undefined || s === undefined || r === 0n || s === 0n || r >= ORDER || s >= ORDER) {
    throw new SignatureError('r and s are between 0 and the order of the curve');
  }
  return { r: word(r), s: word(s > ORDER / 2n ? ORDER - s : s) };
}

/**
 * Whether `signature` (r ‖ s) over SHA-256 of `message` is the key's (x ‖ y). False for a high s, as in the contracts,
 * and for coordinates that are no point of the curve. About 0.1 ms.
 */
export function verifyP256(message: Uint8Array, signature: Buffer, point: Buffer): boolean {
  if (signature.length !== 64 || signature.compare(HALF_ORDER_BYTES, 0, 32, 32, 64) > 0) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, point]), format: 'der', type: 'spki' });
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // Not a point of the curve, so no key.
    return false;
  }
}

/** SHA-256. */
export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** The two integers of a DER sequence, without leading zeros; null when these bytes are none. */
function readDer(bytes: Buffer): [Buffer, Buffer] | null {
  if (bytes.length < 8 || bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return null;
  const first = readInteger(bytes, 2);
  if (first === null) return null;
  const second = readInteger(bytes, first.end);
  return second !== null && second.end === bytes.length ? [first.value, second.value] : null;
}

function readInteger(bytes: Buffer, at: number): { value: Buffer; end: number } | null {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x02 || length === undefined || length === 0 || length > 33) return null;
  const end = at + 2 + length;
  if (end > bytes.length) return null;
  const value = bytes.subarray(at + 2, end);
  // The highest bit would make it negative; 33 bytes are right for a leading zero alone.
  if ((value.readUInt8(0) & 0x80) !== 0 || (length === 33 && value[0] !== 0)) return null;
  return { value, end };
}

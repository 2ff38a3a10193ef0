import { createHash, createPublicKey } from 'node:crypto';
import { keccak256 } from 'ethers';
import { fromHex, toHex, writeHex, type Hex } from './bytes.js';

/** The kinds of keys; the numbers are the contract's (Signatures.sol). */
export const KEY_KINDS = { wallet: 1, device: 2, passkey: 3 } as const;
export type KeyKind = keyof typeof KEY_KINDS;

/** A P-256 public key: both coordinates, 32 bytes each. */
export interface P256Point {
  readonly x: Hex;
  readonly y: Hex;
}

/** Id of a wallet's key: its address, left-padded to 32 bytes, lower case. RangeError on a malformed address. */
export function walletKeyId(address: Hex): Hex {
  return toHex(Buffer.concat([Buffer.alloc(12), bytesOf(address, 20, 'address')]));
}

/** The address of a wallet's key, lower case; null for the id of another kind of key. */
export function walletOfKeyId(id: Hex): Hex | null {
  return /^0x0{24}[0-9a-f]{40}$/i.test(id) ? `0x${id.slice(26).toLowerCase()}` : null;
}

/** Id of a device's key: keccak256(2 ‖ x ‖ y). */
export function deviceKeyId(point: P256Point): Hex {
  return keccak256(Buffer.concat([Buffer.of(KEY_KINDS.device), pointBytes(point)]));
}

/**
 * Id of a passkey: keccak256(3 ‖ x ‖ y ‖ sha256(rpId) ‖ keccak256(origin)). The same key on another website is another
 * key. `rpId` e.g. `jangteo.example`, `origin` as the browser writes it, e.g. `https://pay.jangteo.example`.
 */
export function passkeyKeyId(point: P256Point, rpId: string, origin: string): Hex {
  const rpIdHash = createHash('sha256').update(rpId, 'utf8').digest();
  return passkeyKeyIdOf(pointBytes(point), rpIdHash, Buffer.from(origin, 'utf8'));
}

/** The same from the bytes of an assertion. */
export function passkeyKeyIdOf(point: Uint8Array, rpIdHash: Uint8Array, origin: Uint8Array): Hex {
  return keccak256(
    Buffer.concat([Buffer.of(KEY_KINDS.passkey), point, rpIdHash, fromHex(keccak256(origin))]),
  );
}

/**
 * The point of a P-256 public key in SPKI (DER): what WebCrypto's `exportKey('spki')` and WebAuthn's `getPublicKey()`
 * give. RangeError when it is no P-256 key.
 */
export function pointOfSpki(spki: Uint8Array): P256Point {
  const jwk = readSpki(spki);
  if (jwk.crv !== 'P-256' || jwk.x === undefined || jwk.y === undefined) {
    throw new RangeError('public key: expected one on P-256');
  }
  return { x: toHex(Buffer.from(jwk.x, 'base64url')), y: toHex(Buffer.from(jwk.y, 'base64url')) };
}

/** x ‖ y. */
export function pointBytes({ x, y }: P256Point): Buffer {
  return Buffer.concat([bytesOf(x, 32, 'x'), bytesOf(y, 32, 'y')]);
}

function bytesOf(hex: Hex, bytes: number, name: string): Buffer {
  const target = Buffer.alloc(bytes);
  writeHex(target, 0, hex, bytes, name);
  return target;
}

function readSpki(spki: Uint8Array) {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' });
  } catch (error) {
    throw new RangeError('public key: expected SPKI in DER', { cause: error });
  }
}

import { fromHex, toHex, writeHex, type Hex } from './bytes.js';
import { KEY_KINDS, pointBytes, type P256Point } from './keys.js';
import { encodeKeyRing, type KeyRing } from './key-ring.js';
import { normaliseP256, type P256Signature } from './p256.js';
import { parseSignature, SignatureError } from './signature.js';

// Signatures and proofs as the contracts read them (Signatures.sol, SignedOrders.sol). A proof is a signature, and for
// an account with a key ring the key's position (one byte), its founding unless its keys were changed, and the ring.

/** Longest proof that is accepted; a passkey's with a full ring has about 700 bytes. */
export const PROOF_BYTES_MAX = 2_048;

/** A passkey's assertion as the browser gives it, in bytes. */
export interface PasskeyAssertion extends P256Signature, P256Point {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
}

/** What `navigator.credentials.get` answers, its binary parts in base64url (AuthenticationResponseJSON.response). */
export interface AssertionResponseJson {
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

/** Where the origin begins in client data as browsers write it: behind type and challenge. */
export const ORIGIN_AT = 91;

/**
 * A wallet's signature for the contracts: kind 1, r, vs (EIP-2098). Takes r ‖ s ‖ v, 65 bytes; SignatureError when it
 * is malformed or has a high s.
 */
export function walletSignature(signature: Hex | Uint8Array): Hex {
  const { rs, yParity } = parseSignature(signature);
  const bytes = Buffer.concat([Buffer.of(KEY_KINDS.wallet), rs]);
  // A low s leaves its highest bit free for the parity.
  if (yParity === 1) bytes.writeUInt8(bytes.readUInt8(33) | 0x80, 33);
  return toHex(bytes);
}

/** r ‖ s ‖ v as wallets answer, or kind ‖ r ‖ vs as the contracts read it: 65 bytes in hex. */
export const WALLET_SIGNATURE_DIGITS = 2 + 2 * 65;
const ENCODED_WALLET = `0x0${KEY_KINDS.wallet}`;

/**
 * What a given signature may mean to the contracts, likeliest first. Wallets' plain signatures of 65 bytes are accepted as
 * well, and one in 256 of those begins like an encoded one.
 */
export function signatureSpellings(given: Hex): Hex[] {
  if (given.length !== WALLET_SIGNATURE_DIGITS) return [given];
  const spellings = given.startsWith(ENCODED_WALLET) ? [given] : [];
  try {
    spellings.push(walletSignature(given));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
  }
  return spellings;
}

/**
 * A device's signature for the contracts: kind 2, r, s, x, y. The device signs the digest's 32 bytes by ECDSA with
 * SHA-256, which is all that WebCrypto offers.
 */
export function deviceSignature({ r, s, x, y }: P256Signature & P256Point): Hex {
  return toHex(headOf(KEY_KINDS.device, { r, s }, { x, y }));
}

/**
 * A passkey's signature for the contracts: kind 3, r, s, x, y, three lengths, authenticator data, client data. The
 * challenge is the digest. SignatureError when the client data are not laid out as WebAuthn Level 2, section 5.8.1.1,
 * prescribes (the contracts look at fixed places) or something is too long.
 */
export function passkeySignature(assertion: PasskeyAssertion): Hex {
  const authenticatorData = Buffer.from(assertion.authenticatorData);
  const clientData = Buffer.from(assertion.clientDataJSON);
  const originEnd = clientData.indexOf('"', ORIGIN_AT);
  if (clientData.subarray(ORIGIN_AT - 11, ORIGIN_AT).toString('latin1') !== ',"origin":"' || originEnd < 0) {
    throw new SignatureError('the client data do not have their origin where browsers write it');
  }
  if (Math.max(authenticatorData.length, clientData.length) > PROOF_BYTES_MAX) {
    throw new SignatureError(`a signature has ${PROOF_BYTES_MAX} bytes at most`);
  }
  const lengths = Buffer.alloc(6);
  lengths.writeUInt16BE(authenticatorData.length, 0);
  lengths.writeUInt16BE(clientData.length, 2);
  lengths.writeUInt16BE(originEnd - ORIGIN_AT, 4);
  const head = headOf(KEY_KINDS.passkey, assertion, assertion);
  return toHex(Buffer.concat([head, lengths, authenticatorData, clientData]));
}

/**
 * The same from a browser's answer: base64url parts, DER signature, and the public key that registration gave. For
 * clients and for the tests that pay with a real browser's passkey; the platform gets finished proofs.
 */
export function passkeySignatureOf(response: AssertionResponseJson, point: P256Point): Hex {
  return passkeySignature({
    ...normaliseP256(fromBase64Url(response.signature, 'signature')),
    x: point.x,
    y: point.y,
    authenticatorData: fromBase64Url(response.authenticatorData, 'authenticatorData'),
    clientDataJSON: fromBase64Url(response.clientDataJSON, 'clientDataJSON'),
  });
}

/**
 * The proof of a key in a ring: signature ‖ position ‖ founding ‖ ring. The founding, of which the account's id is made
 * besides the ring, is left out once the keys were changed. Without a ring (a wallet whose address is the account) the
 * signature itself is the proof.
 *
 * @param founding see foundingBytes
 */
export function proofWithRing(
  signature: Hex,
  position: number,
  ring: KeyRing | Hex,
  founding: Hex = '0x',
): Hex {
  if (!Number.isInteger(position) || position < 0 || position > 255) {
    throw new RangeError(`position: expected a place in the ring, got ${position}`);
  }
  const encoded = typeof ring === 'string' ? ring : encodeKeyRing(ring);
  return toHex(
    Buffer.concat([
      fromHex(signature, 'signature'),
      Buffer.of(position),
      fromHex(founding, 'founding'),
      fromHex(encoded, 'ring'),
    ]),
  );
}

/** The bytes of a proof. SignatureError unless it is hex of 1 to PROOF_BYTES_MAX bytes. */
export function proofBytes(proof: Hex | Uint8Array): Buffer {
  const length = typeof proof === 'string' ? (proof.length - 2) / 2 : proof.length;
  if (!Number.isInteger(length) || length < 1 || length > PROOF_BYTES_MAX) {
    throw new SignatureError(`a proof has 1 to ${PROOF_BYTES_MAX} bytes`);
  }
  if (typeof proof !== 'string') return Buffer.from(proof.buffer, proof.byteOffset, proof.byteLength);
  const bytes = Buffer.alloc(length);
  try {
    writeHex(bytes, 0, proof, length, 'proof');
  } catch (error) {
    throw new SignatureError('a proof is 0x and hex digits', { cause: error });
  }
  return bytes;
}

/** kind, r, s, x, y: 129 bytes. */
function headOf(kind: number, { r, s }: P256Signature, point: P256Point): Buffer {
  const head = Buffer.alloc(65);
  head.writeUInt8(kind, 0);
  writeHex(head, 1, r, 32, 'r');
  writeHex(head, 33, s, 32, 's');
  return Buffer.concat([head, pointBytes(point)]);
}

function fromBase64Url(text: string, name: string): Buffer {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new SignatureError(`${name} is not base64url`);
  return Buffer.from(text, 'base64url');
}

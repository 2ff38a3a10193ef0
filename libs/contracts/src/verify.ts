import { fromHex, toHex, type Hex } from './bytes.js';
import { accountOfParts, FOUNDING_BYTES, SALT_BYTES, SALTED } from './founding.js';
import { deviceKeyId, KEY_KINDS, passkeyKeyIdOf, walletKeyId, type KeyKind } from './keys.js';
import { keyRingHash, rightInRing, type KeyRight } from './key-ring.js';
import { sha256, verifyP256 } from './p256.js';
import { ORIGIN_AT } from './proofs.js';
import { recoverCompact } from './signature.js';

// Signatures and proofs judged exactly as the contracts do it (Signatures.sol, SignedOrders.sol, Authorities.sol).

/** Who signed, and how many bytes of the proof are the signature. */
export interface VerifiedSignature {
  readonly kind: KeyKind;
  /** 32 bytes, lower case */
  readonly keyId: Hex;
  readonly length: number;
}

/** What the chain knows of an account's keys: `rekeyed` of account(), and keysOf() (zero unless rekeyed). */
export interface AccountKeys {
  readonly rekeyed: boolean;
  readonly keysHash: Hex;
}

const NO_RING: Hex = `0x${'00'.repeat(32)}`;

/** What the chain knows by the hash of an account's ring; null: its keys were never changed. */
export function keysKnownBy(keysHash: Hex | null): AccountKeys {
  return keysHash === null ? { rekeyed: false, keysHash: NO_RING } : { rekeyed: true, keysHash };
}

/** What a proof's key may do. `dailyLimit` in won binds devices alone; 0 for a wallet without a ring. */
export interface VerifiedProof {
  readonly right: KeyRight;
  readonly dailyLimit: bigint;
  readonly keyId: Hex;
  readonly kind: KeyKind;
}

const WALLET_BYTES = 65;
const DEVICE_BYTES = 129;
const PASSKEY_HEAD = 135;
const TYPE_AND_CHALLENGE = '"type":"webauthn.get","challenge":"';
const ORIGIN_MARK = '","origin":"';
const FOREIGN_FRAME = '","crossOrigin":true';
const AUTHENTICATOR_DATA_MIN = 37;
const FLAGS_AT = 32;
const FLAG = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backupState: 0x10 } as const;

/**
 * The key that signed `digest` (32 bytes) with the signature at the start of `proof`; null when the signature is
 * invalid or the input malformed.
 */
export function verifySignature(digest: Hex, proof: Hex | Uint8Array): VerifiedSignature | null {
  const bytes = bytesOf(proof);
  const message = bytesOf(digest);
  if (bytes === null || message?.length !== 32 || bytes.length < WALLET_BYTES) return null;
  const kind = bytes.readUInt8(0);
  if (kind === KEY_KINDS.wallet) return wallet(message, bytes);
  if (bytes.length < DEVICE_BYTES) return null;
  if (kind === KEY_KINDS.device) return device(message, bytes);
  return kind === KEY_KINDS.passkey ? passkey(message, bytes) : null;
}

/**
 * What the key that signed `digest` may do for `account`; null when the signature is invalid or another's, or the
 * ring is not the account's.
 */
export function verifyProof(
  digest: Hex,
  account: Hex,
  proof: Hex | Uint8Array,
  keys: AccountKeys,
): VerifiedProof | null {
  const bytes = bytesOf(proof);
  const signed = bytes === null ? null : verifySignature(digest, bytes);
  if (bytes === null || signed === null) return null;
  const { keyId, kind, length } = signed;
  const holder = account.toLowerCase();
  if (bytes.length === length) {
    // A wallet without a ring: the ids of other kinds of keys are hashes and longer than an address.
    const own = !keys.rekeyed && keyId === walletKeyId(holder);
    return own ? { right: 'owner', dailyLimit: 0n, keyId, kind } : null;
  }
  const ring = knownRing(bytes.subarray(length + 1), holder, keys);
  const right = ring === null ? null : rightInRing(ring, bytes.readUInt8(length), keyId);
  return right === null ? null : { ...right, keyId, kind };
}

/** The ring of a proof, if it is the account's: the stored one after a change of keys, else what its id is made of. */
function knownRing(bytes: Buffer, holder: Hex, { rekeyed, keysHash }: AccountKeys): Buffer | null {
  if (rekeyed) return keyRingHash(bytes) === keysHash.toLowerCase() ? bytes : null;
  if (bytes.length < FOUNDING_BYTES + SALT_BYTES) return null;
  const role = bytes.readUInt8(FOUNDING_BYTES - 1);
  const ringAt = FOUNDING_BYTES + ((role & SALTED) === 0 ? 0 : SALT_BYTES);
  const salt = Buffer.alloc(SALT_BYTES);
  bytes.copy(salt, 0, FOUNDING_BYTES, ringAt);
  const ring = bytes.subarray(ringAt);
  const authority = bytes.subarray(0, FOUNDING_BYTES - 1);
  return accountOfParts(authority, role & ~SALTED, salt, keyRingHash(ring)) === holder ? ring : null;
}

/**
 * Which of an officer's keys made `signature` over an act's digest; null when none did, or bytes stand behind it.
 * `keys` are the officer's key ids.
 */
export function verifyOfficerSignature(digest: Hex, signature: Hex, keys: readonly Hex[]): Hex | null {
  const signed = verifySignature(digest, signature);
  if (signed === null || signed.length !== (signature.length - 2) / 2) return null;
  return keys.some((key) => key.toLowerCase() === signed.keyId) ? signed.keyId : null;
}

function wallet(digest: Buffer, proof: Buffer): VerifiedSignature | null {
  const signer = recoverCompact(digest, proof.subarray(1, WALLET_BYTES));
  return signer === null ? null : { kind: 'wallet', keyId: walletKeyId(signer), length: WALLET_BYTES };
}

function device(digest: Buffer, proof: Buffer): VerifiedSignature | null {
  const point = proof.subarray(65, DEVICE_BYTES);
  if (!verifyP256(digest, proof.subarray(1, 65), point)) return null;
  const keyId = deviceKeyId({ x: toHex(point.subarray(0, 32)), y: toHex(point.subarray(32)) });
  return { kind: 'device', keyId, length: DEVICE_BYTES };
}

function passkey(digest: Buffer, proof: Buffer): VerifiedSignature | null {
  if (proof.length < PASSKEY_HEAD) return null;
  const authEnd = PASSKEY_HEAD + proof.readUInt16BE(129);
  const length = authEnd + proof.readUInt16BE(131);
  const originEnd = ORIGIN_AT + proof.readUInt16BE(133);
  if (proof.length < length || length < authEnd + originEnd + 1) return null;
  const auth = proof.subarray(PASSKEY_HEAD, authEnd);
  const client = proof.subarray(authEnd, length);
  if (!isOurClientData(client, digest, originEnd) || !isVerifiedPerson(auth)) return null;
  const point = proof.subarray(65, DEVICE_BYTES);
  if (!verifyP256(Buffer.concat([auth, sha256(client)]), proof.subarray(1, 65), point)) return null;
  const keyId = passkeyKeyIdOf(point, auth.subarray(0, 32), client.subarray(ORIGIN_AT, originEnd));
  return { kind: 'passkey', keyId, length };
}

/** Type, challenge and origin at their places, and not shown in a frame of another page. */
function isOurClientData(client: Buffer, digest: Buffer, originEnd: number): boolean {
  const wanted = `${TYPE_AND_CHALLENGE}${digest.toString('base64url')}${ORIGIN_MARK}`;
  // What the contract does not look at: the first byte, an opening brace.
  if (client.subarray(1, ORIGIN_AT).toString('latin1') !== wanted) return false;
  return (
    client[originEnd] === 0x22 &&
    client.subarray(originEnd, originEnd + FOREIGN_FRAME.length).toString('latin1') !== FOREIGN_FRAME
  );
}

/** User present and verified; a key that is backed up must be one that may be. */
function isVerifiedPerson(auth: Buffer): boolean {
  if (auth.length < AUTHENTICATOR_DATA_MIN) return false;
  const flags = auth.readUInt8(FLAGS_AT);
  const has = (flag: number) => (flags & flag) !== 0;
  return (
    has(FLAG.userPresent) && has(FLAG.userVerified) && (has(FLAG.backupEligible) || !has(FLAG.backupState))
  );
}

/** null for hex that is none: as malformed as any other. */
function bytesOf(value: Hex | Uint8Array): Buffer | null {
  if (typeof value !== 'string') return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  try {
    return fromHex(value);
  } catch {
    return null;
  }
}

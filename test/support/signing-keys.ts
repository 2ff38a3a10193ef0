import { createECDH, createHash } from 'node:crypto';
import { computeAddress, getBytes, hexlify, keccak256, toUtf8Bytes } from 'ethers';
import secp256k1 from 'secp256k1';
import { rememberFounding, rememberSigner } from './consents.js';
import {
  accountOf,
  deviceKeyId,
  deviceSignature,
  encodeKeyRing,
  NO_KEYS,
  foundingBytes,
  type Founding,
  passkeyKeyId,
  passkeySignature,
  proofWithRing,
  walletKeyId,
  walletSignature,
  type Hex,
  type KeyRight,
  type P256Point,
} from '#contracts';

/** A key of any kind that signs digests; the same name is the same key and gives the same signatures in every run. */
export interface TestKey {
  readonly id: Hex;
  /** The signature as the contracts read it. */
  sign(digest: Hex): Hex;
}

/** Someone who signs orders of an account. */
export interface Person {
  readonly address: Hex;
  /** The proof of an order of this account. */
  prove(digest: Hex): Hex;
}

/** A person whose address is the key's. */
export interface WalletPerson extends Person {
  readonly secret: Hex;
  readonly key: TestKey;
}

export const RP_ID = 'jangteo.example';
export const ORIGIN = 'https://pay.jangteo.example';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A plain wallet. */
export function wallet(name: string): WalletPerson {
  const secret = keccak256(toUtf8Bytes(name));
  const address = computeAddress(secret).toLowerCase();
  const bytes = getBytes(secret);
  const sign = (digest: Hex): Hex => {
    const { signature, recid } = secp256k1.ecdsaSign(getBytes(digest), bytes);
    return walletSignature(Buffer.concat([signature, Buffer.of(recid)]));
  };
  rememberSigner(address, sign);
  return { secret, address, key: { id: walletKeyId(address), sign }, prove: sign };
}

/** People of one kind with wallets, the same in every run. */
export function people(kind: string, count: number): WalletPerson[] {
  return Array.from({ length: count }, (_unused, index) => wallet(`${kind} ${index}`));
}

/** A key in a device's secure store: signs the SHA-256 of the digest. */
export function device(name: string): TestKey {
  const { secret, point } = p256(name);
  return {
    id: deviceKeyId(point),
    sign: (digest) => deviceSignature({ ...signP256(secret, getBytes(digest)), ...point }),
  };
}

/** Fields of a passkey's answer that a test may forge. */
export interface PasskeyTwist {
  readonly type?: string;
  readonly origin?: string;
  readonly flags?: number;
}

/** A passkey of the wallet's website. */
export function passkey(name: string, twist: PasskeyTwist = {}): TestKey {
  const { secret, point } = p256(name);
  const { type = 'webauthn.get', origin = ORIGIN, flags = 0x1d } = twist;
  const authenticatorData = Buffer.concat([sha256(Buffer.from(RP_ID)), Buffer.of(flags, 0, 0, 0, 7)]);
  return {
    id: passkeyKeyId(point, RP_ID, ORIGIN),
    sign: (digest) => {
      const challenge = Buffer.from(getBytes(digest)).toString('base64url');
      const clientDataJSON = Buffer.from(
        `{"type":"${type}","challenge":"${challenge}","origin":"${origin}","crossOrigin":false}`,
      );
      const signed = signP256(secret, Buffer.concat([authenticatorData, sha256(clientDataJSON)]));
      return passkeySignature({ ...signed, ...point, authenticatorData, clientDataJSON });
    },
  };
}

/** One of the keys of an account with a ring. */
export interface RingMember {
  readonly right: KeyRight;
  readonly key: TestKey;
}

/** An account of several keys, and the person behind each of them. */
export interface RingAccount {
  readonly address: Hex;
  readonly ring: Hex;
  /** Who signs with the key at this place. */
  by(position: number): Person;
}

/** Of whom accounts are when a test does not say it. */
const RESIDENT_OF_PROVINCE: Founding = { authority: '47', role: 'resident' };

/** An account that is opened without keys. */
export function keylessAccount(of: Founding): { readonly address: Hex } {
  const address = accountOf(of, NO_KEYS);
  rememberFounding(address, of.salt, NO_KEYS);
  return { address };
}

/** @param of what the account is made of besides the ring; or its address, when it has taken these keys over */
export function ringAccount(
  dailyLimit: bigint,
  members: readonly RingMember[],
  of: Founding | Hex = RESIDENT_OF_PROVINCE,
): RingAccount {
  const ring = encodeKeyRing({ dailyLimit, keys: members.map(({ right, key }) => ({ right, id: key.id })) });
  const account = typeof of === 'string' ? of : accountOf(of, ring);
  const founding = typeof of === 'string' ? '0x' : foundingBytes(of);
  if (typeof of !== 'string') rememberFounding(account, of.salt, ring);
  return {
    address: account,
    ring,
    by: (position) => {
      const member = members[position];
      if (member === undefined) throw new Error(`the ring has no key ${position}`);
      return {
        address: account,
        prove: (digest) => proofWithRing(member.key.sign(digest), position, ring, founding),
      };
    },
  };
}

function p256(name: string): { secret: bigint; point: P256Point } {
  const secret = BigInt(keccak256(toUtf8Bytes(name))) % P256_ORDER;
  return { secret, point: pointOf(secret) };
}

function pointOf(secret: bigint): P256Point {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(word(secret));
  const point = curve.getPublicKey();
  return { x: hexlify(point.subarray(1, 33)), y: hexlify(point.subarray(33)) };
}

/**
 * ECDSA over SHA-256 with the lower s. Node's own signatures differ each time, and with them the gas of their calldata;
 * here the number used once is made of key and message.
 */
function signP256(secret: bigint, message: Uint8Array): { r: Hex; s: Hex } {
  const hash = BigInt(hexlify(sha256(message)));
  const once = BigInt(keccak256(Buffer.concat([word(secret), message]))) % P256_ORDER;
  const r = BigInt(pointOf(once).x) % P256_ORDER;
  const s = (inverse(once) * (hash + r * secret)) % P256_ORDER;
  return { r: hexlify(word(r)), s: hexlify(word(s > P256_ORDER / 2n ? P256_ORDER - s : s)) };
}

/** By Fermat: value^(order − 2). */
function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value % P256_ORDER, P256_ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P256_ORDER;
    base = (base * base) % P256_ORDER;
  }
  return result;
}

function word(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

import { keccak256 } from 'ethers';
import { fromHex, toHex, writeHex, writeUint32, type Hex } from './bytes.js';

/** What a key may do for its account: a device pays, voids and circulates up to the ring's daily limit. */
export type KeyRight = 'owner' | 'device';

/** One key of an account; ids see walletKeyId, deviceKeyId, passkeyKeyId. */
export interface RingKey {
  readonly right: KeyRight;
  /** 32 bytes */
  readonly id: Hex;
}

/** Who may sign for an account. Equal to contracts/src/types/KeyRing.sol. */
export interface KeyRing {
  /** won that all device keys together may spend in a Korean day; uint32 */
  readonly dailyLimit: bigint;
  /** 1 to 8 keys, one owner at least; the place of a key in this list is its position */
  readonly keys: readonly RingKey[];
}

/** Most keys of a ring. */
export const RING_KEYS_MAX = 8;

const HEAD = 4;
const ENTRY = 33;
const DEVICE = 1;
const OWNER = 2;
const DOMAIN = fromHex(keccak256(Buffer.from('Jangteo key ring 1')));

/**
 * The ring as the contracts read it: 4 bytes daily limit ‖ (right ‖ id) per key. RangeError when it has not 1 to 8
 * keys, no owner, a malformed id, or a limit outside 0..2^32-1.
 */
export function encodeKeyRing({ dailyLimit, keys }: KeyRing): Hex {
  if (keys.length === 0 || keys.length > RING_KEYS_MAX) {
    throw new RangeError(`keys: expected 1 to ${RING_KEYS_MAX}, got ${keys.length}`);
  }
  if (!keys.some(({ right }) => right === 'owner'))
    throw new RangeError('keys: expected an owner among them');
  const ring = Buffer.alloc(HEAD + ENTRY * keys.length);
  writeUint32(ring, 0, Number(dailyLimit), 'dailyLimit');
  keys.forEach(({ right, id }, position) => {
    const at = HEAD + ENTRY * position;
    ring.writeUInt8(right === 'owner' ? OWNER : DEVICE, at);
    writeHex(ring, at + 1, id, 32, 'id');
  });
  return toHex(ring);
}

/** Reads what encodeKeyRing wrote. RangeError on anything that the contract would not take as an account's ring. */
export function decodeKeyRing(encoded: Hex): KeyRing {
  const ring = fromHex(encoded, 'ring');
  if (!isWhole(ring)) throw new RangeError('ring: expected 4 bytes and 1 to 8 entries of 33 bytes');
  const keys: RingKey[] = [];
  for (let at = HEAD; at < ring.length; at += ENTRY) {
    const right = rightOf(ring.readUInt8(at));
    if (right === null) throw new RangeError(`ring: ${ring.readUInt8(at)} is no right`);
    keys.push({ right, id: toHex(ring.subarray(at + 1, at + ENTRY)) });
  }
  if (!keys.some(({ right }) => right === 'owner')) throw new RangeError('ring: no owner in it');
  return { dailyLimit: BigInt(ring.readUInt32BE(0)), keys };
}

/** The ring's hash, as the contract stores it after a change of keys (`keysOf`). */
export function keyRingHash(ring: Hex | Uint8Array): Hex {
  return keccak256(Buffer.concat([DOMAIN, typeof ring === 'string' ? fromHex(ring, 'ring') : ring]));
}

/**
 * What the key `id` may do if it stands at `position` of these bytes, and the devices' daily limit; null when it may
 * nothing. As the contract it does not ask whether the other entries make sense.
 */
export function rightInRing(
  ring: Buffer,
  position: number,
  id: Hex,
): { right: KeyRight; dailyLimit: bigint } | null {
  const at = HEAD + ENTRY * position;
  if (ring.length < at + ENTRY || !isWhole(ring)) return null;
  if (toHex(ring.subarray(at + 1, at + ENTRY)) !== id) return null;
  const right = rightOf(ring.readUInt8(at));
  return right === null ? null : { right, dailyLimit: BigInt(ring.readUInt32BE(0)) };
}

function rightOf(said: number): KeyRight | null {
  if (said === OWNER) return 'owner';
  return said === DEVICE ? 'device' : null;
}

/** A ring cut elsewhere would let the bytes of one entry pass for another. */
function isWhole(ring: Buffer): boolean {
  return (
    ring.length >= HEAD + ENTRY &&
    ring.length <= HEAD + ENTRY * RING_KEYS_MAX &&
    (ring.length - HEAD) % ENTRY === 0
  );
}

import {
  BAND_END,
  encodeKeyRing,
  roleBits,
  walletKeyId,
  type AuthorityThresholds,
  type KeyRing,
  type OfficerEntry,
  type Role,
} from '#contracts';
import { ACCOUNT_TIER, categoryOfKey, parseInstant } from '#domain';
import type { JsonReader } from '../json-reader.js';

// Readers of values that several kinds of acts share.

export const UINT32_MAX = 2 ** 32 - 1;
const OFFICER_KEYS_MAX = 4;
const RING_KEYS_MAX = 8;
const ROLE_NAMES: readonly [Role, ...Role[]] = ['governor', 'treasurer', 'registrar'];
/** By number. */
export const TIERS: readonly [keyof typeof ACCOUNT_TIER, ...(keyof typeof ACCOUNT_TIER)[]] = [
  'none',
  'phone',
  'real_name',
];

/** A key's id; a wallet's address stands for the id of its key. */
export function keyId(read: JsonReader, value: unknown, field: string): string {
  if (typeof value === 'string' && value.length === 42) return walletKeyId(read.address(value, field));
  return read.hex(value, field, 32);
}

/** An encoded key ring, from { dailyLimit, keys: [{ right, id }] }. */
export function keyRing(read: JsonReader, value: unknown, field: string): string {
  const { dailyLimit, keys } = read.object(value, field, ['dailyLimit', 'keys']);
  const ring: KeyRing = {
    dailyLimit: dailyLimit === undefined ? 0n : read.won(dailyLimit, `${field}.dailyLimit`),
    keys: read.list(keys, `${field}.keys`, RING_KEYS_MAX, (item, at) => {
      const entry = read.object(item, at, ['right', 'id']);
      return {
        right: read.oneOf(entry['right'], `${at}.right`, ['owner', 'device']),
        id: keyId(read, entry['id'], `${at}.id`),
      };
    }),
  };
  if (ring.dailyLimit > BigInt(UINT32_MAX))
    read.refuse(`${field}.dailyLimit`, `must be at most ${UINT32_MAX} won`);
  else if (!ring.keys.some(({ right }) => right === 'owner'))
    read.refuse(`${field}.keys`, 'must have an owner among them');
  else return encodeKeyRing(ring);
  return '0x';
}

/** The number of a series in `args.series`. */
export function seriesId(read: JsonReader, value: unknown): number {
  return read.integer(value, 'args.series', 1, UINT32_MAX);
}

/** A moment in Unix seconds; null, which means none, is 0. */
export function instant(read: JsonReader, value: unknown, field: string): number {
  if (value === null) return 0;
  try {
    if (typeof value === 'string') return parseInstant(value);
  } catch {
    // The one message below.
  }
  read.refuse(field, 'must be null or a date and time with offset, as 2026-01-01T00:00:00Z');
  return 0;
}

/** The number of a category that may be a merchant. */
export function category(read: JsonReader, value: unknown, field: string): number {
  const known = typeof value === 'string' ? categoryOfKey(value) : undefined;
  if (known === undefined) read.refuse(field, 'is not a category key');
  else if (!known.allowed) read.refuse(field, 'may never be a merchant (Act Art 7)');
  return known?.id ?? 0;
}

/** Officers with their keys and roles; one without keys leaves. */
export function officers(read: JsonReader, value: unknown): OfficerEntry[] {
  return read.list(value, 'args.officers', 50, (item, at) => {
    const entry = read.object(item, at, ['id', 'keys', 'roles']);
    const gone = Array.isArray(entry['keys']) && entry['keys'].length === 0;
    const roles = gone
      ? []
      : read.list(entry['roles'], `${at}.roles`, 3, (role, where) => read.oneOf(role, where, ROLE_NAMES));
    return {
      id: read.integer(entry['id'], `${at}.id`, 1, UINT32_MAX),
      roles: roleBits(roles),
      keys: gone
        ? []
        : read.list(entry['keys'], `${at}.keys`, OFFICER_KEYS_MAX, (key, where) => keyId(read, key, where)),
    };
  });
}

/** How many officers acts need; the last band has no upper end. */
export function thresholds(read: JsonReader, value: unknown): AuthorityThresholds {
  const limits = read.object(value, 'args.thresholds', ['governors', 'registrars', 'bands']);
  return {
    governors: read.integer(limits['governors'], 'args.thresholds.governors', 2, 255),
    registrars: read.integer(limits['registrars'], 'args.thresholds.registrars', 1, 255),
    bands: read.list(limits['bands'], 'args.thresholds.bands', 8, (item, at) => {
      const band = read.object(item, at, ['upTo', 'officers']);
      return {
        upTo: band['upTo'] === null ? BAND_END : read.won(band['upTo'], `${at}.upTo`),
        officers: read.integer(band['officers'], `${at}.officers`, 2, 255),
      };
    }),
  };
}

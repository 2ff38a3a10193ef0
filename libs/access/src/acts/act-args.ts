import { isoTime } from '../iso-time.js';
import {
  BAND_END,
  isActKind,
  roleBits,
  rolesOfBits,
  type ActArguments,
  type ActCall,
  type ActKind,
  type AuthorityThresholds,
  type OfficerEntry,
  type Role,
} from '#contracts';
import {
  ACCOUNT_TIER,
  categoryOfId,
  categoryOfKey,
  MERCHANT_STATUS,
  merchantStatusName,
  parseInstant,
} from '#domain';
import { JsonReader, type JsonObject } from '../json-reader.js';

/** As many entries as one act may carry; the contract's batch limit. */
const ENTRIES_MAX = 400;
const UINT32_MAX = 2 ** 32 - 1;
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;
const TIERS: readonly [keyof typeof ACCOUNT_TIER, ...(keyof typeof ACCOUNT_TIER)[]] = [
  'none',
  'phone',
  'real_name',
];
const ROLE_NAMES: readonly [Role, ...Role[]] = ['governor', 'treasurer', 'registrar'];

type Reader<K extends ActKind> = (read: JsonReader, authority: string, args: unknown) => ActArguments[K];
/** The kinds whose arguments come whole from the request; the others are derived from their attachment. */
export type PlainKind = Exclude<ActKind, 'publish_series' | 'approve_issue'>;

const READERS: { readonly [K in PlainKind]: Reader<K> } = {
  set_budget: (read, authority, args) => {
    const { series, budget } = read.object(args, 'args', ['series', 'budget']);
    return { authority, series: seriesId(read, series), budget: read.won(budget, 'args.budget') };
  },
  pause_series: (read, authority, args) => {
    const { series, until } = read.object(args, 'args', ['series', 'until']);
    return { authority, series: seriesId(read, series), until: instant(read, until, 'args.until') };
  },
  close_issue_order: (read, authority, args) => {
    const { issueOrder } = read.object(args, 'args', ['issueOrder']);
    const max = Number.MAX_SAFE_INTEGER;
    return { authority, issueOrder: read.integer(issueOrder, 'args.issueOrder', 1, max) };
  },
  set_merchants: (read, authority, args) => {
    const { entries } = read.object(args, 'args', ['entries']);
    return {
      authority,
      entries: read.list(entries, 'args.entries', ENTRIES_MAX, (item, at) => {
        const entry = read.object(item, at, ['merchant', 'region', 'category', 'size']);
        return {
          merchant: read.address(entry['merchant'], `${at}.merchant`),
          region: read.region(entry['region'], `${at}.region`),
          category: category(read, entry['category'], `${at}.category`),
          size: read.integer(entry['size'], `${at}.size`, 0, 255),
        };
      }),
    };
  },
  set_merchant_status: (read, authority, args) => {
    const { merchants, status } = read.object(args, 'args', ['merchants', 'status']);
    const name = read.oneOf(status, 'args.status', ['active', 'suspended', 'closed']);
    return {
      authority,
      merchants: read.list(merchants, 'args.merchants', ENTRIES_MAX, (item, at) => read.address(item, at)),
      status: MERCHANT_STATUS[name],
    };
  },
  attest_accounts: (read, authority, args) => {
    const { entries } = read.object(args, 'args', ['entries']);
    return {
      authority,
      entries: read.list(entries, 'args.entries', ENTRIES_MAX, (item, at) => {
        const entry = read.object(item, at, ['account', 'home', 'tier']);
        return {
          account: read.address(entry['account'], `${at}.account`),
          home: read.region(entry['home'], `${at}.home`),
          tier: ACCOUNT_TIER[read.oneOf(entry['tier'], `${at}.tier`, TIERS)],
        };
      }),
    };
  },
  freeze_accounts: (read, authority, args) => {
    const { accounts, frozen } = read.object(args, 'args', ['accounts', 'frozen']);
    return {
      authority,
      accounts: read.list(accounts, 'args.accounts', ENTRIES_MAX, (item, at) => read.address(item, at)),
      frozen: read.flag(frozen, 'args.frozen'),
    };
  },
  found_authority: (read, authority, args) => {
    const {
      region,
      officers: list,
      thresholds: limits,
    } = read.object(args, 'args', ['region', 'officers', 'thresholds']);
    return {
      authority,
      region: read.region(region, 'args.region'),
      officers: officers(read, list),
      thresholds: thresholds(read, limits),
    };
  },
  set_officers: (read, authority, args) => {
    const { officers: list } = read.object(args, 'args', ['officers']);
    return { authority, officers: officers(read, list) };
  },
  set_thresholds: (read, authority, args) => {
    const { thresholds: limits } = read.object(args, 'args', ['thresholds']);
    return { authority, thresholds: thresholds(read, limits) };
  },
};

/** Arguments of an act as the API takes them. Throws invalid_request with the fields that are wrong. */
export function readActArguments<K extends PlainKind>(
  kind: K,
  authority: string,
  args: unknown,
): ActArguments[K] {
  const read = new JsonReader();
  const reader: Reader<K> = READERS[kind];
  const result = reader(read, authority, args);
  read.done();
  return result;
}

/** True for a kind whose arguments do not come from an attachment. */
export function isPlainKind(kind: string): kind is PlainKind {
  return isActKind(kind) && Object.hasOwn(READERS, kind);
}

/** The arguments of an act as the API shows them: what readActArguments takes, plus what an attachment derived. */
export function showActArguments({ kind, args }: ActCall): JsonObject {
  switch (kind) {
    case 'publish_series': {
      const { terms } = args;
      return {
        ...terms,
        validFrom: isoTime(terms.validFrom),
        validUntil: isoTime(terms.validUntil),
        paymentCap: String(terms.paymentCap),
        dailyCap: String(terms.dailyCap),
        holdingCap: String(terms.holdingCap),
        budget: String(terms.budget),
        rules: terms.rules.map(String),
      };
    }
    case 'set_budget':
      return { series: args.series, budget: String(args.budget) };
    case 'pause_series':
      return { series: args.series, until: args.until === 0 ? null : isoTime(args.until) };
    case 'approve_issue':
      return { series: args.series, total: String(args.total), root: args.root };
    case 'close_issue_order':
      return { issueOrder: args.issueOrder };
    case 'set_merchants':
      return {
        entries: args.entries.map((entry) => ({
          ...entry,
          category: categoryOfId(entry.category)?.key ?? entry.category,
        })),
      };
    case 'set_merchant_status':
      return { merchants: args.merchants, status: merchantStatusName(args.status) ?? args.status };
    case 'attest_accounts':
      return { entries: args.entries.map((entry) => ({ ...entry, tier: TIERS[entry.tier] ?? entry.tier })) };
    case 'freeze_accounts':
      return { accounts: args.accounts, frozen: args.frozen };
    case 'found_authority':
      return {
        region: args.region,
        officers: args.officers.map(showOfficer),
        thresholds: showThresholds(args.thresholds),
      };
    case 'set_officers':
      return { officers: args.officers.map(showOfficer) };
    case 'set_thresholds':
      return { thresholds: showThresholds(args.thresholds) };
  }
}

/** An officer as the API shows one; no roles and no signer = removed. */
export function showOfficer({ id, signer, roles }: OfficerEntry): JsonObject {
  return { id, signer: signer === ZERO_ADDRESS ? null : signer, roles: rolesOfBits(roles) };
}

/** Thresholds as the API shows them; the last band has no upper end. */
export function showThresholds({ governors, registrars, bands }: AuthorityThresholds): JsonObject {
  return {
    governors,
    registrars,
    bands: bands.map((band) => ({
      upTo: band.upTo === BAND_END ? null : String(band.upTo),
      officers: band.officers,
    })),
  };
}

function seriesId(read: JsonReader, value: unknown): number {
  return read.integer(value, 'args.series', 1, UINT32_MAX);
}

function instant(read: JsonReader, value: unknown, field: string): number {
  if (value === null) return 0;
  try {
    if (typeof value === 'string') return parseInstant(value);
  } catch {
    // The one message below.
  }
  read.refuse(field, 'must be null or a date and time with offset, as 2026-01-01T00:00:00Z');
  return 0;
}

function category(read: JsonReader, value: unknown, field: string): number {
  const known = typeof value === 'string' ? categoryOfKey(value) : undefined;
  if (known === undefined) read.refuse(field, 'is not a category key');
  else if (!known.allowed) read.refuse(field, 'may never be a merchant (Act Art 7)');
  return known?.id ?? 0;
}

function officers(read: JsonReader, value: unknown): OfficerEntry[] {
  return read.list(value, 'args.officers', 50, (item, at) => {
    const entry = read.object(item, at, ['id', 'signer', 'roles']);
    const gone = entry['signer'] === null;
    const roles = gone
      ? []
      : read.list(entry['roles'], `${at}.roles`, 3, (role, where) => read.oneOf(role, where, ROLE_NAMES));
    return {
      id: read.integer(entry['id'], `${at}.id`, 1, UINT32_MAX),
      signer: gone ? ZERO_ADDRESS : read.address(entry['signer'], `${at}.signer`),
      roles: roleBits(roles),
    };
  });
}

function thresholds(read: JsonReader, value: unknown): AuthorityThresholds {
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

import type { ActArguments, ActKind } from '#contracts';
import { isActKind } from '#contracts';
import { ACCOUNT_TIER, MERCHANT_STATUS } from '#domain';
import { JsonReader } from '../json-reader.js';
import {
  category,
  instant,
  keyId,
  keyRing,
  officers,
  seriesId,
  thresholds,
  TIERS,
  UINT32_MAX,
} from './act-values.js';

/** As many entries as one act may contain; the contract's batch limit. */
const ENTRIES_MAX = 400;

type Reader<K extends ActKind> = (read: JsonReader, authority: string, args: unknown) => ActArguments[K];
/** The kinds whose arguments come whole from the request; the others are derived from attachment or tables. */
export type PlainKind = Exclude<ActKind, 'publish_series' | 'approve_issue' | 'return_redemptions'>;

const READERS: { readonly [K in PlainKind]: Reader<K> } = {
  set_budget: (read, authority, args) => {
    const { series, budget } = read.object(args, 'args', ['series', 'budget']);
    return { authority, series: seriesId(read, series), budget: read.won(budget, 'args.budget') };
  },
  delegate_budget: (read, authority, args) => {
    const { series, to, left } = read.object(args, 'args', ['series', 'to', 'left']);
    return {
      authority,
      series: seriesId(read, series),
      to: read.region(to, 'args.to'),
      left: read.won(left, 'args.left'),
    };
  },
  start_expiry: (read, authority, args) => {
    const { series } = read.object(args, 'args', ['series']);
    return { authority, series: seriesId(read, series) };
  },
  close_series: (read, authority, args) => {
    const { series } = read.object(args, 'args', ['series']);
    return { authority, series: seriesId(read, series) };
  },
  approve_quota: (read, authority, args) => {
    const { series, total, perDay, key } = read.object(args, 'args', ['series', 'total', 'perDay', 'key']);
    return {
      authority,
      series: seriesId(read, series),
      total: read.won(total, 'args.total'),
      perDay: read.won(perDay, 'args.perDay'),
      key: keyId(read, key, 'args.key'),
    };
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
  hold_payouts: (read, authority, args) => {
    const { merchants, until } = read.object(args, 'args', ['merchants', 'until']);
    return {
      authority,
      merchants: read.list(merchants, 'args.merchants', ENTRIES_MAX, (item, at) => read.address(item, at)),
      until: instant(read, until, 'args.until'),
    };
  },
  attest_accounts: (read, authority, args) => {
    const { entries } = read.object(args, 'args', ['entries']);
    return {
      authority,
      entries: read.list(entries, 'args.entries', ENTRIES_MAX, (item, at) => {
        const entry = read.object(item, at, ['account', 'home', 'tier', 'company']);
        return {
          account: read.address(entry['account'], `${at}.account`),
          home: read.region(entry['home'], `${at}.home`),
          tier: ACCOUNT_TIER[read.oneOf(entry['tier'], `${at}.tier`, TIERS)],
          company: entry['company'] !== undefined && read.flag(entry['company'], `${at}.company`),
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
  replace_keys: (read, authority, args) => {
    const { account, keys } = read.object(args, 'args', ['account', 'keys']);
    return {
      authority,
      account: read.address(account, 'args.account'),
      keys: keyRing(read, keys, 'args.keys'),
    };
  },
  settle: (read, authority, args) => {
    const { run, lines } = read.object(args, 'args', ['run', 'lines']);
    return {
      authority,
      run: read.hex(run, 'args.run', 32),
      lines: read.list(lines, 'args.lines', ENTRIES_MAX, (item, at) => {
        const line = read.object(item, at, ['merchant', 'series', 'amount']);
        return {
          merchant: read.address(line['merchant'], `${at}.merchant`),
          series: read.integer(line['series'], `${at}.series`, 1, UINT32_MAX),
          amount: read.won(line['amount'], `${at}.amount`),
        };
      }),
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
  const read = new JsonReader(authority);
  const reader: Reader<K> = READERS[kind];
  const result = reader(read, authority, args);
  read.done();
  return result;
}

/** True for a kind whose arguments do not come from an attachment. */
export function isPlainKind(kind: string): kind is PlainKind {
  return isActKind(kind) && Object.hasOwn(READERS, kind);
}

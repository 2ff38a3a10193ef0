import {
  BAND_END,
  decodeKeyRing,
  rolesOfBits,
  type ActCall,
  type AuthorityThresholds,
  type OfficerEntry,
} from '#contracts';
import { categoryOfId, isoTime, merchantStatusName, type JsonObject } from '#domain';
import { TIERS } from './act-values.js';

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
        dailyCaps: terms.dailyCaps.map(String),
        holdingCap: String(terms.holdingCap),
        monthCap: String(terms.monthCap),
        yearCap: String(terms.yearCap),
        giftCap: String(terms.giftCap),
        budget: String(terms.budget),
        rules: terms.rules.map(String),
      };
    }
    case 'set_budget':
      return { series: args.series, budget: String(args.budget) };
    case 'delegate_budget':
      return { series: args.series, to: args.to, left: String(args.left) };
    case 'start_expiry':
    case 'close_series':
      return { series: args.series };
    case 'pause_series':
      return { series: args.series, until: untilOf(args.until) };
    case 'approve_issue':
      return { series: args.series, total: String(args.total), root: args.root };
    case 'approve_quota':
      return {
        series: args.series,
        total: String(args.total),
        perDay: String(args.perDay),
        key: args.key,
      };
    case 'close_issue_order':
      return { issueOrder: args.issueOrder };
    case 'settle':
      return { run: args.run, lines: args.lines.map((line) => ({ ...line, amount: String(line.amount) })) };
    case 'return_redemptions':
      return {
        redemptions: args.entries.map(({ receipt }) => receipt.id),
        entries: args.entries.map(({ merchant, series, receipt }) => ({
          redemption: receipt.id,
          merchant,
          series,
          amount: String(receipt.amount),
          batch: String(receipt.batch),
        })),
      };
    default:
      return showRegister({ kind, args } as ActCall);
  }
}

function showRegister({ kind, args }: ActCall): JsonObject {
  switch (kind) {
    case 'set_merchants':
      return {
        entries: args.entries.map((entry) => ({
          ...entry,
          category: categoryOfId(entry.category)?.key ?? entry.category,
        })),
      };
    case 'set_merchant_status':
      return { merchants: args.merchants, status: merchantStatusName(args.status) ?? args.status };
    case 'hold_payouts':
      return { merchants: args.merchants, until: untilOf(args.until) };
    case 'attest_accounts':
      return { entries: args.entries.map((entry) => ({ ...entry, tier: TIERS[entry.tier] ?? entry.tier })) };
    case 'freeze_accounts':
      return { accounts: args.accounts, frozen: args.frozen };
    case 'replace_keys':
      return { account: args.account, keys: showKeyRing(args.keys) };
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
    default:
      throw new Error(`no way to show ${kind}`);
  }
}

/** 0 = no end set. */
function untilOf(unixSeconds: number): string | null {
  return unixSeconds === 0 ? null : isoTime(unixSeconds);
}

/** An officer as the API shows one; without keys when it leaves. */
function showOfficer({ id, keys, roles }: OfficerEntry): JsonObject {
  return { id, keys, roles: rolesOfBits(roles) };
}

/** A key ring as the API shows it: what replace_keys takes. The raw bytes when the contract would refuse it. */
export function showKeyRing(encoded: string): JsonObject | string {
  try {
    const { dailyLimit, keys } = decodeKeyRing(encoded);
    return { dailyLimit: String(dailyLimit), keys: keys.map(({ right, id }) => ({ right, id })) };
  } catch {
    return encoded;
  }
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

import { OFFICER_ROLE, OFFICER_ROLES, type OfficerRoleName } from '#domain';
import type { Hex } from './bytes.js';
import type { Receipt } from './receipts.js';

export { BAND_END } from '#domain';

/** What an officer may take part in; the numbers are the contract's. */
export const ROLES = OFFICER_ROLE;
export type Role = OfficerRoleName;

/** The roles as the contract's bit set (bit per role). */
export function roleBits(roles: readonly Role[]): number {
  return roles.reduce((bits, role) => bits | (1 << ROLES[role]), 0);
}

/** The roles of a bit set, in the order of ROLES. */
export function rolesOfBits(bits: number): Role[] {
  return OFFICER_ROLES.filter((role) => (bits >> ROLES[role]) & 1);
}

/** `id` is the officer's number within the authority, from 1; `roles` a bit set, 0 removes (no keys then). */
export interface OfficerEntry {
  readonly id: number;
  readonly roles: number;
  /** ids of one to four keys of any kind, 32 bytes each; see walletKeyId */
  readonly keys: readonly Hex[];
}

/** From `upTo` won (inclusive) downwards a treasurer's act needs `officers` signatures; the last is 2^64-1. */
export interface ThresholdBand {
  readonly upTo: bigint;
  readonly officers: number;
}

export interface AuthorityThresholds {
  readonly governors: number;
  readonly registrars: number;
  readonly bands: readonly ThresholdBand[];
}

/** The terms of a series as the chain keeps them; times in Unix seconds, amounts in won, caps 0 = none. */
export interface ChainSeriesTerms {
  readonly validFrom: number;
  readonly validUntil: number;
  /** bit 0 may be given, bit 1 sold (purchase caps count), bit 2 for company buyers */
  readonly flags: number;
  /** how often merchant balances may move on from merchant to merchant, 0..3 */
  readonly hops: number;
  /** per cent that must be spent before the rest is refundable; 0 never */
  readonly refundPercent: number;
  /** Korean days in which an untouched holding is refundable in full; 0 never */
  readonly refundDays: number;
  readonly paymentCap: bigint;
  /** by tier 0, 1, 2 */
  readonly dailyCaps: readonly bigint[];
  readonly holdingCap: bigint;
  readonly monthCap: bigint;
  readonly yearCap: bigint;
  readonly giftCap: bigint;
  readonly budget: bigint;
  /** basis points: resident, state, province, city */
  readonly funding: readonly number[];
  /** keccak256 of the canonical terms document */
  readonly document: Hex;
  /** packed scope rules, see #domain */
  readonly rules: readonly bigint[];
}

export interface MerchantRegistration {
  readonly merchant: Hex;
  readonly region: string;
  readonly category: number;
  readonly size: number;
  /** why it chose the acting authority, see foundingClaim and consentBytes; nothing for a known merchant */
  readonly claim?: Hex;
}

/** The present code of a merchant's place. */
export interface MerchantPlace {
  readonly merchant: Hex;
  readonly region: string;
}

/** The present code of an account's home. */
export interface AccountHome {
  readonly account: Hex;
  readonly home: string;
}

export interface AccountAttestation {
  readonly account: Hex;
  readonly home: string;
  readonly tier: number;
  /** a company buyer */
  readonly company: boolean;
  /** why it chose the acting authority, see foundingClaim and consentBytes; nothing for a known account */
  readonly claim?: Hex;
}

/** The first keys of an account that was opened without any. */
export interface FirstKeys {
  readonly account: Hex;
  /** an encoded key ring, see encodeKeyRing */
  readonly keys: Hex;
}

/** An account that another authority takes on. */
export interface AccountTaking {
  readonly account: Hex;
  /** the merchant's place, or the account's home, from now on */
  readonly place: string;
  /** that its holder wants it, see consentBytes; nothing when the authority in charge handed it over */
  readonly consent?: Hex;
}

/** One line of a settlement run: won that a merchant redeems of a series. */
export interface SettlementLine {
  readonly merchant: Hex;
  readonly series: number;
  readonly amount: bigint;
}

/** A redemption whose payout the bank refused, with its receipt. */
export interface ReturnedRedemption {
  readonly merchant: Hex;
  readonly series: number;
  readonly receipt: Receipt;
}

/** Arguments of acts at Vouchers; `authority` is the name of who acts: the code of the region that it was founded with. */
export interface VoucherActArguments {
  publish_series: { readonly authority: string; readonly terms: ChainSeriesTerms };
  set_budget: { readonly authority: string; readonly series: number; readonly budget: bigint };
  /** `to` an authority inside this one's region; `left` won from now on, 0 takes the delegation back */
  delegate_budget: {
    readonly authority: string;
    readonly series: number;
    readonly to: string;
    readonly left: bigint;
  };
  /** `until` Unix seconds, at most 7 days ahead and a tenth of the validity in all; 0 resumes */
  pause_series: { readonly authority: string; readonly series: number; readonly until: number };
  /** `from` the present end of the validity, `until` a later one and after now; Unix seconds */
  extend_series: {
    readonly authority: string;
    readonly series: number;
    readonly from: number;
    readonly until: number;
  };
  /** starts the return of what is left to its funders, after validity */
  start_expiry: { readonly authority: string; readonly series: number };
  /** for good, when nothing is outstanding */
  close_series: { readonly authority: string; readonly series: number };
  /** `total` won; `root` see buildIssueList */
  approve_issue: {
    readonly authority: string;
    readonly series: number;
    readonly total: bigint;
    readonly root: Hex;
  };
  /** `total` and `perDay` won (Korean day); `key` the id of the key that may issue */
  approve_quota: {
    readonly authority: string;
    readonly series: number;
    readonly total: bigint;
    readonly perDay: bigint;
    readonly key: Hex;
  };
  close_issue_order: { readonly authority: string; readonly issueOrder: number };
  set_merchants: { readonly authority: string; readonly entries: readonly MerchantRegistration[] };
  /** `status` 1 active, 2 suspended, 3 closed */
  set_merchant_status: {
    readonly authority: string;
    readonly merchants: readonly Hex[];
    readonly status: number;
  };
  /** `until` Unix seconds, at most 30 days ahead; 0 releases */
  hold_payouts: {
    readonly authority: string;
    readonly merchants: readonly Hex[];
    readonly until: number;
  };
  attest_accounts: { readonly authority: string; readonly entries: readonly AccountAttestation[] };
  /** `until` Unix seconds, at most 3 days ahead by one registrar and 365 by two; 0 lifts a freeze */
  freeze_accounts: {
    readonly authority: string;
    readonly accounts: readonly Hex[];
    readonly until: number;
  };
  /** `keys` an encoded key ring, see encodeKeyRing; `overruling` after an objection, by three registrars */
  replace_keys: {
    readonly authority: string;
    readonly account: Hex;
    readonly keys: Hex;
    readonly overruling: boolean;
  };
  /** of accounts that were opened without keys; by two registrars, in force at once */
  set_first_keys: { readonly authority: string; readonly entries: readonly FirstKeys[] };
  /** `to` the authority that shall take the accounts on after the notice; '' takes proposals back; by two registrars */
  propose_hand_over: { readonly authority: string; readonly to: string; readonly accounts: readonly Hex[] };
  /** by two registrars of the authority that answers for the accounts from now on */
  take_accounts: { readonly authority: string; readonly entries: readonly AccountTaking[] };
  /** the law gave places in `from` codes in `to`; once */
  declare_reform: { readonly authority: string; readonly from: string; readonly to: string };
  /** the codes that places got by a declared reform */
  recode_merchants: {
    readonly authority: string;
    readonly from: string;
    readonly to: string;
    readonly entries: readonly MerchantPlace[];
  };
  recode_homes: {
    readonly authority: string;
    readonly from: string;
    readonly to: string;
    readonly entries: readonly AccountHome[];
  };
  /** `run` 32 bytes, the authority's own reference */
  settle: { readonly authority: string; readonly run: Hex; readonly lines: readonly SettlementLine[] };
  return_redemptions: { readonly authority: string; readonly entries: readonly ReturnedRedemption[] };
}

/** Arguments of acts at Authorities. */
export interface AuthorityActArguments {
  found_authority: {
    readonly authority: string;
    readonly region: string;
    readonly officers: readonly OfficerEntry[];
    readonly thresholds: AuthorityThresholds;
  };
  set_officers: { readonly authority: string; readonly officers: readonly OfficerEntry[] };
  set_thresholds: { readonly authority: string; readonly thresholds: AuthorityThresholds };
  /** `officers` their numbers */
  remove_officers: { readonly authority: string; readonly officers: readonly number[] };
  /** `change` the id in OfficersProposed or ThresholdsProposed */
  stop_change: { readonly authority: string; readonly change: Hex };
  /** `region` of an authority that this one founded */
  propose_reseat: {
    readonly authority: string;
    readonly region: string;
    readonly officers: readonly OfficerEntry[];
    readonly thresholds: AuthorityThresholds;
  };
  reject_reseat: { readonly authority: string };
  /** `to` an authority, by its name; an area of the acting one itself is handed over */
  grant_area: { readonly authority: string; readonly to: string; readonly area: string };
  give_up_area: { readonly authority: string; readonly area: string };
  /** `kind` a number of ANCHOR_KIND; `root` 32 bytes, the hash of a document or the Merkle root of several */
  anchor: { readonly authority: string; readonly kind: number; readonly root: Hex };
}

/** Arguments of every kind of act. */
export type ActArguments = VoucherActArguments & AuthorityActArguments;

export type ActKind = keyof ActArguments;

/** An act's kind with its arguments, distinguishable by `kind`. */
export type ActCall = { [K in ActKind]: { readonly kind: K; readonly args: ActArguments[K] } }[ActKind];

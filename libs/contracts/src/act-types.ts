import type { Hex } from './bytes.js';

/** What an officer may take part in; the numbers are the contract's. */
export const ROLES = { governor: 0, treasurer: 1, registrar: 2 } as const;
export type Role = keyof typeof ROLES;

/** The roles as the contract's bit set (bit per role). */
export function roleBits(roles: readonly Role[]): number {
  return roles.reduce((bits, role) => bits | (1 << ROLES[role]), 0);
}

/** The roles of a bit set, in the order of ROLES. */
export function rolesOfBits(bits: number): Role[] {
  const names: readonly Role[] = ['governor', 'treasurer', 'registrar'];
  return names.filter((role) => (bits >> ROLES[role]) & 1);
}

/** `id` is the officer's number within the authority, from 1; `roles` a bit set, 0 removes (signer zero then). */
export interface OfficerEntry {
  readonly id: number;
  readonly signer: Hex;
  readonly roles: number;
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

/** Upper end of the last band. */
export const BAND_END = 2n ** 64n - 1n;

/** The terms of a series as the chain keeps them; times in Unix seconds, amounts in won, caps 0 = none. */
export interface ChainSeriesTerms {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly paymentCap: bigint;
  readonly dailyCap: bigint;
  readonly holdingCap: bigint;
  readonly budget: bigint;
  /** basis points: resident, state, province, city */
  readonly funding: readonly number[];
  /** bit 0 gift, bit 1 circulation */
  readonly flags: number;
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
}

export interface AccountAttestation {
  readonly account: Hex;
  readonly home: string;
  readonly tier: number;
}

/** Arguments of every kind of act; `authority` is the region code of who acts. */
export interface ActArguments {
  publish_series: { readonly authority: string; readonly terms: ChainSeriesTerms };
  set_budget: { readonly authority: string; readonly series: number; readonly budget: bigint };
  /** `until` Unix seconds, at most 7 days ahead; 0 resumes */
  pause_series: { readonly authority: string; readonly series: number; readonly until: number };
  /** `total` won; `root` see buildIssueList */
  approve_issue: {
    readonly authority: string;
    readonly series: number;
    readonly total: bigint;
    readonly root: Hex;
  };
  close_issue_order: { readonly authority: string; readonly issueOrder: number };
  set_merchants: { readonly authority: string; readonly entries: readonly MerchantRegistration[] };
  /** `status` 1 active, 2 suspended, 3 closed */
  set_merchant_status: {
    readonly authority: string;
    readonly merchants: readonly Hex[];
    readonly status: number;
  };
  attest_accounts: { readonly authority: string; readonly entries: readonly AccountAttestation[] };
  freeze_accounts: {
    readonly authority: string;
    readonly accounts: readonly Hex[];
    readonly frozen: boolean;
  };
  found_authority: {
    readonly authority: string;
    readonly region: string;
    readonly officers: readonly OfficerEntry[];
    readonly thresholds: AuthorityThresholds;
  };
  set_officers: { readonly authority: string; readonly officers: readonly OfficerEntry[] };
  set_thresholds: { readonly authority: string; readonly thresholds: AuthorityThresholds };
}

export type ActKind = keyof ActArguments;

/** An act's kind with its arguments, distinguishable by `kind`. */
export type ActCall = { [K in ActKind]: { readonly kind: K; readonly args: ActArguments[K] } }[ActKind];

import { packRegion } from '#domain';
import type { Interface } from 'ethers';
import type { ActArguments, ActCall, ActKind, Role } from './act-types.js';
import {
  readAttestation,
  readMerchant,
  readOfficer,
  readReturn,
  readSettlementLine,
  readTerms,
  readThresholds,
} from './act-structs.js';
import type { Hex } from './bytes.js';
import { Fields } from './fields.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';
import type { Act } from './messages.js';
import type { DeployedAt } from './signing-domain.js';

/** Which contract an act calls. */
export type ActTarget = 'authorities' | 'vouchers';

interface ActDescription<K extends ActKind> {
  readonly target: ActTarget;
  readonly method: string;
  readonly role: Role;
  /** won that choose the band of a treasurer's act */
  readonly amount: (args: ActArguments[K]) => bigint;
  /** what the authority approved before on the same Korean day chooses the band as well */
  readonly ofDay?: true;
  /** how many officers, where the contract asks for a number of its own instead of the authority's thresholds */
  readonly officers?: (args: ActArguments[K]) => number;
  /** how many officers at least, besides the authority's thresholds; default one */
  readonly atLeast?: (args: ActArguments[K]) => number;
  /** arguments of the Solidity function after `authority` */
  readonly toChain: (args: ActArguments[K]) => readonly unknown[];
  readonly fromChain: (authority: string, values: Fields) => ActArguments[K];
}

const none = () => 0n;
/** The contract's MerchantStatus.Closed. */
const CLOSED = 3;

/** One row per kind: who may do it, what it calls, how its arguments look on chain. */
const ACTS: { readonly [K in ActKind]: ActDescription<K> } = {
  publish_series: {
    target: 'vouchers',
    method: 'publishSeries',
    role: 'treasurer',
    amount: (args) => args.terms.budget,
    toChain: (args) => [{ ...args.terms }],
    fromChain: (authority, values) => ({ authority, terms: readTerms(values.struct('terms')) }),
  },
  set_budget: {
    target: 'vouchers',
    method: 'setBudget',
    role: 'treasurer',
    amount: (args) => args.budget,
    toChain: (args) => [args.series, args.budget],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      budget: values.big('budget'),
    }),
  },
  delegate_budget: {
    target: 'vouchers',
    method: 'delegateBudget',
    role: 'treasurer',
    amount: (args) => args.left,
    toChain: (args) => [args.series, packRegion(args.to), args.left],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      to: values.region('to'),
      left: values.big('left'),
    }),
  },
  pause_series: {
    target: 'vouchers',
    method: 'pauseSeries',
    role: 'treasurer',
    amount: none,
    toChain: (args) => [args.series, args.until],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      until: values.num('until'),
    }),
  },
  start_expiry: {
    target: 'vouchers',
    method: 'startExpiry',
    role: 'treasurer',
    amount: none,
    toChain: (args) => [args.series],
    fromChain: (authority, values) => ({ authority, series: values.num('series') }),
  },
  close_series: {
    target: 'vouchers',
    method: 'closeSeries',
    role: 'treasurer',
    amount: none,
    toChain: (args) => [args.series],
    fromChain: (authority, values) => ({ authority, series: values.num('series') }),
  },
  approve_issue: {
    target: 'vouchers',
    method: 'approveIssue',
    role: 'treasurer',
    ofDay: true,
    amount: (args) => args.total,
    toChain: (args) => [args.series, args.total, args.root],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      total: values.big('total'),
      root: values.hex('root'),
    }),
  },
  approve_quota: {
    target: 'vouchers',
    method: 'approveQuota',
    role: 'treasurer',
    ofDay: true,
    amount: (args) => args.total,
    toChain: (args) => [args.series, args.total, args.perDay, args.key],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      total: values.big('total'),
      perDay: values.big('perDay'),
      key: values.hex('key'),
    }),
  },
  close_issue_order: {
    target: 'vouchers',
    method: 'closeIssueOrder',
    role: 'treasurer',
    amount: none,
    toChain: (args) => [args.issueOrder],
    fromChain: (authority, values) => ({ authority, issueOrder: values.num('order') }),
  },
  set_merchants: {
    target: 'vouchers',
    method: 'setMerchants',
    role: 'registrar',
    amount: none,
    toChain: (args) => [args.entries.map((entry) => ({ ...entry, region: packRegion(entry.region) }))],
    fromChain: (authority, values) => ({ authority, entries: values.structs('entries').map(readMerchant) }),
  },
  set_merchant_status: {
    target: 'vouchers',
    method: 'setMerchantStatus',
    role: 'registrar',
    amount: none,
    // What can't be taken back needs two.
    atLeast: (args) => (args.status === CLOSED ? 2 : 1),
    toChain: (args) => [args.merchants, args.status],
    fromChain: (authority, values) => ({
      authority,
      merchants: values.hexes('merchants'),
      status: values.num('status'),
    }),
  },
  hold_payouts: {
    target: 'vouchers',
    method: 'holdPayouts',
    role: 'treasurer',
    amount: none,
    toChain: (args) => [args.merchants, args.until],
    fromChain: (authority, values) => ({
      authority,
      merchants: values.hexes('merchants'),
      until: values.num('until'),
    }),
  },
  attest_accounts: {
    target: 'vouchers',
    method: 'attestAccounts',
    role: 'registrar',
    amount: none,
    toChain: (args) => [args.entries.map((entry) => ({ ...entry, home: packRegion(entry.home) }))],
    fromChain: (authority, values) => ({
      authority,
      entries: values.structs('entries').map(readAttestation),
    }),
  },
  freeze_accounts: {
    target: 'vouchers',
    method: 'freezeAccounts',
    role: 'registrar',
    amount: none,
    toChain: (args) => [args.accounts, args.until],
    fromChain: (authority, values) => ({
      authority,
      accounts: values.hexes('accounts'),
      until: values.num('until'),
    }),
  },
  replace_keys: {
    target: 'vouchers',
    method: 'replaceKeys',
    role: 'registrar',
    amount: none,
    officers: (args) => (args.overruling ? 3 : 2),
    toChain: (args) => [args.account, args.keys, args.overruling],
    fromChain: (authority, values) => ({
      authority,
      account: values.hex('account'),
      keys: values.hex('keys'),
      overruling: values.bool('overruling'),
    }),
  },
  settle: {
    target: 'vouchers',
    method: 'settle',
    role: 'treasurer',
    amount: (args) => args.lines.reduce((sum, { amount }) => sum + amount, 0n),
    toChain: (args) => [args.run, args.lines],
    fromChain: (authority, values) => ({
      authority,
      run: values.hex('run'),
      lines: values.structs('lines').map(readSettlementLine),
    }),
  },
  return_redemptions: {
    target: 'vouchers',
    method: 'returnRedemptions',
    role: 'treasurer',
    amount: (args) => args.entries.reduce((sum, { receipt }) => sum + receipt.amount, 0n),
    toChain: (args) => [args.entries],
    fromChain: (authority, values) => ({ authority, entries: values.structs('entries').map(readReturn) }),
  },
  found_authority: {
    target: 'authorities',
    method: 'foundAuthority',
    role: 'governor',
    amount: none,
    toChain: (args) => [packRegion(args.region), args.officers, args.thresholds],
    fromChain: (authority, values) => ({
      authority,
      region: values.region('region'),
      officers: values.structs('officers').map(readOfficer),
      thresholds: readThresholds(values.struct('newThresholds')),
    }),
  },
  set_officers: {
    target: 'authorities',
    method: 'setOfficers',
    role: 'governor',
    amount: none,
    toChain: (args) => [args.officers],
    fromChain: (authority, values) => ({ authority, officers: values.structs('officers').map(readOfficer) }),
  },
  set_thresholds: {
    target: 'authorities',
    method: 'setThresholds',
    role: 'governor',
    amount: none,
    toChain: (args) => [args.thresholds],
    fromChain: (authority, values) => ({
      authority,
      thresholds: readThresholds(values.struct('newThresholds')),
    }),
  },
  remove_officers: {
    target: 'authorities',
    method: 'removeOfficers',
    role: 'governor',
    amount: none,
    toChain: (args) => [args.officers],
    fromChain: (authority, values) => ({ authority, officers: values.nums('officers') }),
  },
  stop_change: {
    target: 'authorities',
    method: 'stopChange',
    role: 'governor',
    amount: none,
    officers: () => 1,
    toChain: (args) => [args.change],
    fromChain: (authority, values) => ({ authority, change: values.hex('change') }),
  },
  propose_reseat: {
    target: 'authorities',
    method: 'proposeReseat',
    role: 'governor',
    amount: none,
    toChain: (args) => [packRegion(args.region), args.officers, args.thresholds],
    fromChain: (authority, values) => ({
      authority,
      region: values.region('region'),
      officers: values.structs('officers').map(readOfficer),
      thresholds: readThresholds(values.struct('newThresholds')),
    }),
  },
  reject_reseat: {
    target: 'authorities',
    method: 'rejectReseat',
    role: 'governor',
    amount: none,
    toChain: () => [],
    fromChain: (authority) => ({ authority }),
  },
};

/** The kinds of acts, in the order of the table above. */
export const ACT_KINDS: readonly ActKind[] = Object.keys(ACTS).filter(isActKind);

/** True for a kind of the table; use it to parse kinds that come from outside. */
export function isActKind(kind: string): kind is ActKind {
  return Object.hasOwn(ACTS, kind);
}

/** What an act calls. Throws ethers' INVALID_ARGUMENT when a value does not fit its Solidity type. */
export function encodeAct<K extends ActKind>(
  kind: K,
  args: ActArguments[K],
): { target: ActTarget; call: Hex } {
  const { target, method, toChain } = describe(kind);
  const call = interfaceOf(target).encodeFunctionData(method, [packRegion(args.authority), ...toChain(args)]);
  return { target, call };
}

/** The address behind a target in one deployment. */
export function actTargetAddress(target: ActTarget, at: Pick<DeployedAt, 'authorities' | 'vouchers'>): Hex {
  return at[target];
}

/** The kind and arguments of an act's calldata; null when it is no act or its arguments are malformed. */
export function decodeAct(call: Hex, target: ActTarget): ActCall | null {
  const parsed = parseCall(interfaceOf(target), call);
  if (parsed === null) return null;
  for (const kind of ACT_KINDS) {
    if (ACTS[kind].target === target && ACTS[kind].method === parsed.name)
      return decoded(kind, new Fields(parsed.args));
  }
  return null;
}

/** Who must sign an act. */
export interface ActNeeds {
  readonly role: Role;
  /** won that choose the band of a treasurer's act; 0 where bands do not matter */
  readonly amount: bigint;
  /** what the authority approved for issue before on the same Korean day is to be added to the amount */
  readonly ofDay: boolean;
  /** this many officers regardless of the authority's thresholds; null: as many as the thresholds ask for */
  readonly officers: number | null;
  /** as many at least, where the thresholds ask for fewer */
  readonly atLeast: number;
}

/**
 * Who must sign an act. What the arguments do not show is not in it: one treasurer is enough to close the order of a
 * quota (a stolen key can't wait), two registrars are needed to lower a tier, to freeze for more than three days or
 * again, and to lift what two froze.
 */
export function actRoleAndAmount<K extends ActKind>(kind: K, args: ActArguments[K]): ActNeeds {
  const { role, amount, ofDay, officers, atLeast } = describe(kind);
  return {
    role,
    amount: amount(args),
    ofDay: ofDay ?? false,
    officers: officers?.(args) ?? null,
    atLeast: atLeast?.(args) ?? 1,
  };
}

/** An officer's signature over an act's digest, as the contracts read it: see walletSignature and its sisters. */
export interface Approval {
  readonly officer: number;
  readonly signature: Hex;
}

/** Calldata of Authorities.execute; approvals may come in any order. Any address may send it. */
export function encodeExecute(act: Act, approvals: readonly Approval[]): Hex {
  const ascending = approvals.toSorted((a, b) => a.officer - b.officer);
  return authoritiesInterface.encodeFunctionData('execute', [
    { ...act, authority: packRegion(act.authority) },
    ascending,
  ]);
}

function describe<K extends ActKind>(kind: K): ActDescription<K> {
  return ACTS[kind];
}

function decoded<K extends ActKind>(kind: K, values: Fields): ActCall {
  const args = describe(kind).fromChain(values.region('authority'), values);
  // The compiler cannot see that K ties kind and args together; the table's type does.
  return { kind, args } as unknown as ActCall;
}

function interfaceOf(target: ActTarget): Interface {
  return target === 'vouchers' ? vouchersInterface : authoritiesInterface;
}

function parseCall(reader: Interface, call: Hex) {
  try {
    return reader.parseTransaction({ data: call });
  } catch {
    // Malformed arguments: these bytes are no act of the platform.
    return null;
  }
}

import { packRegion } from '#domain';
import type { Interface } from 'ethers';
import type { ActDescription, ActDescriptions, ActTarget } from './act-description.js';
import type { ActArguments, ActCall, ActKind, Role } from './act-types.js';
import { AUTHORITY_ACTS } from './authority-acts.js';
import type { Hex } from './bytes.js';
import { Fields } from './fields.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';
import type { Act } from './messages.js';
import type { DeployedAt } from './signing-domain.js';
import { VOUCHER_ACTS } from './voucher-acts.js';

const ACTS: ActDescriptions<ActKind> = { ...VOUCHER_ACTS, ...AUTHORITY_ACTS };

/** The kinds of acts, in the order of their tables. */
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
 * quota (a stolen key can't wait), what is outstanding chooses the band for an extension of a series, two registrars are needed to lower a tier, to freeze for more than three days or
 * again, and to lift what two froze.
 */
export function actRoleAndAmount<K extends ActKind>(kind: K, args: ActArguments[K]): ActNeeds {
  const { role, amount, ofDay, officers, atLeast } = describe(kind);
  return {
    role: typeof role === 'function' ? role(args) : role,
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

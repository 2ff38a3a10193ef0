import type { Interface, Provider } from 'ethers';
import { type Unit, WON } from '#domain';
import { fromHex, type Hex } from './bytes.js';
import { authoritiesBytecode, authoritiesRuntime } from './generated/authorities.js';
import {
  vouchersAdminBytecode,
  vouchersAdminRuntime,
  vouchersBytecode,
  vouchersExtensionBytecode,
  vouchersExtensionRuntime,
  vouchersRegistryBytecode,
  vouchersRegistryRuntime,
  vouchersRuntime,
} from './generated/vouchers.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';
import { authoritiesDomain, domainSeparator, vouchersDomain, type DeployedAt } from './signing-domain.js';
import { chainUnit, type Starts, STARTS_DEFAULT } from './unit.js';

/** Objection to new keys: long enough for someone who looks at the wallet every other day. */
export const KEY_DELAY_SECONDS_DEFAULT = 3 * 86_400;

/** Notice of a hand-over: a letter reaches everybody, and there is time to answer it. */
export const HAND_OVER_DELAY_SECONDS_DEFAULT = 14 * 86_400;

/** Long enough that no week-end passes over a stolen seat, short enough for a new colleague. */
export const CHANGE_DELAY_SECONDS_DEFAULT = 2 * 86_400;

/** A month: officers who are there sign something, or say that they are there. */
export const RESEAT_DELAY_SECONDS_DEFAULT = 30 * 86_400;

/** What the contracts wait, in seconds; fixed when they are made. */
export interface Delays {
  /** in which an old key may object to new ones that officers gave an account; default 3 days */
  readonly keyDelaySeconds?: number;
  /** in which a holder may object to another authority in charge; default 14 days */
  readonly handOverDelaySeconds?: number;
  /** in which a governor may stop a change of officers or thresholds; default 2 days */
  readonly changeDelaySeconds?: number;
  /** in which an authority's governors may reject a reseat; default 30 days */
  readonly reseatDelaySeconds?: number;
}

/** What is fixed when the contracts are made. */
export interface Fixed extends Delays {
  /** what amounts count; default won */
  readonly unit?: Unit;
  /** after which numbers series and issue orders begin; default 0 */
  readonly starts?: Starts;
}

/** Another chain, or contracts at these addresses that are not the ones that were built. */
export class DeploymentMismatch extends Error {
  override readonly name = 'DeploymentMismatch';

  /** @param hasCode something else was found there; false: nothing was, so it is probably another chain */
  constructor(
    message: string,
    readonly hasCode: boolean,
  ) {
    super(message);
  }
}

/** Bytes of an immutable. */
const WORD = 32;

/** A contract as it was built: its code on chain lies within its creation code, but for the immutables' words. */
interface Built {
  readonly name: string;
  readonly bytecode: Hex;
  readonly runtime: {
    readonly start: number;
    readonly length: number;
    readonly immutables: readonly number[];
  };
}

const BUILT = {
  authorities: { name: 'Authorities', bytecode: authoritiesBytecode, runtime: authoritiesRuntime },
  vouchers: { name: 'Vouchers', bytecode: vouchersBytecode, runtime: vouchersRuntime },
  extension: {
    name: 'VouchersExtension',
    bytecode: vouchersExtensionBytecode,
    runtime: vouchersExtensionRuntime,
  },
  admin: { name: 'VouchersAdmin', bytecode: vouchersAdminBytecode, runtime: vouchersAdminRuntime },
  registry: {
    name: 'VouchersRegistry',
    bytecode: vouchersRegistryBytecode,
    runtime: vouchersRegistryRuntime,
  },
} satisfies Record<string, Built>;

/**
 * Throws unless the five contracts of this deployment are, byte for byte, those that were built, and hold each other's
 * addresses, the salt, this chain's domains, the delays, the unit and the numbers at which they begin. The code without its
 * immutables is compared first; then its own getters name every immutable truly. Reads standard `eth_*` calls alone.
 *
 * @param fixed what the deployment was made with
 * @throws DeploymentMismatch naming the contract and what differs; whatever the provider throws when it has no answer
 */
export async function verifyDeployment(provider: Provider, at: DeployedAt, fixed: Fixed = {}): Promise<void> {
  const chainId = Number((await provider.getNetwork()).chainId);
  if (chainId !== at.chainId)
    throw new DeploymentMismatch(
      `the node serves chain ${chainId}, the deployment is on ${at.chainId}`,
      false,
    );
  await requireCode(provider, at.authorities, BUILT.authorities);
  await requireCode(provider, at.vouchers, BUILT.vouchers);
  await requireWords(provider, at.authorities, authoritiesInterface, {
    VOUCHERS: at.vouchers,
    CHANGE_DELAY: wordOf(fixed.changeDelaySeconds ?? CHANGE_DELAY_SECONDS_DEFAULT),
    RESEAT_DELAY: wordOf(fixed.reseatDelaySeconds ?? RESEAT_DELAY_SECONDS_DEFAULT),
    SALT: at.salt,
    DOMAIN_SEPARATOR: domainSeparator(authoritiesDomain(at)),
  });
  await requireWords(provider, at.vouchers, vouchersInterface, {
    SALT: at.salt,
    DOMAIN_SEPARATOR: domainSeparator(vouchersDomain(at)),
  });
  const extension = await partBehind(provider, at.vouchers, 'EXTENSION', BUILT.extension);
  const admin = await partBehind(provider, extension, 'ADMIN', BUILT.admin);
  const registry = await partBehind(provider, admin, 'REGISTRY', BUILT.registry);
  const parts = { AUTHORITIES: at.authorities, EXTENSION: extension, ADMIN: admin, REGISTRY: registry };
  await requireWords(provider, at.vouchers, vouchersInterface, parts);
  await requireWords(provider, extension, vouchersInterface, { ...parts, SALT: at.salt });
  await requireWords(provider, admin, vouchersInterface, parts);
  await requireWords(provider, registry, vouchersInterface, {
    ...parts,
    SALT: at.salt,
    KEY_DELAY: wordOf(fixed.keyDelaySeconds ?? KEY_DELAY_SECONDS_DEFAULT),
    HAND_OVER_DELAY: wordOf(fixed.handOverDelaySeconds ?? HAND_OVER_DELAY_SECONDS_DEFAULT),
  });
  await requireFixed(provider, at.vouchers, fixed);
}

/** Throws unless `unit()` and `starts()` answer what the deployment was made with. */
async function requireFixed(provider: Provider, to: Hex, { unit, starts }: Fixed): Promise<void> {
  const { series, issueOrders } = starts ?? STARTS_DEFAULT;
  const wanted = { unit: [chainUnit(unit ?? WON)], starts: [[series, issueOrders]] };
  for (const [getter, values] of Object.entries(wanted)) {
    const found = await word(provider, to, vouchersInterface, getter);
    const value = vouchersInterface.encodeFunctionResult(getter, values);
    if (found.toLowerCase() !== value.toLowerCase())
      throw new DeploymentMismatch(
        `${getter} of ${to} is ${readable(getter, found)} instead of ${readable(getter, value)}`,
        true,
      );
  }
}

/** An answer as people read it: names as texts. */
function readable(getter: string, answer: Hex): string {
  const [values] = vouchersInterface.decodeFunctionResult(getter, answer);
  return [...values].map((value) => (typeof value === 'string' ? textOf(value) : String(value))).join(', ');
}

function textOf(hex: Hex): string {
  return new TextDecoder().decode(fromHex(hex)).replaceAll('\0', '');
}

function wordOf(seconds: number): Hex {
  return `0x${seconds.toString(16)}`;
}

/** The contract that `from` delegates to, once its code was compared. */
async function partBehind(provider: Provider, from: Hex, getter: string, built: Built): Promise<Hex> {
  const part = `0x${(await word(provider, from, vouchersInterface, getter)).slice(-40)}`;
  await requireCode(provider, part, built);
  return part;
}

async function requireCode(
  provider: Provider,
  address: Hex,
  { name, bytecode, runtime }: Built,
): Promise<void> {
  const found = (await provider.getCode(address)).toLowerCase();
  if (found === '0x')
    throw new DeploymentMismatch(`${address} has no code, where ${name} was deployed`, false);
  const code = Buffer.from(found.slice(2), 'hex');
  const wanted = Buffer.from(bytecode.slice(2), 'hex').subarray(
    runtime.start,
    runtime.start + runtime.length,
  );
  if (code.length === wanted.length) {
    for (const start of runtime.immutables) code.fill(0, start, start + WORD);
    if (code.equals(wanted)) return;
  }
  throw new DeploymentMismatch(`the code at ${address} is not that of ${name} as it was built`, true);
}

/** Throws unless each getter of the contract at `to` answers the word that belongs to it. */
async function requireWords(
  provider: Provider,
  to: Hex,
  reader: Interface,
  wanted: Readonly<Record<string, Hex>>,
): Promise<void> {
  for (const [getter, value] of Object.entries(wanted)) {
    const found = await word(provider, to, reader, getter);
    if (BigInt(found) !== BigInt(value))
      throw new DeploymentMismatch(`${getter} of ${to} is ${found} instead of ${value}`, true);
  }
}

async function word(provider: Provider, to: Hex, reader: Interface, getter: string): Promise<Hex> {
  return provider.call({ to, data: reader.encodeFunctionData(getter) });
}

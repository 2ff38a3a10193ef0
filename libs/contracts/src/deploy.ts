import {
  getCreateAddress,
  Interface,
  keccak256,
  type InterfaceAbi,
  type Provider,
  type Signer,
  type TransactionReceipt,
} from 'ethers';
import { WON } from '#domain';
import type { AuthorityThresholds, OfficerEntry } from './act-types.js';
import type { Hex } from './bytes.js';
import { authoritiesBytecode, authoritiesConstructor } from './generated/authorities.js';
import {
  vouchersBytecode,
  vouchersConstructor,
  vouchersExtensionBytecode,
  vouchersExtensionConstructor,
  vouchersAdminBytecode,
  vouchersAdminConstructor,
  vouchersRegistryBytecode,
  vouchersRegistryConstructor,
} from './generated/vouchers.js';
import {
  CHANGE_DELAY_SECONDS_DEFAULT,
  type Fixed,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  KEY_DELAY_SECONDS_DEFAULT,
  RESEAT_DELAY_SECONDS_DEFAULT,
  verifyDeployment,
} from './deployment-check.js';
import type { DeployedAt } from './signing-domain.js';
import { chainUnit, STARTS_DEFAULT } from './unit.js';

/**
 * The contracts that clients call, on one chain; the other parts of Vouchers are found through it. Addresses in lower
 * case; `block` is the first one that can hold an event.
 */
export interface Deployment extends DeployedAt {
  readonly block: number;
  readonly blockHash: Hex;
}

export interface DeployRequest extends Fixed {
  readonly provider: Provider;
  /** pays nothing (gas price 0) and has no rights afterwards */
  readonly signer: Signer;
  /** Submits a signed transaction to the chain; default is the provider. A journaling node passes its own. */
  readonly send?: (rawTransaction: Hex) => Promise<unknown>;
  /** the state's first officers */
  readonly officers: readonly OfficerEntry[];
  readonly thresholds: AuthorityThresholds;
  /** 32 bytes, new for every deployment */
  readonly salt: Hex;
  /** ERC-1155's template of a series' description; wallets put the series' id, 64 hex digits, for {id} */
  readonly tokenUri?: string;
  /** longest wait for all receipts, default 60 s */
  readonly timeoutMs?: number;
}

/** Relative: a client that shows the token knows its platform's address. */
export const TOKEN_URI_DEFAULT = '/v1/tokens/{id}.json';

/** Below the 2^24 that one transaction may use since Osaka (EIP-7825); each contract needs far less. */
const DEPLOY_GAS = 12_000_000;
const POLL_MS = 50;

/**
 * Deploys Authorities, VouchersRegistry, VouchersAdmin, VouchersExtension and Vouchers with nonces n to n+4 of the
 * signer, so that each knows the others' addresses from the start. Legacy transactions with gas price 0, as private
 * chains want them. Throws when a transaction fails or does not arrive in time; nothing needs to be undone then, a later
 * deployment has other addresses.
 */
export async function deployContracts(request: DeployRequest): Promise<Deployment> {
  const { provider, signer, salt } = request;
  const from = await signer.getAddress();
  const nonce = await provider.getTransactionCount(from, 'pending');
  const chainId = Number((await provider.getNetwork()).chainId);
  const address = (index: number): Hex => getCreateAddress({ from, nonce: nonce + index }).toLowerCase();
  const [authorities, registry, admin] = [address(0), address(1), address(2)];
  const [extension, vouchers] = [address(3), address(4)];
  const parts = { authorities, extension, admin, registry };
  const keyDelay = request.keyDelaySeconds ?? KEY_DELAY_SECONDS_DEFAULT;
  const handOverDelay = request.handOverDelaySeconds ?? HAND_OVER_DELAY_SECONDS_DEFAULT;
  const uri = request.tokenUri ?? TOKEN_URI_DEFAULT;
  const unit = chainUnit(request.unit ?? WON);
  const { series, issueOrders } = request.starts ?? STARTS_DEFAULT;

  const creations = [
    creation(authoritiesBytecode, authoritiesConstructor, [
      vouchers,
      salt,
      request.changeDelaySeconds ?? CHANGE_DELAY_SECONDS_DEFAULT,
      request.reseatDelaySeconds ?? RESEAT_DELAY_SECONDS_DEFAULT,
      request.officers,
      request.thresholds,
    ]),
    creation(vouchersRegistryBytecode, vouchersRegistryConstructor, [salt, parts, keyDelay, handOverDelay]),
    creation(vouchersAdminBytecode, vouchersAdminConstructor, [parts]),
    creation(vouchersExtensionBytecode, vouchersExtensionConstructor, [salt, parts]),
    creation(vouchersBytecode, vouchersConstructor, [salt, parts, uri, unit, [series, issueOrders]]),
  ];
  const send = request.send ?? ((raw: Hex) => provider.broadcastTransaction(raw));
  const hashes: Hex[] = [];
  for (const [index, data] of creations.entries()) {
    const raw = await signer.signTransaction({
      type: 0,
      chainId,
      nonce: nonce + index,
      gasPrice: 0,
      gasLimit: DEPLOY_GAS,
      data,
    });
    await send(raw);
    hashes.push(keccak256(raw));
  }
  const until = performance.now() + (request.timeoutMs ?? 60_000);
  const [first] = await Promise.all(hashes.map((hash) => receiptOf(provider, hash, until)));
  if (first === undefined) throw new Error('no receipt');
  const deployment = {
    chainId,
    authorities,
    vouchers,
    salt: salt.toLowerCase(),
    block: first.blockNumber,
    blockHash: first.blockHash,
  };
  await verifyDeployment(provider, deployment, request);
  return deployment;
}

function creation(bytecode: Hex, abi: InterfaceAbi, values: readonly unknown[]): Hex {
  return bytecode + new Interface(abi).encodeDeploy(values).slice(2);
}

async function receiptOf(provider: Provider, hash: Hex, until: number): Promise<TransactionReceipt> {
  for (;;) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt?.status === 1) return receipt;
    if (receipt !== null) throw new Error(`deployment transaction ${hash} failed`);
    if (performance.now() > until)
      throw new Error(`deployment transaction ${hash} did not arrive in a block in time`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

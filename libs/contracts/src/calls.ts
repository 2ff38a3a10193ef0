import { concat, getBytes, toBeHex } from 'ethers';
import { packRegion } from '#domain';
import type { AuthorityThresholds, OfficerEntry } from './act-types.js';
import { toHex, type Hex } from './bytes.js';
import { BATCH_MAX, joinProofs } from './batches.js';
import { authoritiesInterface, vouchersInterface } from './interfaces.js';
import { proofBytes } from './proofs.js';
import type { Receipt } from './receipts.js';
import { proofOf, toTransfer, type StoredTransfer } from './transfers.js';

// Calldata of the rarer orders that any address may submit; ethers encodes it, because speed does not matter here.

/** A void with its proof, and the receipt of the payment that it takes back. */
export interface VoidItem {
  readonly stored: StoredTransfer;
  readonly receipt: Receipt;
}

/** Calldata of `voidPayments`. 1 to 400 items, RangeError otherwise. */
export function encodeVoidPayments(items: readonly VoidItem[]): Hex {
  if (items.length === 0 || items.length > BATCH_MAX) {
    throw new RangeError(`a batch has 1 to ${BATCH_MAX} items, not ${items.length}`);
  }
  return vouchersInterface.encodeFunctionData('voidPayments', [
    items.map(({ stored }) => toTransfer(stored)),
    items.map(({ receipt }) => receipt),
    joinProofs(items.map(({ stored }) => proofOf(stored))),
  ]);
}

/** Calldata of `expire`. */
export function encodeExpire(series: number, accounts: readonly Hex[]): Hex {
  return vouchersInterface.encodeFunctionData('expire', [series, accounts]);
}

/** Calldata of `issueByQuota`; `items` see packRecipients, `signature` by the quota's key over quotaIssueDigest. */
export function encodeIssueByQuota(
  issueOrder: number,
  index: number,
  items: Uint8Array,
  signature: Hex,
): Hex {
  const words: Hex[] = [];
  for (let at = 0; at < items.length; at += 32) words.push(toHex(items.subarray(at, at + 32)));
  return vouchersInterface.encodeFunctionData('issueByQuota', [
    issueOrder,
    index,
    words,
    proofBytes(signature),
  ]);
}

/** What all calldata of `issueByQuota` for one order begins with: the selector and the order's word, 36 bytes. */
export function issueByQuotaPrefix(issueOrder: number): Hex {
  const selector = vouchersInterface.getFunction('issueByQuota')?.selector ?? '0x';
  return concat([selector, toBeHex(issueOrder, 32)]);
}

/** Index and packed recipients (see packRecipients) of calldata that encodeIssueByQuota made. */
export function decodeIssueByQuota(call: Hex): { readonly index: number; readonly items: Uint8Array } {
  const [, index, words] = vouchersInterface.decodeFunctionData('issueByQuota', call);
  return {
    index: Number(index),
    items: getBytes(concat((words as bigint[]).map((word) => toBeHex(word, 32)))),
  };
}

/** Calldata of `changeKeys`; `keys` the encoded new ring, `proof` by an owner key over keyChangeDigest. */
export function encodeChangeKeys(account: Hex, keys: Hex, deadline: number, proof: Hex): Hex {
  return vouchersInterface.encodeFunctionData('changeKeys', [account, keys, deadline, proof]);
}

/** Calldata of `stopReplacement`; `proof` by an owner key over objectionDigest. */
export function encodeStopReplacement(account: Hex, deadline: number, proof: Hex): Hex {
  return vouchersInterface.encodeFunctionData('stopReplacement', [account, deadline, proof]);
}

/** Calldata of `finishReplacement`; any address may send it once the delay is over. */
export function encodeFinishReplacement(account: Hex): Hex {
  return vouchersInterface.encodeFunctionData('finishReplacement', [account]);
}

/** Calldata of `stopHandOver`; `proof` by an owner key over handOverObjectionDigest. */
export function encodeStopHandOver(account: Hex, deadline: number, proof: Hex): Hex {
  return vouchersInterface.encodeFunctionData('stopHandOver', [account, deadline, proof]);
}

/** Calldata of `withdrawApproval`; `signature` by one of the officer's keys over withdrawalDigest. */
export function encodeWithdrawApproval(authority: string, act: Hex, officer: number, signature: Hex): Hex {
  const args = [packRegion(authority), act, officer, signature];
  return authoritiesInterface.encodeFunctionData('withdrawApproval', args);
}

/** Calldata of `finishOfficers`; any address may send it once the change is ready. */
export function encodeFinishOfficers(authority: string, officers: readonly OfficerEntry[]): Hex {
  return authoritiesInterface.encodeFunctionData('finishOfficers', [packRegion(authority), officers]);
}

/** Calldata of `finishThresholds`; any address may send it once the change is ready. */
export function encodeFinishThresholds(authority: string, thresholds: AuthorityThresholds): Hex {
  return authoritiesInterface.encodeFunctionData('finishThresholds', [packRegion(authority), thresholds]);
}

/** Calldata of `finishArea`; any address may send it once the change is ready. `to` see AreaProposed. */
export function encodeFinishArea(authority: string, to: string, area: string): Hex {
  const args = [authority, to, area].map(packRegion);
  return authoritiesInterface.encodeFunctionData('finishArea', args);
}

/** Calldata of `finishReseat`; any address may send it once the reseat is ready. */
export function encodeFinishReseat(authority: string): Hex {
  return authoritiesInterface.encodeFunctionData('finishReseat', [packRegion(authority)]);
}

import { keccak256 } from 'ethers';
import { writeHex, writeUint32, writeUint64, type Hex } from './bytes.js';

/** One settled part of a payment, or a redemption: what a receipt proves. */
export interface ReceiptEntry {
  /** id of the payment or redemption */
  readonly id: Hex;
  /** payer of a payment, merchant of a redemption */
  readonly subject: Hex;
  /** merchant of a payment, zero address for a redemption */
  readonly other: Hex;
  readonly series: number;
  /** won of this series */
  readonly amount: bigint;
  /** Korean day on which it settled, see koreanDayIndex in #domain */
  readonly day: number;
}

/** The proof that voids and returned payouts submit; equal to struct Receipt. */
export interface Receipt {
  readonly id: Hex;
  readonly amount: bigint;
  readonly day: number;
  /** number of the batch, see ReceiptsStored */
  readonly batch: bigint;
  /** from the leaf to the root, see receiptBranch */
  readonly branch: readonly Hex[];
}

const WORD = 32;
/** Scratch space: every function here is synchronous. */
const leafWords = Buffer.alloc(6 * WORD);
const pair = Buffer.alloc(2 * WORD);

/** keccak256 of six words; equal to Receipts.leaf. RangeError when a value is out of range. */
export function receiptLeaf(entry: ReceiptEntry): Hex {
  writeHex(leafWords, 0, entry.id, WORD, 'id');
  writeHex(leafWords, WORD + 12, entry.subject, 20, 'subject');
  writeHex(leafWords, 2 * WORD + 12, entry.other, 20, 'other');
  writeUint32(leafWords, 3 * WORD + 28, entry.series, 'series');
  writeUint64(leafWords, 4 * WORD + 24, entry.amount, 'amount');
  if (entry.day > 0xffff) throw new RangeError(`day: expected an integer in 0..65535, got ${entry.day}`);
  writeUint32(leafWords, 5 * WORD + 28, entry.day, 'day');
  return keccak256(leafWords);
}

/** The root over the leaves of a batch, in the order of their events. RangeError without a leaf. */
export function receiptRoot(leaves: readonly Hex[]): Hex {
  return climb(leaves, 0).root;
}

/** The nodes that lead from the leaf at `index` to the root; empty for a batch of one. */
export function receiptBranch(leaves: readonly Hex[], index: number): Hex[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`index: expected a place among ${leaves.length} leaves, got ${index}`);
  }
  return climb(leaves, index).branch;
}

/**
 * The root that a leaf and its branch lead to, as the contract computes it: with it clients and auditors check a receipt
 * against the stored root, and the tests every branch.
 */
export function receiptRootFrom(leaf: Hex, branch: readonly Hex[]): Hex {
  return branch.reduce(hashPair, leaf);
}

/** Level by level; a node without a partner moves up as it is. */
function climb(leaves: readonly Hex[], index: number): { root: Hex; branch: Hex[] } {
  const branch: Hex[] = [];
  let level = leaves;
  let at = index;
  while (level.length > 1) {
    const partner = level[at ^ 1];
    if (partner !== undefined) branch.push(partner);
    const above: Hex[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = level.slice(i, i + 2);
      if (left !== undefined) above.push(right === undefined ? left : hashPair(left, right));
    }
    level = above;
    at >>= 1;
  }
  const [root] = level;
  if (root === undefined) throw new RangeError('a batch has a receipt at least');
  return { root, branch };
}

/** The smaller one first, as OpenZeppelin's MerkleProof expects. */
function hashPair(a: Hex, b: Hex): Hex {
  const [first, second] = a.toLowerCase() < b.toLowerCase() ? [a, b] : [b, a];
  writeHex(pair, 0, first, WORD, 'node');
  writeHex(pair, WORD, second, WORD, 'node');
  return keccak256(pair);
}

/** The receipt of the entry at `index` among a batch's entries. */
export function receiptOf(entries: readonly ReceiptEntry[], index: number, batch: bigint): Receipt {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`index: no entry ${index} in a batch of ${entries.length}`);
  const { id, amount, day } = entry;
  return { id, amount, day, batch, branch: receiptBranch(entries.map(receiptLeaf), index) };
}

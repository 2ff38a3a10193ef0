import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { keccak256 } from 'ethers';
import { toHex, writeHex, writeUint64, writeWord, type Hex } from './bytes.js';
import { vouchersInterface } from './interfaces.js';
import { BATCH_MAX } from './batches.js';

/** Who gets how many won. */
export interface IssueRecipient {
  readonly account: Hex;
  readonly amount: bigint;
}

/** A part of an issue list that fits one transaction, with the proof that officers approved it. */
export interface IssueChunk {
  readonly index: number;
  /** recipients, 32 bytes each: bits 0..159 account, 160..223 won */
  readonly items: Uint8Array;
  readonly proof: readonly Hex[];
}

/** What officers approve (`total`, `root`) and the chunks that are submitted to the chain afterwards. */
export interface IssueList {
  readonly total: bigint;
  readonly root: Hex;
  readonly chunks: readonly IssueChunk[];
}

/** Bytes of a recipient in a chunk. */
export const RECIPIENT_BYTES = 32;
const WORD = RECIPIENT_BYTES;

/**
 * Cuts a list into chunks of at most `chunkSize` recipients (1..400) and builds the Merkle tree over them: leaf =
 * keccak256(keccak256(abi.encode(index, keccak256(packed items)))). Order and chunk size decide the root. Throws a
 * RangeError on an empty list, an amount of 0 or above 2^64-1, or a malformed address.
 */
export function buildIssueList(recipients: readonly IssueRecipient[], chunkSize = BATCH_MAX): IssueList {
  if (recipients.length === 0) throw new RangeError('an issue list needs a recipient');
  if (!Number.isInteger(chunkSize) || chunkSize < 1 || chunkSize > BATCH_MAX) {
    throw new RangeError(`a chunk has 1 to ${BATCH_MAX} recipients, not ${chunkSize}`);
  }
  const packed: Uint8Array[] = [];
  for (let start = 0; start < recipients.length; start += chunkSize) {
    packed.push(packRecipients(recipients.slice(start, start + chunkSize)));
  }
  return { total: recipients.reduce((sum, recipient) => sum + recipient.amount, 0n), ...issueTree(packed) };
}

/** Root and chunks of a list that is packed already (packRecipients), chunk by chunk; at least one. */
export function issueTree(packed: readonly Uint8Array[]): Pick<IssueList, 'root' | 'chunks'> {
  const tree = StandardMerkleTree.of(
    packed.map((items, index) => [index, keccak256(items)]),
    ['uint256', 'bytes32'],
  );
  return {
    root: tree.root,
    chunks: packed.map((items, index) => ({ index, items, proof: tree.getProof(index) })),
  };
}

/**
 * One word per recipient: bits 0..159 account, 160..223 won. RangeError on an amount of 0 or above 2^64-1, or a
 * malformed address.
 */
export function packRecipients(recipients: readonly IssueRecipient[]): Uint8Array {
  const items = Buffer.alloc(recipients.length * WORD);
  recipients.forEach(({ account, amount }, index) => {
    if (amount <= 0n) throw new RangeError(`amount: expected at least 1 won, got ${amount}`);
    writeUint64(items, index * WORD + 4, amount, 'amount');
    writeHex(items, index * WORD + 12, account, 20, 'account');
  });
  return items;
}

/** The recipients of a chunk's items. */
export function unpackRecipients(items: Uint8Array): IssueRecipient[] {
  const bytes = Buffer.from(items.buffer, items.byteOffset, items.byteLength);
  if (bytes.length % WORD !== 0) throw new RangeError('items are words of 32 bytes');
  return Array.from({ length: bytes.length / WORD }, (_unused, index) => ({
    account: toHex(bytes.subarray(index * WORD + 12, (index + 1) * WORD)),
    amount: bytes.readBigUInt64BE(index * WORD + 4),
  }));
}

const ISSUE_SELECTOR = Buffer.from(vouchersInterface.getFunction('issue')?.selector.slice(2) ?? '', 'hex');

/** Calldata of `issue(issueOrder, index, items, proof)`. */
export function encodeIssue(issueOrder: number, chunk: IssueChunk): Hex {
  const { index, items, proof } = chunk;
  const count = items.length / WORD;
  const head = 4 + 4 * WORD;
  const proofAt = head + WORD + items.length;
  const calldata = Buffer.alloc(proofAt + WORD * (1 + proof.length));
  ISSUE_SELECTOR.copy(calldata);
  writeUint64(calldata, 4 + 24, BigInt(issueOrder), 'issueOrder');
  writeWord(calldata, 4 + WORD, index, 'index');
  writeWord(calldata, 4 + 2 * WORD, head - 4, 'offset');
  writeWord(calldata, 4 + 3 * WORD, proofAt - 4, 'offset');
  writeWord(calldata, head, count, 'count');
  calldata.set(items, head + WORD);
  writeWord(calldata, proofAt, proof.length, 'count');
  proof.forEach((node, at) => writeHex(calldata, proofAt + WORD * (1 + at), node, WORD, 'proof'));
  return toHex(calldata);
}

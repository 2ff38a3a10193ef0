import { isAddress, keccak256 } from 'ethers';
import { issueTree, packRecipients, type Hex, type IssueChunk, type IssueRecipient } from '#contracts';
import { parseWon, WON_MAX, type FieldProblem } from '#domain';

// Runs in a helper process as well: nothing here may need the framework.

/** Recipients of one list at most; a larger city is granted in several lists. */
export const RECIPIENTS_MAX = 100_000;

/**
 * Recipients of one chunk. A first purchase of a sold series costs 55,000 gas (a holding and a sum of purchases are
 * new), and one transaction may use 2^24.
 */
export const CHUNK_RECIPIENTS = 250;

/** A list may be wrong 100,000 times; nobody reads more than this. */
const PROBLEMS_MAX = 50;

const WORD = 32;
const NOBODY = `0x${'0'.repeat(40)}`;
const LIST = 'attachment.items';

/** `attachment.items`, read. */
export interface Recipients {
  /** As IssueChunk.items, of all chunks in a row; empty when there are problems. */
  readonly packed: Uint8Array;
  readonly total: bigint;
  /** In the list's order; the first 50. */
  readonly problems: readonly FieldProblem[];
}

/** What follows from recipients and salt. */
export interface BuiltList {
  readonly root: Hex;
  /** Of every chunk, in order. */
  readonly proofs: readonly (readonly Hex[])[];
  /** uint256(keccak256(normalPieces in UTF-8)). */
  readonly nonce: bigint;
}

/** Reads [{ account, amount }] and says of every row what is wrong with it. */
export function readRecipients(items: unknown): Recipients {
  const problems: FieldProblem[] = [];
  const refuse = (field: string, message: string) => {
    if (problems.length < PROBLEMS_MAX) problems.push({ field, message });
  };
  const entries: unknown[] = Array.isArray(items) ? items : [];
  if (entries.length === 0 || entries.length > RECIPIENTS_MAX) {
    refuse(LIST, `must be a list of 1–${RECIPIENTS_MAX} entries`);
    return { packed: new Uint8Array(), total: 0n, problems };
  }
  const recipients = entries.map((entry, index) => readRecipient(entry, `${LIST}[${index}]`, refuse));
  const total = recipients.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > WON_MAX) refuse(LIST, 'adds up to more won than a series can have');
  return { packed: problems.length > 0 ? new Uint8Array() : packRecipients(recipients), total, problems };
}

function readRecipient(
  entry: unknown,
  at: string,
  refuse: (field: string, message: string) => void,
): IssueRecipient {
  let fields: object = {};
  if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) fields = entry;
  else refuse(at, 'must be an object');
  for (const name of Object.keys(fields)) {
    if (name !== 'account' && name !== 'amount') refuse(`${at}.${name}`, 'is not a known field');
  }
  const amount = wonOf(Reflect.get(fields, 'amount'));
  if (amount === undefined) refuse(`${at}.amount`, 'must be whole won, not negative, as digits');
  if (!amount) refuse(`${at}.amount`, 'must be more than 0');
  const account = addressOf(Reflect.get(fields, 'account'));
  if (account === undefined) refuse(`${at}.account`, 'must be an address: 0x and 40 hex digits');
  return { account: account ?? NOBODY, amount: amount ?? 0n };
}

function wonOf(value: unknown): bigint | undefined {
  try {
    return parseWon(value);
  } catch {
    return undefined;
  }
}

/** Lower case; mixed case must carry a right checksum. */
function addressOf(value: unknown): Hex | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) return undefined;
  const lower = value.toLowerCase();
  // A checksum costs a hash, 30 µs. All lower case has none to check.
  return value === lower || isAddress(value) ? lower : undefined;
}

/** The items of every chunk: views, no copies. */
export function chunkItems(packed: Uint8Array): Uint8Array[] {
  const bytes = CHUNK_RECIPIENTS * WORD;
  const count = Math.ceil(packed.length / bytes);
  return Array.from({ length: count }, (_unused, index) =>
    packed.subarray(index * bytes, (index + 1) * bytes),
  );
}

/** The list's chunks with their proofs. */
export function chunksOf(packed: Uint8Array, { proofs }: Pick<BuiltList, 'proofs'>): IssueChunk[] {
  return chunkItems(packed).map((items, index) => ({ index, items, proof: proofs[index] ?? [] }));
}

/** How many recipients are packed. */
export function countOf(packed: Uint8Array): number {
  return packed.length / WORD;
}

/** Root, proofs and the hash that officers' signatures cover. `salt` in lower case. */
export function buildList(packed: Uint8Array, salt: Hex): BuiltList {
  const { root, chunks } = issueTree(chunkItems(packed));
  const text = [...normalPieces(packed, salt)].join('');
  const nonce = BigInt(keccak256(new TextEncoder().encode(text)));
  return { root, proofs: chunks.map(({ proof }) => proof), nonce };
}

/**
 * The attachment in its normal form, RFC 8785 text, a chunk of recipients a piece: names in alphabetical order, no
 * spaces; digits and hex need no escapes.
 */
export function* normalPieces(packed: Uint8Array, salt: Hex): Generator<string> {
  let before = '{"items":[';
  for (const { buffer, byteOffset, length } of chunkItems(packed)) {
    const bytes = Buffer.from(buffer, byteOffset, length);
    const items: string[] = [];
    for (let at = 0; at < length; at += WORD) {
      const account = bytes.toString('hex', at + 12, at + WORD);
      items.push(`{"account":"0x${account}","amount":"${bytes.readBigUInt64BE(at + 4)}"}`);
    }
    yield before + items.join(',');
    before = ',';
  }
  yield `],"salt":"${salt}"}`;
}

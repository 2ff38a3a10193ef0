import { keccak256 } from 'ethers';
import { issueTree, packRecipients, type Hex, type IssueChunk, type IssueRecipient } from '#contracts';
import {
  addressField,
  FieldReader,
  type FieldProblem,
  type JsonField,
  listField,
  mappedField,
  objectField,
  WON_MAX,
  wonField,
} from '#domain';

// Runs in a helper process as well: nothing here may need the framework.

/** Recipients of one list at most; a larger city is granted in several lists. */
export const RECIPIENTS_MAX = 100_000;

/**
 * Recipients of one chunk. A first purchase of a sold series costs 55,000 gas (a holding and a sum of purchases are
 * new), and one transaction may use 2^24.
 */
export const CHUNK_RECIPIENTS = 250;

const WORD = 32;
const LIST = 'attachment.items';
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** An account with all its positions in a list. */
export interface RepeatedRecipient {
  readonly account: Hex;
  readonly positions: readonly number[];
}

/** `attachment.items`, read. */
export interface Recipients {
  /** As IssueChunk.items, of all chunks in a row; empty when there are problems. */
  readonly packed: Uint8Array;
  readonly total: bigint;
  /** Accounts that stand in the list more than once, with the positions; the first 50. */
  readonly repeated: readonly RepeatedRecipient[];
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

const RECIPIENT: JsonField<IssueRecipient> = objectField({
  account: {
    ...addressField,
    read(reader, value, at) {
      if (value === ZERO_ADDRESS)
        reader.refuse(at, { ko: '영(0) 주소일 수 없습니다.', en: 'must not be the zero address, 0' });
      return addressField.read(reader, value, at);
    },
  },
  amount: mappedField(
    wonField,
    (won, reader, at) => {
      if (won === 0n) reader.refuse(at, { ko: '0보다 커야 합니다.', en: 'must be more than 0' });
      return won;
    },
    (won: bigint) => won,
  ),
});

/** `attachment.items`. */
export const recipientsField = listField(RECIPIENT, RECIPIENTS_MAX);

/** Reads [{ account, amount }] and says of every row what is wrong with it. */
export function readRecipients(items: unknown): Recipients {
  const reader = new FieldReader();
  const recipients = recipientsField.read(reader, items, LIST);
  const total = recipients.reduce((sum, { amount }) => sum + amount, 0n);
  if (total > WON_MAX) {
    reader.refuse(LIST, {
      ko: `합계가 회차 하나의 최대 금액 ${WON_MAX}원을 넘습니다.`,
      en: `adds up to more than a series can have: ${WON_MAX} won`,
    });
  }
  const { problems } = reader;
  const packed = problems.length > 0 ? new Uint8Array() : packRecipients(recipients);
  return { packed, total, repeated: repeatedOf(recipients), problems };
}

/** People read no more than this. */
const REPEATED_MAX = 50;

function repeatedOf(recipients: readonly IssueRecipient[]): RepeatedRecipient[] {
  const first = new Map<Hex, number>();
  const repeated = new Map<Hex, number[]>();
  recipients.forEach(({ account }, position) => {
    const before = first.get(account);
    if (before === undefined) first.set(account, position);
    else if (repeated.has(account)) repeated.get(account)?.push(position);
    else if (repeated.size < REPEATED_MAX) repeated.set(account, [before, position]);
  });
  return [...repeated].map(([account, positions]) => ({ account, positions }));
}

/** Path of a recipient in the attachment. */
export function recipientField(position: number): string {
  return `${LIST}[${position}]`;
}

/** Positions of an account in a packed list. */
export function positionsOf(packed: Uint8Array, account: Hex): number[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const wanted = Buffer.from(account.slice(2), 'hex');
  const found: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    if (at % WORD === WORD - wanted.length) found.push((at - (WORD - wanted.length)) / WORD);
  }
  return found;
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

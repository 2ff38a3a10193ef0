import * as fc from 'fast-check';
import { concat, keccak256, solidityPackedKeccak256, AbiCoder } from 'ethers';
import {
  buildIssueList,
  encodeIssue,
  unpackRecipients,
  vouchersInterface,
  type IssueChunk,
} from './index.js';
import { toHex } from './bytes.js';
import { address } from '../test/support/arbitraries.js';

const recipients = fc.array(
  fc.record({ account: address, amount: fc.bigInt({ min: 1n, max: 2n ** 56n - 1n }) }),
  { minLength: 1, maxLength: 60 },
);

/** The items as Solidity sees them. */
function itemWords(chunk: IssueChunk): bigint[] {
  return unpackRecipients(chunk.items).map(({ account, amount }) => BigInt(account) | (amount << 160n));
}

/** OpenZeppelin's MerkleProof.processProof over the leaf that the contract computes. */
function rootFrom(chunk: IssueChunk): string {
  const packed = solidityPackedKeccak256(['uint256[]'], [itemWords(chunk)]);
  const encoded = AbiCoder.defaultAbiCoder().encode(['uint256', 'bytes32'], [chunk.index, packed]);
  return chunk.proof.reduce(
    (node, sibling) => keccak256(node < sibling ? concat([node, sibling]) : concat([sibling, node])),
    keccak256(keccak256(encoded)),
  );
}

describe('buildIssueList', () => {
  it('loses no recipient, adds up to the total, and every chunk proves itself against the root', () => {
    fc.assert(
      fc.property(recipients, fc.integer({ min: 1, max: 17 }), (list, chunkSize) => {
        const built = buildIssueList(list, chunkSize);
        expect(built.chunks.flatMap((chunk) => unpackRecipients(chunk.items))).toEqual(list);
        expect(built.total).toBe(list.reduce((sum, { amount }) => sum + amount, 0n));
        expect(built.chunks.map((chunk) => chunk.index)).toEqual([...built.chunks.keys()]);
        for (const chunk of built.chunks) expect(rootFrom(chunk)).toBe(built.root);
      }),
      { numRuns: 50 },
    );
  });

  it('a changed amount, account or chunk number no longer fits the root', () => {
    const list = Array.from({ length: 10 }, (_unused, index) => ({
      account: `0x${(index + 1).toString(16).padStart(40, '0')}`,
      amount: 10_000n,
    }));
    const { root, chunks } = buildIssueList(list, 4);
    const [first, second] = chunks;
    if (first === undefined || second === undefined) throw new Error('expected three chunks');
    const richer = Uint8Array.from(first.items);
    richer[11] = (richer[11] ?? 0) ^ 1;
    expect(rootFrom({ ...first, items: richer })).not.toBe(root);
    expect(rootFrom({ ...first, index: 1 })).not.toBe(root);
    expect(rootFrom({ ...first, items: second.items })).not.toBe(root);
  });

  it('refuses an empty list, an amount of zero, a chunk above 400 and a malformed address', () => {
    const account = `0x${'11'.repeat(20)}`;
    expect(() => buildIssueList([])).toThrow('needs a recipient');
    expect(() => buildIssueList([{ account, amount: 0n }])).toThrow('amount');
    expect(() => buildIssueList([{ account, amount: 2n ** 64n }])).toThrow('amount');
    expect(() => buildIssueList([{ account, amount: 1n }], 401)).toThrow('1 to 400');
    expect(() => buildIssueList([{ account: '0x11', amount: 1n }])).toThrow('account');
  });
});

describe('encodeIssue', () => {
  it('equals what ethers encodes', () => {
    fc.assert(
      fc.property(recipients, fc.integer({ min: 1, max: 2 ** 40 }), (list, issueOrder) => {
        for (const chunk of buildIssueList(list, 7).chunks) {
          expect(encodeIssue(issueOrder, chunk)).toBe(
            vouchersInterface.encodeFunctionData('issue', [
              issueOrder,
              chunk.index,
              itemWords(chunk),
              chunk.proof,
            ]),
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('writes the items as they are', () => {
    const { chunks } = buildIssueList([{ account: `0x${'11'.repeat(20)}`, amount: 5n }]);
    const [chunk] = chunks;
    if (chunk === undefined) throw new Error('expected a chunk');
    expect(encodeIssue(1, chunk)).toContain(toHex(chunk.items).slice(2));
  });
});

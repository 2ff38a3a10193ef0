import * as fc from 'fast-check';
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree';
import { AbiCoder, keccak256 } from 'ethers';
import { receiptBranch, receiptLeaf, receiptOf, receiptRoot, receiptRootFrom } from './index.js';
import { address, hexOf, uint32, uint64 } from '../test/support/arbitraries.js';

const entry = fc.record({
  id: hexOf(32),
  subject: address,
  other: address,
  series: uint32,
  amount: uint64,
  day: fc.integer({ min: 0, max: 65_535 }),
});
const leaves = fc.array(hexOf(32), { minLength: 1, maxLength: 40 });

describe('a receipt', () => {
  it('has the leaf that Solidity encodes', () => {
    fc.assert(
      fc.property(entry, (item) => {
        const { id, subject, other, series, amount, day } = item;
        const words = AbiCoder.defaultAbiCoder().encode(
          ['bytes32', 'address', 'address', 'uint32', 'uint64', 'uint16'],
          [id, subject, other, series, amount, day],
        );
        expect(receiptLeaf(item)).toBe(keccak256(words));
      }),
    );
  });

  it('leads every leaf of a batch to its root, and no other leaf', () => {
    fc.assert(
      fc.property(leaves, hexOf(32), (batch, stranger) => {
        const root = receiptRoot(batch);
        batch.forEach((leaf, index) => {
          const branch = receiptBranch(batch, index);
          expect(receiptRootFrom(leaf, branch)).toBe(root);
          expect(SimpleMerkleTree.verify(root, leaf, branch)).toBe(true);
          expect(receiptRootFrom(stranger, branch)).not.toBe(root);
        });
      }),
    );
  });

  it('lets an odd leaf move up as it is', () => {
    const [a, b, c] = ['11', '22', '33'].map((byte) => `0x${byte.repeat(32)}`);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three leaves');
    expect(receiptBranch([a, b, c], 2)).toEqual([receiptRoot([a, b])]);
    expect(receiptBranch([a], 0)).toEqual([]);
    expect(receiptRoot([a])).toBe(a);
    expect(receiptRoot([b, a])).toBe(receiptRoot([a, b]));
  });

  it('is made from the entries of its batch', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 2, maxLength: 9 }), (entries) => {
        const receipt = receiptOf(entries, 1, 7n);
        const [, second] = entries;
        if (second === undefined) throw new Error('two entries');
        expect(receipt).toMatchObject({ id: second.id, amount: second.amount, day: second.day, batch: 7n });
        expect(receiptRootFrom(receiptLeaf(second), receipt.branch)).toBe(
          receiptRoot(entries.map(receiptLeaf)),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('needs a batch with the place', () => {
    expect(() => receiptRoot([])).toThrow(RangeError);
    expect(() => receiptBranch([`0x${'11'.repeat(32)}`], 1)).toThrow(RangeError);
    expect(() => receiptOf([], 0, 1n)).toThrow(RangeError);
  });
});

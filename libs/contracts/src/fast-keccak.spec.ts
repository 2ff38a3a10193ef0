import * as fc from 'fast-check';
import { keccak256 } from 'ethers';
import './fast-keccak.js';

describe('the hash of Ethereum', () => {
  it('is Keccak-256 before NIST changed its padding', () => {
    // Known from everywhere: the hash of nothing, and that of the EIP-712 domain type.
    expect(keccak256('0x')).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    const type = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)';
    expect(keccak256(Buffer.from(type))).toBe(
      '0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f',
    );
  });

  it('is what ethers would compute, for every length around its blocks of 136 bytes', () => {
    const [here, theirs] = [(data: Uint8Array) => keccak256(data), keccak256._];
    for (let length = 0; length <= 280; length += 1) {
      const data = Buffer.alloc(length, length & 0xff);
      expect(here(data)).toBe(`0x${Buffer.from(theirs(data)).toString('hex')}`);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (data) => {
        expect(here(data)).toBe(`0x${Buffer.from(theirs(data)).toString('hex')}`);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { keccak256, Transaction, Wallet } from 'ethers';
import { LocalSigner } from './signer.js';

const hex = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);

describe('LocalSigner', () => {
  it('makes the bytes that ethers makes, whatever the lengths are', async () => {
    const wallet = new Wallet(keccak256('0x01'));
    const signer = new LocalSigner(wallet.privateKey);
    expect(signer.address).toBe(wallet.address.toLowerCase());
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          chainId: fc.integer({ min: 1, max: 2 ** 40 }),
          nonce: fc.integer({ min: 0, max: 2 ** 32 }),
          gasLimit: fc.integer({ min: 21_000, max: 2 ** 24 }),
          to: hex(20, 20),
          data: fc.oneof(hex(0, 60), hex(250, 260), hex(65_000, 66_000)),
        }),
        async (transaction) => {
          const { raw, hash } = await signer.signTransaction(transaction);
          expect(raw).toBe(await wallet.signTransaction({ ...transaction, type: 0, gasPrice: 0, value: 0 }));
          expect(hash).toBe(Transaction.from(raw).hash);
        },
      ),
      { numRuns: 60 },
    );
  });

  // About one signature in 128 has an r or s that begins with a zero byte, which must be left out.
  it('signs so that the sender is recovered, also from short halves of a signature', async () => {
    const signer = new LocalSigner(keccak256('0x02'));
    for (let nonce = 0; nonce < 400; nonce++) {
      const { raw } = await signer.signTransaction({
        chainId: 474_747,
        nonce,
        gasLimit: 21_000,
        to: signer.address,
        data: '0x',
      });
      expect(Transaction.from(raw).from?.toLowerCase()).toBe(signer.address);
    }
  });

  it('refuses what is no unsigned integer', async () => {
    const signer = new LocalSigner(keccak256('0x03'));
    const wrong = { chainId: 1, nonce: -1, gasLimit: 21_000, to: signer.address, data: '0x' };
    await expect(signer.signTransaction(wrong)).rejects.toThrow(RangeError);
  });
});

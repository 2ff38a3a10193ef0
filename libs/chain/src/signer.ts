import { keccak256, Signature, Transaction } from 'ethers';
import secp256k1 from 'secp256k1';
import type { Hex } from '#contracts';
import { toBytes, toHex } from '#persistence';

/** A transaction as private chains want it: type 0 with replay protection (EIP-155), gas price 0. */
export interface LegacyTransaction {
  readonly chainId: number;
  readonly nonce: number;
  readonly gasLimit: number;
  /** Lower-case 0x address. */
  readonly to: Hex;
  readonly data: Hex;
}

export interface SignedTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
}

/** Whoever can sign for one address: a key in this process, or a key service behind the same two members. */
export interface Signer {
  /** Lower-case 0x address. */
  readonly address: Hex;
  signTransaction(transaction: LegacyTransaction): Promise<SignedTransaction>;
}

/** A key in memory; signs with native secp256k1 (about 40 µs, hashing 64 kB of batch takes longer). */
export class LocalSigner implements Signer {
  readonly address: Hex;
  readonly #key: Buffer;

  /** @param privateKey 0x and 64 hex digits; throws an Error when it is no secp256k1 key */
  constructor(privateKey: Hex) {
    this.#key = toBytes(privateKey);
    if (this.#key.length !== 32 || !secp256k1.privateKeyVerify(this.#key)) {
      throw new Error('a private key is 32 bytes, not zero and below the order of the curve');
    }
    const publicKey = secp256k1.publicKeyCreate(this.#key, false);
    this.address = `0x${keccak256(publicKey.subarray(1)).slice(26)}`;
  }

  async signTransaction(transaction: LegacyTransaction): Promise<SignedTransaction> {
    const signed = Transaction.from({ ...transaction, type: 0, gasPrice: 0, value: 0 });
    const { signature, recid } = secp256k1.ecdsaSign(toBytes(signed.unsignedHash), this.#key);
    const rs = toHex(signature);
    signed.signature = Signature.from({
      r: rs.slice(0, 66),
      s: `0x${rs.slice(66)}`,
      yParity: recid === 0 ? 0 : 1,
    });
    const raw = signed.serialized;
    return { raw, hash: keccak256(raw) };
  }
}

import { keccak256 } from 'ethers';
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
    const { chainId, nonce, gasLimit, to, data } = transaction;
    const fields = [uint(nonce), uint(0), uint(gasLimit), toBytes(to), uint(0), toBytes(data)];
    const unsigned = keccak256(rlpList([...fields, uint(chainId), uint(0), uint(0)]));
    const { signature, recid } = secp256k1.ecdsaSign(toBytes(unsigned), this.#key);
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map(withoutZeros);
    if (r === undefined || s === undefined) throw new Error('a signature has two halves');
    const raw = rlpList([...fields, uint(chainId * 2 + 35 + recid), r, s]);
    return { raw: toHex(raw), hash: keccak256(raw) };
  }
}

// A batch is 64 kB of call data. Ethers writes it as hex and reads it again several times for one signature, which
// was two fifths of what the worker does; bytes are written once here. Tests hold both equal.

/** A list in Recursive Length Prefix, Ethereum's encoding of transactions. */
function rlpList(items: readonly Uint8Array[]): Buffer {
  const payload = Buffer.concat(items.flatMap(rlpBytes));
  return Buffer.concat([rlpPrefix(0xc0, payload.length), payload]);
}

function rlpBytes(bytes: Uint8Array): Uint8Array[] {
  const [first] = bytes;
  if (bytes.length === 1 && first !== undefined && first < 0x80) return [bytes];
  return [rlpPrefix(0x80, bytes.length), bytes];
}

function rlpPrefix(kind: 0x80 | 0xc0, length: number): Buffer {
  if (length < 56) return Buffer.from([kind + length]);
  const size = uint(length);
  return Buffer.concat([Buffer.from([kind + 55 + size.length]), size]);
}

/** Big-endian without leading zeros; zero is empty. A safe integer. */
function uint(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not an unsigned integer`);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return withoutZeros(bytes);
}

function withoutZeros(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  return Buffer.from(first === -1 ? [] : bytes.subarray(first));
}

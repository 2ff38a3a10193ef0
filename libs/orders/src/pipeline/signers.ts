import {
  keyRingHash,
  keysKnownBy,
  signatureSpellings,
  verifyProof,
  WALLET_SIGNATURE_DIGITS,
  type Hex,
  type VerifiedProof,
} from '#contracts';
import { Batcher } from '#platform';
import { type Database, toBytes } from '#persistence';
import type { Signer } from './order.js';

/** As many at once as a node answers in a few milliseconds. */
const BATCH_SIZE_MAX = 100;
const BATCH_DELAY_MS = 2;
const QUEUE_MAX = 1_000;
const BATCHES_AT_ONCE = 4;

interface Known {
  /** The newest ring; null when the keys were never changed. */
  readonly ring: Buffer | null;
}

/**
 * Finds who signed an order. A wallet's signature needs nothing but a recovery; only for a proof with a key ring the
 * tables say whether the account has changed its keys. What device keys moved today follows from the chain's events, which
 * say who signed; acceptance reads it with all else.
 */
export class Signers {
  private readonly known: Batcher<Hex, Known>;

  constructor(db: Database) {
    const limits = {
      sizeMax: BATCH_SIZE_MAX,
      batchDelayMs: BATCH_DELAY_MS,
      queueMax: QUEUE_MAX,
      concurrencyMax: BATCHES_AT_ONCE,
    };
    this.known = new Batcher({ ...limits, run: (accounts) => loadKnown(db, accounts) });
  }

  /**
   * Who made `given` over `digest` for `holder`, and the proof as the contract reads it: a plain signature of 65 bytes
   * is accepted as well.
   */
  async signerOf(digest: Hex, holder: Hex, given: Hex): Promise<{ proof: Hex; signer: Signer }> {
    for (const proof of hasRing(given) ? [] : signatureSpellings(given)) {
      const proven = verifyProof(digest, holder, proof, keysKnownBy(null));
      if (proven !== null) {
        return { proof, signer: { proven, keysHash: null, ringed: false } };
      }
    }
    if (!hasRing(given)) return { proof: given, signer: { proven: null, keysHash: null, ringed: false } };
    return { proof: given, signer: await this.ringSigner(digest, holder, given) };
  }

  private async ringSigner(digest: Hex, holder: Hex, proof: Hex): Promise<Signer> {
    const { ring } = await this.known.submit(holder);
    const keysHash = hashOf(ring);
    return { proven: verifyWith(digest, holder, proof, keysHash), keysHash, ringed: true };
  }

  async close(): Promise<void> {
    await this.known.close();
  }
}

/** Hash of an account's newest ring; null when it has none. */
export function hashOf(ring: Buffer | null): Hex | null {
  return ring === null ? null : keyRingHash(ring);
}

/** See verifyProof; null = the keys that the account's address was made of. */
export function verifyWith(digest: Hex, holder: Hex, proof: Hex, keysHash: Hex | null): VerifiedProof | null {
  return verifyProof(digest, holder, proof, keysKnownBy(keysHash));
}

function hasRing(proof: Hex): boolean {
  return proof.length > WALLET_SIGNATURE_DIGITS;
}

async function loadKnown(db: Database, accounts: readonly Hex[]): Promise<Known[]> {
  return db.query<{ ring: Buffer | null }>(
    `SELECT ${ringOf('i.account')} AS ring
       FROM unnest($1::bytea[]) WITH ORDINALITY AS i(account, place) ORDER BY i.place`,
    [accounts.map(toBytes)],
  );
}

/** SQL of an account's newest key ring. */
export function ringOf(account: string): string {
  return `(SELECT k.ring FROM chain.account_keys k WHERE k.account = ${account} ORDER BY k.change DESC LIMIT 1)`;
}

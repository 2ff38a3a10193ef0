import { ChainNode } from '#node';
import {
  keyRingHash,
  signatureSpellings,
  verifyProof,
  vouchersInterface,
  WALLET_SIGNATURE_DIGITS,
} from '#contracts';
import type { AccountKeys, Hex, VerifiedProof } from '#contracts';
import { Batcher, ProblemException } from '#platform';
import { type Database, toBytes } from '#persistence';
import type { DeviceSpending, Signer } from './order.js';

/** Keys of an account that never changed them: its address is made of them. */
const FOUNDING_KEYS: AccountKeys = { rekeyed: false, keysHash: `0x${'00'.repeat(32)}` };

/** As many at once as a node answers in a few milliseconds. */
const BATCH_SIZE_MAX = 100;
const BATCH_DELAY_MS = 2;
const QUEUE_MAX = 1_000;
const BATCHES_AT_ONCE = 4;

interface Known {
  /** The newest ring; null when the keys were never changed. */
  readonly ring: Buffer | null;
  /** The block that the tables have reached. */
  readonly block: bigint | null;
}

interface Spender {
  readonly account: Hex;
  readonly block: bigint;
}

/**
 * Finds who signed an order. A wallet's signature needs nothing but a recovery; only for a proof with a key ring the
 * tables say whether the account has changed its keys.
 *
 * What device keys moved today is asked of the contract, at the block that the tables have reached, and what is
 * pending is added on acceptance. That is the only exact figure: events do not say which key signed, and anybody may
 * submit an order to the contract without us. The call is made before the database transaction, so no lock waits for a node.
 */
export class Signers {
  private readonly known: Batcher<Hex, Known>;
  private readonly spending: Batcher<Spender, DeviceSpending>;

  constructor(db: Database, vouchers: Hex, node: ChainNode | undefined) {
    const limits = {
      sizeMax: BATCH_SIZE_MAX,
      batchDelayMs: BATCH_DELAY_MS,
      queueMax: QUEUE_MAX,
      concurrencyMax: BATCHES_AT_ONCE,
    };
    this.known = new Batcher({ ...limits, run: (accounts) => loadKnown(db, accounts) });
    this.spending = new Batcher({ ...limits, run: (all) => readSpending(node, vouchers, all) });
  }

  /**
   * Who made `given` over `digest` for `holder`, and the proof as the contract reads it: a plain signature of 65 bytes
   * is accepted as well.
   * @throws ProblemException unavailable: a device signed and no node answers what it may still move
   */
  async signerOf(digest: Hex, holder: Hex, given: Hex): Promise<{ proof: Hex; signer: Signer }> {
    for (const proof of hasRing(given) ? [] : signatureSpellings(given)) {
      const proven = verifyProof(digest, holder, proof, FOUNDING_KEYS);
      if (proven !== null) {
        return { proof, signer: { proven, keysHash: null, spending: null } };
      }
    }
    if (!hasRing(given)) return { proof: given, signer: { proven: null, keysHash: null, spending: null } };
    return { proof: given, signer: await this.ringSigner(digest, holder, given) };
  }

  private async ringSigner(digest: Hex, holder: Hex, proof: Hex): Promise<Signer> {
    const { ring, block } = await this.known.submit(holder);
    const keysHash = hashOf(ring);
    const proven = verifyWith(digest, holder, proof, keysHash);
    if (proven?.right !== 'device') return { proven, keysHash, spending: null };
    if (block === null) throw new ProblemException('unavailable');
    return { proven, keysHash, spending: await this.spending.submit({ account: holder, block }) };
  }

  async close(): Promise<void> {
    await this.known.close();
    await this.spending.close();
  }
}

/** Hash of an account's newest ring; null when it has none. */
export function hashOf(ring: Buffer | null): Hex | null {
  return ring === null ? null : keyRingHash(ring);
}

/** See verifyProof; null = the keys that the account's address was made of. */
export function verifyWith(digest: Hex, holder: Hex, proof: Hex, keysHash: Hex | null): VerifiedProof | null {
  return verifyProof(digest, holder, proof, keysHash === null ? FOUNDING_KEYS : { rekeyed: true, keysHash });
}

function hasRing(proof: Hex): boolean {
  return proof.length > WALLET_SIGNATURE_DIGITS;
}

async function loadKnown(db: Database, accounts: readonly Hex[]): Promise<Known[]> {
  return db.query<{ ring: Buffer | null; block: bigint | null }>(
    `SELECT ${ringOf('i.account')} AS ring, (SELECT block_number FROM chain.cursor) AS block
       FROM unnest($1::bytea[]) WITH ORDINALITY AS i(account, place) ORDER BY i.place`,
    [accounts.map(toBytes)],
  );
}

/** SQL of an account's newest key ring. */
export function ringOf(account: string): string {
  return `(SELECT k.ring FROM chain.account_keys k WHERE k.account = ${account} ORDER BY k.change DESC LIMIT 1)`;
}

/** All of one batch at their blocks, which are one or two. */
async function readSpending(
  node: ChainNode | undefined,
  vouchers: Hex,
  spenders: readonly Spender[],
): Promise<DeviceSpending[]> {
  if (node === undefined) throw new ProblemException('unavailable');
  const found = new Map<Spender, DeviceSpending>();
  const blocks = new Set(spenders.map(({ block }) => block));
  for (const block of blocks) {
    const asked = spenders.filter((spender) => spender.block === block);
    const calls = asked.map(({ account }) => vouchersInterface.encodeFunctionData('account', [account]));
    const answers = await node.callAll(vouchers, calls, block).catch(() => {
      throw new ProblemException('unavailable');
    });
    asked.forEach((spender, index) => found.set(spender, spendingOf(answers[index] ?? '0x', block)));
  }
  return spenders.map((spender) => {
    const spending = found.get(spender);
    if (spending === undefined) throw new ProblemException('unavailable');
    return spending;
  });
}

function spendingOf(answer: string, block: bigint): DeviceSpending {
  const [account] = vouchersInterface.decodeFunctionResult('account', answer).toArray() as [
    { day: bigint; spentByDevices: bigint },
  ];
  return { block, day: Number(account.day), spent: account.spentByDevices };
}

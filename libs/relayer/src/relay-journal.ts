import { codeOf } from '#platform';
import type { Hex } from '#contracts';
import type { SignedTransaction, Signer } from '#node';
import { FILLER_GAS } from './batch-builder.js';
import type { RelayNode } from './relay-node.js';
import type { JournalledTransaction, RelayRepository } from './relay.repository.js';
import { Sender, type SenderSettings } from './sender.js';

export interface JournalSettings extends SenderSettings {
  readonly chainId: number;
  readonly keepBlocks: number;
}

/** A key with a journal whose private key no process has any more. */
export interface OrphanedKey {
  readonly address: Hex;
}

const PAGE = 64;

/**
 * Keeps a key's journal and the chain in step. The journal is the truth about what may have been sent; the chain is
 * the truth about which nonces are used up. Whatever went wrong between them ends in one of these:
 * - open and its nonce is free: send the same bytes again, in order (ReorgHandler sends what was in a block);
 * - its nonce was used up by a transaction that is not in the journal: discard it, its items wait again;
 * - the node rejects it (other chain id, for example): the same;
 * - a nonce that no journalled transaction holds, below one that waits: fill it; without the key, discard what waits.
 * Sending twice is harmless: the bytes are the same, and the contract settles an authorisation once.
 */
export class RelayJournal {
  /** Transactions of the key in blocks, as last asked: no smaller nonce can be used any more. */
  floor = 0;
  private readonly sender: Sender;
  /** By hash: a nonce below the floor without a block; the head that the indexer must have passed to be sure. */
  private readonly suspects = new Map<Hex, bigint>();

  constructor(
    private readonly signer: Signer | OrphanedKey,
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly settings: JournalSettings,
  ) {
    this.sender = new Sender(node, repository, settings);
  }

  /**
   * Compares journal and chain, and mends.
   *
   * @param isReorgOpen ReorgHandler has transactions to send again, so nothing else is sent before them
   */
  async check(isReorgOpen: boolean): Promise<void> {
    const { address } = this.signer;
    const indexed = await this.repository.indexedBlock();
    this.floor = await this.node.transactionCount(address);
    for (const { id, kind, failures } of await this.repository.releaseFailed(address)) {
      this.settings.log('warn', 'relayer.item_failed', { kind, id, failures });
    }
    const unsettled = await this.repository.unsettled(address, this.floor, PAGE);
    this.forgetOthers(unsettled);
    for (const transaction of unsettled) {
      if (transaction.nonce < this.floor) await this.suspect(transaction, indexed);
      else this.suspects.delete(transaction.hash);
    }
    const fresh = unsettled.filter(({ nonce, wasInBlock }) => nonce >= this.floor && !wasInBlock);
    if (!isReorgOpen) await this.sender.sendAgain(fresh);
    if (unsettled.length > 0) await this.closeGaps(unsettled);
    if (indexed !== null)
      await this.repository.prune(address, this.floor, indexed - BigInt(this.settings.keepBlocks));
  }

  /** Sends what has been journalled. */
  async send({ hash, raw, nonce }: SignedTransaction & { readonly nonce: number }): Promise<void> {
    await this.sender.send({ relayer: this.signer.address, hash, raw, nonce, wasInBlock: false });
  }

  /** Its nonce is used up and no indexed block holds it: either the indexer is behind, or another program uses the key. */
  private async suspect({ hash, nonce }: JournalledTransaction, indexed: bigint | null): Promise<void> {
    const head = this.suspects.get(hash);
    if (head === undefined) {
      this.suspects.set(hash, await this.node.blockNumber());
      return;
    }
    if (indexed === null || indexed < head || (await this.node.isMined(hash))) return;
    this.settings.log('warn', 'relayer.nonce_taken', { relayer: this.signer.address, nonce, hash });
    await this.discard(hash, false);
  }

  private async discard(hash: Hex, failed: boolean): Promise<void> {
    await this.sender.discard(hash, failed);
    this.suspects.delete(hash);
  }

  /** A transaction above a nonce that no transaction uses would wait for ever. */
  private async closeGaps(unsettled: readonly JournalledTransaction[]): Promise<void> {
    if ('signTransaction' in this.signer) return this.fillGaps(this.signer);
    const { address } = this.signer;
    const { nonce: gap } = await this.repository.transaction((tx) =>
      this.repository.place(tx, address, this.floor),
    );
    for (const { nonce, hash } of unsettled) if (nonce > gap) await this.discard(hash, false);
  }

  private async fillGaps(signer: Signer): Promise<void> {
    const { address } = signer;
    for (let filled = 0; filled < PAGE; filled++) {
      const last = await this.repository.lastNonce(address);
      const signed = await this.repository
        .transaction(async (tx) => {
          const { nonce } = await this.repository.place(tx, address, this.floor);
          if (nonce >= last) return undefined;
          const call = { to: address, data: '0x', gasLimit: FILLER_GAS };
          const filler = await signer.signTransaction({
            ...call,
            chainId: this.settings.chainId,
            nonce,
          });
          await this.repository.journal(tx, address, nonce, filler, FILLER_GAS, []);
          return { ...filler, nonce };
        })
        .catch((error: unknown) => {
          if (codeOf(error) === '23505') return undefined;
          throw error;
        });
      if (signed === undefined) return;
      await this.send(signed);
    }
  }

  private forgetOthers(unsettled: readonly JournalledTransaction[]): void {
    const open = new Set(unsettled.map(({ hash }) => hash));
    this.sender.retain(open);
    for (const hash of this.suspects.keys()) if (!open.has(hash)) this.suspects.delete(hash);
  }
}

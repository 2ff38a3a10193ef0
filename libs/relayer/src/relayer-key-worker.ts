import { setTimeout as sleep } from 'node:timers/promises';
import { decodeRevert, type DecodedRevert, type Hex } from '#contracts';
import { codeOf, messageOf, type SupervisorLog } from '#platform';
import { type AdvisoryLock, type Transaction, toHex } from '#persistence';
import type { Signer } from '#node';
import { RelayJournal } from './relay-journal.js';
import type { ReorgHandler } from './reorg-handler.js';
import type { OutboxKind } from './outbox.js';
import { batchMax, countThatFits, isBatched, isRelayable, buildCall } from './batch-builder.js';
import type { RelayNode } from './relay-node.js';
import type { RelayRepository, Share, WaitingItem } from './relay.repository.js';
import type { Wake } from './wake.js';

/** A row that left the outbox because the contract would refuse it, or because its payload is malformed (revert null). */
export interface RefusedItem {
  readonly kind: OutboxKind;
  readonly id: Hex;
  readonly revert: DecodedRevert | null;
  readonly message: string;
}

/** Called inside the transaction that takes the row out, so that both happen or neither. */
export type OnRefused = (tx: Transaction, refused: RefusedItem) => Promise<void>;

/** A transaction that is journalled with its rows, and about to be sent. */
export interface SubmittedTransaction {
  readonly relayer: Hex;
  readonly nonce: number;
  readonly hash: Hex;
  readonly kind: OutboxKind;
  readonly ids: readonly Hex[];
}

/** Must not throw. */
export type OnSubmitted = (submitted: SubmittedTransaction) => void;

export interface KeyWorkerSettings {
  readonly chainId: number;
  readonly vouchers: Hex;
  /** Most items of a batch, up to 400. */
  readonly itemsMax: number;
  /** Most transactions of the key that no indexed block contains yet. */
  readonly inFlightMax: number;
  /** Pause after a batch that was not full, in milliseconds, so that the next one is fuller. */
  readonly batchDelayMs: number;
  readonly idleMs: number;
  readonly checkMs: number;
  readonly resendMs: number;
  /** Blocks after which a mined transaction leaves the journal. */
  readonly keepBlocks: number;
  readonly onRefused: OnRefused;
  readonly onSubmitted?: OnSubmitted | undefined;
  readonly log: SupervisorLog;
}

/** Acts first: few, and people wait for them. */
const ORDER: readonly OutboxKind[] = ['act', 'call', 'redemption', 'payment', 'issue_chunk'];
/** After so many failures an item gets a transaction of its own, so that no other one fails with it. */
const ALONE_AFTER = 2;
const CALLS_PER_ROUND = 4;
/** At most a second: a database or node that restarts is back soon, and people wait until this has noticed. */
const BACK_OFF_MS = { first: 100, max: 1_000 };
const STANDBY_MS = 1_000;
const DAY_MS = 86_400_000;
const POSTPONE_S = 0.5;
const POSTPONE_DONE_S = 30;
/**
 * Another relayer submitted it; the indexer is about to decide the row. The event names the row for these kinds alone:
 * a list has one content for each index, but two quota chunks, which are calls, may claim the same one.
 */
const DONE_ALREADY: Partial<Record<OutboxKind, string>> = {
  act: 'ActAlreadyExecuted',
  issue_chunk: 'ChunkAlreadyIssued',
};

/** Works for one relayer key: takes rows, journals a transaction, sends it, and looks after open ones. */
export class RelayerKeyWorker {
  private stopped = false;
  private isRegistered = false;
  private nextCheckAt = 0;
  private backOffMs = 0;
  private pausedAt = Number.NEGATIVE_INFINITY;
  private readonly journal: RelayJournal;

  constructor(
    private readonly signer: Signer,
    private readonly node: RelayNode,
    private readonly repository: RelayRepository,
    private readonly lock: AdvisoryLock,
    private readonly reorgs: ReorgHandler,
    private readonly wake: Wake,
    private readonly share: Share,
    private readonly settings: KeyWorkerSettings,
  ) {
    this.journal = new RelayJournal(signer, node, repository, settings);
  }

  /** Whether this process is the one that works for the key. */
  get isOwned(): boolean {
    return this.lock.isHeld;
  }

  /** Works until stop() is called; every failure is logged and tried again after a growing pause. */
  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.turn();
        this.backOffMs = 0;
      } catch (error) {
        this.backOffMs = Math.min(BACK_OFF_MS.max, Math.max(BACK_OFF_MS.first, this.backOffMs * 2));
        this.nextCheckAt = 0;
        this.settings.log('warn', 'relayer.interrupted', {
          relayer: this.signer.address,
          reason: messageOf(error),
          retry_ms: this.backOffMs,
        });
        await this.wake.wait(this.stopped ? 0 : this.backOffMs);
      }
    }
    await this.lock.release();
  }

  stop(): void {
    this.stopped = true;
    this.wake.call();
  }

  private async turn(): Promise<void> {
    if (!(await this.lock.tryAcquire())) {
      this.nextCheckAt = 0;
      await this.wake.wait(STANDBY_MS);
      return;
    }
    if (!this.isRegistered) {
      await this.repository.register(this.signer.address);
      this.isRegistered = true;
    }
    // The node may have been replaced or restarted during an interruption.
    const isReorgOpen = await (this.nextCheckAt === 0 ? this.reorgs.resendNow() : this.reorgs.resend());
    if (performance.now() >= this.nextCheckAt) {
      await this.journal.check(isReorgOpen);
      this.nextCheckAt = performance.now() + this.settings.checkMs;
    }
    if (isReorgOpen) {
      this.pausedAt = performance.now();
      await sleep(this.settings.batchDelayMs);
      return;
    }
    const submitted = await this.round();
    if (submitted === 0) await this.wake.wait(this.settings.idleMs);
    else if (submitted < this.settings.itemsMax) await sleep(this.settings.batchDelayMs);
  }

  /** While a reorg stopped every key, no row was left waiting by its own key: other keys take over later. */
  private get shareNow(): Share {
    const wasPaused = performance.now() - this.pausedAt < this.share.takeoverAfterMs;
    return wasPaused ? { ...this.share, takeoverAfterMs: DAY_MS } : this.share;
  }

  /** One batch of every kind; returns how many items were submitted. */
  private async round(): Promise<number> {
    let submitted = 0;
    for (const kind of ORDER) {
      if (this.stopped) break;
      submitted += isBatched(kind) ? await this.submitBatch(kind) : await this.submitCalls(kind);
    }
    return submitted;
  }

  private async submitBatch(kind: OutboxKind): Promise<number> {
    return this.submit(kind, async (tx) => {
      const rows = await this.repository.take(
        tx,
        kind,
        batchMax(kind, this.settings.itemsMax),
        this.shareNow,
      );
      const fit: WaitingItem[] = [];
      for (const row of rows) {
        if (isRelayable(kind, row.payload)) fit.push(row);
        else await this.leave(tx, kind, row, null, 'the payload has no form that the contract reads');
      }
      const [first] = fit;
      if (first !== undefined && first.failures >= ALONE_AFTER) return [first];
      const together = fit.filter(({ failures }) => failures < ALONE_AFTER);
      return together.slice(0, countThatFits(together.map(({ payload }) => payload)));
    });
  }

  /** Acts, chunks and calls cost a whole transaction and their outcome can be known: ask before sending. */
  private async submitCalls(kind: OutboxKind): Promise<number> {
    let submitted = 0;
    for (const row of await this.repository.peek(kind, CALLS_PER_ROUND, this.shareNow)) {
      if (!(await this.wouldSucceed(kind, row))) continue;
      const taken = await this.submit(kind, (tx) => this.repository.takeOne(tx, row.id));
      // Another key has it: later rows may depend on it.
      if (taken === 0) break;
      submitted += taken;
    }
    return submitted;
  }

  /** Journals one transaction with the rows that `choose` locks, then sends it. */
  private async submit(
    kind: OutboxKind,
    choose: (tx: Transaction) => Promise<readonly WaitingItem[]>,
  ): Promise<number> {
    const { address } = this.signer;
    const { chainId, vouchers, inFlightMax } = this.settings;
    const stored = await this.repository
      .transaction(async (tx) => {
        const { open, nonce } = await this.repository.place(tx, address, this.journal.floor);
        if (open >= inFlightMax) return undefined;
        const rows = await choose(tx);
        if (rows.length === 0) return undefined;
        const call = buildCall(
          kind,
          rows.map(({ payload }) => payload),
          vouchers,
        );
        const signed = await this.signer.signTransaction({ ...call, chainId, nonce });
        await this.repository.journal(
          tx,
          address,
          nonce,
          signed,
          call.gasLimit,
          rows.map(({ id }) => id),
        );
        return { ...signed, nonce, rows };
      })
      .catch((error: unknown) => {
        // Another owner of the key took this nonce at the same moment; look again.
        if (codeOf(error) === '23505') return undefined;
        throw error;
      });
    if (stored === undefined) return 0;
    const { rows, ...transaction } = stored;
    this.settings.onSubmitted?.({
      relayer: address,
      nonce: transaction.nonce,
      hash: transaction.hash,
      kind,
      ids: rows.map(({ id }) => toHex(id)),
    });
    await this.journal.send(transaction);
    return rows.length;
  }

  private async wouldSucceed(kind: OutboxKind, row: WaitingItem): Promise<boolean> {
    if (!isRelayable(kind, row.payload)) {
      await this.refuse(kind, row, null, 'the payload has no form that a contract reads');
      return false;
    }
    const inFlightBefore = await this.repository.hasCallInFlight();
    const call = buildCall(kind, [row.payload], this.settings.vouchers);
    const outcome = await this.node.simulate({ from: this.signer.address, ...call });
    if (outcome.kind === 'ok') return true;
    const revert = decodeRevert(outcome.data);
    const done = revert !== null && DONE_ALREADY[kind] === revert.name;
    // It may depend on an earlier act that is not in a block yet, or not any more: the refusal counts when no call is in
    // flight.
    if (done) await this.repository.postpone(row.id, POSTPONE_DONE_S);
    else if (inFlightBefore || (await this.repository.hasCallInFlight()) || (await this.reorgs.resendNow()))
      await this.repository.postpone(row.id, POSTPONE_S);
    else await this.refuse(kind, row, revert, outcome.message);
    return false;
  }

  private async refuse(
    kind: OutboxKind,
    row: WaitingItem,
    revert: DecodedRevert | null,
    message: string,
  ): Promise<void> {
    await this.repository.transaction((tx) => this.leave(tx, kind, row, revert, message));
  }

  private async leave(
    tx: Transaction,
    kind: OutboxKind,
    row: WaitingItem,
    revert: DecodedRevert | null,
    message: string,
  ): Promise<void> {
    if (!(await this.repository.leave(tx, row.id))) return;
    const id = toHex(row.id);
    this.settings.log('warn', 'relayer.item_refused', { kind, id, reason: revert?.name ?? message });
    await this.settings.onRefused(tx, { kind, id, revert, message });
  }
}

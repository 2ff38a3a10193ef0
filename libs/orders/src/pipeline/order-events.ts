import type { ServerResponse } from 'node:http';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { ProblemException, stringifyJson } from '#platform';
import { type Database, Listener } from '#persistence';
import type { OrderKind } from './kind.js';
import type { OrderRecord } from './order.js';
import { findOrders } from './order-record.repository.js';

/** NOTIFY channel of the indexer, sent within the transaction of each block. */
const BLOCK_CHANNEL = 'jangteo_block';

export interface OrderEventsOptions {
  /** LISTEN needs a connection of its own. */
  readonly databaseUrl: string;
  readonly db: Database;
  /** Open streams at most; default 2,000 (about 20 kB each). */
  readonly streamsMax?: number;
  readonly heartbeatMs?: number;
}

const STREAMS_MAX = 2_000;
/** Below the 30 s after which mobile networks and proxies drop silent connections. */
const HEARTBEAT_MS = 15_000;
/** A payment is decided within seconds; whoever still listens may connect again. */
const STREAM_MS_MAX = 10 * 60_000;
/** A notification may be lost while the listening connection comes back. */
const LOOK_AGAIN_MS = 5_000;

/** What an order of some kind looks like outside. */
export type ViewOf = (record: OrderRecord) => object;

interface Stream {
  readonly kind: OrderKind;
  readonly view: ViewOf;
  readonly response: ServerResponse;
  readonly endsAt: number;
  sent: string;
}

/**
 * Server-sent events: the state of an order at once, then each change, until it is decided. All streams of the
 * process are fed by one connection, and one statement per block.
 */
export class OrderEvents implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly streams = new Map<string, Set<Stream>>();
  private count = 0;
  private readonly listener: Listener;
  private readonly timers: NodeJS.Timeout[] = [];
  private looking: Promise<void> | undefined;
  private again = false;

  constructor(private readonly options: OrderEventsOptions) {
    this.listener = new Listener({
      url: options.databaseUrl,
      channels: [BLOCK_CHANNEL],
      onNotification: () => this.look(),
      onConnected: () => this.look(),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    this.timers.push(setInterval(() => this.beat(), this.options.heartbeatMs ?? HEARTBEAT_MS));
    this.timers.push(setInterval(() => this.look(), LOOK_AGAIN_MS));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer));
    await this.listener.stop();
    for (const [, streams] of this.streams) for (const { response } of streams) response.end();
    await this.looking;
  }

  /**
   * Turns a response into the stream of one order.
   * @param headers what the framework would have sent
   * @throws ProblemException rate_limited when too many are open
   */
  open(
    kind: OrderKind,
    record: OrderRecord,
    view: ViewOf,
    response: ServerResponse,
    headers: Record<string, string>,
  ): void {
    if (this.count >= (this.options.streamsMax ?? STREAMS_MAX)) throw new ProblemException('rate_limited');
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx and its like would hold events back.
      'x-accel-buffering': 'no',
    });
    const stream: Stream = {
      kind,
      view,
      response,
      endsAt: performance.now() + STREAM_MS_MAX,
      sent: '',
    };
    const ofOrder = this.streams.get(record.id) ?? new Set<Stream>();
    this.streams.set(record.id, ofOrder.add(stream));
    this.count++;
    response.on('close', () => this.forget(record.id, stream));
    this.send(stream, record);
    // It may have changed between the caller's question and now.
    if (record.state === 'accepted') this.look();
  }

  private forget(id: string, stream: Stream): void {
    const ofOrder = this.streams.get(id);
    if (ofOrder?.delete(stream) !== true) return;
    this.count--;
    if (ofOrder.size === 0) this.streams.delete(id);
  }

  private send(stream: Stream, record: OrderRecord): void {
    const data = stringifyJson(stream.view(record));
    if (data === stream.sent) return;
    stream.sent = data;
    stream.response.write(`event: state\ndata: ${data}\n\n`);
    if (record.state !== 'accepted') stream.response.end();
  }

  private beat(): void {
    const now = performance.now();
    for (const [, streams] of this.streams) {
      for (const { response, endsAt } of streams) {
        if (now > endsAt) response.end();
        else response.write(': still waiting\n\n');
      }
    }
  }

  /** One look at a time; blocks that come meanwhile cause one more. */
  private look(): void {
    if (this.looking !== undefined) {
      this.again = true;
      return;
    }
    this.looking = this.lookOnce().finally(() => {
      this.looking = undefined;
      if (!this.again) return;
      this.again = false;
      this.look();
    });
  }

  private async lookOnce(): Promise<void> {
    const wanted = [...this.streams].flatMap(([id, streams]) =>
      [...streams].slice(0, 1).map(({ kind }) => ({ id, kind })),
    );
    if (wanted.length === 0) return;
    try {
      for (const record of await findOrders(this.options.db, wanted)) {
        for (const stream of this.streams.get(record.id) ?? []) this.send(stream, record);
      }
    } catch {
      // The database is away for a moment; the next block or the timer looks again.
    }
  }
}

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request, ready to be written, and where its story goes. */
export interface Shot {
  readonly bytes: Buffer;
  /** When it had to leave, on the clock of performance.now(). */
  dueAt: number;
  /** When its answer was complete; 0 = not yet. */
  answeredAt: number;
  /** Whether it left: what has not, when the time is up, never will. */
  sent: boolean;
  /** HTTP status; 0 = no answer. */
  status: number;
  /** Body of an answer that is not a success. */
  body: string;
}

const TICK_MS = 4;
/** How long a request that has left may still be answered when nothing more leaves. */
const LAST_ANSWER_MS = 30_000;
const HEADER_END = Buffer.from('\r\n\r\n');

/** A POST as bytes; JSON is ASCII here. */
export function shotOf(path: string, host: string, body: string): Shot {
  const head =
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
    `accept: application/json\r\naccept-language: en\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return { bytes: Buffer.from(head + body), dueAt: 0, answeredAt: 0, sent: false, status: 0, body: '' };
}

/**
 * Open-loop load: requests leave at their time whether or not earlier ones were answered, and latency counts from
 * that time, so that a server that stalls cannot hide it. Bare sockets, because an HTTP client would cost more than
 * what is measured; one request at a time on each connection.
 */
export class OpenLoad {
  private readonly connections: Connection[] = [];
  private readonly idle: Connection[] = [];
  private readonly queue: Shot[] = [];
  private next = 0;
  private open = 0;

  private constructor(private readonly onAnswer: (shot: Shot) => void) {}

  static async connect(
    url: string,
    connections: number,
    onAnswer: (shot: Shot) => void = () => undefined,
  ): Promise<OpenLoad> {
    const { hostname, port } = new URL(url);
    const load = new OpenLoad(onAnswer);
    for (let count = 0; count < connections; count++) {
      const connection = new Connection(hostname, Number(port), (shot, from) => load.answered(shot, from));
      await connection.ready;
      load.connections.push(connection);
      load.idle.push(connection);
    }
    return load;
  }

  /** Requests that have left or should have and have no answer. */
  get waiting(): number {
    return this.open;
  }

  /** Fires all shots at this rate (per second) and returns when the last one has left. */
  async fire(shots: readonly Shot[], rate: number): Promise<void> {
    const startedAt = performance.now() + TICK_MS;
    let fired = 0;
    while (fired < shots.length) {
      const due = Math.floor(((performance.now() - startedAt) * rate) / 1000);
      for (; fired <= due && fired < shots.length; fired++) {
        const shot = shots[fired];
        if (shot === undefined) break;
        shot.dueAt = startedAt + (fired * 1000) / rate;
        this.queue.push(shot);
        this.open += 1;
      }
      this.dispatch();
      await sleep(TICK_MS);
    }
  }

  /** Waits this long until everything is answered, lets nothing more leave, and ends. */
  async end(ms: number): Promise<void> {
    await this.untilAnswered(ms);
    this.open -= this.queue.length - this.next;
    this.queue.length = 0;
    this.next = 0;
    await this.untilAnswered(LAST_ANSWER_MS);
    for (const connection of this.connections) connection.close();
  }

  private async untilAnswered(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (this.open > 0 && performance.now() < until) await sleep(TICK_MS);
  }

  private dispatch(): void {
    while (this.next < this.queue.length) {
      const connection = this.idle.pop();
      const shot = this.queue[this.next];
      if (connection === undefined || shot === undefined) {
        if (connection !== undefined) this.idle.push(connection);
        break;
      }
      this.next += 1;
      connection.send(shot);
    }
    if (this.next > 10_000) {
      this.queue.splice(0, this.next);
      this.next = 0;
    }
  }

  private answered(shot: Shot, connection: Connection): void {
    this.open -= 1;
    this.idle.push(connection);
    this.onAnswer(shot);
    if (this.next < this.queue.length) this.dispatch();
  }
}

/** One kept-alive connection. A broken one is opened again; its request counts as answered with status 0. */
class Connection {
  readonly ready: Promise<void>;
  private socket: Socket;
  private shot: Shot | undefined;
  private received: Buffer = Buffer.alloc(0);
  private closed = false;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly onAnswer: (shot: Shot, connection: Connection) => void,
  ) {
    this.socket = this.open();
    this.ready = new Promise((resolve) => this.socket.once('connect', () => resolve()));
  }

  send(shot: Shot): void {
    this.shot = shot;
    shot.sent = true;
    this.socket.write(shot.bytes);
  }

  close(): void {
    this.closed = true;
    this.socket.destroy();
  }

  private open(): Socket {
    const socket = connect({ host: this.host, port: this.port, noDelay: true });
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.closed) return;
      this.received = Buffer.alloc(0);
      this.socket = this.open();
      if (this.shot !== undefined) this.finish(0, '');
    });
    return socket;
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headerEnd = this.received.indexOf(HEADER_END);
    if (headerEnd === -1) return;
    const head = this.received.toString('latin1', 0, headerEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const end = headerEnd + HEADER_END.length + length;
    if (this.received.length < end) return;
    const status = Number(head.slice(9, 12));
    const body = status < 300 ? '' : this.received.toString('utf8', end - length, end);
    this.received = Buffer.alloc(0);
    this.finish(status, body);
  }

  private finish(status: number, body: string): void {
    const { shot } = this;
    if (shot === undefined) return;
    this.shot = undefined;
    shot.status = status;
    shot.body = body;
    shot.answeredAt = performance.now();
    this.onAnswer(shot, this);
  }
}

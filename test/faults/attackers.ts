import { request, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Answers to what can't be accepted: how often which status; `none` = the connection was cut. */
export class Tally {
  readonly counts: Record<string, number> = {};

  note(status: number | 'none'): void {
    this.counts[status] = (this.counts[status] ?? 0) + 1;
  }

  /** Statuses that a client must not get for nonsense: success, or a failure of the server that is not "busy". */
  get wrong(): string[] {
    return Object.entries(this.counts)
      .filter(([status]) => /^[2356]/.test(status) && status !== '503')
      .map(([status, count]) => `${count} times ${status}`);
  }
}

const TIMEOUT_MS = 20_000;
const MB = 1_024 * 1_024;
const SLOW_BYTES =
  'POST /v1/payments HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{';

/** One POST of a body as it is. */
export function post(
  baseUrl: string,
  body: string | Buffer,
  tally: Tally,
  path = '/v1/payments',
): Promise<void> {
  const { hostname, port } = new URL(baseUrl);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const options: RequestOptions = { hostname, port, path, method: 'POST', headers, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    let noted = false;
    const end = (status: number | 'none') => {
      if (!noted) tally.note(status);
      noted = true;
      resolve();
    };
    const sent = request(options, (response) => {
      // The server may hang up on the rest of a body that is too large: the answer counts.
      response.resume();
      end(response.statusCode ?? 'none');
    });
    sent.on('error', () => end('none'));
    sent.on('timeout', () => sent.destroy());
    sent.end(body);
  });
}

/** Work for several hands at once. */
export async function inParallel(
  count: number,
  hands: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: hands }, hand));
}

export function hugeBody(megabytes: number): Buffer {
  return Buffer.concat([
    Buffer.from('{"authorisation":"'),
    Buffer.alloc(megabytes * MB, 'a'),
    Buffer.from('"}'),
  ]);
}

/** JSON that is nested as deep as the largest body allows. */
export function deepBody(depth: number): string {
  return '{"authorisation":' + '['.repeat(depth) + ']'.repeat(depth) + '}';
}

/** Clients that send a byte now and then and never come to an end. */
export class SlowClients {
  private readonly sockets: Socket[] = [];
  private over = false;
  private readonly dripping: Promise<void>;

  constructor(baseUrl: string, count: number) {
    const { hostname, port } = new URL(baseUrl);
    for (let index = 0; index < count; index++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.resume();
      this.sockets.push(socket);
    }
    this.dripping = this.drip();
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.dripping;
    for (const socket of this.sockets) socket.destroy();
  }

  private async drip(): Promise<void> {
    for (let at = 0; !this.over; at++) {
      const byte = SLOW_BYTES[at] ?? ' ';
      for (const socket of this.sockets) if (socket.writable) socket.write(byte);
      await sleep(50);
    }
  }
}

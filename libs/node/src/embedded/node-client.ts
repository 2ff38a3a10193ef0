import { Agent, request, type IncomingMessage } from 'node:http';

const CALL_MS_MAX = 60_000;
/** A dump takes seconds; a node that needs longer than this has hung. */
const STATE_MS_MAX = 600_000;
const DUMP_BODY = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"anvil_dumpState","params":[]}');

/** The node answered with a JSON-RPC error. */
export class NodeError extends Error {
  constructor(
    readonly method: string,
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
  }
}

/** The node did not answer: it died, is dying or hangs. */
export class NodeGone extends Error {}

/** A block as far as the supervisor looks at it. */
export interface BlockHead {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly transactions: readonly string[];
}

/** JSON-RPC to our own node over kept-alive connections. */
export class NodeClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(readonly port: number) {}

  close(): void {
    this.agent.destroy();
  }

  async isUp(): Promise<boolean> {
    try {
      await this.call('eth_chainId', []);
      return true;
    } catch {
      return false;
    }
  }

  /** @throws NodeError when the node refuses, NodeGone when it does not answer */
  async call(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer: unknown = JSON.parse((await this.post(Buffer.from(body))).toString());
    if (typeof answer !== 'object' || answer === null) throw new NodeGone(`${method}: unreadable answer`);
    if ('error' in answer) throw toNodeError(method, answer.error);
    return 'result' in answer ? answer.result : undefined;
  }

  /** Sends a prepared JSON-RPC body. @returns the answer's bytes as they came */
  async post(body: Buffer): Promise<Buffer> {
    const response = await this.send([body], body.length, CALL_MS_MAX);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      return Buffer.concat(chunks);
    } catch (error) {
      throw new NodeGone(`answer broken off: ${String(error)}`);
    }
  }

  /** The node's state with what blocks and transactions it knows, as pieces of compressed JSON in hex. */
  async *dump(): AsyncGenerator<Buffer> {
    const response = await this.send([DUMP_BODY], DUMP_BODY.length, STATE_MS_MAX);
    const opening = Buffer.from('"result":"');
    let before: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      let part = chunk;
      if (before !== undefined) {
        before = Buffer.concat([before, chunk]);
        const at = before.indexOf(opening);
        if (at === -1) continue;
        part = before.subarray(at + opening.length);
        before = undefined;
      }
      const end = part.indexOf('"');
      yield end === -1 ? part : part.subarray(0, end);
      if (end !== -1) return;
    }
    throw new NodeGone('the dump of the state was broken off');
  }

  /** The newest block, or the one with this number. */
  async block(number: number | 'latest'): Promise<BlockHead> {
    const tag = number === 'latest' ? number : `0x${number.toString(16)}`;
    return parseHead(await this.call('eth_getBlockByNumber', [tag, false]));
  }

  /** Mines one block with exactly this time (Unix seconds; may equal the parent's). */
  async mine(timestamp: number): Promise<BlockHead> {
    await this.call('evm_mine', [{ timestamp, blocks: 1 }]);
    return this.block('latest');
  }

  private send(
    body: Iterable<Buffer> | AsyncIterable<Buffer>,
    length: number,
    timeoutMs: number,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': length };
      const options = { host: '127.0.0.1', port: this.port, method: 'POST', agent: this.agent, headers };
      const outgoing = request(options, resolve);
      outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      outgoing.once('error', (error) => reject(new NodeGone(error.message)));
      void writeAll(outgoing, body).catch((error: unknown) => outgoing.destroy(new Error(String(error))));
    });
  }
}

async function writeAll(
  outgoing: NodeJS.WritableStream,
  body: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  for await (const chunk of body) {
    if (!outgoing.write(chunk)) await new Promise<void>((resolve) => outgoing.once('drain', resolve));
  }
  outgoing.end();
}

function toNodeError(method: string, error: unknown): NodeError {
  if (typeof error !== 'object' || error === null) return new NodeError(method, -32000, String(error));
  const code = 'code' in error && typeof error.code === 'number' ? error.code : -32000;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : 'unknown error';
  return new NodeError(method, code, message, 'data' in error ? error.data : undefined);
}

function parseHead(value: unknown): BlockHead {
  if (typeof value !== 'object' || value === null) throw new NodeGone('the node has no such block');
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const transactions = field('transactions');
  const head = {
    number: Number(field('number')),
    hash: String(field('hash')),
    parentHash: String(field('parentHash')),
    timestamp: Number(field('timestamp')),
    transactions: Array.isArray(transactions) ? transactions.map(String) : [],
  };
  if (!Number.isSafeInteger(head.number) || !head.hash.startsWith('0x'))
    throw new NodeGone('unreadable block');
  return head;
}

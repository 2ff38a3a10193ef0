import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Dice } from '../support/dice.js';

/** What a node can do to whoever asks it. */
export const NODE_FAULTS = [
  'error',
  'hang',
  'late',
  'unavailable',
  'garbage',
  'cut',
  'duplicated_logs',
  'reordered_logs',
  'reordered_batch',
  'missing_block',
] as const;
export type NodeFault = (typeof NODE_FAULTS)[number];

const LATE_MS_MAX = 60;

/** A node's JSON-RPC port with bad manners: each answer has one fault with the given chance. */
export class FaultyNode {
  /** How often each fault was done to somebody. */
  readonly done = new Map<NodeFault, number>();
  /** 0 = an honest node. */
  chance = 0;
  private readonly server: Server;
  private port = 0;

  private constructor(
    private readonly target: string,
    private readonly dice: Dice,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(target: string, dice: Dice): Promise<FaultyNode> {
    const node = new FaultyNode(target, dice);
    await new Promise<void>((resolve) => node.server.listen(0, '127.0.0.1', resolve));
    const address = node.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    node.port = address.port;
    return node;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const fault = this.dice.next() < this.chance ? this.dice.pick(NODE_FAULTS) : undefined;
    if (fault === 'hang') return this.count(fault);
    const send = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    if (fault === 'unavailable') {
      this.count(fault);
      return void send(503, 'upstream connect error');
    }
    const answer = await fetch(this.target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await answer.text();
    const spoilt = fault === undefined ? undefined : this.spoil(fault, body, text);
    if (fault !== undefined && spoilt !== undefined) this.count(fault);
    if (fault === 'late') await new Promise((next) => setTimeout(next, this.dice.whole(1, LATE_MS_MAX)));
    send(200, spoilt ?? text);
  }

  /** The answer with the fault in it; undefined when it has nothing that could be spoilt so. */
  private spoil(fault: NodeFault, asked: string, text: string): string | undefined {
    if (fault === 'late') return text;
    if (fault === 'garbage') return `<html>${text.slice(0, 20)}`;
    if (fault === 'cut') return text.slice(0, this.dice.whole(0, text.length));
    const answer: unknown = JSON.parse(text);
    if (fault === 'reordered_batch')
      return Array.isArray(answer) ? JSON.stringify(answer.toReversed()) : undefined;
    const question: unknown = JSON.parse(asked);
    const one = Array.isArray(answer) ? undefined : changed(question, answer, fault, this.dice);
    if (one !== undefined) return JSON.stringify(one);
    if (fault !== 'error' && fault !== 'missing_block') return undefined;
    if (!Array.isArray(answer) || answer.length === 0) return undefined;
    const at = this.dice.whole(0, answer.length);
    return JSON.stringify(
      answer.map((entry: unknown, index) => (index === at ? failed(entry, fault) : entry)),
    );
  }

  private count(fault: NodeFault): void {
    this.done.set(fault, (this.done.get(fault) ?? 0) + 1);
  }
}

function changed(question: unknown, answer: unknown, fault: NodeFault, dice: Dice): unknown {
  const method = field(question, 'method');
  const result = field(answer, 'result');
  if (fault === 'error') return failed(answer, fault);
  if (fault === 'missing_block') return method === 'eth_getBlockByNumber' ? failed(answer, fault) : undefined;
  if (method !== 'eth_getLogs' || !Array.isArray(result) || result.length < 2) return undefined;
  const logs: unknown[] = result;
  if (fault === 'reordered_logs') {
    const at = dice.whole(1, logs.length);
    return { ...objectOf(answer), result: [...logs.slice(at), ...logs.slice(0, at)] };
  }
  const twice = dice.pick(logs);
  return { ...objectOf(answer), result: logs.flatMap((log) => (log === twice ? [log, log] : [log])) };
}

function failed(answer: unknown, fault: NodeFault): unknown {
  const id = field(answer, 'id');
  if (fault === 'missing_block') return { jsonrpc: '2.0', id, result: null };
  return { jsonrpc: '2.0', id, error: { code: -32_000, message: 'header not found' } };
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function field(value: unknown, name: string): unknown {
  return Object.entries(objectOf(value)).find(([key]) => key === name)?.[1];
}

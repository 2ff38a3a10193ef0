import { ChainError, type ChainErrorAction } from './chain-error.js';

/** One standard call. */
export interface RpcCall {
  readonly method: `eth_${string}`;
  readonly params: readonly unknown[];
}

/** A failure that the node answered; `data` as it came, undefined when absent. */
export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

export type RpcAnswer = { readonly result: unknown } | { readonly failure: RpcFailure };

/** Nodes bound how many calls one request may hold; 100 suits all. */
const CALLS_PER_REQUEST = 100;
const METHOD_UNKNOWN = -32601;
const PARAMETERS_INVALID = -32602;
const EXECUTION_REVERTED = 3;

/**
 * JSON-RPC by HTTP, for whoever asks a node. ethers joins the pieces of an answer by copying them again and again: the logs of a block with
 * 4,000 payments (3.5 MB) took it 460 to 850 ms, this 50 ms.
 */
export class JsonRpc {
  private nextId = 1;

  constructor(
    private readonly url: string,
    /** Longest wait for one answer. */
    private readonly timeoutMs: number,
  ) {}

  /**
   * The result, or the failure that the node answered.
   *
   * @throws ChainError `retry` when there is no proper answer
   */
  async ask(call: RpcCall): Promise<RpcAnswer> {
    const [answer] = await this.request([call]);
    if (answer === undefined) throw new ChainError('retry', `${call.method}: no answer`);
    return answer;
  }

  /** The result; failures as ChainError. */
  async send(call: RpcCall): Promise<unknown> {
    const [result] = await this.sendAll([call]);
    return result;
  }

  /** The results in the order of the calls; the first failure as ChainError. */
  async sendAll(calls: readonly RpcCall[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (let start = 0; start < calls.length; start += CALLS_PER_REQUEST) {
      const part = calls.slice(start, start + CALLS_PER_REQUEST);
      for (const [index, answer] of (await this.request(part)).entries()) {
        if ('failure' in answer) throw refusalOf(part[index]?.method ?? 'eth_', answer.failure);
        results.push(answer.result);
      }
    }
    return results;
  }

  private async request(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const first = this.nextId;
    this.nextId += calls.length;
    const bodies = calls.map(({ method, params }, index) => ({
      jsonrpc: '2.0',
      id: first + index,
      method,
      params,
    }));
    const names = [...new Set(calls.map(({ method }) => method))].join(', ');
    const answer = await this.post(names, bodies.length === 1 ? bodies[0] : bodies);
    const answers: unknown[] = Array.isArray(answer) ? answer : [answer];
    // The answers of a batch may come in any order.
    const byId = new Map(answers.map((one) => [field(one, 'id'), one]));
    return calls.map(({ method }, index) => {
      // An error about the whole batch has no id.
      const one = byId.get(first + index) ?? byId.get(null);
      return readAnswer(method, one);
    });
  }

  private async post(names: string, body: unknown): Promise<unknown> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const text = await response.text();
      if (!response.ok && !text.startsWith('{') && !text.startsWith('[')) {
        const action: ChainErrorAction = response.status === 413 ? 'fix' : 'retry';
        throw new ChainError(action, `${names}: the node answered ${response.status}`);
      }
      return JSON.parse(text);
    } catch (error) {
      if (error instanceof ChainError) throw error;
      // Unreachable, reset, too slow, cut off in the middle: all may be better the next time.
      const reason = error instanceof Error ? error.message : String(error);
      throw new ChainError('retry', `${names}: ${reason}`, { cause: error });
    }
  }
}

/** A member of what a node answered; undefined when it has none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function readAnswer(method: string, answer: unknown): RpcAnswer {
  const error = field(answer, 'error');
  if (error !== undefined && error !== null) {
    const code = Number(field(error, 'code') ?? 0);
    const message = String(field(error, 'message') ?? 'refused');
    return { failure: { code, message, data: field(error, 'data') } };
  }
  const result = field(answer, 'result');
  if (result === undefined) throw new ChainError('retry', `${method}: no JSON-RPC answer`);
  return { result };
}

/** What a node's refusal asks of the caller. */
function refusalOf(method: string, failure: RpcFailure): ChainError {
  const { code, message } = failure;
  const options = { cause: failure };
  const text = `${method}: ${message}`.slice(0, 500);
  if (code === METHOD_UNKNOWN) return new ChainError('stop', text, options);
  const isOfTheRequest = code === PARAMETERS_INVALID || code === EXECUTION_REVERTED;
  if (isOfTheRequest || /revert|too (many|large|big)|limit|range|state/i.test(message)) {
    return new ChainError('fix', text, options);
  }
  return new ChainError('retry', text, options);
}

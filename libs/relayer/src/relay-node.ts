import { messageOf } from '#platform';
import type { Hex } from '#contracts';
import { field } from '#node';

/** The node cannot be asked at the moment; the same question later is the right thing to do. */
export class NodeAwayError extends Error {
  override readonly name = 'NodeAwayError';
}

/**
 * What became of sending a transaction. `stale`: its nonce is used up, or held by another one in the pool; `refused`:
 * the node will not have it.
 */
export type SendOutcome =
  { readonly kind: 'sent' | 'known' | 'stale' } | { readonly kind: 'refused'; readonly message: string };

/** What a call would do now. `data` is the revert data, '0x' when there are none. */
export type SimulationOutcome =
  { readonly kind: 'ok' } | { readonly kind: 'reverted'; readonly data: Hex; readonly message: string };

export interface SimulatedCall {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Hex;
  readonly gasLimit: number;
}

/** What the relayer asks of a node. Every method throws NodeAwayError when the node cannot be reached. */
export interface RelayNode {
  sendRaw(raw: Hex): Promise<SendOutcome>;
  /** Transactions of an address in blocks (its next nonce). */
  transactionCount(address: Hex): Promise<number>;
  blockNumber(): Promise<bigint>;
  /** Gas that the newest block may use. */
  blockGasLimit(): Promise<number>;
  /** Whether a transaction is in a block. */
  isMined(hash: Hex): Promise<boolean>;
  simulate(call: SimulatedCall): Promise<SimulationOutcome>;
}

interface RpcFailure {
  readonly message: string;
  readonly data: unknown;
}
type RpcAnswer = { readonly result: unknown } | { readonly failure: RpcFailure };

/** Words of geth, Besu, Nethermind, Erigon, anvil for the same three facts. */
const KNOWN = /already known|known transaction|already imported|already in (the )?pool|alreadyexists/i;
const STALE = /nonce (is )?too low|nonce too old|oldnonce|invalid nonce.*lower|replacement/i;
/** The pool is full or the node is starting: not a judgement on this transaction. */
const BUSY = /pool is full|txpool|limit exceeded|syncing|restarting|too many requests|try again/i;

const DEFAULT_TIMEOUT_MS = 10_000;

/** RelayNode over JSON-RPC with standard `eth_*` calls alone. */
export class HttpRelayNode implements RelayNode {
  private nextId = 1;

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number = DEFAULT_TIMEOUT_MS,
  ) {}

  async sendRaw(raw: Hex): Promise<SendOutcome> {
    const answer = await this.ask('eth_sendRawTransaction', [raw]);
    if (!('failure' in answer)) return { kind: 'sent' };
    const { message } = answer.failure;
    if (KNOWN.test(message)) return { kind: 'known' };
    if (STALE.test(message)) return { kind: 'stale' };
    if (BUSY.test(message)) throw new NodeAwayError(message);
    return { kind: 'refused', message };
  }

  async transactionCount(address: Hex): Promise<number> {
    return Number(await this.quantity('eth_getTransactionCount', [address, 'latest']));
  }

  async blockNumber(): Promise<bigint> {
    return this.quantity('eth_blockNumber', []);
  }

  async blockGasLimit(): Promise<number> {
    const answer = await this.ask('eth_getBlockByNumber', ['latest', false]);
    const limit = 'failure' in answer ? undefined : field(answer.result, 'gasLimit');
    return Number(quantityOf('eth_getBlockByNumber', limit));
  }

  async isMined(hash: Hex): Promise<boolean> {
    const answer = await this.ask('eth_getTransactionReceipt', [hash]);
    if ('failure' in answer) throw new NodeAwayError(answer.failure.message);
    return answer.result !== null;
  }

  async simulate({ from, to, data, gasLimit }: SimulatedCall): Promise<SimulationOutcome> {
    const call = { from, to, data, gas: `0x${gasLimit.toString(16)}`, gasPrice: '0x0' };
    const answer = await this.ask('eth_call', [call, 'latest']);
    if (!('failure' in answer)) return { kind: 'ok' };
    const revert = revertData(answer.failure.data);
    const { message } = answer.failure;
    // An answer that does not speak of the call itself must not end an officer's act.
    if (revert === null && !/revert|out of gas|invalid opcode/i.test(message))
      throw new NodeAwayError(message);
    return { kind: 'reverted', data: revert ?? '0x', message };
  }

  private async quantity(method: string, params: readonly unknown[]): Promise<bigint> {
    const answer = await this.ask(method, params);
    if ('failure' in answer) throw new NodeAwayError(`${method}: ${answer.failure.message}`);
    return quantityOf(method, answer.result);
  }

  private async ask(method: string, params: readonly unknown[]): Promise<RpcAnswer> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: this.nextId++, method, params });
    let answer: unknown;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      answer = await response.json();
    } catch (error) {
      throw new NodeAwayError(`${method}: ${messageOf(error)}`);
    }
    return readAnswer(method, answer);
  }
}

function quantityOf(method: string, value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)) return BigInt(value);
  throw new NodeAwayError(`${method}: the answer is not a quantity`);
}

function readAnswer(method: string, answer: unknown): RpcAnswer {
  if (typeof answer !== 'object' || answer === null) throw new NodeAwayError(`${method}: no JSON-RPC answer`);
  if ('error' in answer && typeof answer.error === 'object' && answer.error !== null) {
    const { error } = answer;
    const message = 'message' in error ? String(error.message) : 'no message';
    return { failure: { message, data: 'data' in error ? error.data : undefined } };
  }
  if (!('result' in answer)) throw new NodeAwayError(`${method}: no JSON-RPC answer`);
  return { result: answer.result };
}

/** Nodes put the revert data into `data`, or one level deeper, or behind a word. */
function revertData(data: unknown): Hex | null {
  if (typeof data === 'string') return /0x[0-9a-f]*/i.exec(data)?.[0] ?? null;
  if (typeof data === 'object' && data !== null && 'data' in data) return revertData(data.data);
  return null;
}

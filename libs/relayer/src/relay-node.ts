import type { Hex } from '#contracts';
import { ChainError, field, JsonRpc, type RpcAnswer, type RpcCall } from '#node';

/**
 * What became of sending a transaction. `stale`: its nonce is used up, or held by another one in the pool; `refused`:
 * the node rejects it.
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

/**
 * What the relayer asks of a node. Every method throws ChainError `retry` when the node cannot be reached or its answer
 * is no judgement on the question.
 */
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

/** Words of geth, Besu, Nethermind, Erigon, anvil for the same three facts. */
const KNOWN = /already known|known transaction|already imported|already in (the )?pool|alreadyexists/i;
const STALE = /nonce (is )?too low|nonce too old|oldnonce|invalid nonce.*lower|replacement/i;
/** The pool is full or the node is starting: not a judgement on this transaction. */
const BUSY = /pool is full|txpool|limit exceeded|syncing|restarting|too many requests|try again/i;

const DEFAULT_TIMEOUT_MS = 10_000;

/** RelayNode over JSON-RPC with standard `eth_*` calls alone. */
export class HttpRelayNode implements RelayNode {
  private readonly rpc: JsonRpc;

  /** @param timeoutMs longest wait for one answer, default 10 s */
  constructor(url: string, timeoutMs: number = DEFAULT_TIMEOUT_MS) {
    this.rpc = new JsonRpc(url, timeoutMs);
  }

  async sendRaw(raw: Hex): Promise<SendOutcome> {
    const answer = await this.ask('eth_sendRawTransaction', [raw]);
    if (!('failure' in answer)) return { kind: 'sent' };
    const { message } = answer.failure;
    if (KNOWN.test(message)) return { kind: 'known' };
    if (STALE.test(message)) return { kind: 'stale' };
    if (BUSY.test(message)) throw new ChainError('retry', message);
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
    if ('failure' in answer) throw new ChainError('retry', answer.failure.message);
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
      throw new ChainError('retry', message);
    return { kind: 'reverted', data: revert ?? '0x', message };
  }

  private async quantity(method: RpcCall['method'], params: readonly unknown[]): Promise<bigint> {
    const answer = await this.ask(method, params);
    if ('failure' in answer) throw new ChainError('retry', `${method}: ${answer.failure.message}`);
    return quantityOf(method, answer.result);
  }

  private ask(method: RpcCall['method'], params: readonly unknown[]): Promise<RpcAnswer> {
    return this.rpc.ask({ method, params });
  }
}

function quantityOf(method: string, value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)) return BigInt(value);
  throw new ChainError('retry', `${method}: the answer is not a quantity`);
}

/** Nodes put the revert data into `data`, or one level deeper, or behind a word. */
function revertData(data: unknown): Hex | null {
  if (typeof data === 'string') return /0x[0-9a-f]*/i.exec(data)?.[0] ?? null;
  if (typeof data === 'object' && data !== null && 'data' in data) return revertData(data.data);
  return null;
}

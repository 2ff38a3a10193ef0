import { FetchRequest, JsonRpcProvider } from 'ethers';

/** What the caller can do about a failure of the node: try again, change the request, or stop. */
export type ChainErrorAction = 'retry' | 'fix' | 'stop';

/** A failure at the chain, grouped by what the caller must do. */
export class ChainError extends Error {
  constructor(
    readonly action: ChainErrorAction,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ChainError';
  }
}

export interface ChainNodeOptions {
  readonly url: string;
  readonly chainId: number;
  /** Longest wait for one answer, default 15 s. */
  readonly timeoutMs?: number;
}

export interface BlockHeader {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly txHashes: readonly string[];
}

/** A log as the node gives it; hex in lower case. */
export interface NodeLog {
  readonly blockNumber: bigint;
  readonly blockHash: string;
  readonly logIndex: number;
  readonly txHash: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** Which logs: those of one block, which cannot change between two questions, or of a range (inclusive). */
export type LogFilter = {
  readonly addresses: readonly string[];
  readonly topics: readonly string[];
} & ({ readonly blockHash: string } | { readonly from: bigint; readonly to: bigint });

const TIMEOUT_MS = 15_000;
/** A provider asks several things in one HTTP request; nodes bound the number. */
const BATCH_MAX = 100;

/** Standard node access by URL; `eth_*` calls alone, so that any node will do. */
export class ChainNode {
  private constructor(
    /** For signers and contracts of ethers; the same connection. */
    readonly provider: JsonRpcProvider,
    readonly chainId: number,
  ) {}

  /** Opens nothing yet: the first call does. Close it when done. */
  static connect({ url, chainId, timeoutMs = TIMEOUT_MS }: ChainNodeOptions): ChainNode {
    const request = new FetchRequest(url);
    request.timeout = timeoutMs;
    const provider = new JsonRpcProvider(request, chainId, {
      staticNetwork: true,
      polling: true,
      pollingInterval: 50,
      // A cached block number would be older than the block that was just announced.
      cacheTimeout: -1,
      batchMaxCount: BATCH_MAX,
      batchStallTime: 0,
    });
    return new ChainNode(provider, chainId);
  }

  /** Throws ChainError `stop` when the node serves another chain. */
  async requireChain(): Promise<void> {
    const served = Number(readQuantity(await this.send('eth_chainId', []), 'chainId'));
    if (served !== this.chainId) {
      throw new ChainError('stop', `the node serves chain ${served}, expected ${this.chainId}`);
    }
  }

  /** The newest block. */
  async latest(): Promise<BlockHeader> {
    const header = await this.headerBy('latest');
    if (!header) throw new ChainError('retry', 'the node has no block yet');
    return header;
  }

  /** A block by number, null when the node has none. */
  header(number: bigint): Promise<BlockHeader | null> {
    return this.headerBy(quantity(number));
  }

  /** All blocks of the range, inclusive; ChainError `retry` when one is missing. */
  async headers(from: bigint, to: bigint): Promise<BlockHeader[]> {
    const wanted: Promise<BlockHeader | null>[] = [];
    for (let number = from; number <= to; number++) wanted.push(this.header(number));
    const found = await Promise.all(wanted);
    return found.map((header, index) => {
      if (!header) throw new ChainError('retry', `block ${from + BigInt(index)} is missing`);
      return header;
    });
  }

  /** Logs in chain order. */
  async logs(filter: LogFilter): Promise<NodeLog[]> {
    const where =
      'blockHash' in filter
        ? { blockHash: filter.blockHash }
        : { fromBlock: quantity(filter.from), toBlock: quantity(filter.to) };
    const answer = await this.send('eth_getLogs', [
      { ...where, address: filter.addresses, topics: [filter.topics] },
    ]);
    if (!Array.isArray(answer)) throw malformed('logs');
    return answer.map(readLog);
  }

  /** Result of a call at the state after a block; ChainError `fix` when it reverts or the state is gone. */
  async call(to: string, data: string, block: bigint | 'latest' = 'latest'): Promise<string> {
    const at = block === 'latest' ? block : quantity(block);
    return readHex(await this.send('eth_call', [{ to, data }, at]), 'result');
  }

  /** One standard call; failures as ChainError. */
  async send(method: `eth_${string}`, params: unknown[]): Promise<unknown> {
    try {
      const answer: unknown = await this.provider.send(method, params);
      return answer;
    } catch (error) {
      throw groupError(method, error);
    }
  }

  close(): void {
    this.provider.destroy();
  }

  private async headerBy(tag: string): Promise<BlockHeader | null> {
    const answer = await this.send('eth_getBlockByNumber', [tag, false]);
    return answer === null ? null : readHeader(answer);
  }
}

/** Sorts what ethers throws: the node is away, the request is wrong, or going on makes no sense. */
export function groupError(method: string, error: unknown): ChainError {
  if (error instanceof ChainError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const rpc = rpcErrorOf(error);
  const summary = `${method}: ${rpc?.message ?? text}`.slice(0, 500);
  const options = { cause: error };
  if (rpc === undefined) return new ChainError('retry', summary, options);
  // -32601 unknown method, -32602 wrong parameters, 3 and -32000 with "revert": the call itself fails.
  const isWrong =
    rpc.code === -32602 || rpc.code === 3 || /revert|too (many|large)|limit|range/i.test(rpc.message);
  if (isWrong) return new ChainError('fix', summary, options);
  if (rpc.code === -32601) return new ChainError('stop', summary, options);
  return new ChainError('retry', summary, options);
}

function rpcErrorOf(error: unknown): { code: number; message: string } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // ethers keeps the node's answer in `error`, and for calls in `info.error`.
  for (const holder of [error, 'info' in error ? error.info : undefined]) {
    if (typeof holder !== 'object' || holder === null || !('error' in holder)) continue;
    const inner = holder.error;
    if (typeof inner !== 'object' || inner === null || !('message' in inner)) continue;
    const code = 'code' in inner ? Number(inner.code) : 0;
    return { code, message: String(inner.message) };
  }
  return undefined;
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function malformed(what: string): ChainError {
  return new ChainError('stop', `the node's answer has no proper ${what}`);
}

function fieldsOf(value: unknown, what: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) throw malformed(what);
  return new Map<string, unknown>(Object.entries(value));
}

function readHex(value: unknown, what: string): string {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw malformed(what);
  return value.toLowerCase();
}

function readQuantity(value: unknown, what: string): bigint {
  return BigInt(readHex(value, what));
}

function readHexes(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw malformed(what);
  return value.map((item: unknown) => readHex(item, what));
}

function readHeader(value: unknown): BlockHeader {
  const fields = fieldsOf(value, 'block');
  return {
    number: readQuantity(fields.get('number'), 'number'),
    hash: readHex(fields.get('hash'), 'hash'),
    parentHash: readHex(fields.get('parentHash'), 'parentHash'),
    timestamp: Number(readQuantity(fields.get('timestamp'), 'timestamp')),
    txHashes: readHexes(fields.get('transactions'), 'transactions'),
  };
}

function readLog(value: unknown): NodeLog {
  const fields = fieldsOf(value, 'log');
  return {
    blockNumber: readQuantity(fields.get('blockNumber'), 'blockNumber'),
    blockHash: readHex(fields.get('blockHash'), 'blockHash'),
    logIndex: Number(readQuantity(fields.get('logIndex'), 'logIndex')),
    txHash: readHex(fields.get('transactionHash'), 'transactionHash'),
    address: readHex(fields.get('address'), 'address'),
    topics: readHexes(fields.get('topics'), 'topics'),
    data: readHex(fields.get('data'), 'data'),
  };
}

import { FetchRequest, JsonRpcProvider } from 'ethers';
import { ChainError } from './chain-error.js';
import { JsonRpc, type RpcCall } from './json-rpc.js';

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
const QUANTITY = /^0x[0-9a-f]+$/;

/** Standard node access by URL; `eth_*` calls alone, so that any node will do. Failures are ChainErrors. */
export class ChainNode {
  private ethers: JsonRpcProvider | undefined;
  private readonly rpc: JsonRpc;

  private constructor(
    private readonly url: string,
    readonly chainId: number,
    private readonly timeoutMs: number,
  ) {
    this.rpc = new JsonRpc(url, timeoutMs);
  }

  /** Opens nothing yet: the first call does. Close it when done. */
  static connect({ url, chainId, timeoutMs = TIMEOUT_MS }: ChainNodeOptions): ChainNode {
    return new ChainNode(url, chainId, timeoutMs);
  }

  /** The same node for signers and contracts of ethers. */
  get provider(): JsonRpcProvider {
    if (this.ethers === undefined) {
      const request = new FetchRequest(this.url);
      request.timeout = this.timeoutMs;
      const polling = { staticNetwork: true, polling: true, pollingInterval: 50 };
      // A cached block number would be older than the block that was just announced.
      this.ethers = new JsonRpcProvider(request, this.chainId, {
        ...polling,
        cacheTimeout: -1,
        batchStallTime: 0,
      });
    }
    return this.ethers;
  }

  /** Throws ChainError `stop` when the node serves another chain. */
  async requireChain(): Promise<void> {
    const served = Number(
      readQuantity(await this.rpc.send({ method: 'eth_chainId', params: [] }), 'chainId'),
    );
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
    const calls: RpcCall[] = [];
    for (let number = from; number <= to; number++) calls.push(blockCall(quantity(number)));
    const found = await this.rpc.sendAll(calls);
    return found.map((answer, index) => {
      if (answer === null) throw new ChainError('retry', `block ${from + BigInt(index)} is missing`);
      return readHeader(answer);
    });
  }

  /** Logs in chain order. */
  async logs(filter: LogFilter): Promise<NodeLog[]> {
    const where =
      'blockHash' in filter
        ? { blockHash: filter.blockHash }
        : { fromBlock: quantity(filter.from), toBlock: quantity(filter.to) };
    const params = [{ ...where, address: filter.addresses, topics: [filter.topics] }];
    const answer = await this.rpc.send({ method: 'eth_getLogs', params });
    if (!Array.isArray(answer)) throw malformed('logs');
    return answer.map(readLog);
  }

  /** Who sent these transactions, by their hash; ChainError `retry` when the node knows one of them not (any more). */
  async senders(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const calls = hashes.map((hash): RpcCall => ({ method: 'eth_getTransactionByHash', params: [hash] }));
    const answers = await this.rpc.sendAll(calls);
    return new Map(
      answers.map((answer, index) => [
        hashes[index] ?? '',
        readHex(fieldsOf(answer, 'transaction').get('from'), 'sender'),
      ]),
    );
  }

  /** Result of a call at the state after a block; ChainError `fix` when it reverts or the state is gone. */
  async call(to: string, data: string, block: bigint | 'latest' = 'latest'): Promise<string> {
    const [result = '0x'] = await this.callAll(to, [data], block);
    return result;
  }

  /** Results of several calls to one contract, in their order; the first failure fails all. */
  async callAll(
    to: string,
    calls: readonly string[],
    block: bigint | 'latest' = 'latest',
  ): Promise<string[]> {
    const at = block === 'latest' ? block : quantity(block);
    const results = await this.rpc.sendAll(
      calls.map((data) => ({ method: 'eth_call', params: [{ to, data }, at] })),
    );
    return results.map((result) => readHex(result, 'result'));
  }

  close(): void {
    this.ethers?.destroy();
  }

  private async headerBy(tag: string): Promise<BlockHeader | null> {
    const answer = await this.rpc.send(blockCall(tag));
    return answer === null ? null : readHeader(answer);
  }
}

function blockCall(tag: string): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [tag, false] };
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** Proxies and nodes that restart answer malformed now and then; the next answer may be proper. */
function malformed(what: string): ChainError {
  return new ChainError('retry', `the node's answer has no proper ${what}`);
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
  const hex = readHex(value, what);
  if (!QUANTITY.test(hex)) throw malformed(what);
  return BigInt(hex);
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

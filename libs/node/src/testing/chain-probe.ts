import { until as untilSo } from '../../../../test/support/until.js';
import { Wallet } from 'ethers';

/** A JSON-RPC answer as it comes. */
export interface Answer {
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Posts a JSON-RPC body. */
export async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return response.json();
}

/** One call; throws on an error answer. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const answer = (await post(url, { jsonrpc: '2.0', id: 1, method, params })) as Answer;
  if (answer.error !== undefined) throw new Error(`${answer.error.code} ${answer.error.message}`);
  return answer.result;
}

export interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
  readonly transactions: readonly string[];
}

/** All blocks from genesis to the newest, with their logs bloom and receipts' root implied by the hash. */
export async function allBlocks(url: string): Promise<Block[]> {
  const newest = Number(await rpc(url, 'eth_blockNumber'));
  const blocks: Block[] = [];
  for (let number = 0; number <= newest; number += 1) {
    blocks.push((await rpc(url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false])) as Block);
  }
  return blocks;
}

/** Number, hash and time: what must never change. */
export function essence(blocks: readonly Block[]): string[] {
  return blocks.map((block) => `${Number(block.number)} ${block.hash} ${Number(block.timestamp)}`);
}

/** Init code CALLER PUSH0.. MSTORE, LOG1(topic 1, 32 bytes), STOP: a transaction whose receipt has one log. */
const LOGGING_INIT_CODE = '0x33600052600160206000a100';

/** Signs free legacy transactions in nonce order. */
export class Sender {
  private readonly wallet = Wallet.createRandom();
  private nonce = 0;

  constructor(private readonly chainId: number) {}

  async address(): Promise<string> {
    return this.wallet.getAddress();
  }

  /** @param skip leave out this many nonces first */
  async next(skip = 0): Promise<string> {
    this.nonce += skip;
    return this.at(this.nonce++);
  }

  async at(nonce: number): Promise<string> {
    return this.wallet.signTransaction({
      type: 0,
      chainId: this.chainId,
      nonce,
      gasPrice: 0,
      gasLimit: 100_000,
      data: LOGGING_INIT_CODE,
    });
  }
}

/** Waits until a condition holds; a minute by default, which only a busy machine needs. */
export async function until(condition: () => Promise<boolean>, waitMs = 60_000): Promise<void> {
  await untilSo('the condition of this step', condition, { withinMs: waitMs });
}

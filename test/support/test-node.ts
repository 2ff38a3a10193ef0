import { spawn } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { FetchRequest, JsonRpcProvider, type TransactionReceipt } from 'ethers';
import { findFreePort, projectRoot } from '#platform';
import { until, untilRight } from './until.js';

/** A bare anvil for one spec file: it mines on demand, and can forget blocks. */
export interface TestNode {
  readonly url: string;
  readonly chainId: number;
  readonly provider: JsonRpcProvider;
  readonly pid: number;
  /** Mines one block with what is waiting; `timestamp` in Unix seconds, must be later than the last block's. */
  mine(timestamp?: number): Promise<void>;
  /** Sends raw transactions, mines them in their order in one block, returns the receipts. */
  include(raws: readonly string[]): Promise<TransactionReceipt[]>;
  /** Mines every `ms` from now on; 0 stops. Resolves when no block of an earlier rhythm is under way any more. */
  mineEvery(ms: number): Promise<void>;
  /** Forgets the newest `count` blocks with their transactions, as a node that lost its tail. */
  loseTail(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an anvil on a loopback port. Gas is free; there are no prefunded accounts and none are needed. */
export async function startTestNode(
  options: { chainId?: number; timestamp?: number } = {},
): Promise<TestNode> {
  const chainId = options.chainId ?? 474_749;
  const port = await findFreePort();
  const timestamp = options.timestamp ?? Math.floor(Date.now() / 1000);
  const child = spawn(anvilBinary(), anvilArguments(port, chainId, timestamp), { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await untilUp(url);
  const request = new FetchRequest(url);
  request.timeout = 60_000;
  const provider = new JsonRpcProvider(request, chainId, {
    staticNetwork: true,
    polling: true,
    pollingInterval: 20,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  let timer: NodeJS.Timeout | undefined;
  let mining = Promise.resolve();
  const mine = async (at?: number): Promise<void> => {
    await provider.send('evm_mine', at === undefined ? [] : [at]);
  };
  return {
    url,
    chainId,
    provider,
    pid: child.pid ?? 0,
    mine,
    async include(raws) {
      const hashes: string[] = [];
      for (const raw of raws) hashes.push(String(await provider.send('eth_sendRawTransaction', [raw])));
      if (timer === undefined) await mine();
      return Promise.all(hashes.map((hash) => receiptOf(provider, hash)));
    },
    async mineEvery(ms) {
      clearInterval(timer);
      const before = mining;
      const mineOne = () => {
        mining = Promise.all([mining, mine().catch(() => undefined)]).then(() => undefined);
      };
      timer = ms === 0 ? undefined : setInterval(mineOne, ms);
      await before;
    },
    async loseTail(count) {
      await provider.send('anvil_rollback', [count]);
    },
    async stop() {
      clearInterval(timer);
      provider.destroy();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function anvilBinary(): string {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const file = path.join(projectRoot(), 'node_modules', '@foundry-rs', `anvil-${platform}`, 'bin', 'anvil');
  // npm unpacks it without the right to run; the wrapper's install script, which we do not allow, would set it.
  chmodSync(file, statSync(file).mode | 0o555);
  return file;
}

function anvilArguments(port: number, chainId: number, timestamp: number): string[] {
  const options = {
    '--host': '127.0.0.1',
    '--port': port,
    '--chain-id': chainId,
    '--timestamp': timestamp,
    '--hardfork': 'osaka',
    '--gas-limit': 150_000_000,
    '--base-fee': 0,
    '--gas-price': 0,
    '--accounts': 0,
    '--order': 'fifo',
  };
  const flags = [
    '--no-mining',
    '--no-priority-fee',
    '--enable-tx-gas-limit',
    '--no-request-size-limit',
    '-q',
  ];
  return [...Object.entries(options).flatMap(([name, value]) => [name, String(value)]), ...flags];
}

async function untilUp(url: string): Promise<void> {
  await until(`the test node at ${url} answers`, async () => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
    return answer?.ok === true;
  });
}

async function receiptOf(provider: JsonRpcProvider, hash: string): Promise<TransactionReceipt> {
  const receipt = await untilRight(
    `${hash} is in a block`,
    () => provider.getTransactionReceipt(hash),
    (found) => found !== null,
  );
  if (receipt === null) throw new Error(`no receipt of ${hash}`);
  return receipt;
}

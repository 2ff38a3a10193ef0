import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256 } from 'ethers';
import { startEmbeddedChain, type EmbeddedChain } from '#node';
import { Sender, allBlocks, essence, rpc, until } from '../testing/chain-probe.js';

const RATE_PER_SECOND = 200;
const TRIES_MAX = 5;
const ROOT = path.resolve(import.meta.dirname, '../../../..');

/** As a client does: again while the node restarts. What came through before its answer was lost is known by then. */
async function send(url: string, raw: string): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return String(await rpc(url, 'eth_sendRawTransaction', [raw]));
    } catch (error) {
      const { message } = error as Error;
      if (tries > 0 && /already|nonce too low/i.test(message)) return keccak256(raw);
      if (!message.includes('the node is restarting') || tries === TRIES_MAX) throw error;
    }
  }
}

/** Sends prepared transactions at a steady pace; resolves with the hash of each when all are accepted. */
async function sendSteadily(url: string, raws: readonly string[]): Promise<string[]> {
  const startedAt = Date.now();
  const sends: Promise<string>[] = [];
  for (const [index, raw] of raws.entries()) {
    const due = startedAt + (index * 1000) / RATE_PER_SECOND;
    if (due > Date.now()) await sleep(due - Date.now());
    sends.push(send(url, raw));
  }
  return Promise.all(sends);
}

async function receiptOf(url: string, hash: string): Promise<string | undefined> {
  const receipt = (await rpc(url, 'eth_getTransactionReceipt', [hash])) as { blockHash: string } | null;
  return receipt?.blockHash;
}

describe('kill -9', () => {
  let home = '';
  let chain: EmbeddedChain | undefined;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-kill-'));
  });
  afterEach(async () => {
    await chain?.stop();
    chain = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  });

  it('of the node ten times under 200 transactions a second for 10 s loses and changes nothing', async () => {
    chain = await startEmbeddedChain({
      home,
      log: () => undefined,
      snapshotBlocks: 10,
      blockIntervalMs: 100,
    });
    const { url, testing } = chain;
    const senders = Array.from({ length: 10 }, () => new Sender(474_747));
    const raws: string[] = [];
    for (let index = 0; index < RATE_PER_SECOND * 10; index += 1)
      raws.push(await (senders[index % 10] as Sender).next());

    const seen = new Map<string, string>();
    const sending = sendSteadily(url, raws);
    for (let round = 0; round < 10; round += 1) {
      await sleep(Math.random() * 900);
      for (const block of (await allBlocks(url)).slice(-3)) {
        for (const hash of block.transactions) seen.set(hash, block.hash);
      }
      await testing.killNode();
    }
    const hashes = await sending;
    await until(async () => (await receiptOf(url, hashes.at(-1) ?? '')) !== undefined);
    expect(new Set(hashes).size).toBe(raws.length);
    for (const hash of hashes) expect(await receiptOf(url, hash)).toBeDefined();
    expect(seen.size).toBeGreaterThan(0);
    for (const [hash, blockHash] of seen) expect(await receiptOf(url, hash)).toBe(blockHash);
  });

  async function startChild(): Promise<string> {
    const file = path.join(ROOT, 'libs/node/src/testing/chain-child.ts');
    const loader = path.join(ROOT, 'test/setup/typescript.mjs');
    child = spawn(process.execPath, ['--conditions=source', '--import', loader, file, home], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    if (child.stdout === null) throw new Error('no output');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return (JSON.parse(line) as { url: string }).url;
  }

  it('of the supervisor in full flow: the same blocks, receipts and times after each restart', async () => {
    const sender = new Sender(474_747);
    let known: string[] = [];
    const seen = new Map<string, string>();
    for (let round = 0; round < 4; round += 1) {
      const url = await startChild();
      const blocks = await allBlocks(url);
      expect(essence(blocks).slice(0, known.length)).toEqual(known);
      for (const [hash, blockHash] of seen) expect(await receiptOf(url, hash)).toBe(blockHash);
      // Transactions that were accepted but not mined when the process died are the sender's to send again.
      const address = await sender.address();
      const mined = Number(await rpc(url, 'eth_getTransactionCount', [address, 'latest']));
      const endAt = Date.now() + 700 + Math.random() * 500;
      for (let nonce = mined; Date.now() < endAt; nonce += 1) {
        const hash = String(await rpc(url, 'eth_sendRawTransaction', [await sender.at(nonce)]));
        const blockHash = await receiptOf(url, hash);
        if (blockHash !== undefined) seen.set(hash, blockHash);
      }
      const before = await allBlocks(url);
      for (const block of before) for (const hash of block.transactions) seen.set(hash, block.hash);
      known = essence(before);
      child?.kill('SIGKILL');
      if (child !== undefined) await once(child, 'exit');
    }
    expect(seen.size).toBeGreaterThan(20);
    // The last start also ends the node that the last kill left behind.
    expect(essence(await allBlocks(await startChild())).slice(0, known.length)).toEqual(known);
  });
});

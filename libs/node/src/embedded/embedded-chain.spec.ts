import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedChain, type EmbeddedChain, type EmbeddedChainOptions } from '#node';
import { Sender, allBlocks, essence, post, rpc, until, type Answer } from '../testing/chain-probe.js';

describe('embedded chain', () => {
  const homes: string[] = [];
  const running = new Set<EmbeddedChain>();

  async function newHome(): Promise<string> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-chain-'));
    homes.push(home);
    return home;
  }

  async function start(home: string, options: Partial<EmbeddedChainOptions> = {}): Promise<EmbeddedChain> {
    const chain = await startEmbeddedChain({ home, log: () => undefined, blockIntervalMs: 20, ...options });
    running.add(chain);
    chain.onExit(() => running.delete(chain));
    return chain;
  }

  async function pay(chain: EmbeddedChain, sender: Sender): Promise<string> {
    const hash = String(await rpc(chain.url, 'eth_sendRawTransaction', [await sender.next()]));
    await until(async () => (await rpc(chain.url, 'eth_getTransactionReceipt', [hash])) !== null);
    return hash;
  }

  afterEach(async () => {
    for (const chain of running) await chain.stop();
  });
  afterAll(async () => {
    for (const home of homes) await rm(home, { recursive: true, force: true });
  });

  it('answers standard calls alone, single and in batches', async () => {
    const chain = await start(await newHome());
    expect(Number(await rpc(chain.url, 'eth_chainId'))).toBe(474_747);
    const call = (id: number, method: string) => ({ jsonrpc: '2.0', id, method, params: [] });
    for (const method of [
      'anvil_setBalance',
      'evm_mine',
      'hardhat_reset',
      'debug_traceTransaction',
      'eth_sendTransaction',
    ]) {
      expect(await post(chain.url, call(7, method))).toMatchObject({ id: 7, error: { code: -32601 } });
    }
    const batch = (await post(chain.url, [
      call(1, 'eth_blockNumber'),
      call(2, 'evm_mine'),
      call(3, 'net_version'),
    ])) as Answer[];
    expect(batch.map((answer) => answer.error?.code ?? answer.result)).toEqual(['0x0', -32601, '474747']);
    expect(await post(chain.url, '{')).toMatchObject({ error: { code: -32700 } });
    expect(await post(chain.url, call(1, 'eth_sendRawTransaction'))).toMatchObject({
      error: { code: -32602 },
    });
    const form = await fetch(chain.url, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'text/plain' },
    });
    expect(form.status).toBe(415);
  });

  it('keeps the time of the wall clock, several blocks to a second', async () => {
    const chain = await start(await newHome(), { heartbeatMs: 20 });
    await until(async () => Number(await rpc(chain.url, 'eth_blockNumber')) >= 30);
    const readFrom = Date.now() / 1000;
    const blocks = await allBlocks(chain.url);
    const times = blocks.map((block) => Number(block.timestamp));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBeLessThan(times.length);
    expect(times.at(-1)).toBeGreaterThan(readFrom - 2);
    expect(times.at(-1)).toBeLessThan(Date.now() / 1000 + 1);
  });

  it('continues after a clean stop with blocks, receipts and logs of all its history', async () => {
    const home = await newHome();
    const first = await start(home);
    const sender = new Sender(first.chainId);
    const hashes: string[] = [];
    for (let index = 0; index < 5; index += 1) hashes.push(await pay(first, sender));
    const receipts = await Promise.all(
      hashes.map((hash) => rpc(first.url, 'eth_getTransactionReceipt', [hash])),
    );
    const logs = await rpc(first.url, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }]);
    const blocks = essence(await allBlocks(first.url));
    const { url } = first;
    await first.stop();

    const second = await start(home);
    expect(second.url).toBe(url);
    expect(essence(await allBlocks(second.url))).toEqual(blocks);
    expect(
      await Promise.all(hashes.map((hash) => rpc(second.url, 'eth_getTransactionReceipt', [hash]))),
    ).toEqual(receipts);
    expect(logs).toHaveLength(5);
    expect(await rpc(second.url, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }])).toEqual(logs);
    await pay(second, sender);
  });

  it('keeps transactions that wait for an earlier nonce through snapshot and restart', async () => {
    const home = await newHome();
    const first = await start(home);
    const sender = new Sender(first.chainId);
    const early = await sender.at(1);
    const hash = String(await rpc(first.url, 'eth_sendRawTransaction', [early]));
    await first.testing.mine();
    await first.testing.save();
    await first.stop();
    const second = await start(home);
    expect(await rpc(second.url, 'eth_getTransactionReceipt', [hash])).toBeNull();
    await rpc(second.url, 'eth_sendRawTransaction', [await sender.at(0)]);
    await until(async () => (await rpc(second.url, 'eth_getTransactionReceipt', [hash])) !== null);
    const blocks = essence(await allBlocks(second.url));
    await second.testing.killNode();
    expect(essence(await allBlocks(second.url)).slice(0, blocks.length)).toEqual(blocks);
  });

  const snapshotsOf = (home: string) => path.join(home, 'chain', 'snapshots');

  async function history(chain: EmbeddedChain): Promise<unknown> {
    const blocks = await allBlocks(chain.url);
    const receipts = [];
    for (const hash of blocks.flatMap(({ transactions }) => transactions))
      receipts.push(await rpc(chain.url, 'eth_getTransactionReceipt', [hash]));
    return {
      blocks,
      receipts,
      logs: await rpc(chain.url, 'eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest' }]),
    };
  }

  /** A chain of three snapshots with blocks after the last one, stopped. @returns its history */
  async function savedThrice(home: string): Promise<unknown> {
    const chain = await start(home);
    const sender = new Sender(chain.chainId);
    for (let round = 0; round < 3; round += 1) {
      await pay(chain, sender);
      await chain.testing.save();
    }
    await pay(chain, sender);
    const recorded = await history(chain);
    await chain.stop();
    return recorded;
  }

  async function flipBit(folder: string, name: RegExp, place: 'first' | 'last'): Promise<void> {
    const files = (await readdir(folder)).filter((file) => name.test(file)).sort();
    const file = path.join(folder, files.at(place === 'first' ? 0 : -1) ?? '');
    const content = await readFile(file);
    content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
    await writeFile(file, content);
  }

  it('puts its history together again from all snapshots and the journal after them', async () => {
    const home = await newHome();
    const recorded = await savedThrice(home);
    const files = await readdir(snapshotsOf(home));
    expect(files.filter((name) => name.endsWith('.state.gz'))).toHaveLength(2);
    expect(files.filter((name) => name.endsWith('.blocks.gz'))).toHaveLength(3);
    const events: unknown[] = [];
    const again = await start(home, {
      log: (_level, event, fields) => event === 'chain.restored' && events.push(fields?.replayed_blocks),
    });
    expect(await history(again)).toEqual(recorded);
    expect(events).toEqual([1]);
  });

  it('falls back to the snapshot before when the newest is broken, and to the journal alone', async () => {
    const home = await newHome();
    const recorded = await savedThrice(home);
    await flipBit(snapshotsOf(home), /state\.gz$/, 'last');
    const second = await start(home);
    expect(await history(second)).toEqual(recorded);
    await second.stop();
    await flipBit(snapshotsOf(home), /transactions\.gz$/, 'first');
    expect(await history(await start(home))).toEqual(recorded);
  });

  it('makes blocks while the state is being stored, and survives when it is killed in that', async () => {
    const home = await newHome();
    const chain = await start(home);
    const sender = new Sender(chain.chainId);
    for (let round = 0; round < 20; round += 1) await pay(chain, sender);
    const saving = chain.testing.save();
    await pay(chain, sender);
    await chain.testing.killNode();
    await pay(chain, sender);
    await saving;
    const stopping = chain.testing.save();
    const recorded = await history(chain);
    await chain.stop();
    await stopping;
    expect(await history(await start(home))).toEqual(recorded);
  });

  it('cuts off a torn last journal line, and refuses any other damage', async () => {
    const home = await newHome();
    const first = await start(home);
    await pay(first, new Sender(first.chainId));
    const blocks = essence(await allBlocks(first.url));
    const folder = path.join(home, 'chain', 'journal');
    await first.stop();
    await rm(path.join(home, 'chain', 'snapshots'), { recursive: true });
    const file = path.join(folder, (await readdir(folder))[0] ?? '');
    await appendFile(file, '{"number":99,"timest');
    const second = await start(home);
    expect(essence(await allBlocks(second.url))).toEqual(blocks);
    await second.testing.mine();
    await second.stop();

    await rm(path.join(home, 'chain', 'snapshots'), { recursive: true });
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"number":1,', '"number":7,'));
    await expect(start(home)).rejects.toThrow(/journal .* is damaged/);
  });

  it('forgets its newest blocks when asked to, and goes on from there', async () => {
    const chain = await start(await newHome());
    const sender = new Sender(chain.chainId);
    const kept = await pay(chain, sender);
    const before = await allBlocks(chain.url);
    const lost = await pay(chain, sender);
    const tail = (await allBlocks(chain.url)).length - before.length;
    await chain.testing.loseTail(tail);
    expect(essence(await allBlocks(chain.url))).toEqual(essence(before));
    expect(await rpc(chain.url, 'eth_getTransactionReceipt', [lost])).toBeNull();
    expect(await rpc(chain.url, 'eth_getTransactionReceipt', [kept])).not.toBeNull();
    chain.testing.setClockAhead(3_600);
    await chain.testing.mine();
    const last = (await allBlocks(chain.url)).at(-1);
    expect(Number(last?.timestamp) - Date.now() / 1000).toBeGreaterThan(3_500);
  });

  it('refuses a taken port and a foreign chain id in words', async () => {
    const home = await newHome();
    const first = await start(home);
    const port = Number(new URL(first.url).port);
    await expect(start(await newHome(), { port })).rejects.toThrow(/taken by another program/);
    await first.stop();
    await expect(start(home, { chainId: 5 })).rejects.toThrow(/has the id 474747/);
  });
});

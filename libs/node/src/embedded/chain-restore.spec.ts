import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { AbiCoder, id as keccakOf } from 'ethers';
import { readChainStatus, startEmbeddedChain, type EmbeddedChain, type EmbeddedChainOptions } from '#node';
import { until } from '../../../../test/support/until.js';
import { Sender, allBlocks, essence, rpc } from '../testing/chain-probe.js';
import { describe as describeSnapshot, parseDescription } from './snapshot-parts.js';

/** The journal of a demo platform to block 520; block 518 holds a stranger's refused token transfer to an empty address. */
const STRANDED = {
  file: path.join(import.meta.dirname, '../testing/stranded-journal.log.br'),
  identity: { chainId: 474_747, genesisTimestamp: 1_795_999_243 },
  last: { number: 520, hash: '0x8f84a3743d46933c19df16864b2deb88ae131f010aa969fcddc4e9f6a05ef882' },
  vouchers: '0x4ef962bb7338f1a97ade68ddfafa495df5961a48',
  holder: '0x8a0e0adc37a17533152a8c346a00b36dfc720362',
  series: 26,
  balance: 100_000n,
};

interface Event {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

/** Ids of processes that work in a folder; empty where there is no /proc. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (cwd.startsWith(folder)) found.push(pid);
  }
  return found;
}

describe('the embedded chain starts again', () => {
  const homes: string[] = [];
  const running = new Set<EmbeddedChain>();
  let events: Event[] = [];

  async function newHome(): Promise<string> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-restore-'));
    homes.push(home);
    return home;
  }

  async function start(home: string, options: Partial<EmbeddedChainOptions> = {}): Promise<EmbeddedChain> {
    events = [];
    const log: EmbeddedChainOptions['log'] = (_level, event, fields = {}) => events.push({ event, fields });
    const chain = await startEmbeddedChain({ home, log, blockIntervalMs: 20, ...options });
    running.add(chain);
    chain.onExit(() => running.delete(chain));
    return chain;
  }

  const logged = (event: string) => events.filter((one) => one.event === event).map(({ fields }) => fields);

  async function pay(chain: EmbeddedChain, sender: Sender): Promise<void> {
    const hash = String(await rpc(chain.url, 'eth_sendRawTransaction', [await sender.next()]));
    await until(
      'a receipt',
      async () => (await rpc(chain.url, 'eth_getTransactionReceipt', [hash])) !== null,
    );
  }

  /** A stopped chain with so many snapshots and a block after the last. @returns its blocks */
  async function saved(home: string, snapshots: number): Promise<string[]> {
    const chain = await start(home);
    const sender = new Sender(chain.chainId);
    for (let round = 0; round < snapshots; round += 1) {
      await pay(chain, sender);
      await chain.testing.save();
    }
    await pay(chain, sender);
    const blocks = essence(await allBlocks(chain.url));
    await chain.stop();
    return blocks;
  }

  const snapshotsOf = (home: string) => path.join(home, 'chain', 'snapshots');

  /** A snapshot whose files are what its description says, and whose state is not the chain's. @returns its block */
  async function falsify(home: string, index: number): Promise<number> {
    const folder = snapshotsOf(home);
    const states = (await readdir(folder)).filter((name) => name.endsWith('.state.gz')).sort();
    const name = states.at(index) ?? '';
    const text = gunzipSync(await readFile(path.join(folder, name))).toString();
    const other = text.replace(/"nonce":(\d)/, (_match, nonce: string) => `"nonce":${Number(nonce) + 1}`);
    expect(other).not.toBe(text);
    const content = gzipSync(other);
    await writeFile(path.join(folder, name), content);
    const described = path.join(folder, name.replace('.state.gz', '.json'));
    const snapshot = parseDescription(await readFile(described, 'utf8'));
    if (snapshot === undefined) throw new Error('no snapshot');
    const parts = { ...snapshot.parts, state: { sha256: sha256(content), bytes: content.length } };
    await writeFile(described, describeSnapshot({ ...snapshot, parts }));
    return snapshot.block;
  }

  /** What a release left that stored any state as it was. */
  async function strandedHome(): Promise<string> {
    const home = await newHome();
    await mkdir(path.join(home, 'chain', 'journal'), { recursive: true });
    await mkdir(snapshotsOf(home), { recursive: true });
    await writeFile(path.join(home, 'chain', 'chain.json'), JSON.stringify(STRANDED.identity));
    const journal = brotliDecompressSync(await readFile(STRANDED.file));
    await writeFile(path.join(home, 'chain', 'journal', 'journal-000000000001.log'), journal);
    const sum = { sha256: sha256(''), bytes: 0 };
    const parts = { state: sum, head: sum, blocks: sum, transactions: sum };
    const text = JSON.stringify({ block: 497, hash: '0x6bff', base: null, pending: [], parts });
    const description = JSON.stringify({ text, check: sha256(text) });
    await writeFile(path.join(snapshotsOf(home), 'snapshot-000000000497.json'), description);
    await writeFile(path.join(snapshotsOf(home), 'snapshot-000000000497.state.gz'), '');
    return home;
  }

  afterEach(async () => {
    for (const chain of running) await chain.stop();
  });
  afterAll(async () => {
    for (const home of homes) await rm(home, { recursive: true, force: true });
  });

  it('from its journal alone where the snapshots are of an earlier release, with its balances, and makes a snapshot', async () => {
    const home = await strandedHome();
    const lines: string[] = [];
    const chain = await start(home, { onProgress: (line) => lines.push(line) });
    const { number, hash } = STRANDED.last;
    const block = await rpc(chain.url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
    expect(block).toMatchObject({ hash });
    const data =
      keccakOf('balanceOf(address,uint256)').slice(0, 10) +
      AbiCoder.defaultAbiCoder().encode(['address', 'uint256'], [STRANDED.holder, STRANDED.series]).slice(2);
    const balance = await rpc(chain.url, 'eth_call', [{ to: STRANDED.vouchers, data }, 'latest']);
    expect(BigInt(String(balance))).toBe(STRANDED.balance);
    expect(logged('chain.fell_back')).toEqual([
      {
        message:
          `The chain was made again from its journal alone to block 520, and nothing is lost: the snapshot of ` +
          'block 497 could not be used (it is damaged or of another release). A new one is made now.',
      },
    ]);
    expect(lines.filter((line) => !/^chain: replayed block \d+ of 520$/.test(line))).toEqual([]);
    await until('a snapshot', () => logged('chain.saved').length > 0);
    const status = await readChainStatus(home, chain.url);
    expect(status?.fallback).toContain('journal alone');
    await chain.stop();
    const again = await start(home);
    expect(logged('chain.fell_back')).toEqual([]);
    expect(Number(logged('chain.restored')[0]?.replayed_blocks)).toBeLessThan(20);
    expect(await readChainStatus(home, again.url)).toMatchObject({ fallback: null, failure: null });
  });

  it('or leaves nothing behind when its start is broken off in a long replay', async () => {
    const home = await strandedHome();
    const abort = new AbortController();
    const starting = start(home, { signal: abort.signal });
    const outcome = starting.then(
      () => 'started',
      (error: unknown) => String(error),
    );
    await until('a node', async () => (await processesIn(home)).length > 0 || process.platform !== 'linux');
    await sleep(300);
    abort.abort();
    expect(await outcome).toContain('broken off');
    expect(await processesIn(home)).toEqual([]);
  });

  it('from an older snapshot when the newest loads as another state, and says so', async () => {
    const home = await newHome();
    const blocks = await saved(home, 3);
    const block = await falsify(home, -1);
    const chain = await start(home);
    expect(essence(await allBlocks(chain.url)).slice(0, blocks.length)).toEqual(blocks);
    const reason = 'the node loaded another state';
    expect(logged('chain.snapshot_refused')).toEqual([{ block, reason }]);
    expect(logged('chain.fell_back')).toHaveLength(1);
    expect(logged('chain.restored')[0]?.snapshot_block).toBeGreaterThan(0);
    await until('a snapshot', () => logged('chain.saved').length > 0);
    await chain.stop();
    await start(home);
    expect(logged('chain.snapshot_refused')).toEqual([]);
  });

  it('from its journal alone when every snapshot loads as another state', async () => {
    const home = await newHome();
    const blocks = await saved(home, 3);
    await falsify(home, -1);
    await falsify(home, -2);
    const chain = await start(home);
    expect(essence(await allBlocks(chain.url)).slice(0, blocks.length)).toEqual(blocks);
    expect(logged('chain.snapshot_refused')).toHaveLength(2);
    expect(logged('chain.restored')[0]?.snapshot_block).toBe(0);
  });

  it('from a snapshot that was made from the journal because the one before had turned bad', async () => {
    const home = await newHome();
    const chain = await start(home);
    const sender = new Sender(chain.chainId);
    await pay(chain, sender);
    await chain.testing.save();
    const block = await falsify(home, -1);
    await pay(chain, sender);
    await chain.testing.save();
    expect(logged('chain.base_refused')).toMatchObject([{ block }]);
    expect(logged('chain.saved')).toHaveLength(2);
    const blocks = essence(await allBlocks(chain.url));
    await chain.stop();
    const again = await start(home);
    expect(logged('chain.snapshot_refused')).toEqual([]);
    expect(logged('chain.restored')[0]?.snapshot_block).toBeGreaterThan(block);
    expect(essence(await allBlocks(again.url)).slice(0, blocks.length)).toEqual(blocks);
  });

  it('but not when its journal gives another chain: one sentence, no process, every snapshot as it was', async () => {
    const home = await newHome();
    await saved(home, 2);
    const folder = path.join(home, 'chain', 'journal');
    const [first = ''] = (await readdir(folder)).sort();
    const file = path.join(folder, first);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const at = lines.findIndex((line) => /"raws":\["0x/.test(line));
    const text = (lines[at] ?? '').split('\t')[0]?.replace(/"raws":\[.*\]/, '"raws":[]') ?? '';
    lines[at] = `${text}\t${sha256(text).slice(0, 16)}`;
    await writeFile(file, `${lines.join('\n')}\n`);
    await falsify(home, -1);
    await falsify(home, -2);
    const before = await readdir(snapshotsOf(home));
    await expect(start(home)).rejects.toThrow(
      /does not give the recorded chain: replayed from the first block, another block \d+ came out/,
    );
    expect(await processesIn(home)).toEqual([]);
    expect(await readdir(snapshotsOf(home))).toEqual(before);
  });

  it('and reports in its status while no snapshot can be made, and no longer', async () => {
    const home = await newHome();
    const chain = await start(home);
    await pay(chain, new Sender(chain.chainId));
    const obstacle = path.join(home, 'chain', 'saver.json');
    await mkdir(obstacle);
    await chain.testing.save();
    await chain.testing.save();
    expect(logged('chain.save_failed').slice(0, 2)).toMatchObject([{ times: 1 }, { times: 2 }]);
    const failure = async () => (await readChainStatus(home, chain.url))?.failure;
    // A busy machine may have tried once more by itself.
    await until('two failures', async () => ((await failure())?.times ?? 0) >= 2);
    expect((await failure())?.reason).toContain('EISDIR');
    expect(await readChainStatus(home, 'http://127.0.0.1:1')).toBeUndefined();
    await rm(obstacle, { recursive: true });
    await chain.testing.save();
    await until('no failure', async () => (await failure()) === null);
    await chain.stop();
    expect(await readChainStatus(home, chain.url)).toBeUndefined();
  });

  it('and never shows readers the block that is unwound when its state is stored', async () => {
    const chain = await start(await newHome(), { heartbeatMs: 60_000 });
    const sender = new Sender(chain.chainId);
    await pay(chain, sender);
    const seen = new Map<number, Set<string>>();
    const over = new AbortController();
    const readers = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) {
        const block = await rpc(chain.url, 'eth_getBlockByNumber', ['latest', false]);
        const { number, hash } = block as { number: string; hash: string };
        const hashes = seen.get(Number(number)) ?? new Set<string>();
        seen.set(Number(number), hashes.add(hash));
      }
    });
    for (let round = 0; round < 6; round += 1) {
      await chain.testing.save();
      await pay(chain, sender);
    }
    over.abort();
    await Promise.all(readers);
    const blocks = await allBlocks(chain.url);
    for (const [number, hashes] of seen) expect([...hashes]).toEqual([blocks[number]?.hash]);
    expect(seen.size).toBeGreaterThan(3);
  });
});

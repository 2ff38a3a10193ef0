import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Wallet, getCreateAddress, type TransactionLike } from 'ethers';
import { startEmbeddedChain, type EmbeddedChain } from '#node';
import { allBlocks, essence, rpc, type Block } from '../libs/node/src/testing/chain-probe.js';
import { Dice } from './support/dice.js';
import { CONTRACT, inputOf } from './support/strangers-contract.js';
import { Strangers } from './support/strangers.js';

/** `STRANGERS_RUNS=50 npm run test:unit -- test/strangers` looks deeper. */
const RUNS = Number(process.env.STRANGERS_RUNS ?? 2);
const SEED = Number(process.env.STRANGERS_SEED ?? 1);
const TRANSACTIONS = 150;
/** What a chain reports that could not use a snapshot, or make one. */
const TROUBLE = ['chain.save_failed', 'chain.base_refused', 'chain.snapshot_refused', 'chain.fell_back'];

interface Receipt {
  readonly status: string;
  readonly contractAddress: string | null;
}

/** A chain that strangers use while it is stored, killed and started again. */
class Trial {
  readonly trouble: string[] = [];
  accepted = 0;
  refused = 0;
  saves = 0;
  kills = 0;
  private running: EmbeddedChain | undefined;

  constructor(
    private readonly home: string,
    private readonly dice: Dice,
  ) {}

  get chain(): EmbeddedChain {
    if (this.running === undefined) throw new Error('the chain does not run');
    return this.running;
  }

  async start(): Promise<void> {
    this.running = await startEmbeddedChain({
      home: this.home,
      blockIntervalMs: 10,
      heartbeatMs: 500,
      log: (_level, event, fields) => {
        if (TROUBLE.includes(event)) this.trouble.push(`${event} ${JSON.stringify(fields)}`);
      },
    });
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async live(): Promise<void> {
    const { dice } = this;
    await this.start();
    const strangers = new Strangers(dice, this.chain.chainId);
    await this.send(await strangers.settle());
    await this.chain.testing.mine();
    for (let count = 0; count < TRANSACTIONS; count += 1) {
      if (count % 12 === 0) await this.teach(strangers);
      await this.send(await strangers.next());
      if (dice.percent(15)) await this.chain.testing.mine();
      if (dice.percent(5)) await this.save();
      if (dice.percent(2)) await this.kill();
      if (dice.percent(2)) {
        await this.stop();
        await this.start();
      }
    }
    await this.chain.testing.mine();
  }

  /** Starts from each snapshot and at last from the journal alone, and compares every block and receipt. */
  async repeats(): Promise<{ blocks: Block[]; receipts: Receipt[] }> {
    const blocks = await allBlocks(this.chain.url);
    const receipts = await receiptsOf(this.chain.url, blocks);
    await this.stop();
    const folder = path.join(this.home, 'chain', 'snapshots');
    const snapshots = async () =>
      (await readdir(folder)).filter((name) => name.endsWith('.state.gz')).toSorted();
    for (;;) {
      const newest = (await snapshots()).at(-1);
      await this.start();
      const again = await allBlocks(this.chain.url);
      expect(essence(again).slice(0, blocks.length)).toEqual(essence(blocks));
      expect((await receiptsOf(this.chain.url, again)).slice(0, receipts.length)).toEqual(receipts);
      await this.stop();
      if (newest === undefined) break;
      // A start that took long has made another one by now, and removed the oldest.
      for (const name of await snapshots()) if (name >= newest) await rm(path.join(folder, name));
    }
    expect(this.trouble).toEqual([]);
    return { blocks, receipts };
  }

  private async teach(strangers: Strangers): Promise<void> {
    for (const address of strangers.addresses)
      strangers.learn(
        address,
        Number(await rpc(this.chain.url, 'eth_getTransactionCount', [address, 'pending'])),
      );
  }

  private async save(): Promise<void> {
    this.saves += 1;
    const saving = this.chain.testing.save();
    // Sometimes blocks go on meanwhile, sometimes not.
    if (this.dice.percent(50)) await this.chain.testing.mine();
    await saving;
  }

  private async kill(): Promise<void> {
    this.kills += 1;
    await this.chain.testing.killNode();
  }

  async send(all: readonly { raw: string }[]): Promise<void> {
    for (const { raw } of all) {
      await rpc(this.chain.url, 'eth_sendRawTransaction', [raw]).then(
        () => (this.accepted += 1),
        () => (this.refused += 1),
      );
    }
  }
}

async function receiptsOf(url: string, blocks: readonly Block[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const hash of blocks.flatMap(({ transactions }) => transactions))
    receipts.push((await rpc(url, 'eth_getTransactionReceipt', [hash])) as Receipt);
  return receipts;
}

/** One stranger whose transactions are written down here. */
class Stranger {
  readonly wallet = Wallet.createRandom();
  private nonce = 0;

  constructor(private readonly chainId: number) {}

  get contract(): string {
    return getCreateAddress({ from: this.wallet.address, nonce: 0 });
  }

  async creates(): Promise<{ raw: string }[]> {
    return this.sends({ data: `0x${CONTRACT}` });
  }

  async calls(...input: Parameters<typeof inputOf>): Promise<{ raw: string }[]> {
    return this.sends({ to: this.contract, data: `0x${inputOf(...input)}` });
  }

  async sends(tx: TransactionLike): Promise<{ raw: string }[]> {
    const price = tx.type === 4 ? { maxFeePerGas: 0, maxPriorityFeePerGas: 0 } : { gasPrice: 0 };
    const nonce = tx.nonce ?? this.nonce++;
    const { chainId } = this;
    return [
      {
        raw: await this.wallet.signTransaction({
          type: 0,
          gasLimit: 2_000_000,
          ...tx,
          ...price,
          chainId,
          nonce,
        }),
      },
    ];
  }
}

describe('strangers who send transactions of every kind straight to the node', () => {
  const homes: string[] = [];

  afterAll(async () => {
    for (const home of homes) await rm(home, { recursive: true, force: true });
  });

  async function lend(work: (trial: Trial, stranger: Stranger) => Promise<void>): Promise<void> {
    const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-strangers-'));
    homes.push(home);
    const trial = new Trial(home, new Dice(SEED));
    try {
      await trial.start();
      await work(trial, new Stranger(trial.chain.chainId));
    } finally {
      await trial.stop();
    }
  }

  const save = (trial: Trial) => trial.chain.testing.save();

  it('repeat blocks after a snapshot in which a refused call reads an empty slot of a contract from before it', () =>
    lend(async (trial, stranger) => {
      await trial.send(await stranger.creates());
      await save(trial);
      await trial.send(await stranger.calls('read', 7n, 8n, 'revert'));
      await save(trial);
      const { receipts } = await trial.repeats();
      expect(receipts.map(({ status }) => status)).toEqual(['0x1', '0x0']);
    }));

  it('repeat blocks after a snapshot in which a contract asks for the hash of a block from before it', () =>
    lend(async (trial, stranger) => {
      await trial.send(await stranger.creates());
      for (let count = 0; count < 270; count += 1) await trial.chain.testing.mine();
      await save(trial);
      for (const ago of [1n, 2n, 200n, 256n, 257n])
        await trial.send(await stranger.calls('remember', ago * 16n, ago, 'stop'));
      await save(trial);
      const { receipts } = await trial.repeats();
      expect(receipts.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => '0x1'));
    }));

  it('repeat blocks after a snapshot in which a transaction waits for a nonce that an authorisation uses', () =>
    lend(async (trial, stranger) => {
      const other = new Stranger(trial.chain.chainId);
      await trial.send(await other.sends({ to: other.wallet.address, nonce: 1 }));
      await trial.chain.testing.mine();
      const authorisation = other.wallet.authorizeSync({
        address: stranger.contract,
        nonce: 0n,
        chainId: 0n,
      });
      await trial.send(
        await stranger.sends({ to: other.wallet.address, type: 4, authorizationList: [authorisation] }),
      );
      await trial.chain.testing.mine();
      await save(trial);
      await trial.send(await stranger.creates());
      await save(trial);
      const { receipts } = await trial.repeats();
      expect(receipts).toHaveLength(3);
    }));

  it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
    'change nothing about snapshots: seed %i gives the same blocks from each of them and from the journal alone',
    async (seed) => {
      const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-strangers-'));
      homes.push(home);
      const trial = new Trial(home, new Dice(seed));
      try {
        await trial.live();
        const { receipts } = await trial.repeats();
        expect(receipts.length).toBeGreaterThan(TRANSACTIONS / 2);
        expect(receipts.filter(({ status }) => status === '0x0').length).toBeGreaterThan(TRANSACTIONS / 12);
        expect(receipts.filter(({ contractAddress }) => contractAddress !== null).length).toBeGreaterThan(5);
        expect(trial.saves + trial.kills).toBeGreaterThan(3);
      } finally {
        await trial.stop();
      }
    },
  );
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedChain, type EmbeddedChain } from '#node';
import { allBlocks, essence, rpc, type Block } from '../libs/node/src/testing/chain-probe.js';
import { Dice } from './support/dice.js';
import { Strangers } from './support/strangers.js';

/** `STRANGERS_RUNS=50 npm run test:unit -- test/strangers` looks deeper. */
const RUNS = Number(process.env.STRANGERS_RUNS ?? 2);
const SEED = Number(process.env.STRANGERS_SEED ?? 1);
const TRANSACTIONS = 220;
const RUN_MS_MAX = 120_000;
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

  async teach(strangers: Strangers): Promise<void> {
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

  private async send(all: readonly { raw: string }[]): Promise<void> {
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

describe('strangers who send transactions of every kind straight to the node', () => {
  const homes: string[] = [];

  afterAll(async () => {
    for (const home of homes) await rm(home, { recursive: true, force: true });
  });

  it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
    'change nothing about snapshots: seed %i gives the same blocks from each of them and from the journal alone',
    async (seed) => {
      const home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-strangers-'));
      homes.push(home);
      const trial = new Trial(home, new Dice(seed));
      try {
        await trial.live();
        const blocks = await allBlocks(trial.chain.url);
        const receipts = await receiptsOf(trial.chain.url, blocks);
        await trial.stop();
        expect(receipts.length).toBeGreaterThan(TRANSACTIONS / 2);
        expect(receipts.filter(({ status }) => status === '0x0').length).toBeGreaterThan(20);
        expect(receipts.filter(({ contractAddress }) => contractAddress !== null).length).toBeGreaterThan(5);
        expect(trial.saves + trial.kills).toBeGreaterThan(5);

        const folder = path.join(home, 'chain', 'snapshots');
        for (;;) {
          const states = (await readdir(folder)).filter((name) => name.endsWith('.state.gz')).sort();
          await trial.start();
          const again = await allBlocks(trial.chain.url);
          expect(essence(again).slice(0, blocks.length)).toEqual(essence(blocks));
          expect((await receiptsOf(trial.chain.url, again)).slice(0, receipts.length)).toEqual(receipts);
          await trial.stop();
          const newest = states.at(-1);
          if (newest === undefined) break;
          await rm(path.join(folder, newest));
        }
        expect(trial.trouble).toEqual([]);
      } finally {
        await trial.stop();
      }
    },
    RUN_MS_MAX,
  );
});

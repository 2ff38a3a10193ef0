import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Interface } from 'ethers';
import { allBlocks, essence, rpc } from '../../../libs/node/src/testing/chain-probe.js';
import { Dice } from '../../support/dice.js';
import { OutsideClient } from '../../support/outside-client.js';
import { TestPlatform } from '../../support/platform.js';
import { stateOfficers } from '../../support/province.js';
import { Strangers, type Sent } from '../../support/strangers.js';
import { until } from '../../support/until.js';
import { Auditor } from '../evidence.js';
import { contradictions, type Entry } from '../journal.js';
import { Population } from '../population.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { settle } from '../settle.js';
import type { Shopper } from '../shopper.js';

const RATE = 15;
const ROUNDS = { ci: 2, deep: 10 };
/** Transactions of strangers in a round before its snapshot, and between that and the kill. */
const BEFORE = 150;
const AFTER = 60;
/** So many that use up 16 million gas are worth a snapshot. */
const HEAVY = 60;
/** Every so many, holders send what the rules of the vouchers refuse. */
const TRANSFER_EVERY = 8;
const SNAPSHOT_MS_MAX = 120_000;
/** What a chain reports that could not make a snapshot, or not use one. */
const TROUBLE = /"event":"chain\.(save_failed|base_refused|snapshot_refused|snapshot_damaged|fell_back)"/;

const TOKENS = new Interface([
  'function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data)',
  'function setApprovalForAll(address operator, bool approved)',
]);

/** Strangers and holders use the chain's node for themselves, and then everything dies. */
export const strangers: Scenario = {
  name: 'strangers',
  company: 'beside',
  about:
    'transactions of every kind straight to the node under payments, then kill -9 of everything: the same blocks from snapshots and from the journal alone',
  async run(options: ScenarioOptions): Promise<ScenarioResult> {
    const platform = await TestPlatform.start();
    try {
      return await new Siege(platform, options).run();
    } finally {
      await platform.dispose();
    }
  },
};

class Siege {
  private readonly dice: Dice;
  private readonly client: OutsideClient;
  private readonly journal: Entry[] = [];
  private readonly wrong: string[] = [];
  private readonly counts = { accepted: 0, refused: 0, kills: 0, snapshots: 0 };
  /** Blocks that readers were shown. */
  private known: string[] = [];

  constructor(
    private readonly platform: TestPlatform,
    private readonly options: ScenarioOptions,
  ) {
    this.dice = new Dice(options.seed);
    this.client = new OutsideClient(platform.url);
  }

  async run(): Promise<ScenarioResult> {
    const { platform, client, dice, options, wrong } = this;
    const officers = stateOfficers(platform.home.read('genesis-officers.json') ?? '[]');
    const population = await Population.found(client, officers, { seed: options.seed });
    const chain = await client.get('/v1/chain');
    const contracts = ['vouchers', 'authorities'].map((name) => chain.at('contracts', name).text());
    const chainId = Number(await rpc(platform.chainUrl, 'eth_chainId'));
    const crowd = new Strangers(dice, chainId, contracts);
    await this.send(await crowd.settle());
    const note = (text: string) => void wrong.push(text);
    const shoppers = population.shoppers(() => client, dice, this.journal, note);
    for (let round = 1; round <= ROUNDS[options.size]; round += 1) {
      await this.underPayments(shoppers, () => this.besiege(crowd, population, chainId, BEFORE));
      await this.snapshot(crowd);
      await this.underPayments(shoppers, async () => {
        await this.besiege(crowd, population, chainId, AFTER);
        this.known = essence(await allBlocks(platform.chainUrl));
        await platform.kill9('all');
        this.counts.kills += 1;
        await platform.up();
        await this.compare(`after kill ${round}`);
      });
      options.say(`round ${round}: ${this.known.length} blocks, ${JSON.stringify(this.counts)}`);
    }
    wrong.push(...(await settle(client, this.journal)));
    const auditor = await Auditor.of(client, platform.chainUrl, population.market.series);
    const evidence = await auditor.gather(population.issued, population.merchants);
    wrong.push(...contradictions(this.journal, evidence));
    await this.withoutSnapshots();
    for (const command of ['reconcile', 'rebuild', 'doctor']) {
      const { code, output } = await platform.command(command);
      if (code !== 0) wrong.push(`${command} ended with ${code}: ${output.slice(-300)}`);
    }
    const lost = { ...evidence, chain: evidence.chain.slice(1) };
    return {
      wrong,
      control: contradictions(this.journal, lost)[0] ?? '',
      figures: {
        ...this.counts,
        blocks: this.known.length,
        payments: this.journal.length,
        settled: evidence.chain.length,
      },
    };
  }

  /** Does the work while people pay. */
  private async underPayments(shoppers: readonly Shopper[], work: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    const load = shoppers.map((one) => one.shop((shoppers.length / RATE) * 1_000, over.signal));
    try {
      await work();
    } finally {
      over.abort();
      await Promise.all(load);
    }
  }

  private async besiege(
    crowd: Strangers,
    population: Population,
    chainId: number,
    count: number,
  ): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      if (index % 20 === 0)
        for (const address of crowd.addresses) crowd.learn(address, await this.nonceOf(address));
      await this.send(await crowd.next());
      if (index % TRANSFER_EVERY === 0) await this.send([await this.transfer(population, chainId)]);
    }
  }

  /** A holder's token transfer to an address that has no account, which the rules refuse. */
  private async transfer({ market, residents }: Population, chainId: number): Promise<Sent> {
    const { dice } = this;
    const wallet = dice.pick(residents);
    const to = `0x${dice
      .whole(1, 2 ** 31)
      .toString(16)
      .padStart(40, 'e')}`;
    const data = dice.percent(80)
      ? TOKENS.encodeFunctionData('safeTransferFrom', [
          wallet.address,
          to,
          market.series,
          dice.whole(0, 9),
          '0x',
        ])
      : TOKENS.encodeFunctionData('setApprovalForAll', [to, true]);
    const contract = (await this.client.get('/v1/chain')).at('contracts', 'vouchers').text();
    const nonce = await this.nonceOf(wallet.address);
    const tx = { type: 0, chainId, nonce, to: contract, data, gasPrice: 0, gasLimit: 2_000_000 };
    return { raw: await wallet.signTransaction(tx), what: 'transfers vouchers' };
  }

  private async send(all: readonly Sent[]): Promise<void> {
    for (const { raw } of all)
      await rpc(this.platform.chainUrl, 'eth_sendRawTransaction', [raw]).then(
        () => (this.counts.accepted += 1),
        () => (this.counts.refused += 1),
      );
  }

  private async nonceOf(address: string): Promise<number> {
    return Number(await rpc(this.platform.chainUrl, 'eth_getTransactionCount', [address, 'pending']));
  }

  /** The chain stores its state when it has rested for a while and a replay would take half a second. */
  private async snapshot(crowd: Strangers): Promise<void> {
    const before = this.saved();
    for (const address of crowd.addresses) crowd.learn(address, await this.nonceOf(address));
    await this.send(await crowd.exhaust(HEAVY));
    await until('the chain stores its state', () => this.saved() > before, { withinMs: SNAPSHOT_MS_MAX });
    this.counts.snapshots = this.saved();
  }

  private saved(): number {
    return this.log().filter((line) => line.includes('"event":"chain.saved"')).length;
  }

  private log(): string[] {
    return (this.platform.home.read('logs', 'launcher.log') ?? '').split('\n');
  }

  private async compare(when: string): Promise<void> {
    const blocks = essence(await allBlocks(this.platform.chainUrl)).slice(0, this.known.length);
    const at = this.known.findIndex((block, index) => blocks[index] !== block);
    if (at !== -1) this.wrong.push(`${when}: block ${this.known[at]} became ${blocks[at]}`);
    this.wrong.push(...this.log().filter((line) => TROUBLE.test(line)));
  }

  /** The journal alone gives every block again. */
  private async withoutSnapshots(): Promise<void> {
    const { platform } = this;
    this.known = essence(await allBlocks(platform.chainUrl));
    await platform.stop();
    const folder = path.join(platform.home.state, 'chain', 'snapshots');
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
    await platform.up();
    await this.compare('by the journal alone');
    await platform.stop();
  }
}

import { differingTables, fingerprint, rebuild, reconcile } from '#books';
import type { Indexer } from '#indexer';
import { ChainError, ChainNode } from '#node';
import { Story } from '../../support/story.js';
import type { World } from '../../support/world.js';
import { Dice } from '../../support/dice.js';
import { faultyDatabase, type FaultyDatabase } from '../faulty-database.js';
import { FaultyNode } from '../faulty-node.js';
import { Laboratory } from '../laboratory.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';

const SEEDS = { ci: 10, deep: 200 };
const PHASES = 5;
const STEPS_MAX = 12;
const FAULTS = 0.2;
/** Less than any honest answer takes here, so that a silent node costs little time. */
const TIMEOUT_MS = 250;
const CATCH_UP_MAX = 200;

interface Life {
  readonly wrong: string[];
  readonly control: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly events: number;
}

/** An indexer whose node and database fail at every step has the tables of one that had none of this. */
export const indexerSimulation: Scenario = {
  name: 'indexer-simulation',
  about:
    'RPC errors, time-outs, mixed-up logs, broken connections, restarts, reorganisations: tables to the byte',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    return Laboratory.with(async (laboratory) => {
      const lives: Life[] = [];
      for (let index = 0; index < SEEDS[size]; index++) {
        const own = seed + index;
        const world = await laboratory.world();
        const life = await new Simulation(world, new Dice(own)).live().finally(() => world.close());
        lives.push({ ...life, wrong: life.wrong.map((line) => `seed ${own}: ${line}`) });
        say(
          `seed ${own}: ${JSON.stringify(life.faults)}, ${life.events} events${life.wrong.length > 0 ? ': WRONG' : ''}`,
        );
      }
      const faults: Record<string, number> = {};
      for (const life of lives)
        for (const [name, count] of Object.entries(life.faults)) faults[name] = (faults[name] ?? 0) + count;
      return {
        wrong: lives.flatMap(({ wrong }) => wrong),
        control: lives.every(({ control }) => control !== '') ? (lives[0]?.control ?? '') : '',
        figures: { seeds: lives.length, faults, events: lives.reduce((sum, { events }) => sum + events, 0) },
      };
    });
  },
};

class Simulation {
  private readonly wrong: string[] = [];
  private readonly counts = { restarts: 0, reorganisations: 0, rollbacks: 0, failures: 0, rivals: 0 };
  private readonly database: FaultyDatabase;

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
  ) {
    this.database = faultyDatabase(world.db, new Dice(dice.whole(0, 2 ** 31)));
  }

  async live(): Promise<Life> {
    const { world, dice } = this;
    const story = new Story(world, dice);
    await story.begin();
    const begun = await world.node.provider.getBlockNumber();
    const node = await FaultyNode.open(world.node.url, new Dice(dice.whole(0, 2 ** 31)));
    const chain = ChainNode.connect({ url: node.url, chainId: world.node.chainId, timeoutMs: TIMEOUT_MS });
    try {
      let indexer = this.indexer(chain);
      for (let phase = 0; phase < PHASES; phase++) {
        node.chance = FAULTS;
        this.database.chance = FAULTS / 2;
        await story.live(dice.whole(1, 8));
        indexer = await this.follow(indexer, chain, dice.whole(1, STEPS_MAX));
        if (dice.next() < 0.7) await this.reorganise(story, begun);
      }
      node.chance = 0;
      this.database.chance = 0;
      await this.arrive(indexer);
      return await this.judge({
        ...Object.fromEntries(node.done),
        ...Object.fromEntries(this.database.done),
      });
    } finally {
      chain.close();
      await node.close();
    }
  }

  private indexer(node: ChainNode): Indexer {
    // Short ranges, so that they end in the middle of everything.
    return this.world.indexer({ db: this.database.db, node, shorterChainMs: 0, logsWanted: 12 });
  }

  /** So many steps, most of which fail; now and then by another process, or by two at once. */
  private async follow(first: Indexer, node: ChainNode, steps: number): Promise<Indexer> {
    let indexer = first;
    for (let step = 0; step < steps; step++) {
      const kind = this.dice.next();
      if (kind < 0.2) {
        indexer = this.indexer(node);
        this.counts.restarts += 1;
      }
      const rivals = kind > 0.9 ? [this.indexer(node)] : [];
      this.counts.rivals += rivals.length;
      await Promise.all([indexer, ...rivals].map((one) => this.attempt(one)));
    }
    return indexer;
  }

  private async attempt(indexer: Indexer): Promise<boolean> {
    try {
      const { blocks } = await indexer.runOnce();
      if (blocks < 0) this.counts.rollbacks += 1;
      return blocks === 0;
    } catch (error) {
      this.counts.failures += 1;
      // Nothing that happens here is a reason to wait for a person.
      if (error instanceof ChainError && error.action === 'stop')
        this.wrong.push(`the indexer gave up: ${error.message}`);
      return false;
    }
  }

  private async reorganise(story: Story, begun: number): Promise<void> {
    const head = await this.world.node.provider.getBlockNumber();
    const depth = Math.min(head - begun, this.dice.whole(1, 65));
    if (depth < 1) return;
    await this.world.node.loseTail(depth);
    await story.live(this.dice.whole(0, depth + 3));
    this.counts.reorganisations += 1;
  }

  private async arrive(indexer: Indexer): Promise<void> {
    for (let count = 0; count < CATCH_UP_MAX; count++) if (await this.attempt(indexer)) return;
    this.wrong.push(`still not at the head after ${CATCH_UP_MAX} steps without a fault`);
  }

  private async judge(faults: Readonly<Record<string, number>>): Promise<Life> {
    const { world } = this;
    const found = await fingerprint(world.db);
    const { differences } = await reconcile({ db: world.db, node: world.chain, deployment: world.current });
    const { events } = await rebuild({ db: world.db, indexer: world.indexer() });
    const clean = await fingerprint(world.db);
    // A single won that the faults would have left behind has to show.
    await world.db.query(
      `UPDATE chain.holding SET balance = balance + 1, received = received + 1
        WHERE (series, account) = (SELECT series, account FROM chain.holding ORDER BY series, account LIMIT 1)`,
    );
    const control = differingTables(await fingerprint(world.db), clean);
    return {
      wrong: [
        ...this.wrong,
        ...differingTables(found, clean).map((table) => `${table} differs from a clean copy`),
        ...differences.map(({ check, key }) => `${check}: ${key}`),
      ],
      control: control.join(', '),
      faults: { ...this.counts, ...faults },
      events,
    };
  }
}

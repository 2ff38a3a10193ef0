import { differingTables, fingerprint, rebuild } from '#books';
import type { Indexer } from '#indexer';
import { Dice } from './support/dice.js';
import { differencesOf } from './support/differences.js';
import { Story } from './support/story.js';
import { World } from './support/world.js';

/** Another seed: JANGTEO_TEST_SEED=7 npm test -- test/indexing */
const SEED = Number(process.env.JANGTEO_TEST_SEED ?? 20_260_131);

describe('the copy of the chain', () => {
  let world: World;
  let story: Story;
  let indexer: Indexer;
  const dice = new Dice(SEED);

  beforeAll(async () => {
    world = await World.create();
    story = new Story(world, dice);
    // One range holds a few logs only, so that ranges end in the middle of everything.
    indexer = world.indexer({ shorterChainMs: 0, logsWanted: 12 });
    await story.begin();
  });
  afterAll(() => world.close());

  it('agrees with the contracts, with itself and with the books after a random life', async () => {
    await story.live(60);
    await indexer.catchUp();
    expect(await differencesOf(world)).toEqual([]);
    const [figures] = await world.db.query<Record<string, bigint>>(
      `SELECT (SELECT count(*) FROM chain.payment) AS paid, (SELECT count(*) FROM chain.order_refused) AS refused,
              (SELECT count(*) FROM chain.redemption) AS redeemed, (SELECT count(*) FROM chain.issue_refused) AS unissued`,
    );
    // The life was worth copying.
    for (const count of Object.values(figures ?? {})) expect(count).toBeGreaterThan(0n);
  });

  it('is the same to the byte when it is built again from the first block', async () => {
    const { differing, before, block } = await rebuild({ db: world.db, indexer: world.indexer() });
    expect(differing).toEqual([]);
    expect(Object.keys(before).length).toBeGreaterThan(20);
    expect(block).toBe((await world.chain.latest()).number);
  });

  it.each([1, 2, 3, 4, 5])(
    'survives a reorg (round %i): what a clean copy would have, to the byte',
    async () => {
      await indexer.catchUp();
      const depth = dice.whole(1, 16);
      await world.node.loseTail(depth);
      await story.live(dice.whole(0, 20));
      const steps: number[] = [];
      await indexer.catchUp((step) => steps.push(step.blocks));
      expect(steps.some((blocks) => blocks < 0)).toBe(true);
      expect(await differencesOf(world)).toEqual([]);
      const afterRollback = await fingerprint(world.db);
      await rebuild({ db: world.db, indexer: world.indexer() });
      expect(differingTables(afterRollback, await fingerprint(world.db))).toEqual([]);
    },
  );

  it('takes back a tail that was replaced by one of the same length', async () => {
    await indexer.catchUp();
    await world.node.loseTail(3);
    for (let count = 0; count < 3; count++) await world.node.mine();
    const step = await indexer.runOnce();
    expect(step.blocks).toBeLessThan(0);
    await indexer.catchUp();
    expect(await differencesOf(world)).toEqual([]);
  });
});

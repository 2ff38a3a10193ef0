import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from '../../support/dice.js';
import { contradictions } from '../journal.js';
import { Load } from '../load.js';
import { percentile, type Scenario, type ScenarioOptions, type ScenarioResult } from '../scenario.js';
import { FaultFixture } from '../fixture.js';

const TIMES = { ci: 3, deep: 50 };
const DEPTH_MAX = 64;
const RATE = 20;
const FINAL_MS_MAX = 30_000;
const POLL_MS = 100;

interface Loss {
  readonly depth: number;
  /** Blocks that the chain put in the place of the lost ones before anybody could look. */
  readonly replaced: number;
  /** Promised payments that were no longer on the chain. */
  readonly forgotten: number;
  /** Until everything that was promised before is final again, on the chain and by the API. */
  readonly finalMs: number;
}

/** A reorg under payments: sometimes the chain is shorter for a while, sometimes it has other blocks at once. */
export const reorg: Scenario = {
  name: 'reorg',
  about: 'the chain loses its last 1 to 64 blocks, or has others in their place, while people pay',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const dice = new Dice(seed);
    const fixture = await FaultFixture.start({ population: { seed } });
    try {
      // The population's own founding stays; what may be lost is what people paid.
      const founded = await fixture.chain.testing.mine();
      for (let count = 0; count <= DEPTH_MAX; count++) await fixture.chain.testing.mine();
      const load = new Load(fixture.population, () => fixture.client(), RATE, dice);
      const losses: Loss[] = [];
      const wrong: string[] = [];
      await sleep(2_000);
      for (let round = 0; round < TIMES[size]; round++) {
        const loss = await lose(fixture, load, dice, round, founded);
        losses.push(loss);
        if (loss.finalMs > FINAL_MS_MAX) wrong.push(`${loss.depth} blocks: final after ${loss.finalMs} ms`);
        say(
          `lost ${loss.depth} blocks (${loss.replaced} replaced) and ${loss.forgotten} payments: final again after ${loss.finalMs} ms`,
        );
        await sleep(dice.whole(500, 1_500));
      }
      await load.stop();
      const { wrong: found, evidence } = await fixture.compare(load.journal);
      const lost = evidence.chain.slice(1);
      const times = losses.map(({ finalMs }) => finalMs);
      return {
        wrong: [...wrong, ...load.oddities, ...found, ...unlike(losses)],
        control: contradictions(load.journal, { ...evidence, chain: lost })[0] ?? '',
        figures: {
          payments: load.journal.length,
          settled: evidence.chain.length,
          losses,
          finalMs: { p50: percentile(times, 50), p95: percentile(times, 95), max: Math.max(...times) },
        },
      };
    } finally {
      await fixture.dispose();
    }
  },
};

async function lose(
  fixture: FaultFixture,
  load: Load,
  dice: Dice,
  round: number,
  founded: number,
): Promise<Loss> {
  // The shallowest and the deepest always, the rest as it comes.
  const wanted = round === 0 ? 1 : round === 1 ? DEPTH_MAX : dice.whole(1, DEPTH_MAX + 1);
  // After a deep loss a slow machine has not yet made so many blocks again.
  const depth = Math.min(wanted, (await fixture.chain.testing.mine()) - founded);
  const replaced = round % 2 === 0 ? depth : 0;
  const promised = load.promised();
  const lostAt = Date.now();
  await fixture.chain.testing.loseTail(depth);
  const left = await fixture.settledOnChain();
  for (let count = 0; count < replaced; count++) await fixture.chain.testing.mine();
  const forgotten = promised.filter((id) => !left.has(id)).length;
  for (;;) {
    // The chain's events are those of all payments: asked for ten times a second, reading them was most of the work.
    if ((await undecided(fixture, promised)) === 0 && (await areOnChain(fixture, promised))) break;
    if (Date.now() - lostAt > 2 * FINAL_MS_MAX) break;
    await sleep(POLL_MS);
  }
  return { depth, replaced, forgotten, finalMs: Date.now() - lostAt };
}

async function areOnChain(fixture: FaultFixture, promised: readonly string[]): Promise<boolean> {
  const onChain = await fixture.settledOnChain();
  return promised.every((id) => onChain.has(id));
}

/** Promised payments that the tables do not show as settled in a block that the chain has now. */
async function undecided(fixture: FaultFixture, promised: readonly string[]): Promise<number> {
  const rows = await fixture.db.query<{ number: bigint; hash: Buffer }>(
    `SELECT number, hash FROM chain.block ORDER BY number DESC LIMIT 1`,
  );
  const [newest] = rows;
  if (newest === undefined || !(await fixture.hasBlock(newest.number, newest.hash))) return promised.length;
  const [count] = await fixture.db.query<{ missing: bigint }>(
    `SELECT count(*) AS missing FROM unnest($1::bytea[]) AS p(id)
      WHERE NOT EXISTS (SELECT 1 FROM chain.payment c WHERE c.id = p.id)`,
    [promised.map((id) => Buffer.from(id.slice(2), 'hex'))],
  );
  return Number(count?.missing ?? promised.length);
}

/** A run in which nothing was forgotten would prove nothing. */
function unlike(losses: readonly Loss[]): string[] {
  return losses.some(({ forgotten }) => forgotten > 0) ? [] : ['no promised payment was ever lost'];
}

import { TestPlatform } from '../../support/platform.js';
import { Dice } from '../dice.js';
import { contradictions } from '../journal.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { Storm, type Victim, VICTIMS } from '../storm.js';

/** Deep: more than a hundred kills of API, worker, Postgres and chain, by themselves or all together. */
const ROUNDS = { ci: VICTIMS.length, deep: 200 };
const RATE = 20;
/** Whose death the launcher notices and mends. */
const SUPERVISED: readonly Victim[] = ['api', 'worker', 'postgres', 'anvil'];
const RECOVERY_MS_MAX = 10_000;

/** Processes die without warning: one, all of them as when the power fails, or again while they start. */
export const killStorm: Scenario = {
  name: 'kill-storm',
  about: 'kill -9 of any process, or all, while people pay and while the platform starts',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const startedAt = Date.now();
    const rounds = ROUNDS[size];
    const dice = new Dice(seed);
    const platform = await TestPlatform.start([dice.whole(50, 3_000), dice.whole(500, 6_000)]);
    try {
      const storm = await Storm.begin(platform, { rounds, seed, rate: RATE, say });
      await storm.rage();
      const evidence = await storm.evidence();
      const result = await storm.verdict(evidence, startedAt);
      const { wrong: found, ...figures } = result;
      const wrong = [...found];
      // A storm in which nobody died or nobody paid proves nothing.
      const spared = VICTIMS.filter((victim) => (figures.kills[victim] ?? 0) === 0);
      if (spared.length > 0) wrong.push(`nobody killed ${spared.join(', ')}`);
      if (figures.payments.settled < rounds * 5) wrong.push(`only ${figures.payments.settled} settled`);
      // A launcher is started again by a person, a service that dies by its launcher: that is what has to be quick.
      const alone = figures.recoveries.filter(({ victim }) => SUPERVISED.includes(victim));
      const late = alone.filter(({ finalMs }) => finalMs > RECOVERY_MS_MAX);
      if (late.length > alone.length / 20) wrong.push(`${late.length} recoveries of more than 10 s`);
      const lost = { ...evidence, chain: evidence.chain.slice(1) };
      return { wrong, control: contradictions(storm.journal, lost)[0] ?? '', figures };
    } finally {
      await platform.dispose();
    }
  },
};

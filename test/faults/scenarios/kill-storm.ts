import { TestPlatform } from '../../support/platform.js';
import { Dice } from '../../support/dice.js';
import { contradictions } from '../journal.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import type { Size } from '../scenario.js';
import { Storm, type Victim } from '../storm.js';

/** So often API, worker, Postgres and chain die at least, half of the time alone and half of it together. */
const DEATHS_MIN = { ci: 20, deep: 100 };
const RATE = 20;
const PAUSE_MS = [300, 1_200] as const;
/** Whose death the launcher notices and mends. */
const SUPERVISED = ['api', 'worker', 'postgres', 'anvil'] as const;
const RECOVERY_MS_MAX = 10_000;

/** Processes die without warning: one, all of them as when the power fails, or again while they start. */
export const killStorm: Scenario = {
  name: 'kill-storm',
  company: 'alone',
  about: 'kill -9 of any process, or all, while people pay and while the platform starts',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const startedAt = Date.now();
    const dice = new Dice(seed);
    const platform = await TestPlatform.start([dice.whole(50, 3_000), dice.whole(500, 6_000)]);
    try {
      const storm = await Storm.begin(platform, {
        kills: killsOf(size),
        seed,
        rate: RATE,
        pauseMs: PAUSE_MS,
        say,
      });
      await storm.rage();
      const evidence = await storm.evidence();
      const result = await storm.verdict(evidence, startedAt);
      const { wrong: found, ...figures } = result;
      const wrong = [...found];
      // A storm without deaths or without payments proves nothing.
      const spared = SUPERVISED.filter((part) => (figures.deaths[part] ?? 0) < DEATHS_MIN[size]);
      if (spared.length > 0) wrong.push(`too seldom killed: ${spared.join(', ')}`);
      if (figures.payments.settled < figures.rounds * 5)
        wrong.push(`only ${figures.payments.settled} settled`);
      // A launcher is started again by a person, a service that dies by its launcher: that is what has to be quick.
      const alone = figures.recoveries.filter(({ victim }) => SUPERVISED.some((part) => part === victim));
      const late = alone.filter(({ finalMs }) => finalMs > RECOVERY_MS_MAX);
      if (late.length > alone.length / 20) wrong.push(`${late.length} recoveries of more than 10 s`);
      const lost = { ...evidence, chain: evidence.chain.slice(1) };
      return { wrong, control: contradictions(storm.journal, lost)[0] ?? '', figures };
    } finally {
      await platform.dispose();
    }
  },
};

function killsOf(size: Size): Record<Victim, number> {
  const half = DEATHS_MIN[size] / 2;
  const few = Math.ceil(half / 5);
  return { api: half, worker: half, postgres: half, anvil: half, all: half, launcher: few, starting: few };
}

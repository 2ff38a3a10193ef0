import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from '../../support/dice.js';
import { contradictions } from '../journal.js';
import { Load } from '../load.js';
import { heldMb, residentMb, slopeOf } from '../memory.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { FaultFixture } from '../fixture.js';

const SECONDS = { ci: 180, deep: 3_600 };
const RATE = 50;
const RESIDENTS = 50;
const SAMPLE_MS = 5_000;
/** What is under way at a moment comes and goes; the lowest of so many samples is what stays. */
const WINDOW = 3;
/**
 * Deep: the promise. Three minutes can't separate 1 MB an hour from the caches that still fill; what they can show is a
 * leak of every payment: 1 kB for each at this rate is 176 MB an hour.
 */
const SLOPE_MB_PER_HOUR_MAX = { ci: 176, deep: 1 };

interface Sample {
  readonly hours: number;
  readonly heap: number;
  readonly resident: number;
}

/** Ordinary payments for a long time. */
export const soak: Scenario = {
  name: 'soak',
  company: 'beside',
  about: '50 payments a second for a long time: memory stays where it is, nothing is lost',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const fixture = await FaultFixture.start({
      population: { seed, residents: RESIDENTS, each: 20_000_000n },
    });
    try {
      const processes = [
        { name: 'worker', pid: fixture.workers[0]?.pid ?? 0, url: fixture.metricsUrls[0] ?? '', samples: [] },
        { name: 'api', pid: fixture.apis[0]?.pid ?? 0, url: fixture.metricsUrls[1] ?? '', samples: [] },
      ].map((one) => ({ ...one, samples: new Array<Sample>() }));
      const load = new Load(fixture.population, () => fixture.client(), RATE, new Dice(seed));
      const startedAt = Date.now();
      while (Date.now() - startedAt < SECONDS[size] * 1_000) {
        await sleep(SAMPLE_MS);
        for (const { pid, url, samples } of processes) {
          const hours = (Date.now() - startedAt) / 3_600_000;
          samples.push({ hours, heap: await heldMb(pid, url), resident: residentMb(pid) });
        }
      }
      await load.stop();
      const seconds = (Date.now() - startedAt) / 1_000;
      const { wrong, evidence } = await fixture.compare(load.journal);
      wrong.push(...load.oddities);
      const memory = Object.fromEntries(processes.map(({ name, samples }) => [name, figuresOf(samples)]));
      for (const [name, { heapMbPerHour }] of Object.entries(memory))
        if (heapMbPerHour > SLOPE_MB_PER_HOUR_MAX[size])
          wrong.push(`the ${name} grows by ${heapMbPerHour} MB an hour`);
      for (const [name, service] of [
        ['worker', processes[0]?.pid],
        ['api', fixture.apis[0]?.pid],
      ] as const)
        if (service === undefined || service === 0) wrong.push(`the ${name} did not run`);
      say(`${load.journal.length} payments in ${Math.round(seconds)} s; ${JSON.stringify(memory)}`);
      return {
        wrong,
        control: contradictions(load.journal, { ...evidence, chain: evidence.chain.slice(1) })[0] ?? '',
        figures: {
          payments: load.journal.length,
          perSecond: Math.round(load.journal.length / seconds),
          settled: evidence.chain.length,
          memory,
        },
      };
    } finally {
      await fixture.dispose();
    }
  },
};

/** After a third of the time, in which everything warms up. */
function figuresOf(samples: readonly Sample[]): {
  heapMbPerHour: number;
  residentMbPerHour: number;
  heapMb: number;
  residentMb: number;
} {
  const floors: Sample[] = [];
  for (let at = Math.floor(samples.length / 3); at + WINDOW <= samples.length; at += WINDOW) {
    const window = samples.slice(at, at + WINDOW);
    floors.push({
      hours: window[0]?.hours ?? 0,
      heap: Math.min(...window.map(({ heap }) => heap)),
      resident: Math.min(...window.map(({ resident }) => resident)),
    });
  }
  return {
    heapMbPerHour: Math.round(slopeOf(floors.map(({ hours, heap }) => ({ x: hours, y: heap })))),
    residentMbPerHour: Math.round(slopeOf(floors.map(({ hours, resident }) => ({ x: hours, y: resident })))),
    heapMb: Math.round(floors.at(-1)?.heap ?? 0),
    residentMb: Math.round(samples.at(-1)?.resident ?? 0),
  };
}

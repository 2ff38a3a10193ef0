import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideClient } from '../../support/outside-client.js';
import { SmallDisk } from '../../support/small-disk.js';
import { TestPlatform } from '../../support/platform.js';
import { stateOfficers } from '../../support/province.js';
import { Dice } from '../../support/dice.js';
import { Auditor } from '../evidence.js';
import { contradictions } from '../journal.js';
import { Load } from '../load.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { settle } from '../settle.js';
import { Population } from '../population.js';

/** With what the database keeps of its log over ten rounds. */
const DISK_MB = { ci: 400, deep: 1_500 };
const RATE = 20;
const TIMES = { ci: 1, deep: 10 };
const FULL_MS_MAX = 30_000;
const STOP_MS_MAX = 20_000;

/** The disk that holds everything is full: the platform refuses or stops, says why, and goes on when there is space. */
export const fullDisk: Scenario = {
  name: 'full-disk',
  company: 'alone',
  about:
    'the disk fills up under payments: it is reported, nothing is lost, and payments go on when there is room',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const disk = SmallDisk.mount(DISK_MB[size]);
    if (typeof disk === 'string')
      return { wrong: [], control: '', figures: {}, skipped: `no small disk can be mounted here: ${disk}` };
    const before = process.env.TMPDIR;
    process.env.TMPDIR = disk.folder;
    try {
      const platform = await TestPlatform.start();
      try {
        return await fill(platform, disk, TIMES[size], seed, say);
      } finally {
        disk.free();
        await platform.dispose();
      }
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      disk.unmount();
    }
  },
};

async function fill(
  platform: TestPlatform,
  disk: SmallDisk,
  times: number,
  seed: number,
  say: (line: string) => void,
): Promise<ScenarioResult> {
  const client = new OutsideClient(platform.url);
  const officers = stateOfficers(platform.home.read('genesis-officers.json') ?? '[]');
  const population = await Population.found(client, officers, { seed });
  const load = new Load(population, () => client, RATE, new Dice(seed));
  const wrong: string[] = [];
  const stops: Record<string, unknown>[] = [];
  for (let round = 0; round < times; round++) {
    await sleep(2_000);
    const paid = load.journal.length;
    const before = platform.lastWords.length;
    disk.fill();
    const fullAt = Date.now();
    while (platform.isUp && Date.now() - fullAt < FULL_MS_MAX) await sleep(100);
    const stopMs = Date.now() - fullAt;
    const said = platform.lastWords.slice(before);
    const stopped = !platform.isUp;
    disk.free();
    // The database may refuse everything before the chain has to stop; then there is nothing to stop for.
    if (!/full/i.test(said)) wrong.push(`it did not say that the disk is full: ${said.slice(-600)}`);
    stops.push({
      stopped,
      stopMs,
      sent: load.journal.length - paid,
      said: said.trim().split('\n').slice(-3),
    });
    say(`full: ${stopped ? 'stopped' : 'running'} after ${stopMs} ms`);
    await sleep(STOP_MS_MAX / 10);
    if (!platform.isUp) await platform.up();
    await platform.ready();
  }
  await sleep(1_000);
  await load.stop();
  wrong.push(...load.oddities, ...(await settle(client, load.journal)));
  const auditor = await Auditor.of(client, platform.chainUrl, population.market.series);
  const evidence = await auditor.gather(population.issued, population.merchants);
  wrong.push(...contradictions(load.journal, evidence));
  await platform.stop();
  for (const command of ['reconcile', 'rebuild']) {
    const { code, output } = await platform.command(command);
    if (code !== 0) wrong.push(`${command} ended with ${code}: ${output.slice(-300)}`);
  }
  return {
    wrong,
    control: contradictions(load.journal, { ...evidence, chain: evidence.chain.slice(1) })[0] ?? '',
    figures: { payments: load.journal.length, settled: evidence.chain.length, stops },
  };
}

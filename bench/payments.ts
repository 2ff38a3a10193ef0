/**
 * How many payments a second the whole platform settles on this machine, and what each costs: launcher, API, worker,
 * PostgreSQL and chain as people start them, with the load generator beside them.
 *
 * With --baseline: the same load in turn on one ERC-20 transaction per payment, and how many times the CPU that takes.
 *
 *   npm run bench:payments -- [--baseline] [--rate 1000] [--seconds 60] [--warm-up 5] [--connections 128]
 *     [--timeline FILE] [--restart] [--json]
 *
 * With --restart: everything is killed after the load, and how long it takes until the platform is ready again.
 *
 * Exit code 1 when an accepted payment is not final exactly once or the books do not reconcile.
 */
import { parseArgs } from 'node:util';
import { Database } from '#persistence';
import { TestPlatform } from '../test/support/platform.js';
import { compare } from './baseline/compare.js';
import { platformTarget, PaymentRun } from './support/payment-run.js';
import { machine } from './support/usage.js';
import { Population } from './support/population.js';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '5' },
    connections: { type: 'string', default: '128' },
    residents: { type: 'string', default: '3000' },
    merchants: { type: 'string', default: '300' },
    baseline: { type: 'boolean', default: false },
    /** File that gets one line of JSON for each second: how slow its slowest payments were. */
    timeline: { type: 'string' },
    restart: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const number = (name: Exclude<keyof typeof values, 'json' | 'baseline' | 'restart' | 'timeline'>): number => {
  const value = Number(values[name]);
  if (value > 0) return value;
  throw new RangeError(`--${name} is a positive number`);
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** An 'exit' is what the platform's clean-up listens to; a signal alone would not be one. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

async function main(): Promise<void> {
  const [rate, seconds, warmUp] = [number('rate'), number('seconds'), number('warm-up')];
  const platform = await TestPlatform.start();
  try {
    say('the platform runs; founding the population');
    const size = { merchants: number('merchants'), residents: number('residents'), each: 1_000_000n };
    const population = await Population.found(platform, size);
    const url = platform.databaseUrl;
    const db = await Database.connect({ url, poolMax: 2, applicationName: 'jangteo-bench' });
    const connections = number('connections');
    const timeline = values.timeline;
    const run = new PaymentRun({
      target: platformTarget(platform),
      platform,
      population,
      db,
      connections,
      say,
      timeline,
    });
    await run.measure(Math.min(rate, 500), warmUp);
    const figures = values.baseline
      ? await compare(run, { platform, population, db, connections, say }, { rate, seconds, each: size.each })
      : await run.measure(rate, seconds);
    const wrong = [...(await run.contradictions())];
    await db.close();
    const restarted = values.restart ? { restart: await restart(platform) } : {};
    const stopped = await platform.stop();
    if (stopped.code !== 0) wrong.push(`the launcher ended with ${stopped.code}`);
    const reconcile = await platform.command('reconcile');
    if (reconcile.code !== 0) wrong.push(`reconcile: ${reconcile.output.slice(-500)}`);
    print(
      { bench: 'payments', machine: machine(), ...size, each: String(size.each) },
      { ...figures, ...restarted },
      wrong,
    );
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await platform.dispose();
  }
}

/** kill -9 of every process, and what the next start takes, in milliseconds. */
async function restart(platform: TestPlatform): Promise<Record<string, unknown>> {
  await platform.kill9('all');
  const startedAt = performance.now();
  await platform.up();
  const ready = Math.round(performance.now() - startedAt);
  const lines = (platform.home.read('logs', 'launcher.log') ?? '').trim().split('\n');
  const restored: unknown = JSON.parse(lines.findLast((line) => line.includes('chain.restored')) ?? '{}');
  return { ready_ms: ready, chain: restored };
}

function print(conditions: Record<string, unknown>, figures: object, wrong: readonly string[]): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...conditions, ...figures, wrong })}\n`);
    return;
  }
  process.stdout.write(`${JSON.stringify({ ...conditions, ...figures, wrong }, null, 2)}\n`);
}

await main();

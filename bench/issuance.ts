/**
 * How long a list of recipients takes from the officer's draft until everybody holds the vouchers, what it costs, and
 * what other clients of the API notice meanwhile.
 *
 *   npm run bench:issuance -- [--recipients 50000]
 *
 * Prints one line of JSON; exit code 1 when somebody got nothing or the books do not reconcile.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Database } from '#persistence';
import { OutsideClient } from '../test/support/outside-client.js';
import { TestPlatform } from '../test/support/platform.js';
import { GYEONGJU, Province, stateOfficers } from '../test/support/province.js';
import { latencyOf } from './support/latency.js';
import { loopDelayOf } from './support/loop-delay.js';
import { Pings } from './support/pings.js';
import { platformCpu, platformMemory } from './support/platform-usage.js';
import { payersOf } from './support/population.js';
import { busySeconds, differences, machine, sumOf } from './support/usage.js';

const { values } = parseArgs({ options: { recipients: { type: 'string', default: '50000' } } });
const recipients = Number(values.recipients);
if (!Number.isInteger(recipients) || recipients < 1) throw new RangeError('--recipients is a whole number');

const EACH = 100_000n;
const POLL_MS = 100;
const WAIT_MS = 600_000;

/** An 'exit' is what the platform's clean-up listens to; a signal alone would not be one. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const platform = await TestPlatform.start();
try {
  const client = new OutsideClient(platform.url);
  const province = await Province.found(
    client,
    stateOfficers(platform.home.read('genesis-officers.json') ?? '[]'),
  );
  const budget = EACH * BigInt(recipients);
  const series = await province.publish({ authority: GYEONGJU, budget });
  const items = payersOf(recipients).map(({ address }) => ({ account: address, amount: String(EACH) }));
  const pings = new Pings(`${platform.url}/health/live`);
  // Asked once before, so that it counts from here.
  await loopDelays();
  const before = { cpu: platformCpu(platform), busy: busySeconds() };
  const startedAt = performance.now();
  const act = await province.act({
    kind: 'approve_issue',
    authority: GYEONGJU,
    args: { series },
    attachment: { items },
  });
  const approvedMs = performance.now() - startedAt;
  await untilDone(client, act.at('id').text());
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = differences(platformCpu(platform), before.cpu);
  const readBack = await client.all(`/v1/issue-lists/${act.at('id').text()}/items`);
  const readSeconds = (performance.now() - startedAt) / 1000 - seconds;
  const loops = await loopDelays();
  const latency = latencyOf(await pings.end());
  const wrong = await contradictions();
  if (JSON.stringify(readBack.map(({ value }) => value)) !== JSON.stringify(items))
    wrong.push('the list reads back as another one');
  const result = {
    bench: 'issuance',
    machine: machine(),
    recipients,
    seconds: Number(seconds.toFixed(1)),
    approved_after_seconds: Number((approvedMs / 1000).toFixed(1)),
    recipients_per_second: Math.round(recipients / seconds),
    cpu_seconds: cpu,
    cpu_ms_per_recipient: Number(((sumOf(cpu) * 1000) / recipients).toFixed(3)),
    read_back_seconds: Number(readSeconds.toFixed(1)),
    machine_busy_seconds: Math.round(busySeconds() - before.busy),
    peak_memory_mib: platformMemory(platform),
    /** What somebody else waits for GET /health/live meanwhile. */
    others_wait_ms: latency,
    /** By how much the processes came late to what they had to do, from the draft to the list read back. */
    event_loop_delay_ms: loops,
    wrong,
  };
  const stopped = await platform.stop();
  if (stopped.code !== 0) wrong.push(`the launcher ended with ${stopped.code}`);
  const reconcile = await platform.command('reconcile');
  if (reconcile.code !== 0) wrong.push(`reconcile: ${reconcile.output.slice(-500)}`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await platform.dispose();
}

async function untilDone(client: OutsideClient, id: string): Promise<void> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(POLL_MS)) {
    if ((await client.get(`/v1/issue-lists/${id}`)).at('state').text() === 'done') return;
  }
  throw new Error('the list is not issued');
}

async function loopDelays() {
  return { api: await loopDelayOf(platform.metricsUrl), worker: await loopDelayOf(platform.workerUrl) };
}

async function contradictions(): Promise<string[]> {
  const db = await Database.connect({
    url: platform.databaseUrl,
    poolMax: 1,
    applicationName: 'jangteo-bench',
  });
  const [row] = await db.query<{ holders: bigint; balance: string | null }>(
    'SELECT count(*) AS holders, sum(balance)::text AS balance FROM chain.holding',
  );
  await db.close();
  const right = row?.holders === BigInt(recipients) && row.balance === String(EACH * BigInt(recipients));
  return right ? [] : [`${row?.holders} hold ${row?.balance} won, not ${recipients} ${EACH} each`];
}

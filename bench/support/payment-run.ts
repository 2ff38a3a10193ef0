import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#persistence';
import type { TestPlatform } from '../../test/support/platform.js';
import { FinalityWatch, PLATFORM_TABLES, type FinalTables } from './finality.js';
import { latencyOf, rounded, type Latency } from './latency.js';
import { OpenLoad, shotOf, type Shot } from './open-load.js';
import { platformCpu, platformMemory } from './platform-usage.js';
import { appendTimeline, timelineOf } from './timeline.js';
import type { SignedPayment, Population } from './population.js';
import { busySeconds, differences, sumOf, type CpuSeconds } from './usage.js';

/** What takes the payments: the platform, or the baseline beside it. */
export interface Target {
  readonly url: string;
  readonly tables: FinalTables;
  /** CPU seconds so far of every process that has a part in it. */
  cpu(): CpuSeconds;
  /** Whether GET /v1/reports/summary counts the payments. */
  readonly reports: boolean;
}

export interface PaymentRunOptions {
  readonly target: Target;
  readonly platform: TestPlatform;
  readonly population: Population;
  readonly db: Database;
  readonly connections: number;
  readonly say: (text: string) => void;
  /** Where to write each run second by second. */
  readonly timeline?: string | undefined;
}

export interface PaymentFigures {
  readonly offered: { readonly rate: number; readonly seconds: number; readonly payments: number };
  readonly accepted: number;
  /** Payments by what was answered instead of 202: the problem's code, or the status; or that nothing was. */
  readonly refused: Readonly<Record<string, number>>;
  readonly final: number;
  /** From the first payment's time to leave until the last one was final. */
  readonly final_per_second: number;
  /** Milliseconds from the time at which the payment had to leave. */
  readonly latency_ms: {
    readonly accepted: Latency | null;
    readonly final: Latency | null;
    /** Counted in GET /v1/reports/summary, which is asked every 250 ms. */
    readonly reported: Latency | null;
  };
  readonly cpu_seconds: Readonly<Record<string, number>>;
  /** Of the platform, without the generator. */
  readonly cpu_ms_per_payment: number;
  readonly cpu_ms_per_payment_by_process: Readonly<Record<string, number>>;
  readonly peak_memory_mib: Readonly<Record<string, number>>;
  /** Processor seconds of everybody on the machine, those of this run and of others. */
  readonly machine_busy: { readonly seconds: number; readonly by_others: number };
}

/** The platform as people start it. */
export function platformTarget(platform: TestPlatform): Target {
  return { url: platform.url, tables: PLATFORM_TABLES, cpu: () => platformCpu(platform), reports: true };
}

interface Sample {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly count: number;
}

const DRAIN_MS = 60_000;
const REPORT_EVERY_MS = 250;

/** Offers load to a running platform and watches what becomes of every payment. */
export class PaymentRun {
  private readonly accepted = new Map<string, bigint>();
  /** Sent, and no answer came: the outcome is unknown. */
  private readonly unanswered = new Map<string, bigint>();

  constructor(private readonly options: PaymentRunOptions) {}

  /** @param rate payments a second, whatever the platform makes of it */
  async measure(rate: number, seconds: number): Promise<PaymentFigures> {
    const { target, platform, population, db, connections, say, timeline } = this.options;
    const payments = population.sign(Math.round(rate * seconds));
    const host = new URL(target.url).host;
    const shots = payments.map(({ body }) => shotOf('/v1/payments', host, body));
    const watch = await FinalityWatch.start(platform.databaseUrl, db, target.tables);
    const load = await OpenLoad.connect(target.url, connections);
    const report = new ReportPoll(population);
    if (target.reports) await report.begin();
    say(`${shots.length} payments signed; offering ${rate}/s for ${seconds} s`);
    const before = this.usage();
    await load.fire(shots, rate);
    await load.end(DRAIN_MS);
    for (const [index, { id, amount }] of payments.entries()) {
      const { sent = false, status = 0 } = shots[index] ?? {};
      if (status === 202) this.accepted.set(id, amount);
      else if (sent && status === 0) this.unanswered.set(id, amount);
    }
    const accepted = shots.filter(({ status }) => status === 202).length;
    await untilReached(() => watch.count >= accepted);
    const after = this.usage();
    if (target.reports) await untilReached(() => report.count >= watch.count);
    await report.end();
    await watch.stop();
    if (timeline !== undefined) {
      const finalAt = payments.map(({ id }) => watch.finalAt.get(id.slice(2)));
      appendTimeline(timeline, timelineOf(shots, finalAt));
    }
    return figuresOf({ rate, seconds, payments, shots, watch, report, before, after, platform });
  }

  /** Everything that must not be: accepted payments that are not final exactly once, others that are. */
  async contradictions(): Promise<string[]> {
    const { payments } = this.options.target.tables;
    const rows = await this.options.db.query<{ id: Buffer; amount: bigint }>(
      `SELECT id, amount FROM ${payments}`,
    );
    const final = new Map(rows.map(({ id, amount }) => [`0x${id.toString('hex')}`, amount]));
    const lost = [...this.accepted.keys()].filter((id) => !final.has(id));
    const forged = [...final].filter(
      ([id, amount]) => (this.accepted.get(id) ?? this.unanswered.get(id)) !== amount,
    );
    return [
      ...(final.size < rows.length ? [`${rows.length - final.size} payments are final more than once`] : []),
      ...(lost.length > 0 ? [`${lost.length} accepted payments are not final`] : []),
      ...(forged.length > 0
        ? [`${forged.length} payments are final that the generator did not send so`]
        : []),
    ];
  }

  private usage(): Usage {
    const { user, system } = process.cpuUsage();
    const cpu = { ...this.options.target.cpu(), generator: (user + system) / 1e6 };
    return { cpu, busy: busySeconds() };
  }
}

interface Usage {
  readonly cpu: Readonly<Record<string, number>>;
  readonly busy: number;
}

interface Story {
  readonly rate: number;
  readonly seconds: number;
  readonly payments: readonly SignedPayment[];
  readonly shots: readonly Shot[];
  readonly watch: FinalityWatch;
  readonly report: ReportPoll;
  readonly before: Usage;
  readonly after: Usage;
  readonly platform: TestPlatform;
}

function figuresOf(story: Story): PaymentFigures {
  const { rate, seconds, payments, shots, watch, report, before, after, platform } = story;
  const firstDue = shots[0]?.dueAt ?? 0;
  const final = payments.flatMap(({ id }, index) => {
    const at = watch.finalAt.get(id.slice(2));
    return at === undefined ? [] : [{ at, dueAt: shots[index]?.dueAt ?? at }];
  });
  const lastFinal = final.reduce((last, { at }) => Math.max(last, at), firstDue);
  const cpu = differences(after.cpu, before.cpu);
  const { generator = 0, ...parts } = cpu;
  const perPayment = (cpuSeconds: number) =>
    Number(((cpuSeconds * 1000) / Math.max(1, final.length)).toFixed(3));
  const busy = after.busy - before.busy;
  return {
    offered: { rate, seconds, payments: shots.length },
    accepted: shots.filter(({ status }) => status === 202).length,
    refused: refusalsOf(shots),
    final: final.length,
    final_per_second: rounded((final.length * 1000) / Math.max(1, lastFinal - firstDue)),
    latency_ms: {
      accepted: latencyOf(
        shots.filter(({ status }) => status === 202).map((shot) => shot.answeredAt - shot.dueAt),
      ),
      final: latencyOf(final.map(({ at, dueAt }) => at - dueAt)),
      reported: latencyOf(report.latencies(final)),
    },
    cpu_seconds: cpu,
    cpu_ms_per_payment: perPayment(sumOf(parts)),
    cpu_ms_per_payment_by_process: Object.fromEntries(
      Object.entries(parts).map(([name, used]) => [name, perPayment(used)]),
    ),
    peak_memory_mib: platformMemory(platform),
    machine_busy: { seconds: rounded(busy), by_others: rounded(busy - sumOf(parts) - generator) },
  };
}

function refusalsOf(shots: readonly Shot[]): Record<string, number> {
  const refused: Record<string, number> = {};
  for (const { sent, status, body } of shots) {
    if (status === 202) continue;
    const code = /"code":"([a-z_]+)"/.exec(body)?.[1] ?? 'none';
    const name = status === 0 ? (sent ? 'no answer' : 'never sent') : `${status} ${code}`;
    refused[name] = (refused[name] ?? 0) + 1;
  }
  return refused;
}

/** Asks the public report again and again how many payments it counts. */
class ReportPoll {
  private readonly samples: Sample[] = [];
  private first = 0;
  private ended = false;
  private polling: Promise<void> = Promise.resolve();

  constructor(private readonly population: Population) {}

  /** Payments counted since begin(). */
  get count(): number {
    return (this.samples.at(-1)?.count ?? this.first) - this.first;
  }

  async begin(): Promise<void> {
    this.first = await this.ask();
    this.polling = this.poll();
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.polling;
  }

  /** The n-th payment to become final is seen in the first report that counts n. */
  latencies(final: readonly { readonly at: number; readonly dueAt: number }[]): number[] {
    const inOrder = final.toSorted((one, other) => one.at - other.at || one.dueAt - other.dueAt);
    let next = 0;
    return inOrder.flatMap(({ dueAt }, index) => {
      while (next < this.samples.length && (this.samples[next]?.count ?? 0) - this.first <= index) next += 1;
      const seen = this.samples[next];
      return seen === undefined ? [] : [seen.answeredAt - dueAt];
    });
  }

  private async poll(): Promise<void> {
    while (!this.ended) {
      const askedAt = performance.now();
      const count = await this.ask().catch(() => this.samples.at(-1)?.count ?? this.first);
      this.samples.push({ askedAt, answeredAt: performance.now(), count });
      await sleep(REPORT_EVERY_MS);
    }
  }

  private async ask(): Promise<number> {
    const summary = await this.population.client.get('/v1/reports/summary?group=region');
    return summary.at('total', 'paid', 'count').number();
  }
}

async function untilReached(reached: () => boolean): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  while (!reached() && Date.now() < until) await sleep(10);
}

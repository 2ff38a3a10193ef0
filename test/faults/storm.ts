import { setTimeout as sleep } from 'node:timers/promises';
import { OutsideClient } from '../support/outside-client.js';
import { PROCESSES, type ProcessName, TestPlatform } from '../support/platform.js';
import { stateOfficers } from '../support/province.js';
import { Dice } from '../support/dice.js';
import { Auditor } from './evidence.js';
import { contradictions, type Entry, type Evidence } from './journal.js';
import { meaningOf, type Shopper } from './shopper.js';
import { Population } from './population.js';

/**
 * `all`: every process at the same moment, as when the machine loses power. `starting`: that, and then the launcher
 * or everything once more while the platform starts again.
 */
export type Victim = ProcessName | 'all' | 'starting';
export const VICTIMS: readonly Victim[] = [...PROCESSES, 'all', 'starting'];

/** Victims with which every process dies. */
const TOGETHER: readonly Victim[] = ['all', 'starting'];

export interface StormOptions {
  /** How often each is killed; each evenly over the whole storm. */
  readonly kills: Readonly<Partial<Record<Victim, number>>>;
  /** Decides who is killed when, and who pays what. */
  readonly seed: number;
  /** Payments a second; default 20. */
  readonly rate?: number;
  /** Pause before a kill, milliseconds from and to; default 500 to 2,500. */
  readonly pauseMs?: readonly [from: number, to: number];
  readonly say?: (line: string) => void;
}

export interface Recovery {
  readonly victim: Victim;
  /** Milliseconds from SIGKILL until API and worker say that they are ready. */
  readonly readyMs: number;
  /** Milliseconds from SIGKILL until a payment sent after it was final. */
  readonly finalMs: number;
}

export interface StormResult {
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly kills: Readonly<Record<string, number>>;
  /** How often each process died, by itself or with all others. */
  readonly deaths: Readonly<Record<string, number>>;
  readonly payments: {
    readonly sent: number;
    readonly settled: number;
    readonly refused: number;
    /** Payments that at some time had no answer, and tries without one. */
    readonly unknown: number;
    readonly tries: number;
  };
  readonly recoveries: readonly Recovery[];
  readonly recoveryMs: { readonly p50: number; readonly p95: number; readonly max: number };
  /** Everything that must not be; empty = nothing lost, nothing doubled. */
  readonly wrong: readonly string[];
  readonly reconcile: string;
  readonly rebuild: string;
}

const SETTLE_MS_MAX = 60_000;

/** A population under load whose processes are killed. */
export class Storm {
  readonly journal: Entry[] = [];
  private readonly oddities: string[] = [];
  private readonly recoveries: Recovery[] = [];
  private readonly dice: Dice;

  private constructor(
    private readonly options: StormOptions,
    private readonly platform: TestPlatform,
    private readonly client: OutsideClient,
    private readonly population: Population,
  ) {
    this.dice = new Dice(options.seed);
  }

  /** Starts a platform and founds the population. The caller disposes of the platform. */
  static async begin(platform: TestPlatform, options: StormOptions): Promise<Storm> {
    const client = new OutsideClient(platform.url);
    const genesis = platform.home.read('genesis-officers.json') ?? '[]';
    const population = await Population.found(client, stateOfficers(genesis), { seed: options.seed });
    return new Storm(options, platform, client, population);
  }

  /** Pays and kills for all rounds, then lets every payment be answered and decided. */
  async rage(): Promise<void> {
    const { rate = 20, pauseMs: [from, to] = [500, 2_500] } = this.options;
    const everybody = this.population.shoppers(
      () => this.client,
      this.dice,
      this.journal,
      (text) => this.oddities.push(text),
    );
    const [probe, ...shoppers] = everybody;
    if (probe === undefined) throw new Error('no residents');
    const over = new AbortController();
    const load = shoppers.map((one) => one.shop((shoppers.length / rate) * 1_000, over.signal));
    try {
      for (const victim of this.victims()) {
        await sleep(this.dice.whole(from, to));
        await this.kill(victim, probe);
      }
      await sleep(1_000);
    } finally {
      over.abort();
      await Promise.all(load);
    }
    await this.settle(probe);
  }

  /** What the chain and the API say now. */
  async evidence(): Promise<Evidence> {
    const { market, issued, merchants } = this.population;
    const auditor = await Auditor.of(this.client, this.platform.chainUrl, market.series);
    return auditor.gather(issued, merchants);
  }

  /** Compares everything, at last with the operator's own commands on the stopped platform. */
  async verdict(evidence: Evidence, startedAt: number): Promise<StormResult> {
    const wrong = [...this.oddities, ...contradictions(this.journal, evidence), ...this.internalFailures()];
    const stopped = await this.platform.stop();
    if (stopped.code !== 0)
      wrong.push(`the launcher ended with ${stopped.code}: ${stopped.output.slice(-500)}`);
    for (const { pid, command } of this.platform.home.processes())
      wrong.push(`left running: ${pid} ${command}`);
    const reconcile = await this.platform.command('reconcile');
    if (reconcile.code !== 0) wrong.push(`reconcile ended with ${reconcile.code}`);
    const rebuild = await this.platform.command('rebuild');
    if (rebuild.code !== 0) wrong.push(`rebuild ended with ${rebuild.code}`);
    const { journal, recoveries } = this;
    const times = recoveries.map(({ finalMs }) => finalMs).toSorted((one, other) => one - other);
    return {
      seed: this.options.seed,
      rounds: recoveries.length,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      kills: countOf(recoveries.map(({ victim }) => victim)),
      deaths: deathsOf(recoveries.map(({ victim }) => victim)),
      payments: {
        sent: journal.length,
        settled: evidence.chain.length,
        refused: journal.filter(({ reported }) => reported?.startsWith('refused')).length,
        unknown: journal.filter(({ unknown }) => unknown > 0).length,
        tries: journal.reduce((sum, { unknown }) => sum + unknown, 0),
      },
      recoveries,
      recoveryMs: { p50: percentile(times, 50), p95: percentile(times, 95), max: times.at(-1) ?? 0 },
      wrong,
      reconcile: lastLine(reconcile.output),
      rebuild: lastLine(rebuild.output),
    };
  }

  /** What the API itself did not expect; no misfortune excuses it. */
  private internalFailures(): string[] {
    const log = this.platform.home.read('logs', 'api.log') ?? '';
    return log.split('\n').filter((line) => line.includes('http.failed') && line.includes('"internal"'));
  }

  /** Every kill of the storm, in order. */
  private victims(): Victim[] {
    const wanted = VICTIMS.map((victim) => ({ victim, count: this.options.kills[victim] ?? 0 }));
    const decks = Math.max(...wanted.map(({ count }) => count));
    return Array.from({ length: decks }, (_unused, deck) => {
      const due = wanted.filter(
        ({ count }) => Math.floor(((deck + 1) * count) / decks) > Math.floor((deck * count) / decks),
      );
      return this.dice.shuffle(due.map(({ victim }) => victim));
    }).flat();
  }

  private async kill(victim: Victim, probe: Shopper): Promise<void> {
    while (!(await this.platform.kill9(victim === 'starting' ? 'all' : victim))) await sleep(20);
    const killedAt = Date.now();
    const entry = await probe.purchase();
    if (victim === 'starting') {
      const which = this.dice.pick(['launcher', 'all'] as const);
      await this.platform.startInVain(this.dice.whole(50, 6_000), which);
    }
    if (!this.platform.isUp) await this.platform.up();
    const signal = AbortSignal.timeout(SETTLE_MS_MAX);
    const final = probe.submit(entry, signal).then(() => this.decided(entry));
    await this.platform.ready();
    const readyMs = Date.now() - killedAt;
    if ((await final) !== 'final') this.oddities.push(`after killing ${victim}: the probe is not final`);
    const recovery = { victim, readyMs, finalMs: Date.now() - killedAt };
    this.recoveries.push(recovery);
    this.options.say?.(
      `${this.recoveries.length}: kill -9 ${victim}: ready after ${readyMs} ms, paid after ${recovery.finalMs} ms; ${this.journal.length} payments so far`,
    );
  }

  /** Gets an answer for every payment that has none, and waits until the promised ones are decided. */
  private async settle(anybody: Shopper): Promise<void> {
    const signal = AbortSignal.timeout(SETTLE_MS_MAX);
    for (const entry of this.journal) {
      if (entry.reported === undefined) await anybody.submit(entry, signal);
      if (entry.reported === 'accepted') await this.decided(entry);
    }
  }

  /** The state of a promised payment once it is decided; it stays `accepted` when it takes too long. */
  private async decided(entry: Entry): Promise<string> {
    const until = Date.now() + SETTLE_MS_MAX;
    let state = 'unknown';
    while (Date.now() < until) {
      const answer = await this.client.send('GET', `/v1/payments/${entry.order.id}`).catch(() => undefined);
      const reported = answer && meaningOf(answer);
      if (reported === 'final') entry.reported = reported;
      if (reported !== undefined) state = reported;
      if (state !== 'unknown' && state !== 'accepted') return state;
      await sleep(25);
    }
    this.oddities.push(`${entry.order.id}: ${state} for too long`);
    return state;
  }
}

function countOf(names: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

function deathsOf(killed: readonly Victim[]): Record<string, number> {
  const died = (part: ProcessName) => killed.filter((one) => one === part || TOGETHER.includes(one)).length;
  return Object.fromEntries(PROCESSES.map((part) => [part, died(part)]));
}

/** The value that so many per cent of an ascending list do not exceed; 0 for an empty one. */
function percentile(ascending: readonly number[], percent: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? 0;
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}

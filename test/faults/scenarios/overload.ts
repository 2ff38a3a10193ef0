import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, OutsideClient } from '../../support/outside-client.js';
import { deepBody, hugeBody, inParallel, post, SlowClients, Tally } from '../attackers.js';
import { Dice } from '../../support/dice.js';
import { contradictions, type Entry } from '../journal.js';
import { Load } from '../load.js';
import { residentMb } from '../memory.js';
import { percentile, type Scenario, type ScenarioOptions, type ScenarioResult } from '../scenario.js';
import type { Shopper } from '../shopper.js';
import { FaultFixture } from '../fixture.js';

const RATE = 20;
/** Offered beside the paying clients. */
const TIMES = 10;
/** The first waves fill every cache and pool; what grows from the last but one to the last is a leak. */
const WAVES = 3;
const WAVE_S = { ci: 6, deep: 60 };
const BAD_SIGNATURES = { ci: 2_000, deep: 10_000 };
const SLOW = 200;
const HUGE = 20;
const HUGE_MB = 10;
const DEEP = 50;
const DEPTH = 100_000;
const P99_MS_MAX = 2_000;
const GROWTH_MB_MAX = 48;
/** Who pays as usual, and who comes all at once. */
const PAYERS = 12;
const RESIDENTS = PAYERS + 30;

/** Notes how long each payment took to be answered. */
class TimedClient extends OutsideClient {
  readonly latencies: number[] = [];

  override async send(...call: Parameters<OutsideClient['send']>): Promise<Answer> {
    const startedAt = performance.now();
    try {
      return await super.send(...call);
    } finally {
      this.latencies.push(performance.now() - startedAt);
    }
  }
}

/** People who pay are served while others do everything to prevent it. */
export const overload: Scenario = {
  name: 'overload',
  company: 'alone',
  about:
    'ten times the load, slow clients, 10 MB bodies, deep JSON, bad signatures: payers are answered, memory is flat',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const dice = new Dice(seed);
    const fixture = await FaultFixture.start({ population: { seed, residents: RESIDENTS } });
    try {
      const crowd = new Crowd(fixture, dice);
      await crowd.sign(WAVES * RATE * TIMES * WAVE_S[size]);
      const timed = new TimedClient(fixture.client().baseUrl);
      const load = new Load(
        fixture.population,
        () => timed,
        RATE,
        new Dice(dice.whole(0, 2 ** 31)),
        fixture.population.residents.slice(0, PAYERS),
      );
      const memory: number[] = [];
      const tallies = { huge: new Tally(), deep: new Tally(), forged: new Tally() };
      for (let wave = 0; wave < WAVES; wave++) {
        await Promise.all([
          crowd.rush(WAVE_S[size]),
          attack(fixture, crowd, tallies, BAD_SIGNATURES[size] / WAVES),
        ]);
        await sleep(3_000);
        memory.push(Math.round(residentMb(fixture.apis[0]?.pid ?? 0)));
      }
      await load.stop();
      const journal = [...load.journal, ...crowd.journal];
      const { wrong, evidence } = await fixture.compare(journal);
      wrong.push(...load.oddities, ...crowd.oddities, ...(await unasked(fixture, journal)));
      for (const [name, tally] of Object.entries(tallies))
        for (const line of tally.wrong) wrong.push(`${name}: ${line}`);
      const ms = { p50: percentile(timed.latencies, 50), p99: percentile(timed.latencies, 99) };
      if (ms.p99 > P99_MS_MAX) wrong.push(`paying clients waited ${Math.round(ms.p99)} ms (p99)`);
      const growth = (memory.at(-1) ?? 0) - (memory.at(-2) ?? 0);
      if (growth > GROWTH_MB_MAX) wrong.push(`the API grew by ${growth} MB in the last wave`);
      say(`p50 ${Math.round(ms.p50)} ms, p99 ${Math.round(ms.p99)} ms, memory ${memory.join(', ')} MB`);
      const forged = journal[0] && { ...journal[0], id: `0x${'ab'.repeat(32)}` };
      return {
        wrong,
        control:
          (forged && contradictions(journal, { ...evidence, chain: [...evidence.chain, forged] })[0]) ?? '',
        figures: {
          payments: journal.length,
          settled: evidence.chain.length,
          latencyMs: ms,
          answered: timed.latencies.length,
          memoryMb: memory,
          unanswered: crowd.journal.reduce((sum, { unknown }) => sum + unknown, 0),
          attacks: Object.fromEntries(Object.entries(tallies).map(([name, { counts }]) => [name, counts])),
        },
      };
    } finally {
      await fixture.dispose();
    }
  },
};

/** Ordinary payments, ten times as many as usual, signed beforehand. */
class Crowd {
  readonly journal: Entry[] = [];
  readonly oddities: string[] = [];
  private readonly shoppers: readonly Shopper[];
  private next = 0;

  constructor(fixture: FaultFixture, dice: Dice) {
    const note = (text: string) => this.oddities.push(text);
    const crowd = fixture.population.residents.slice(PAYERS);
    this.shoppers = fixture.population.shoppers(() => fixture.client(), dice, this.journal, note, crowd);
  }

  async sign(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await this.shoppers[index % this.shoppers.length]?.purchase();
  }

  /** Sends at its pace, whether the answers come or not. */
  async rush(seconds: number): Promise<void> {
    const over = new AbortController();
    const pending: Promise<void>[] = [];
    const end = this.next + RATE * TIMES * seconds;
    for (const startedAt = Date.now(); this.next < end; await sleep(10)) {
      const due = Math.min(
        end,
        end - RATE * TIMES * seconds + ((Date.now() - startedAt) / 1000) * RATE * TIMES,
      );
      for (; this.next < due; this.next++) {
        const entry = this.journal[this.next];
        const shopper = this.shoppers[this.next % this.shoppers.length];
        if (entry !== undefined && shopper !== undefined) pending.push(shopper.submit(entry, over.signal));
      }
    }
    await Promise.all(pending);
  }

  /** A payment of the journal with somebody else's signature. */
  forged(index: number): string {
    const one = this.journal[index % this.journal.length];
    const other = this.journal[(index + 1) % this.journal.length];
    return JSON.stringify({ ...one?.order.body, proof: other?.order.body.proof });
  }
}

async function attack(
  fixture: FaultFixture,
  crowd: Crowd,
  tallies: Readonly<Record<'huge' | 'deep' | 'forged', Tally>>,
  forgeries: number,
): Promise<void> {
  const url = fixture.client().baseUrl;
  const slow = new SlowClients(url, SLOW);
  const huge = hugeBody(HUGE_MB);
  const deep = deepBody(DEPTH);
  await Promise.all([
    inParallel(HUGE, 4, () => post(url, huge, tallies.huge)),
    inParallel(DEEP, 4, () => post(url, deep, tallies.deep)),
    inParallel(forgeries, 20, (index) => post(url, crowd.forged(index), tallies.forged)),
  ]);
  await slow.stop();
}

/** Payments in the tables that no shopper of the scenario sent. */
async function unasked(fixture: FaultFixture, journal: readonly Entry[]): Promise<string[]> {
  const rows = await fixture.db.query<{ id: Buffer }>('SELECT id FROM app.signed_order');
  const known = new Set(journal.map(({ order }) => order.id));
  const strange = rows.filter(({ id }) => !known.has(`0x${id.toString('hex')}`)).length;
  return strange === 0 ? [] : [`${strange} payments are stored that no client sent`];
}

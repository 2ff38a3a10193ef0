import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type Answer } from '../../support/outside-client.js';
import { Dice } from '../../support/dice.js';
import { contradictions, type Entry } from '../journal.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { meaningOf } from '../shopper.js';
import { FaultFixture } from '../fixture.js';

const AUTHORISATIONS = 100;
const COPIES = { ci: 40, deep: 100 };
const AT_ONCE = 200;
const RESIDENTS = 25;
const TRIES_MAX = 100;
/**
 * What may differ between two answers about the same payment: it goes on its way between them. The parts that its series
 * gave are known once it is settled.
 */
const MOVING = ['state', 'block', 'region', 'category', 'parts'];

interface Copy {
  readonly entry: Entry;
  readonly api: number;
}

/** Tills that send everything again and again, to whichever API, one of which is killed. */
export const retryStorm: Scenario = {
  name: 'retry-storm',
  about: '100 authorisations sent 100 times each over three APIs, 200 at once, one API killed half-way',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const dice = new Dice(seed);
    const fixture = await FaultFixture.start({
      population: { seed, residents: RESIDENTS },
      apis: [{}, {}, {}],
    });
    try {
      const journal: Entry[] = [];
      const shoppers = fixture.population.shoppers(
        () => fixture.client(),
        dice,
        journal,
        () => undefined,
      );
      for (let count = 0; count < AUTHORISATIONS; count++)
        await shoppers[count % shoppers.length]?.purchase();
      const copies: Copy[] = [];
      for (let copy = 0; copy < COPIES[size]; copy++)
        for (const entry of journal) copies.push({ entry, api: dice.whole(0, 3) });
      const storm = new RetryStorm(fixture, dice.shuffle(copies));
      const startedAt = Date.now();
      await storm.rage();
      const seconds = (Date.now() - startedAt) / 1000;
      say(
        `${copies.length} submissions in ${seconds.toFixed(1)} s, ${storm.unanswered} tries without an answer`,
      );
      const { wrong, evidence } = await fixture.compare(journal);
      const [first] = evidence.chain;
      const doubled = first === undefined ? evidence.chain : [...evidence.chain, first];
      return {
        wrong: [...storm.wrong, ...storm.differing(), ...wrong],
        control: contradictions(journal, { ...evidence, chain: doubled })[0] ?? '',
        figures: {
          authorisations: journal.length,
          submissions: copies.length,
          effects: evidence.chain.length,
          unanswered: storm.unanswered,
          busy: storm.busy,
          perSecond: Math.round(copies.length / seconds),
        },
      };
    } finally {
      await fixture.dispose();
    }
  },
};

class RetryStorm {
  readonly wrong: string[] = [];
  unanswered = 0;
  busy = 0;
  private next = 0;
  private killed = false;
  /** Different answers by payment. */
  private readonly answers = new Map<string, Set<string>>();

  constructor(
    private readonly fixture: FaultFixture,
    private readonly copies: readonly Copy[],
  ) {}

  async rage(): Promise<void> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.till()));
  }

  differing(): string[] {
    return [...this.answers]
      .filter(([, variants]) => variants.size > 1)
      .map(([id, variants]) => `${id}: ${variants.size} different answers: ${[...variants].join(' | ')}`);
  }

  private async till(): Promise<void> {
    for (let copy = this.take(); copy !== undefined; copy = this.take()) await this.submit(copy);
  }

  private take(): Copy | undefined {
    if (!this.killed && this.next > this.copies.length / 2) {
      this.killed = true;
      const pid = this.fixture.apis[1]?.pid ?? 0;
      if (pid > 0) process.kill(pid, 'SIGKILL');
      else this.wrong.push('there was no second API to kill');
    }
    return this.copies[this.next++];
  }

  /** As a till does: again, somewhere else, until somebody answers. */
  private async submit({ entry, api }: Copy): Promise<void> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await this.fixture
        .client(api + tries)
        .pay(entry.order)
        .catch(() => undefined);
      const reported = answer && meaningOf(answer);
      if (answer !== undefined && reported !== undefined) return this.note(entry, answer, reported);
      if (answer === undefined) this.unanswered += 1;
      else if (codeOf(answer) === 'unavailable' || answer.status === 429) this.busy += 1;
      else this.wrong.push(`${answer.status} ${codeOf(answer)}`);
      await sleep(20);
    }
    this.wrong.push(`${entry.order.id}: no API answered in ${TRIES_MAX} tries`);
  }

  private note(entry: Entry, answer: Answer, reported: NonNullable<Entry['reported']>): void {
    const { id } = entry.order;
    if (reported !== 'accepted' && reported !== 'final')
      this.wrong.push(`${id}: the API reported ${reported}`);
    if (entry.reported !== 'final') entry.reported = reported;
    const variants = this.answers.get(id) ?? new Set<string>();
    const kept = Object.entries(answer.body.object()).filter(([name]) => !MOVING.includes(name));
    this.answers.set(id, variants.add(JSON.stringify(kept)));
  }
}

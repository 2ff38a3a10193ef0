import { setTimeout as sleep } from 'node:timers/promises';
import { withClient, withDatabase } from '#persistence';
import { Dice } from '../../support/dice.js';
import type { Entry } from '../journal.js';
import { Load } from '../load.js';
import { ReplicatedPostgres } from '../replicated-postgres.js';
import { percentile, type Scenario, type ScenarioOptions, type ScenarioResult } from '../scenario.js';
import { meaningOf } from '../shopper.js';
import { FaultFixture } from '../fixture.js';
import { CUTS, type Cut } from '../tcp-link.js';

/** Primaries that die while commits wait for the standby; one more dies before them, for which no commit waits. */
const SYNCHRONOUS = { ci: 3, deep: 30 };
/** Long enough for every wallet to ask again. */
const ALIVE_AGAIN_MS = 2_000;
const RATE = 20;
const READ_ONLY_MS = 300;
const AGAIN_MS_MAX = 30_000;
const POLL_MS = 20;

interface Failover {
  readonly synchronous: boolean;
  readonly cut: Cut;
  /** Nothing was sent to the chain from the cut on: what was promised is in the database and nowhere else. */
  readonly relayStoodStill: boolean;
  /** The primary came back once before it died for good: then it has the waiting commits on its disk, and shows them. */
  readonly restarted: boolean;
  readonly cutMs: number;
  /** Payments promised before the primary died, those of them that were promised while the wire was cut. */
  readonly promised: number;
  readonly promisedWhileCut: number;
  /** Payments that were sent and had no answer when the primary died. */
  readonly waiting: number;
  /** Promised payments that the promoted standby does not have. */
  readonly lost: readonly string[];
  /** From the primary's death to the first new promise, and until such a payment is settled. */
  readonly promisedAgainMs: number;
  readonly finalAgainMs: number;
}

/** The machine of the primary dies after its standby stopped hearing from it; the standby takes over. */
export const postgresFailover: Scenario = {
  name: 'postgres-failover',
  company: 'alone',
  about: 'the wire to the standby is cut, people pay on, the primary dies, the standby is promoted',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const dice = new Dice(seed);
    const postgres = await ReplicatedPostgres.start();
    try {
      const fixture = await FaultFixture.start({ population: { seed }, postgres });
      try {
        return await failOver(fixture, postgres, dice, SYNCHRONOUS[size], say);
      } finally {
        await fixture.dispose();
      }
    } finally {
      await postgres.dispose();
    }
  },
};

async function failOver(
  fixture: FaultFixture,
  postgres: ReplicatedPostgres,
  dice: Dice,
  rounds: number,
  say: (line: string) => void,
): Promise<ScenarioResult> {
  const load = new Load(fixture.population, () => fixture.client(), RATE, dice);
  const failovers: Failover[] = [];
  for (let round = 0; round <= rounds; round++) {
    const synchronous = round > 0;
    // The worst case: a payment that is on the chain is lost by no database.
    const relayStoodStill = round % 3 !== 0 || !synchronous;
    const restarted = round % 3 === 2;
    const one = await lose(fixture, postgres, load, dice, { synchronous, relayStoodStill, restarted });
    failovers.push(one);
    say(
      `${synchronous ? 'synchronous' : 'asynchronous'}, wire ${one.cut} for ${one.cutMs} ms${restarted ? ', primary back once' : ''}: ${one.lost.length} of ${one.promised} promised payments lost (${one.promisedWhileCut} promised and ${one.waiting} waiting meanwhile); promises again after ${one.promisedAgainMs} ms, settles after ${one.finalAgainMs} ms`,
    );
    // What was lost on purpose is healed as a wallet would: it sends the same payment again.
    if (!synchronous) await sendAgain(fixture, load.journal, one.lost);
  }
  await load.stop();
  const { wrong, evidence } = await fixture.compare(load.journal);
  const [asynchronous, ...others] = failovers;
  const times = others.map(({ finalAgainMs }) => finalAgainMs);
  return {
    wrong: [...load.oddities, ...wrong, ...others.flatMap(faultsOf)],
    control: asynchronous === undefined ? '' : (faultsOf(asynchronous)[0] ?? ''),
    figures: {
      payments: load.journal.length,
      settled: evidence.chain.length,
      failovers: failovers.map(({ lost, ...figures }) => ({ ...figures, lost: lost.length })),
      finalAgainMs: { p50: percentile(times, 50), max: Math.max(...times) },
    },
  };
}

async function lose(
  fixture: FaultFixture,
  postgres: ReplicatedPostgres,
  load: Load,
  dice: Dice,
  {
    synchronous,
    relayStoodStill,
    restarted,
  }: Pick<Failover, 'synchronous' | 'relayStoodStill' | 'restarted'>,
): Promise<Failover> {
  await postgres.addStandby();
  if (synchronous) await postgres.requireStandby();
  await sleep(1_000);
  const [worker] = fixture.workers;
  const signalWorker = (signal: 'SIGSTOP' | 'SIGCONT') => {
    if (relayStoodStill && worker !== undefined && worker.pid > 0) process.kill(worker.pid, signal);
  };
  const [cut, cutMs] = [dice.pick(CUTS), dice.whole(1_500, 3_000)];
  signalWorker('SIGSTOP');
  try {
    postgres.cutReplication(cut);
    const before = new Set(load.promised());
    await sleep(cutMs);
    postgres.killPrimary();
    if (restarted) {
      await postgres.restartPrimary();
      await sleep(ALIVE_AGAIN_MS);
      postgres.killPrimary();
    }
    const killedAt = Date.now();
    // What was answered is on the way to the clients.
    await sleep(100);
    const promised = load.promised();
    const waiting = load.journal.filter(({ reported }) => reported === undefined).length;
    postgres.showStandby();
    await sleep(READ_ONLY_MS);
    const sentBefore = load.journal.length;
    const lost = await postgres.promote((url) => missing(url, promised));
    signalWorker('SIGCONT');
    const again = await promisedSince(load, sentBefore);
    const promisedAgainMs = Date.now() - killedAt;
    if (again !== undefined) await untilFinal(fixture, again);
    return {
      synchronous,
      cut,
      relayStoodStill,
      restarted,
      cutMs,
      promised: promised.length,
      promisedWhileCut: promised.filter((id) => !before.has(id)).length,
      waiting,
      lost,
      promisedAgainMs,
      finalAgainMs: Date.now() - killedAt,
    };
  } finally {
    signalWorker('SIGCONT');
  }
}

/** What must not be; the asynchronous control has to show the first kind. */
function faultsOf({ synchronous, lost, promised, waiting, finalAgainMs }: Failover): string[] {
  const wrong = lost.map((id) => `${id}: promised, and not in the promoted database (one of ${promised})`);
  // When no commit had to wait for the standby, nothing was shown.
  if (synchronous && waiting === 0) wrong.push('no payment waited for the standby');
  if (finalAgainMs > AGAIN_MS_MAX) wrong.push(`settled again only after ${finalAgainMs} ms`);
  return wrong;
}

/** Ids that a server's database does not have. */
async function missing(serverUrl: string, ids: readonly string[]): Promise<string[]> {
  return withClient(withDatabase(serverUrl, 'jangteo'), async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT p.id FROM unnest($1::text[]) AS p(id)
        WHERE NOT EXISTS (SELECT FROM app.signed_order a WHERE a.id = decode(substr(p.id, 3), 'hex'))`,
      [ids],
    );
    return rows.map(({ id }) => id);
  });
}

/** The first payment that is promised after so many were sent. */
async function promisedSince(load: Load, sentBefore: number): Promise<Entry | undefined> {
  for (const until = Date.now() + AGAIN_MS_MAX; Date.now() < until; await sleep(POLL_MS)) {
    const found = load.journal
      .slice(sentBefore)
      .find(({ reported }) => reported === 'accepted' || reported === 'final');
    if (found !== undefined) return found;
  }
  return undefined;
}

async function untilFinal(fixture: FaultFixture, entry: Entry): Promise<void> {
  for (const until = Date.now() + AGAIN_MS_MAX; Date.now() < until; await sleep(POLL_MS)) {
    const answer = await fixture
      .client()
      .send('GET', `/v1/payments/${entry.order.id}`)
      .catch(() => undefined);
    if (answer !== undefined && meaningOf(answer) === 'final') return;
  }
}

async function sendAgain(
  fixture: FaultFixture,
  journal: readonly Entry[],
  ids: readonly string[],
): Promise<void> {
  for (const entry of journal.filter(({ order }) => ids.includes(order.id))) {
    const answer = await fixture
      .client()
      .pay(entry.order)
      .catch(() => undefined);
    // No answer is not a broken promise: the last comparison asks again.
    entry.reported = answer && meaningOf(answer);
  }
}

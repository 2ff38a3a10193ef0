import type { TransactionReceipt } from 'ethers';
import { reconcile } from '#books';
import { decodeLog } from '#contracts';
import { isoTime, refusal } from '#domain';
import { IssuanceHttpModule } from '#issuance';
import { Clock, ClockFollower, clockLead, currentTime, leadClock, requireRealClock } from '#persistence';
import { findFreePort } from '#platform';
import { addressOf } from './support/keys.js';
import { Member } from './support/fleet.js';
import { OrderFixture } from './support/order-fixture.js';
import { CITY, type World } from './support/world.js';

const HOUR_S = 3_600;
const DAY_S = 86_400;
const LEAD_S = 40 * DAY_S;

/** Refusal numbers of the payments that a transaction had. */
function refusalsIn(receipt: TransactionReceipt): number[] {
  return receipt.logs.flatMap(({ topics, data }) => {
    const event = decodeLog({ topics, data });
    return event?.name === 'PaymentRefused' ? [event.code] : [];
  });
}

describe('the clock of a test installation that is led by 40 days', () => {
  let fixture: OrderFixture;
  let world: World;
  let follower: ClockFollower;

  beforeAll(async () => {
    fixture = await OrderFixture.create([{ module: IssuanceHttpModule }]);
    world = fixture.world;
    await fixture.relay();
    follower = await ClockFollower.start({
      url: world.databaseUrl,
      onLead: async (seconds) => {
        if (seconds > 0) await world.node.mine(Math.floor(Date.now() / 1000) + seconds);
      },
      onError: (error) => {
        throw error;
      },
    });
  });

  afterAll(async () => {
    await follower?.stop();
    await fixture?.close();
  });

  it('ends deadlines and series for API and contract alike, and everything still reconciles', async () => {
    const short = await world.publishSeries(CITY, { validUntil: (await world.now()) + 30 * DAY_S });
    const long = await world.publishSeries(CITY);
    const [payer, merchant] = [world.wallet('payer'), addressOf(await world.registerMerchant(CITY))];
    for (const series of [short, long]) await fixture.issue(series, addressOf(payer), 10_000n);
    const pay = (series: number, deadline?: number) =>
      world.signPayment({ payer, merchant, amount: 100n, series, deadline });
    const submit = async (signed: Awaited<ReturnType<typeof pay>>) => {
      const { authorisation, signature } = signed;
      const { status, body } = await fixture.submit('payments', authorisation, signature);
      return [status, body.code ?? null];
    };
    const stateOf = async (series: number) => (await fixture.api.get(`/v1/series/${series}`)).body.state;

    const before = await pay(short);
    expect(await submit(before)).toEqual([202, null]);
    await fixture.decided('payments', before.id);
    expect(await Promise.all([stateOf(short), stateOf(long)])).toEqual(['open', 'open']);
    const [signedEarly, signedEarlyToo] = [await pay(long), await pay(long)];

    const real = await currentTime(world.db);
    await leadClock(world.db, LEAD_S);
    await fixture.until('the chain follows the clock', async () => (await world.now()) >= real + LEAD_S);
    await fixture.indexed();
    const led = await currentTime(world.db);
    expect(led - real).toBeGreaterThanOrEqual(LEAD_S);
    expect(led - real).toBeLessThan(LEAD_S + 60);

    expect(await submit(signedEarly)).toEqual([422, 'deadline_passed']);
    expect(refusalsIn(await world.pay(signedEarlyToo))).toEqual([refusal('deadline_passed').number]);
    await fixture.until('the ended series is shown so', async () => (await stateOf(short)) === 'over');
    expect(await stateOf(long)).toBe('open');
    expect(await submit(await pay(short))).toEqual([422, 'expired']);
    expect(refusalsIn(await world.pay(await pay(short)))).toEqual([refusal('expired').number]);

    const after = await pay(long);
    expect(await submit(after)).toEqual([202, null]);
    const { state, receivedAt, block } = await fixture.decided('payments', after.id);
    expect(state).toBe('final');
    // Received and settled within a moment of each other, on the same clock.
    const settledAt = Date.parse(String(Reflect.get(Object(block), 'time')));
    expect(Math.abs(settledAt - Date.parse(String(receivedAt)))).toBeLessThan(60_000);

    await fixture.indexed();
    const { differences } = await reconcile({ db: world.db, node: world.chain, deployment: world.current });
    expect(differences).toEqual([]);
  });

  it('never goes back, whoever asks, and is refused where no test installation is declared', async () => {
    await expect(leadClock(world.db, LEAD_S - 1)).rejects.toThrow(`can't go back`);
    await expect(world.db.query('UPDATE app.clock SET lead_seconds = 0')).rejects.toThrow('does not go back');
    await expect(world.db.query('DELETE FROM app.clock')).rejects.toThrow('does not go back');
    await expect(world.db.query('TRUNCATE app.clock')).rejects.toThrow('does not go back');
    await expect(world.db.query('SELECT app.lead_clock(99999999)')).rejects.toThrow('test installation');
    expect(await clockLead(world.db)).toBe(LEAD_S);
    await expect(requireRealClock(world.db, false)).rejects.toThrow('TEST_CLOCK=on');
    await expect(requireRealClock(world.db, true)).resolves.toBeUndefined();
  });

  it('shows a move in views too, which mostly do not ask the database', async () => {
    const clock = new Clock(world.db);
    const [recent, now] = [await clock.recent(), await clock.now()];
    expect(now - recent).toBeLessThanOrEqual(2);
    await leadClock(world.db, LEAD_S + DAY_S);
    await fixture.until('recent() has moved', async () => (await clock.recent()) >= now + DAY_S);
    expect(await clock.recent()).toBeLessThanOrEqual(await clock.now());
  });
});

describe('two APIs whose machines’ clocks are 80 minutes apart', () => {
  let fixture: OrderFixture;
  let apis: Member[];

  const skewed = async (ms: number): Promise<Member> => {
    const clock = new URL(`./faults/skewed-clock.mjs?ms=${ms}`, import.meta.url).href;
    return Member.start('api', await findFreePort(), {
      JANGTEO_HOME: '/nonexistent',
      DATABASE_URL: fixture.world.databaseUrl,
      CHAIN_RPC_URL: fixture.world.node.url,
      LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--import=${clock}`,
    });
  };

  beforeAll(async () => {
    fixture = await OrderFixture.create();
    apis = await Promise.all([skewed(40 * 60_000), skewed(-40 * 60_000)]);
  });

  afterAll(async () => {
    await Promise.all((apis ?? []).map((api) => api.stop()));
    await fixture?.close();
  });

  /** What both answer; once when they agree. */
  async function answers(
    path: string,
    pick: (body: unknown) => unknown,
    init?: RequestInit,
  ): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const api of apis) {
      const response = await fetch(`${api.url}${path}`, init);
      const body: unknown = await response.json();
      const answer = [response.status, pick(body)];
      if (JSON.stringify(found[0]) !== JSON.stringify(answer)) found.push(answer);
    }
    return found;
  }

  const valueAt =
    (...names: readonly string[]) =>
    (body: unknown): unknown =>
      names.reduce((value: unknown, name) => Reflect.get(Object(value), name), body);

  it('agree which series are upcoming, open and over, and which deadlines of acts have passed', async () => {
    const { world } = fixture;
    const now = await world.now();
    const upcoming = await world.publishSeries(CITY, { validFrom: now + HOUR_S / 2 });
    const open = await world.publishSeries(CITY, {
      validFrom: now - 4 * HOUR_S,
      validUntil: now + HOUR_S / 2,
    });
    const ending = await world.publishSeries(CITY, { validUntil: now + 30 });
    await world.node.mine(now + 60);
    await fixture.indexed();
    for (const [series, state] of [
      [upcoming, 'upcoming'],
      [open, 'open'],
      [ending, 'over'],
    ] as const)
      expect(await answers(`/v1/series/${series}`, valueAt('state'))).toEqual([[200, state]]);

    const draft = (deadline: number) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        kind: 'pause_series',
        authority: CITY,
        args: { series: open, until: isoTime(now + HOUR_S / 3) },
        deadline,
      }),
    });
    expect(await answers('/v1/acts/draft', valueAt('code'), draft(now + HOUR_S / 2))).toEqual([
      [200, undefined],
    ]);
    expect(await answers('/v1/acts/draft', valueAt('code'), draft(now - HOUR_S / 2))).toEqual([
      [409, 'act_deadline_passed'],
    ]);
  });

  it('show the same time to those who sign', async () => {
    const times: number[] = [];
    for (const api of apis) {
      const body: unknown = await (await fetch(`${api.url}/v1/chain`)).json();
      times.push(Date.parse(String(valueAt('serverTime')(body))));
    }
    const [one = 0, other = Number.NaN] = times;
    expect(Math.abs(one - other)).toBeLessThan(60_000);
    expect(Math.abs(one - (await currentTime(fixture.world.db)) * 1_000)).toBeLessThan(60_000);
  });
});

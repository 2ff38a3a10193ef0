import { connect } from 'node:net';
import { reconcile } from '#books';
import { Dice } from '../support/dice.js';
import { Auditor } from '../faults/evidence.js';
import { contradictions, type Entry } from '../faults/journal.js';
import { meaningOf, Shopper } from '../faults/shopper.js';
import { BalancedClient } from '../support/balanced-client.js';
import { Fleet, type Member } from '../support/fleet.js';
import { Json } from '../support/json.js';
import { GYEONGBUK, GYEONGJU, keysOf, POHANG_NAM, Province } from '../support/province.js';
import { until, untilRight } from '../support/until.js';

const KEYS = 2;
const EACH = 5_000_000n;
/** What the platform promises when the leading worker dies. */
const FAILOVER_MS_MAX = 5_000;
const DECIDED_MS_MAX = 60_000;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

describe('three APIs and two workers', () => {
  let fleet: Fleet;
  let client: BalancedClient;
  let probe: Shopper;
  let series: number;
  let issued: Map<string, bigint>;
  let merchants: string[];
  const journal: Entry[] = [];
  const oddities: string[] = [];
  const over = new AbortController();
  let load: Promise<void>[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start(3, 2);
    client = new BalancedClient(fleet.apis.map(({ url }) => url));
    const province = await Province.found(client, fleet.officers);
    const [elsewhere, ...shops] = keysOf('shops', 4);
    if (elsewhere === undefined) throw new Error('no keys');
    const stall = { category: 'market_stall', size: 0 };
    await province.register(
      GYEONGJU,
      shops.map((wallet) => ({ wallet, region: GYEONGJU, ...stall })),
    );
    await province.register(GYEONGBUK, [{ wallet: elsewhere, region: POHANG_NAM, ...stall }]);
    series = await province.publish({ authority: GYEONGJU });
    const wallets = keysOf('residents', 7);
    issued = new Map(wallets.map(({ address }) => [address.toLowerCase(), EACH]));
    merchants = [...shops, elsewhere].map(({ address }) => address.toLowerCase());
    await province.issue(
      GYEONGJU,
      series,
      wallets.map(({ address }) => ({ account: address, amount: EACH })),
    );
    const market = { series, shops: merchants.slice(0, -1), elsewhere: elsewhere.address.toLowerCase() };
    const dice = new Dice(7);
    const [first, ...rest] = wallets.map((wallet) => {
      const own = new Dice(dice.whole(0, 2 ** 31));
      return new Shopper(client, wallet, market, own, journal, (text) => oddities.push(text));
    });
    if (first === undefined) throw new Error('no residents');
    probe = first;
    load = rest.map((one) => one.shop(300, over.signal));
  });

  afterAll(async () => {
    over.abort();
    await Promise.all(load);
    await fleet?.dispose();
  });

  /** Which workers lead, and how many relayer keys are owned by somebody. */
  async function roles(): Promise<{ leaders: Member[]; owned: number }> {
    const leaders: Member[] = [];
    let owned = 0;
    for (const worker of fleet.workers) {
      if ((await worker.health('indexer'))?.at('leads').value === true) leaders.push(worker);
      owned += Number((await worker.health('relayer'))?.at('owned').value ?? 0);
    }
    return { leaders, owned };
  }

  /** Once one worker leads and every key is owned. @returns the worker that leads */
  async function settled(withinMs?: number): Promise<Member> {
    const { leaders } = await untilRight(
      'one worker leads and every key is owned',
      roles,
      (found) => found.leaders.length === 1 && found.owned === KEYS,
      { withinMs, everyMs: 50 },
    );
    const [leader] = leaders;
    if (leader === undefined) throw new Error('no worker leads');
    return leader;
  }

  async function decided(entry: Entry): Promise<string | undefined> {
    return untilRight(
      'the payment is decided',
      async () => meaningOf(await client.send('GET', `/v1/payments/${entry.order.id}`)),
      (reported) => reported !== undefined && reported !== 'accepted',
    );
  }

  it('has one indexer that leads and one owner of each relayer key, although both began with no key at once', async () => {
    await settled();
    const keys = await fleet.db.query(`SELECT DISTINCT relayer FROM app.relay_transaction`);
    expect(keys.length).toBeLessThanOrEqual(KEYS);
    const locks = await fleet.db.query<{ pid: number }>(
      `SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'jangteo-relayer'
          AND a.datname = current_database()`,
    );
    expect(locks).toHaveLength(KEYS);
  });

  it('goes on within five seconds when the worker that leads is killed', async () => {
    const leader = await settled();
    fleet.forget(leader);
    await leader.kill9();
    const killedAt = Date.now();
    const entry = await probe.purchase();
    const paid = probe.submit(entry, AbortSignal.timeout(DECIDED_MS_MAX)).then(() => decided(entry));
    const successor = await settled();
    const tookMs = Date.now() - killedAt;
    expect(tookMs).toBeLessThanOrEqual(FAILOVER_MS_MAX);
    expect(await paid).toBe('final');
    process.stdout.write(`failover: led after ${tookMs} ms, paid after ${Date.now() - killedAt} ms\n`);
    await fleet.launch('worker');
    expect(await settled()).toBe(successor);
  });

  /** What all processes logged about an order, sorted. */
  function linesAbout(id: string): string[] {
    return [...fleet.apis, ...fleet.workers]
      .flatMap(({ kind, words }) =>
        words
          .split('\n')
          .filter((line) => line.includes(id))
          .map((line) => `${kind} ${new Json(JSON.parse(line)).at('event').text()}`),
      )
      .toSorted();
  }

  it('can be followed by the id of a payment through the logs of every process, and counts it', async () => {
    const entry = await probe.purchase();
    await probe.submit(entry, AbortSignal.timeout(DECIDED_MS_MAX));
    expect(await decided(entry)).toBe('final');
    const wanted = ['api payment.accepted', 'worker payment.submitted', 'worker payment.final'];
    // A line may come through its pipe after the commit in the database.
    const lines = await untilRight(
      'every process has logged it',
      () => linesAbout(entry.order.id),
      ({ length }) => length >= wanted.length,
    );
    expect(lines).toEqual(wanted.toSorted());
    const leader = await settled();
    expect(fleet.workers.map(({ words }) => words).join('')).not.toContain('figures.failed');
    const figures = await untilRight(
      'the worker has its figures',
      async () => (await fetch(leader.metricsUrl)).text(),
      (text) => /^jangteo_relayer_key_drift\{/m.test(text) && !/^jangteo_reconciliation_rows 0$/m.test(text),
    );
    const of = (name: string) =>
      Number(
        figures
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      );
    expect(of('jangteo_orders_final_total{kind="payment"}')).toBeGreaterThan(0);
    expect(of('jangteo_outbox_oldest_seconds{kind="payment"}')).toBeLessThan(30);
    expect(of('jangteo_indexer_lag_blocks')).toBeLessThan(30);
    expect(of('jangteo_indexer_leads')).toBe(1);
    expect(figures).toMatch(/jangteo_relayer_key_drift\{relayer="0x[0-9a-f]{40}"\} -?\d/);
    expect(of('jangteo_reconciliation_differences')).toBe(0);
    expect(of('jangteo_reconciliation_rows')).toBeGreaterThan(0);
    await until('an API has counted a refusal', async () => {
      const texts = fleet.apis.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text());
      return /jangteo_orders_refused_total\{kind="payment",code="\w+"\} \d/.test(
        (await Promise.all(texts)).join('\n'),
      );
    });
  });

  it('is restarted one process after the other without an error that a client sees', async () => {
    const before = { sent: journal.length, moved: client.moved };
    for (const member of [...fleet.apis, ...fleet.workers]) {
      const { code, successor } = await fleet.restart(member);
      expect({ member: member.kind, code }).toEqual({ member: member.kind, code: 0 });
      expect(successor.port).toBe(member.port);
    }
    await settled();
    expect(client.failures).toEqual([]);
    expect(journal.length).toBeGreaterThan(before.sent + 20);
    // The restarts are shown to be harmless only when clients met one.
    expect(client.moved).toBeGreaterThan(before.moved);
  });

  it('answers what had begun to come when an API gets the signal to stop', async () => {
    const [api] = fleet.apis;
    if (api === undefined) throw new Error('no API');
    const entry = await probe.purchase();
    const body = JSON.stringify(entry.order.body);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(api.port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        // The API has read the head and waits for the body.
        if (text === CONTINUE) void stopThenSendRest().catch(reject);
      });
      const stopThenSendRest = async () => {
        api.terminate();
        await until('the API stops', async () => (await api.health('database')) === undefined);
        socket.write(body.slice(100));
      };
      socket.on('close', () => resolve(text.slice(CONTINUE.length)));
      socket.on('error', reject);
      socket.write(
        `POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 100)}`,
      );
    });
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(answer.toLowerCase()).toContain('connection: close');
    entry.reported = 'accepted';
    expect(await api.stop()).toBe(0);
    fleet.forget(api);
    expect(await decided(entry)).toBe('final');
  });

  it('has lost, doubled and changed nothing', async () => {
    over.abort();
    await Promise.all(load);
    for (const entry of journal) {
      if (entry.reported === undefined) await probe.submit(entry, AbortSignal.timeout(DECIDED_MS_MAX));
      if (entry.reported === 'accepted') expect(await decided(entry)).toBe('final');
    }
    expect(oddities).toEqual([]);
    const auditor = await Auditor.of(client, fleet.chainUrl, series);
    expect(contradictions(journal, await auditor.gather(issued, merchants))).toEqual([]);
    const chain = fleet.openChain();
    const { differences } = await reconcile({ db: fleet.db, node: chain, deployment: fleet.deployment });
    chain.close();
    expect(differences).toEqual([]);
  });
});

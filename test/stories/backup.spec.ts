import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withClient } from '#persistence';
import { Json } from '../support/json.js';
import { OutsideClient, type SignedOrder } from '../support/outside-client.js';
import { TestPlatform } from '../support/platform.js';
import { GYEONGJU, keysOf, Province, stateOfficers } from '../support/province.js';

const ALL = '&limit=200';

describe('backup and restore', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-backup-'));
  const file = path.join(folder, 'population.backup');
  const [shop, payer] = keysOf('backup', 2);
  let platform: TestPlatform;
  let client: OutsideClient;
  let series: number;
  let nonce = 0;
  let accepted: SignedOrder;

  async function pay(amount: bigint): Promise<SignedOrder> {
    if (shop === undefined || payer === undefined) throw new Error('no keys');
    const wish = { merchant: shop.address, series, amount, nonce: ++nonce };
    const order = await client.signPayment(payer, {
      ...wish,
      deadline: Math.floor(Date.now() / 1000) + 3_600,
    });
    expect((await client.pay(order)).status).toBe(202);
    return order;
  }

  /** What people can see, without what depends on the moment. */
  async function seen(): Promise<unknown> {
    const lists = ['/v1/payments?state=final', '/v1/redemptions?state=final', '/v1/acts?authority=47130'];
    const pages = await Promise.all(lists.map((one) => client.get(one + ALL)));
    const holdings = await client.get(`/v1/accounts/${payer?.address.toLowerCase()}/holdings`);
    const books = await client.get('/v1/books/trial-balance');
    return {
      pages: pages.map(({ value }) => value),
      holdings: holdings.value,
      lines: books.at('lines').value,
    };
  }

  beforeAll(async () => {
    platform = await TestPlatform.start();
    client = new OutsideClient(platform.url);
    const province = await Province.found(
      client,
      stateOfficers(platform.home.read('genesis-officers.json') ?? '[]'),
    );
    if (shop === undefined || payer === undefined) throw new Error('no keys');
    await province.register(GYEONGJU, [
      { wallet: shop, region: GYEONGJU, category: 'market_stall', size: 0 },
    ]);
    series = await province.publish({ authority: GYEONGJU });
    await province.issue(GYEONGJU, series, [{ account: payer.address, amount: 1_000_000n }]);
    for (const amount of [1_000n, 2_000n, 3_000n]) await client.decided((await pay(amount)).id);
    const redemption = await client.signRedemption(shop, { series, amount: 2_500n, nonce: 1 });
    await client.redeem(redemption);
    await client.decided(redemption.id, 'redemptions');
  });

  afterAll(async () => {
    await platform?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('restores everything that was promised, from a copy of the running platform', async () => {
    const before = await seen();
    const made = await platform.command('backup', file);
    expect(made).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o077).toBe(0);

    await platform.stop();
    platform.home.wipe();
    const restored = await platform.command('restore', file);
    expect(restored.output).toContain('agree to the won');
    expect(restored.code).toBe(0);

    await platform.up();
    expect(await seen()).toEqual(before);
    // Keys, nonces and sequences go on where they were.
    accepted = await pay(4_000n);
    expect((await client.decided(accepted.id)).at('state').text()).toBe('final');
  });

  async function examined(): Promise<{ code: number | null; findings: Json[]; bad: string[] }> {
    const { code, output } = await platform.command('doctor', '--json');
    const findings = new Json(JSON.parse(output.slice(output.indexOf('[\n')))).list();
    const bad = findings
      .filter((one) => one.at('level').text() === 'bad')
      .map((one) => one.at('check').text());
    return { code, findings, bad };
  }

  it('is examined by the doctor, who finds a won that is not where it should be', async () => {
    const healthy = await examined();
    expect(healthy.bad).toEqual([]);
    expect(healthy.code).toBe(0);
    const checks = new Set(healthy.findings.map((one) => one.at('check').text()));
    expect([...checks]).toEqual([
      'node',
      'disk',
      'api',
      'worker',
      'snapshots',
      'database',
      'migrations',
      'roles',
      'chain',
      'indexer',
      'outbox',
      'relayer',
      'reconciliation',
    ]);
    const url = new Json(JSON.parse(platform.home.read('run', 'platform.json') ?? '{}'))
      .at('databaseUrl')
      .text();
    const move = (won: number) =>
      withClient(url, (db) => db.query('UPDATE chain.holding SET balance = balance + $1', [won]));
    await move(-1);
    const ill = await examined();
    await move(1);
    expect(ill.code).toBe(1);
    expect(ill.bad).toEqual(['reconciliation']);
  });

  it('refuses a home that is in use, a file that exists, and a file that is not whole', async () => {
    expect(await platform.command('backup', file)).toMatchObject({ code: 1 });
    expect((await platform.command('restore', file)).output).toContain('The platform runs here');
    await platform.stop();
    expect((await platform.command('restore', file)).output).toContain('is in use');

    const bytes = readFileSync(file);
    const cut = path.join(folder, 'cut');
    const changed = path.join(folder, 'changed');
    writeFileSync(cut, bytes.subarray(0, bytes.length - 200));
    const other = Buffer.from(bytes);
    other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1;
    writeFileSync(changed, other);
    platform.home.wipe();
    for (const broken of [cut, changed]) {
      const { code, output } = await platform.command('restore', broken);
      expect(code).toBe(1);
      expect(output).toContain('is not a whole backup');
    }
    expect(existsSync(path.join(platform.home.state, 'chain'))).toBe(false);
    const nothing = await examined();
    expect(nothing).toMatchObject({ code: 0, bad: [] });
    expect(existsSync(path.join(platform.home.state, 'postgres'))).toBe(false);
  });
});

import { request } from 'node:http';
import { Fleet } from '../../../test/support/fleet.js';
import { until } from '../../../test/support/until.js';

const PER_SECOND = 40;
const AT_ONCE = 15;
const SECONDS = 6;

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start(2, 0, undefined, {
    REQUESTS_PER_SECOND: String(PER_SECOND),
    REQUESTS_AT_ONCE: String(AT_ONCE),
    TRUSTED_PROXIES: '127.0.0.1',
    UNLIMITED_CLIENTS: '203.0.113.0/24',
  });
});

afterAll(async () => {
  await fleet?.dispose();
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly code: unknown;
}

/** A request of a client behind the proxy. */
async function ask(api: number, client: string, path = '/v1/categories'): Promise<Answer> {
  const response = await fetch(`${fleet.apis[api]?.url}${path}`, { headers: { 'x-forwarded-for': client } });
  const body: unknown = await response.json();
  const code: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'code') : undefined;
  if (response.status === 429)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code };
}

/** Asks both APIs, as fast as they answer, for so long. @returns how many requests passed */
async function flood(client: string, seconds: number): Promise<number> {
  const endsAt = performance.now() + seconds * 1_000;
  let passed = 0;
  await Promise.all(
    [0, 1, 0, 1].map(async (api) => {
      while (performance.now() < endsAt) if ((await ask(api, client)).status !== 429) passed++;
    }),
  );
  return passed;
}

/** Asks until a request is refused. */
async function refusedAt(api: number, clientOf: (count: number) => string): Promise<Answer> {
  for (let count = 0; count < 10_000; count += 5) {
    const some = Array.from({ length: 5 }, (_unused, index) => ask(api, clientOf(count + index)));
    const refused = (await Promise.all(some)).find(({ status }) => status === 429);
    if (refused !== undefined) return refused;
  }
  throw new Error('every request passed');
}

describe('two APIs behind a trusted proxy', () => {
  it('together let a client pass no more than the limit, once they have heard of each other', async () => {
    // Each lets two seconds' worth pass at once.
    for (const api of [0, 1]) await refusedAt(api, () => '198.51.100.1');
    const passed = await flood('198.51.100.1', SECONDS);
    expect(passed).toBeGreaterThan(0);
    // Each counting for itself, twice the limit would pass; they report to each other once a second.
    expect(passed).toBeLessThanOrEqual(PER_SECOND * (SECONDS + 2));
    const { status, retryAfter, code } = await refusedAt(0, () => '198.51.100.1');
    expect([status, code]).toEqual([429, 'rate_limited']);
    expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  });

  it('let it pass again after what Retry-After says', async () => {
    const { retryAfter } = await refusedAt(0, () => '198.51.100.2');
    const seconds = Number(retryAfter);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    expect((await ask(0, '198.51.100.2')).status).toBe(200);
  });

  it('count the addresses of one IPv6 network as one client', async () => {
    await refusedAt(0, (count) => `2001:db8:1:2::${count.toString(16)}`);
    expect((await ask(0, '2001:db8:1:3::1')).status).toBe(200);
  });

  it('do not limit what the setting names, nor health', async () => {
    const answers = Array.from({ length: 4 * PER_SECOND }, () => ask(0, '203.0.113.9'));
    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
    await refusedAt(1, () => '198.51.100.3');
    expect((await ask(1, '198.51.100.3', '/health/live')).status).toBe(200);
  });

  it('serve so many requests of one client at once and refuse the others', async () => {
    const [api] = fleet.apis;
    // Bodies that do not end keep their requests under way.
    const open = Array.from({ length: AT_ONCE }, () => unended(`${api?.url}/v1/payments`, '198.51.100.4'));
    await Promise.all(open.map(({ begun }) => begun));
    const answer = await refusedAt(0, () => '198.51.100.4');
    expect([answer.status, answer.retryAfter]).toEqual([429, '1']);
    open.forEach(({ abort }) => abort());
    await until('one may ask again', async () => (await ask(0, '198.51.100.4')).status === 200);
  });
});

/** A request whose body never ends. */
function unended(url: string, client: string): { begun: Promise<void>; abort: () => void } {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': client, 'content-length': '1000' };
  const sent = request(url, { method: 'POST', headers });
  sent.on('error', () => undefined);
  const begun = new Promise<void>((resolve, reject) => {
    sent.once('error', reject);
    sent.write('{', () => resolve());
  });
  return { begun, abort: () => sent.destroy() };
}

import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findFreePort, projectRoot } from '#platform';
import { untilRight } from '../../../test/support/until.js';
import { World } from '../../../test/support/world.js';
import { at } from './support/api-fixture.js';

const SCRIPT = path.join(projectRoot(), 'dist', 'apps', 'api', 'src', 'main.js');
const READY_MS_MAX = 30_000;

let world: World;
let api: ChildProcess;
let metricsUrl = '';
let url: string;

beforeAll(async () => {
  if (!existsSync(SCRIPT)) throw new Error('the API is not built: npm run build');
  world = await World.create();
  await world.index();
  const port = await findFreePort();
  const metricsPort = await findFreePort();
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: world.databaseUrl,
    CHAIN_RPC_URL: world.node.url,
    PORT: String(port),
    WORKER_PORT: String(port === 65_535 ? 65_534 : port + 1),
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: 'warn',
  };
  api = fork(SCRIPT, { env, execArgv: ['--enable-source-maps'], stdio: 'inherit' });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not ready in time')), READY_MS_MAX);
    api.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    api.once('message', () => {
      clearTimeout(timer);
      resolve();
    });
  });
});

afterAll(async () => {
  api?.kill('SIGKILL');
  await world?.close();
});

async function get(where: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL(where, url));
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? await response.json() : await response.text() };
}

// Decorator metadata, injection and validation come out of the compiler; only the built app shows that they live.
describe('the built API', () => {
  it('injects: /v1/chain knows the deployment and the indexed block', async () => {
    const { status, body } = await get('/v1/chain');
    expect(status).toBe(200);
    expect(at(body, 'contracts', 'vouchers')).toBe(world.deployment.vouchers);
    expect(at(body, 'indexedBlock', 'number')).toMatch(/^\d+$/);
  });

  it('validates: an empty body is refused with its fields', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const route of ['/v1/acts', '/v1/payments']) {
      const answer = await fetch(new URL(route, url), { method: 'POST', headers, body: '{}' });
      expect([route, answer.status]).toEqual([route, 400]);
      expect(await answer.json()).toMatchObject({ code: 'invalid_request', errors: expect.any(Array) });
    }
    expect(await get('/v1/series?limit=0')).toMatchObject({ status: 400 });
  });

  it('is alive and ready, measures itself, documents itself and shows the first page', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200 });
    // A check that takes two seconds, as on a machine that other work keeps busy, says that its part is down.
    const ready = await untilRight(
      'the API is ready',
      () => get('/health/ready'),
      ({ status }) => status === 200,
    );
    expect(ready).toMatchObject({
      body: { details: { database: { status: 'up' }, migrations: {}, chain: {}, indexer: { status: 'up' } } },
    });
    expect(await (await fetch(metricsUrl)).text()).toContain('jangteo_http_request_seconds');
    expect(await get('/metrics')).toMatchObject({ status: 404 });
    expect(at((await get('/docs/openapi.json')).body, 'paths', '/v1/acts')).toBeDefined();
    expect(await get('/docs')).toMatchObject({ status: 200, body: expect.stringContaining('swagger') });
    expect(await get('/')).toMatchObject({ status: 200, body: expect.stringContaining('<!doctype html>') });
  });

  it('ends in good order when its launcher vanishes', async () => {
    const ended = new Promise<number | null>((resolve) => api.once('exit', resolve));
    api.disconnect();
    expect(await ended).toBe(0);
  });
});

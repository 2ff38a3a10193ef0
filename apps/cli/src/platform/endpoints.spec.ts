import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { currentTime, leadClock } from '#persistence';
import { loadConfig } from '#platform';
import { createMigratedDatabase, type MigratedDatabase } from '../../../../test/support/database.js';
import { untilRight } from '../../../../test/support/until.js';
import { startEndpoints, type RunningEndpoints } from './endpoints.js';

const LEAD_S = 40 * 86_400;

interface Head {
  readonly number: number;
  readonly hash: string;
  readonly timestamp: number;
}

let home: string;
let database: MigratedDatabase;
let endpoints: RunningEndpoints;

const start = () =>
  startEndpoints(
    loadConfig({ JANGTEO_HOME: home, DATABASE_URL: database.url }),
    () => undefined,
    () => undefined,
  );

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-endpoints-'));
  database = await createMigratedDatabase();
  endpoints = await start();
});

afterAll(async () => {
  await endpoints?.stop();
  await database?.drop();
  await rm(home, { recursive: true, force: true });
});

async function block(tag: string): Promise<Head> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_getBlockByNumber',
    params: [tag, false],
  });
  const headers = { 'content-type': 'application/json' };
  const answer: unknown = await (await fetch(endpoints.chainUrl, { method: 'POST', headers, body })).json();
  const found: unknown = Reflect.get(Object(answer), 'result');
  const text = (name: string) => String(Reflect.get(Object(found), name));
  return { number: Number(text('number')), hash: text('hash'), timestamp: Number(text('timestamp')) };
}

async function headFrom(seconds: number): Promise<Head> {
  return untilRight(
    'a block has the led time',
    () => block('latest'),
    ({ timestamp }) => timestamp >= seconds,
  );
}

describe('the embedded chain of a platform', () => {
  it('follows the clock at once when it is led, and has the same blocks and the led time after a restart', async () => {
    const real = await currentTime(database.db);
    expect((await block('latest')).timestamp).toBeLessThanOrEqual(real + 1);

    await leadClock(database.db, LEAD_S);
    const led = await headFrom(real + LEAD_S);
    expect(led.timestamp).toBeLessThan(real + LEAD_S + 600);

    await endpoints.stop();
    endpoints = await start();
    expect(await block(`0x${led.number.toString(16)}`)).toEqual(led);
    const next = await block('latest');
    expect(next.number).toBeGreaterThan(led.number);
    expect(next.timestamp).toBeGreaterThanOrEqual(led.timestamp);
  });
});

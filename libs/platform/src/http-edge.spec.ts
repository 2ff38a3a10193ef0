import 'reflect-metadata';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { until } from '../../../test/support/until.js';
import { MayCall } from './callers.js';
import { ClientLimits } from './client-limits.js';
import { createHttpApp, type TimeLimits } from './http-app.js';
import { Log } from './logging.js';
import { Metrics, MetricsModule } from './metrics.js';
import { serveMetrics } from './metrics-server.js';
import { rawRequest } from './testing/raw-request.js';
import { IsPlainText } from './validators.js';

class Named {
  @IsPlainText({ max: 100 })
  name: string;
}

@MayCall('anybody')
@Controller('v1')
class ShopsController {
  @Get('shops')
  list(@Query() { name }: Named): object {
    return { name };
  }

  @Post('shops')
  create(@Body() { name }: Named): object {
    return { name };
  }

  @Get('shops/:id')
  one(@Param('id') id: string): object {
    return { id };
  }

  @Post('shops/new')
  createNew(@Body() { name }: Named): object {
    return { name };
  }

  @Post('acts')
  act(@Body() { name }: Named): object {
    return { name };
  }
}

@Module({ imports: [MetricsModule], controllers: [ShopsController] })
class ShopsModule {}

const PAGE = 'https://wallet.example';
const lines: string[] = [];
let app: NestFastifyApplication;
let base = '';
let port = 0;

async function start(origins: readonly string[], timeLimits?: TimeLimits): Promise<NestFastifyApplication> {
  const created = await createHttpApp(ShopsModule, {
    log: Log.create('test', 'debug', { write: (line: string) => void lines.push(line) }),
    crossOrigin: { origins, allows: (method, path) => method === 'GET' || path === '/v1/shops' },
    timeLimits,
  });
  await created.listen(0, '127.0.0.1');
  return created;
}

beforeAll(async () => {
  app = await start(['*']);
  base = await app.getUrl();
  port = Number(new URL(base).port);
});

afterAll(async () => {
  await app?.close();
});

const raw = (bytes: string, goOn?: (socket: Socket) => void, to = port) => rawRequest(to, bytes, goOn);

const HEAD = 'POST /v1/shops HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

describe('a client that takes its time', () => {
  let impatient: NestFastifyApplication;
  let to = 0;
  beforeAll(async () => {
    impatient = await start(['*'], { headersMs: 300, requestMs: 600, idleMs: 5_000, checkMs: 50 });
    to = Number(new URL(await impatient.getUrl()).port);
  });
  afterAll(() => impatient?.close());

  it('is cut when its body never ends, with 408', async () => {
    const answer = await raw(`${HEAD}content-length: 100\r\n\r\n{"na`, undefined, to);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut when it sends a byte now and then', async () => {
    let drip: NodeJS.Timeout | undefined;
    const answer = raw(
      `${HEAD}transfer-encoding: chunked\r\n\r\n`,
      (socket) => {
        drip = setInterval(() => socket.write('1\r\n \r\n'), 100);
      },
      to,
    );
    expect(await answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });

  it('is cut when its headers never end', async () => {
    expect(await raw('GET /v1/shops HTTP/1.1\r\nhost: x\r\n', undefined, to)).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('a client that hangs up within its body', () => {
  it('is a line at debug and no error', async () => {
    const head = `${HEAD}content-length: 100\r\nexpect: 100-continue\r\nx-request-id: hung-up-1\r\n\r\n{"na`;
    await raw(head, (socket) => socket.once('data', () => socket.destroy()));
    const about = () => lines.filter((line) => line.includes('hung-up-1'));
    await until('it is logged', () => about().some((line) => line.includes('http.client_gone')));
    expect(
      about().filter((line) => !line.includes('"level":"debug"') && !line.includes('"level":20')),
    ).toEqual([]);
  });
});

describe('a method that a known path lacks', () => {
  it.each([
    ['PUT', '/v1/shops', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/v1/shops?x=1', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/v1/shops/7', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/v1/acts', 'OPTIONS, POST'],
    ['PUT', '/v1/shops/new', 'OPTIONS, POST'],
    ['GET', '/v1/shops/new', 'OPTIONS, POST'],
  ])('%s %s is 405 with the methods that are there', async (method, path, allow) => {
    const response = await fetch(base + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('is answered with them to OPTIONS', async () => {
    const response = await fetch(`${base}/v1/shops`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
  });

  it('is 404 when the path is none', async () => {
    for (const method of ['PUT', 'OPTIONS', 'GET'])
      expect((await fetch(`${base}/v1/nothing`, { method })).status).toBe(404);
  });
});

describe('a path with a slash at its end', () => {
  it.each(['/v1/shops/', '/v1/shops/7/', '/v1/shops/new/', '/v1/acts/', '/v1/shops/?x=1'])(
    '%s is 404 for every method, as it names nothing',
    async (path) => {
      for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
        const response = await fetch(base + path, { method });
        expect([method, response.status, response.headers.get('allow')]).toEqual([method, 404, null]);
        expect(await response.json()).toMatchObject({ code: 'not_found' });
      }
    },
  );
});

describe('a page of another origin', () => {
  const preflight = (url: string, method: string, origin = PAGE) =>
    fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method } });

  it('may read what everybody may, refusals too, without credentials', async () => {
    for (const path of ['/v1/shops/7', '/v1/shops?name=%00']) {
      const { headers } = await fetch(base + path, { headers: { origin: PAGE } });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('access-control-expose-headers')).toContain('retry-after');
    }
  });

  it('learns by a preflight what it may send', async () => {
    const { status, headers } = await preflight(`${base}/v1/shops`, 'POST');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST');
    expect(headers.get('access-control-allow-headers')).toContain('content-type');
  });

  it('may not send what is closed to it', async () => {
    expect(
      (await preflight(`${base}/v1/acts`, 'POST')).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  it('has to be one of those that are named', async () => {
    const named = await start([PAGE]);
    const url = `${await named.getUrl()}/v1/shops`;
    const allowed = async (origin: string) =>
      (await preflight(url, 'POST', origin)).headers.get('access-control-allow-origin');
    expect(await allowed(PAGE)).toBe(PAGE);
    expect(await allowed('https://other.example')).toBeNull();
    expect((await fetch(`${url}/7`)).headers.get('vary')).toBe('Origin');
    await named.close();
  });
});

describe('text that is not UTF-8', () => {
  const GAGE_CP949 = Buffer.from([0xb0, 0xa1, 0xb0, 0xd4]);
  const send = (body: Buffer, type = 'application/json') =>
    fetch(`${base}/v1/shops`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': type },
    });

  it('in a body is refused', async () => {
    const response = await send(Buffer.concat([Buffer.from('{"name":"'), GAGE_CP949, Buffer.from('"}')]));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'body_not_utf8' });
  });

  it('by the charset of its content type is refused, and UTF-8 is not', async () => {
    const body = Buffer.from('{"name":"가게"}');
    expect((await send(body, 'application/json; charset=euc-kr')).status).toBe(415);
    for (const charset of ['utf-8', 'UTF8', '"utf-8"'])
      expect((await send(body, `application/json; charset=${charset}`)).status).toBe(201);
  });

  it('because it is compressed is refused as compressed, in any spelling of the header', async () => {
    const text = '{"name":"가게"}';
    const post = async (encoding: string, body: Buffer) => {
      const headers = {
        'content-type': 'application/json',
        'content-encoding': encoding,
        'accept-language': 'en',
      };
      const response = await fetch(`${base}/v1/shops`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers,
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    };
    for (const encoding of ['gzip', 'GZIP', 'br', 'identity, gzip']) {
      const answer = await post(encoding, gzipSync(text));
      expect(answer).toMatchObject({
        status: 415,
        body: {
          code: 'unsupported_media_type',
          detail: expect.stringContaining('Content-Encoding'),
          next: expect.stringContaining('not compressed'),
        },
      });
      expect(answer.headers.get('accept-encoding')).toBe('identity');
    }
    expect((await post('identity', Buffer.from(text))).status).toBe(201);
  });

  it('in a query is refused with the parameter', async () => {
    const response = await fetch(`${base}/v1/shops?name=%B0%A1`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'name' }] });
  });
});

describe('400 requests at once from one client', () => {
  let limited: NestFastifyApplication;
  let url = '';
  beforeAll(async () => {
    limited = await createHttpApp(ShopsModule, {
      log: Log.silent(),
      crossOrigin: { origins: ['*'], allows: () => true },
      limits: new ClientLimits({ perSecond: 20, atOnce: 0, unlimited: [] }),
    });
    await limited.listen(0, '127.0.0.1');
    url = `${await limited.getUrl()}/v1/shops/7`;
  });

  afterAll(async () => {
    await limited?.close();
  });

  const atOnce = (init?: RequestInit) => Promise.all(Array.from({ length: 400 }, () => answerOf(url, init)));

  it('are limited, and the next one passes after what Retry-After says', async () => {
    const sentAt = performance.now();
    const answers = await atOnce();
    const tookSeconds = (performance.now() - sentAt) / 1_000;
    const refused = answers.filter(({ status }) => status === 429);
    // Two seconds' worth at once, and more while they are answered.
    expect(400 - refused.length).toBeLessThanOrEqual(20 * (2 + tookSeconds) + 1);
    expect(refused[0]?.json).toMatchObject({ code: 'rate_limited' });
    const seconds = Number(refused.at(-1)?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    await new Promise((go) => setTimeout(go, seconds * 1_000));
    expect((await answerOf(url)).status).toBe(200);
  });

  it('may be read by pages of other origins, and methods that are not there count as well', async () => {
    const unknown = await atOnce({ method: 'PUT' });
    expect(new Set(unknown.map(({ status }) => status))).toEqual(new Set([405, 429]));
    const pages = await atOnce({ headers: { origin: PAGE } });
    const refused = pages.find(({ status }) => status === 429);
    expect(refused?.headers.get('access-control-allow-origin')).toBe('*');
  });
});

/** An answer with its body read. */
async function answerOf(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, json: (await response.json()) as unknown };
}

describe('metrics', () => {
  it('are on a port of their own and not on the public’s', async () => {
    expect((await fetch(`${base}/metrics`)).status).toBe(404);
    const server = await serveMetrics(app.get(Metrics), 0, '127.0.0.1');
    const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(text).toContain('jangteo_http_request_seconds');
    expect((await fetch(`http://127.0.0.1:${server.port}/v1/shops`)).status).toBe(404);
    await server.close();
  });
});

import 'reflect-metadata';
import { request as httpRequest } from 'node:http';
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsIn, IsString, MaxLength, ValidateNested } from 'class-validator';
import { packRegion } from '#domain';
import { MayCall } from './callers.js';
import { HealthModule, Readiness } from './health.js';
import { createHttpApp } from './http-app.js';
import { Log } from './logging.js';
import { MetricsRouteModule } from './metrics.js';
import { ProblemException } from './problem.js';
import {
  IsAddress,
  IsHex32,
  IsNested,
  IsPlainText,
  IsRegionCode,
  IsSignature65,
  IsUint,
  IsWon,
  MayBeAbsent,
} from './validators.js';

class Inner {
  @IsWon()
  amount: bigint;

  @IsUint(32)
  nonce: number;
}

class Order {
  @IsAddress()
  payer: string;

  @IsNested(() => Inner)
  inner: Inner;

  @ValidateNested()
  @Type(() => Inner)
  @MayBeAbsent()
  raw?: Inner;

  @ValidateNested({ each: true })
  @Type(() => Inner)
  @MayBeAbsent()
  list?: Inner[];

  @IsRegionCode({ optional: true })
  region?: string;

  @IsIn(['sold', 'granted'])
  kind: string;

  @IsString()
  @MaxLength(5)
  note: string = '';

  @IsSignature65({ optional: true })
  signature?: string;

  @IsHex32({ optional: true, each: true })
  hashes?: string[];

  @IsPlainText({ optional: true, max: 10 })
  name?: string;

  @IsUint(256, { optional: true })
  large?: bigint;
}

class Page {
  @IsUint(16, { optional: true })
  limit: number = 20;

  @IsUint(256, { optional: true })
  above?: bigint;
}

@MayCall('anybody')
@Controller('v1/things')
class ThingsController {
  @Post()
  @HttpCode(200)
  create(@Body() order: Order): object {
    return { ...order, isInstance: order instanceof Order, doubled: order.inner.amount * 2n };
  }

  @Post('untyped')
  untyped(@Body() body: object): object {
    return body;
  }

  @Get()
  list(@Query() page: Page): object {
    return { limit: page.limit };
  }

  @Get('crash')
  crash(): never {
    throw new Error('password is hunter2');
  }

  @Get('refused')
  refused(): never {
    throw new ProblemException('wrong_region', { args: [packRegion('47110'), packRegion('47130')] });
  }

  @Get('one/:id')
  one(@Param('id') id: string): object {
    return { id };
  }
}

@MayCall('anybody')
@Controller('v1/acts')
class ActsController {
  @Post()
  act(@Body() page: Page): object {
    return page;
  }
}

@Module({ imports: [HealthModule, MetricsRouteModule], controllers: [ThingsController, ActsController] })
class TestModule {
  constructor(@Inject(Readiness) readiness: Readiness) {
    readiness.add('good', async () => ({ lag: 0 }));
    readiness.add('sometimes', async () => {
      if (broken) throw new Error('connect ECONNREFUSED 10.0.0.7');
      return doubtful ? { degraded: true } : undefined;
    });
  }
}

let broken = false;
let doubtful = false;
let app: NestFastifyApplication;
let base = '';
const lines: string[] = [];

beforeAll(async () => {
  const log = Log.create('test', 'debug', { write: (line: string) => void lines.push(line) });
  const names: Record<string, string> = { '47110': '포항시', '47130': '경주시' };
  app = await createHttpApp(TestModule, {
    log,
    regionName: (code) => names[code] ?? code,
    docs: { title: 'Test', version: '1', description: 'Test' },
  });
  await app.listen(0, '127.0.0.1');
  base = await app.getUrl();
});

afterAll(async () => {
  await app.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function call(path: string, init: RequestInit = {}, lang?: string): Promise<Answer> {
  const headers = { ...(lang === undefined ? {} : { 'accept-language': lang }), ...init.headers };
  const response = await fetch(base + path, { ...init, headers });
  const body: unknown = JSON.parse(await response.text());
  if (typeof body !== 'object' || body === null) throw new Error('not an object');
  return { status: response.status, headers: response.headers, body: { ...body } };
}

function post(path: string, body: unknown, lang?: string): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return call(path, { method: 'POST', body: text, headers: { 'content-type': 'application/json' } }, lang);
}

const GOOD = {
  payer: '0x52908400098527886E0F7030069857D2E4169EE7',
  inner: { amount: '12000', nonce: 7 },
  kind: 'sold',
};

describe('a good request', () => {
  it('arrives parsed, and bigint leaves as digits', async () => {
    const { status, body, headers } = await post('/v1/things', { ...GOOD, region: '47130' });
    expect(status).toBe(200);
    expect(body).toEqual({
      payer: GOOD.payer.toLowerCase(),
      inner: { amount: '12000', nonce: 7 },
      region: '47130',
      kind: 'sold',
      note: '',
      isInstance: true,
      doubled: '24000',
    });
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('reads numbers of a query from text and keeps defaults', async () => {
    expect((await call('/v1/things?limit=5')).body).toEqual({ limit: 5 });
    expect((await call('/v1/things?limit=5&above=18446744073709551616')).body).toEqual({ limit: 5 });
    expect((await call('/v1/things')).body).toEqual({ limit: 20 });
  });

  it('has its names in NFC, without blanks at their ends', async () => {
    const { body } = await post('/v1/things', { ...GOOD, name: ` ${'가게'.normalize('NFD')} `, large: '7' });
    expect(body).toMatchObject({ name: '가게', large: '7' });
  });

  it('keeps a harmless request id of the caller and replaces others', async () => {
    const kept = await call('/v1/things', { headers: { 'x-request-id': 'abc-12345' } });
    expect(kept.headers.get('x-request-id')).toBe('abc-12345');
    const replaced = await call('/v1/things', { headers: { 'x-request-id': '{"evil":1}' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });
});

describe('a bad request', () => {
  it.each([
    ['half a document', '{"payer":'],
    ['no JSON', 'hello'],
    ['a poisoned prototype', '{"__proto__":{"admin":true}}'],
    ['a poisoned constructor', '{"constructor":{"prototype":{"admin":true}}}'],
  ])('with %s is invalid_json', async (_, text) => {
    const { status, body, headers } = await post('/v1/things', text);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('content-language')).toBe('ko');
    expect(body).toMatchObject({
      type: '/problems/invalid_json',
      code: 'invalid_json',
      status: 400,
      title: '요청 본문이 올바른 JSON이 아닙니다.',
      instance: '/v1/things',
      requestId: headers.get('x-request-id'),
    });
  });

  it('with an unknown field names it', async () => {
    const { status, body } = await post('/v1/things', { ...GOOD, surprise: 1 }, 'en-US,en;q=0.9');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'unknown_field',
      title: 'The request has a field that is not known.',
      errors: [{ field: 'surprise', message: 'is not a known field' }],
    });
  });

  it.each<[string, object, string]>([
    ['negative won', { inner: { amount: '-1', nonce: 1 } }, 'inner.amount'],
    ['fractional won', { inner: { amount: 1.5, nonce: 1 } }, 'inner.amount'],
    ['won above the largest', { inner: { amount: '72057594037927936', nonce: 1 } }, 'inner.amount'],
    ['won as a JSON number', { inner: { amount: 12000, nonce: 1 } }, 'inner.amount'],
    ['a number of 32 bits as text', { inner: { amount: '1', nonce: '7' } }, 'inner.nonce'],
    ['a number of 256 bits that is no text', { large: 7 }, 'large'],
    ['half an emoji at its end', { name: '가게\ud83c' }, 'name'],
    ['a name that shows nothing', { name: '\u3164\u2060' }, 'name'],
    ['a line break inside a name', { name: '가게\n2' }, 'name'],
    ['a nonce above 32 bits', { inner: { amount: '1', nonce: 2 ** 32 } }, 'inner.nonce'],
    ['a list for an object', { inner: [] }, 'inner'],
    ['a list for a plainly nested object', { raw: [] }, 'raw'],
    ['an object for a list', { list: GOOD.inner }, 'list'],
    ['a list in a list', { list: [GOOD.inner, []] }, 'list[1]'],
    ['a bad entry in a list', { list: [GOOD.inner, { amount: '1' }] }, 'list[1].nonce'],
    ['one text for a list', { hashes: `0x${'0'.repeat(64)}` }, 'hashes'],
    ['nothing for an object', { inner: null }, 'inner'],
    ['a wrong checksum', { payer: '0x52908400098527886e0F7030069857D2E4169EE7' }, 'payer'],
    ['a short address', { payer: '0x12' }, 'payer'],
    ['a region in letters', { region: 'Gyeongju' }, 'region'],
    ['null for an optional field', { region: null }, 'region'],
    ['a word that is no choice', { kind: 'stolen' }, 'kind'],
    ['a long note', { note: 'far too long' }, 'note'],
    ['a number for a text', { note: 5 }, 'note'],
    ['a short signature', { signature: '0x00' }, 'signature'],
    ['a bad entry of a list', { hashes: [`0x${'0'.repeat(64)}`, '0x1'] }, 'hashes'],
    ['an object for an address', { payer: { toString: 'x' } }, 'payer'],
  ])('with %s names the field', async (_, change, field) => {
    const { status, body } = await post('/v1/things', { ...GOOD, ...change });
    expect(status).toBe(400);
    expect(body['code']).toBe('invalid_request');
    expect(body['errors']).toEqual([{ field, message: expect.stringMatching(/[가-힣]/) }]);
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '5'],
    ['nothing', ''],
    ['null', 'null'],
  ])('with %s as the body is invalid_request', async (_, text) => {
    expect(await post('/v1/things', text)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('nested a hundred thousand deep is refused, not a crash', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { status } = await post('/v1/things', `{"note":${deep}}`);
    expect(status).toBe(400);
  });

  it('with thousands of wrong fields lists the first fifty', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1]));
    const { body } = await post('/v1/things', many);
    expect(body['errors']).toHaveLength(50);
  });

  it('that is too large is body_too_large, except where acts go', async () => {
    const big = { note: 'x'.repeat(300_000) };
    expect(await post('/v1/things', big)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await post('/v1/acts', big)).toMatchObject({ status: 400 });
    expect(await post('/v1/acts', { note: 'x'.repeat(1_100_000) })).toMatchObject({ status: 413 });
  });

  it('of another content type is unsupported_media_type', async () => {
    const init = {
      method: 'POST',
      body: 'a=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect(await call('/v1/things', init)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });

  it('to an unknown route is not_found in the caller’s language', async () => {
    expect((await call('/v1/nowhere?x=1')).body).toMatchObject({
      code: 'not_found',
      instance: '/v1/nowhere',
    });
    expect((await call('/v1/nowhere', {}, 'en')).body).toMatchObject({ title: 'Not found.' });
  });

  it('to an address that cannot be decoded is invalid_request', async () => {
    const { status, body } = await call('/v1/things/one/%E0%A4%A');
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'invalid_request' });
  });
});

describe('a refusal of the domain', () => {
  it('says what was expected, in Korean', async () => {
    const { status, body } = await call('/v1/things/refused');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'wrong_region',
      detail: '가맹점 지역은 포항시, 이 상품권의 사용 지역은 경주시입니다.',
      expected: { merchant_region: '47110', allowed_region: '47130' },
    });
  });

  it('and in English', async () => {
    const { body } = await call('/v1/things/refused', {}, 'en');
    expect(body['title']).toBe('This voucher cannot be used in this region.');
  });
});

describe('a failure of the platform', () => {
  it('gives the caller an id and the log the reason', async () => {
    const { status, body } = await call('/v1/things/crash');
    expect({ status, code: body['code'], title: body['title'] }).toEqual({
      status: 500,
      code: 'internal',
      title: '서버에서 오류가 났습니다.',
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const logged = lines.find(
      (line) => line.includes('http.failed') && line.includes(String(body['requestId'])),
    );
    expect(logged).toContain('hunter2');
  });

  it('is a body without rules, as an imported type would leave it', async () => {
    expect(await post('/v1/things/untyped', { anything: 1 })).toMatchObject({
      status: 500,
      body: { code: 'internal' },
    });
  });
});

describe('operations', () => {
  it('live and ready', async () => {
    expect((await call('/health/live')).body).toEqual({ status: 'ok' });
    expect((await call('/health/ready')).body).toEqual({
      status: 'ok',
      details: { good: { status: 'up', lag: 0 }, sometimes: { status: 'up' } },
    });
    doubtful = true;
    expect(await call('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { sometimes: { status: 'up', degraded: true } } },
    });
    doubtful = false;
    broken = true;
    const { status, body, headers } = await call('/health/ready', {}, 'en');
    broken = false;
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'unavailable', errors: [{ field: 'sometimes', message: 'is down' }] });
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
  });

  it('metrics count requests by route pattern', async () => {
    await call('/v1/things/one/0x1234');
    const response = await fetch(`${base}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(
      /jangteo_http_request_seconds_count\{method="GET",route="\/v1\/things\/one\/:id",status="200"\}/,
    );
    expect(text).not.toContain('0x1234');
  });

  it('documentation needs no other server', async () => {
    const page = await (await fetch(`${base}/docs`)).text();
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/<script>[^<]/);
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const response = await fetch(new URL(asset, `${base}/docs`));
      expect(response.status).toBe(200);
      // A large body that is not read keeps its connection, and with it the process.
      await response.arrayBuffer();
    }
    const { body } = await call('/docs/openapi.json');
    expect(body).toMatchObject({
      paths: { '/v1/things': { post: expect.anything() } },
      components: {
        schemas: { Inner: { properties: { amount: { type: 'string' } }, required: ['amount', 'nonce'] } },
      },
    });
  });

  it('a client that sends no HTTP gets an answer and harms no other client', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        `${base}/v1/things`,
        { headers: { 'x-big': 'x'.repeat(20_000) } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.on('error', reject);
      request.end();
    });
    expect(status).toBe(431);
  });
});

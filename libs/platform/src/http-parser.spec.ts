import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import { MayCall } from './callers.js';
import { createHttpApp } from './http-app.js';
import { Log } from './logging.js';
import { addOrigin } from './origins.js';
import { rawRequest } from './testing/raw-request.js';

@MayCall('anybody')
@Controller('v1/shops')
class ShopsController {
  @Get()
  list(): object {
    return {};
  }
}

@Module({ controllers: [ShopsController] })
class ShopsModule {}

let app: NestFastifyApplication;
let other: Server;
/** Of the two origins. */
const ports: number[] = [];

beforeAll(async () => {
  app = await createHttpApp(ShopsModule, {
    log: Log.silent(),
    crossOrigin: { origins: ['*'], allows: () => true },
    timeLimits: { headersMs: 300, requestMs: 600, idleMs: 5_000, checkMs: 50 },
  });
  other = addOrigin(app, 'console');
  await app.listen(0, '127.0.0.1');
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  const address = other.address();
  ports.push(
    Number(new URL(await app.getUrl()).port),
    typeof address === 'object' ? (address?.port ?? 0) : 0,
  );
});

afterAll(() => app?.close());

/** The status, the headers and the problem document of an answer. */
function parsed(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    head: head.toLowerCase(),
    problem: JSON.parse(body) as unknown,
  };
}

const LINE = 'GET /v1/shops?x=1 HTTP/1.1\r\n';
const HOST = 'host: x\r\n';

describe('a request that the parser of HTTP refuses', () => {
  it.each([
    ['a header without a name', `${LINE}${HOST}accept-language: en\r\n: x\r\n\r\n`, 400, 'request_malformed'],
    ['a line that is no HTTP', 'HELLO\r\n\r\n', 400, 'request_malformed'],
    ['no end of its headers', `${LINE}${HOST}`, 408, 'request_timeout'],
    ['headers of 32 kB', `${LINE}${HOST}x-long: ${'x'.repeat(32_768)}\r\n\r\n`, 431, 'headers_too_large'],
    ['an expectation', `${LINE}${HOST}accept-language: en\r\nexpect: tea\r\n\r\n`, 417, 'expectation_failed'],
    ['no Host', `${LINE}connection: close\r\n\r\n`, 400, 'request_malformed'],
    ['two Hosts', `${LINE}${HOST}host: y\r\nconnection: close\r\n\r\n`, 400, 'request_malformed'],
    ['two lengths', `${LINE}${HOST}content-length: 1\r\ncontent-length: 2\r\n\r\n`, 400, 'request_malformed'],
  ])('for %s is answered with a problem document on both origins', async (_what, bytes, status, code) => {
    for (const port of ports) {
      const answer = parsed(await rawRequest(port, bytes));
      expect(answer).toMatchObject({ status, problem: { status, code, type: `/problems/${code}` } });
      expect(answer.head).toContain('content-type: application/problem+json');
      expect(answer.head).toMatch(/x-request-id: [0-9a-f-]{36}/);
    }
  });

  it('says so in the language of the request as far as it was read, Korean else', async () => {
    const [port = 0] = ports;
    const korean = parsed(await rawRequest(port, `${LINE}${HOST}: x\r\n\r\n`));
    const english = parsed(await rawRequest(port, `${LINE}${HOST}accept-language: en\r\n: x\r\n\r\n`));
    expect([korean.problem, english.problem]).toMatchObject([
      { title: expect.stringMatching(/[가-힣]/), instance: '/v1/shops' },
      { title: 'The HTTP request cannot be read.' },
    ]);
  });
});

describe('an answer', () => {
  it('names the headers that it depends on: Origin, and the language where there are sentences', async () => {
    const base = await app.getUrl();
    const found = await fetch(`${base}/v1/shops`);
    expect([found.status, found.headers.get('vary')]).toEqual([200, 'Origin']);
    await found.text();
    const refused = await fetch(`${base}/v1/shops?x=1`);
    expect([refused.status, refused.headers.get('vary')]).toEqual([400, 'Origin, Accept-Language']);
    await refused.text();
  });
});

describe('a parameter of a route that takes none', () => {
  it('is refused by its name', async () => {
    const response = await fetch(`${await app.getUrl()}/v1/shops?limit=1&x=2`, {
      headers: { 'accept-language': 'en' },
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'unknown_field',
        errors: ['limit', 'x'].map((field) => ({ field, message: 'is not a known field' })),
      }),
    ]);
  });
});

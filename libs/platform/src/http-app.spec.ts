import { request as httpRequest } from 'node:http';
import { HttpFixture } from './testing/http-fixture.js';

let http: HttpFixture;
beforeAll(async () => (http = await HttpFixture.start()));
afterAll(() => http?.close());

describe('a refusal of the domain', () => {
  it('says what was expected, in Korean', async () => {
    const { status, body } = await http.call('/v1/things/refused');
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'wrong_region',
      detail: '가맹점 지역은 포항시, 이 상품권의 사용 지역은 경주시입니다.',
      expected: { merchant_region: '47110', allowed_region: '47130' },
    });
  });

  it('and in English', async () => {
    const { body } = await http.call('/v1/things/refused', {}, 'en');
    expect(body['title']).toBe('This voucher cannot be used in this region.');
  });
});

describe('a failure of the platform', () => {
  it('gives the caller an id and the log the reason', async () => {
    const { status, body } = await http.call('/v1/things/crash');
    expect({ status, code: body['code'], title: body['title'] }).toEqual({
      status: 500,
      code: 'internal',
      title: '서버에서 오류가 났습니다.',
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const logged = http.lines.find(
      (line) => line.includes('http.failed') && line.includes(String(body['requestId'])),
    );
    expect(logged).toContain('hunter2');
  });

  it('is a body without rules, as an imported type would leave it', async () => {
    expect(await http.post('/v1/things/untyped', { anything: 1 })).toMatchObject({
      status: 500,
      body: { code: 'internal' },
    });
  });
});

describe('operations', () => {
  it('live and ready', async () => {
    expect((await http.call('/health/live')).body).toEqual({ status: 'ok' });
    expect((await http.call('/health/ready')).body).toEqual({
      status: 'ok',
      details: { good: { status: 'up', lag: 0 }, sometimes: { status: 'up' } },
    });
    http.parts.doubtful = true;
    expect(await http.call('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', details: { sometimes: { status: 'up', degraded: true } } },
    });
    http.parts.doubtful = false;
    http.parts.broken = true;
    const { status, body, headers } = await http.call('/health/ready', {}, 'en');
    http.parts.broken = false;
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'unavailable', errors: [{ field: 'sometimes', message: 'is down' }] });
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
  });

  it('metrics count requests by route pattern', async () => {
    await http.call('/v1/things/one/0x1234');
    const response = await fetch(`${http.base}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(
      /jangteo_http_request_seconds_count\{method="GET",route="\/v1\/things\/one\/:id",status="200"\}/,
    );
    expect(text).not.toContain('0x1234');
  });

  it('documentation needs no other server', async () => {
    const page = await (await fetch(`${http.base}/docs`)).text();
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/<script>[^<]/);
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const response = await fetch(new URL(asset, `${http.base}/docs`));
      expect(response.status).toBe(200);
      // A large body that is not read keeps its connection, and with it the process.
      await response.arrayBuffer();
    }
    const { body } = await http.call('/docs/openapi.json');
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
        `${http.base}/v1/things`,
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

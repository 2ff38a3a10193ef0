import { createServer, type Server } from 'node:http';
import { ApiClient, ApiProblem } from '../src/client/client.js';

/** Answers by address, as the API does. */
function answer(address: string): { status: number; body: string } {
  if (address.startsWith('/ok')) return { status: 200, body: JSON.stringify({ address }) };
  if (address === '/refused')
    return {
      status: 422,
      body: JSON.stringify({
        code: 'expired',
        title: 'It has expired.',
        next: 'Use another.',
        requestId: 'r-1',
      }),
    };
  if (address === '/parts')
    return {
      status: 503,
      body: JSON.stringify({
        code: 'unavailable',
        errors: [{ field: 'chain', message: 'is down' }, { field: 'indexer' }, 'no field', null],
      }),
    };
  if (address === '/nowhere') return { status: 404, body: JSON.stringify({ code: 'not_found', errors: {} }) };
  return { status: 503, body: 'down' };
}

describe('the client of the pages', () => {
  let server: Server;
  let origin: string;
  let seen: Record<string, unknown>;
  const fetchOfPages = globalThis.fetch;
  /** A page's paths are of its own host. */
  const fetchHere: typeof fetch = (input, init) => fetchOfPages(new URL(String(input), origin), init);

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = request.headers;
      const { status, body } = answer(request.url ?? '');
      response
        .writeHead(status, { 'content-type': 'application/json', date: 'Tue, 01 Dec 2026 05:20:35 GMT' })
        .end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    globalThis.fetch = fetchHere;
  });
  afterAll(async () => {
    globalThis.fetch = fetchOfPages;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('reads JSON in the language of the page, with the server’s time', async () => {
    const { body, at } = await new ApiClient('en').get<{ address: string }>('/ok', {
      region: '47',
      text: '',
      cursor: undefined,
    });
    expect([body.address, at, seen['accept-language']]).toEqual(['/ok?region=47', 1_796_102_435, 'en']);
  });

  it('knows what was refused, and what may pass by itself', async () => {
    const client = new ApiClient('ko');
    const refused = await client.get('/refused').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({
      code: 'expired',
      status: 422,
      next: 'Use another.',
      requestId: 'r-1',
      isPassing: false,
    });
    await expect(client.get('/down')).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
      isPassing: true,
    });
    globalThis.fetch = () => Promise.reject(new TypeError('network'));
    try {
      await expect(client.get('/ok')).rejects.toMatchObject({
        code: 'unreachable',
        status: 0,
        isPassing: true,
      });
    } finally {
      globalThis.fetch = fetchHere;
    }
  });

  it('knows which fields a problem document names, and when nothing has the address', async () => {
    await expect(new ApiClient('ko').get('/parts')).rejects.toMatchObject({
      status: 503,
      fields: ['chain', 'indexer'],
      isNowhere: false,
    });
    await expect(new ApiClient('ko').get('/nowhere')).rejects.toMatchObject({ fields: [], isNowhere: true });
  });

  it('takes what was asked for early once, and asks itself where that came to nothing', async () => {
    const early = new Response('{"address":"early"}', { headers: { date: 'Tue, 01 Dec 2026 05:20:30 GMT' } });
    globalThis.jangteoEarly = {
      '/ok': Promise.resolve(early),
      '/ok?a=1': Promise.reject(new Error('network')),
    };
    const client = new ApiClient('ko');
    try {
      expect(await client.get('/ok')).toEqual({ body: { address: 'early' }, at: 1_796_102_430 });
      expect(await client.get('/ok')).toMatchObject({ body: { address: '/ok' } });
      expect(await client.get('/ok', { a: 1 })).toMatchObject({ body: { address: '/ok?a=1' } });
    } finally {
      delete globalThis.jangteoEarly;
    }
  });

  it('asks no other host', async () => {
    for (const address of ['https://elsewhere.example/', '//elsewhere.example/'])
      await expect(new ApiClient('ko').get(address)).rejects.toThrow('not a path of this host');
  });
});

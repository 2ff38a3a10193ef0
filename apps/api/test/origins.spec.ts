import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { findFreePort } from '#platform';
import { createBareApi, type BareApi } from './support/bare-api.js';

const ORIGINS = ['public', 'console'] as const;

describe('an API with two origins', () => {
  let api: BareApi;
  let folder: string;
  let urls: Readonly<Record<(typeof ORIGINS)[number], string>>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'jangteo-pages-'));
    const pages = { public: path.join(folder, 'public'), console: path.join(folder, 'console') };
    for (const origin of ORIGINS) {
      for (const part of ['pages', 'assets']) mkdirSync(path.join(pages[origin], part), { recursive: true });
      for (const lang of ['ko', 'en'])
        writeFileSync(
          path.join(pages[origin], 'pages', `X.${lang}.html`),
          `<title>${origin} ${lang}</title>`,
        );
      const entry = { path: '/', files: { ko: 'X.ko.html', en: 'X.en.html' } };
      const served = [
        { ...entry, id: 'X1', wasm: false },
        { ...entry, id: 'X2', wasm: true, path: `/${origin}/:id` },
      ];
      writeFileSync(path.join(pages[origin], 'pages.json'), JSON.stringify(served));
      writeFileSync(path.join(pages[origin], 'assets', `${origin}.js`), `// ${origin}`);
    }
    const [port, other, consolePort] = [await findFreePort(), await findFreePort(), await findFreePort()];
    api = await createBareApi({
      env: { PORT: String(port), WORKER_PORT: String(other), CONSOLE_PORT: String(consolePort) },
      pages,
      listens: true,
    });
    urls = { public: `http://127.0.0.1:${port}`, console: `http://127.0.0.1:${consolePort}` };
  });
  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves each one’s own pages alone', async () => {
    for (const origin of ORIGINS) {
      const other = origin === 'public' ? 'console' : 'public';
      for (const address of ['/', `/${origin}/7`])
        expect(await (await fetch(urls[origin] + address)).text()).toBe(`<title>${origin} ko</title>`);
      expect(await (await fetch(`${urls[origin]}/assets/${origin}.js`)).text()).toBe(`// ${origin}`);
      for (const address of [`/assets/${other}.js`, `/${other}/7`]) {
        const missing = await fetch(urls[origin] + address);
        expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'not_found' }]);
      }
    }
  });

  it('answers its routes on both, with their problem documents', async () => {
    for (const origin of ORIGINS) {
      const regions = await fetch(`${urls[origin]}/v1/regions`);
      expect([origin, regions.status]).toEqual([origin, 200]);
      const refused = await fetch(`${urls[origin]}/v1/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'invalid_request' }]);
    }
  });

  it('lets pages run no text as code, and has its documentation on the public origin alone', async () => {
    const ask = async (url: string) => {
      const response = await fetch(url);
      // A large body that is not read keeps its connection, and with it the process.
      await response.arrayBuffer();
      return response;
    };
    const policyOf = async (url: string) => (await ask(url)).headers.get('content-security-policy');
    for (const url of [urls.public, urls.console]) {
      expect(await policyOf(url)).toContain("require-trusted-types-for 'script'");
      expect(await policyOf(url)).not.toContain('unsafe');
    }
    expect(await policyOf(`${urls.public}/public/7`)).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(await policyOf(`${urls.public}/docs`)).toContain("style-src 'self' 'unsafe-inline'");
    for (const where of ['/docs', '/docs/', '/docs/openapi.json']) {
      expect([where, (await ask(urls.public + where)).ok]).toEqual([where, true]);
      expect([where, (await ask(urls.console + where)).status]).toEqual([where, 404]);
    }
  });
});

describe('a page', () => {
  let api: BareApi;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'jangteo-page-'));
    const pages = { public: path.join(folder, 'public'), console: path.join(folder, 'console') };
    for (const part of ['pages', 'assets']) mkdirSync(path.join(pages.public, part), { recursive: true });
    for (const lang of ['ko', 'en']) writeFileSync(path.join(pages.public, 'pages', `X.${lang}.html`), lang);
    const files = { ko: 'X.ko.html', en: 'X.en.html' };
    writeFileSync(
      path.join(pages.public, 'pages.json'),
      JSON.stringify([{ id: 'X', path: '/', files, wasm: false }]),
    );
    writeFileSync(path.join(pages.public, 'assets', 'a-1.js'), '// a');
    api = await createBareApi({ pages });
  });
  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    api.app.inject({ url, headers });

  it('speaks the language that the reader chose, then that of the browser', async () => {
    expect((await ask('/')).body).toBe('ko');
    expect((await ask('/', { 'accept-language': 'en-GB' })).body).toBe('en');
    expect((await ask('/', { 'accept-language': 'en', cookie: 'a=1; lang=ko' })).body).toBe('ko');
    const chosen = await ask('/?lang=en', { cookie: 'lang=ko' });
    expect([chosen.body, chosen.headers['set-cookie']]).toEqual([
      'en',
      expect.stringMatching(/^lang=en; Path=\//),
    ]);
    expect((await ask('/?lang=de')).headers['set-cookie']).toBeUndefined();
    expect(chosen.headers).toMatchObject({
      'content-language': 'en',
      vary: expect.stringContaining('cookie'),
    });
  });

  it('is asked for each time and sent when it is another one; its files are kept', async () => {
    const { headers } = await ask('/');
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'permissions-policy': expect.stringContaining('camera=(self)'),
      'strict-transport-security': expect.stringContaining('max-age'),
    });
    const again = await ask('/', { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    writeFileSync(path.join(folder, 'public', 'pages', 'X.ko.html'), 'newer');
    utimesSync(path.join(folder, 'public', 'pages', 'X.ko.html'), 1, 1);
    expect((await ask('/', { 'if-none-match': String(headers.etag) })).body).toBe('newer');
    expect((await ask('/assets/a-1.js')).headers['cache-control']).toContain('immutable');
  });
});

describe('a page in fewer bytes', () => {
  let api: BareApi;
  let folder: string;
  const HTML = '<p>page</p>'.repeat(99);
  const SCRIPT = '// script\n'.repeat(99);
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'jangteo-page-'));
    const pages = { public: path.join(folder, 'public'), console: path.join(folder, 'console') };
    for (const part of ['pages', 'assets']) mkdirSync(path.join(pages.public, part), { recursive: true });
    for (const [file, text] of [
      ['pages/X.html', HTML],
      ['assets/a-1.js', SCRIPT],
    ] as const) {
      writeFileSync(path.join(pages.public, file), text);
      writeFileSync(path.join(pages.public, `${file}.br`), brotliCompressSync(text));
      writeFileSync(path.join(pages.public, `${file}.gz`), gzipSync(text));
    }
    writeFileSync(path.join(pages.public, 'assets', 'font.woff2'), 'font');
    const files = { ko: 'X.html', en: 'X.html' };
    writeFileSync(
      path.join(pages.public, 'pages.json'),
      JSON.stringify([{ id: 'X', path: '/', files, wasm: false }]),
    );
    api = await createBareApi({ pages });
  });
  afterAll(async () => {
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    api.app.inject({ url, headers });

  it.each([
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['br;q=0.0', undefined, (bytes: Buffer) => bytes],
    [undefined, undefined, (bytes: Buffer) => bytes],
  ] as const)('is sent to a browser that accepts %s as %s', async (accepted, coding, decode) => {
    for (const [url, text] of [
      ['/', HTML],
      ['/assets/a-1.js', SCRIPT],
    ] as const) {
      const { headers, rawPayload } = await ask(
        url,
        accepted === undefined ? {} : { 'accept-encoding': accepted },
      );
      expect([url, headers['content-encoding'], decode(rawPayload).toString()]).toEqual([url, coding, text]);
      expect(String(headers.vary).toLowerCase()).toContain('accept-encoding');
      expect(headers['content-type']).toMatch(url === '/' ? /^text\/html/ : /javascript/);
    }
  });

  it('has a tag for each way in which it is sent', async () => {
    const zipped = await ask('/', { 'accept-encoding': 'gzip' });
    expect(zipped.headers.etag).not.toBe((await ask('/')).headers.etag);
    const again = await ask('/', { 'accept-encoding': 'gzip', 'if-none-match': String(zipped.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('is as it is where the build wrote nothing smaller', async () => {
    const { headers, body } = await ask('/assets/font.woff2', { 'accept-encoding': 'br' });
    expect([headers['content-encoding'], body]).toEqual([undefined, 'font']);
  });
});

describe('an API without pages of its own', () => {
  it('has its routes, and no page', async () => {
    const none = path.join(tmpdir(), 'jangteo-no-pages');
    const api = await createBareApi({ pages: { public: none, console: none } });
    try {
      expect((await api.app.inject({ url: '/' })).statusCode).toBe(404);
      expect((await api.app.inject({ url: '/v1/regions' })).statusCode).toBe(200);
    } finally {
      await api.close();
    }
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
      mkdirSync(pages[origin]);
      writeFileSync(path.join(pages[origin], 'index.html'), `<title>${origin}</title>`);
      writeFileSync(path.join(pages[origin], `${origin}.js`), `// ${origin}`);
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
      expect(await (await fetch(`${urls[origin]}/`)).text()).toBe(`<title>${origin}</title>`);
      expect(await (await fetch(`${urls[origin]}/index.html`)).text()).toBe(`<title>${origin}</title>`);
      expect(await (await fetch(`${urls[origin]}/${origin}.js`)).text()).toBe(`// ${origin}`);
      const missing = await fetch(`${urls[origin]}/${other}.js`);
      expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'not_found' }]);
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

  it('gives the console’s pages the stricter policy, and has its documentation on the public origin alone', async () => {
    const ask = async (url: string) => {
      const response = await fetch(url);
      // A large body that is not read keeps its connection, and with it the process.
      await response.arrayBuffer();
      return response;
    };
    const policyOf = async (url: string) => (await ask(url)).headers.get('content-security-policy');
    expect(await policyOf(urls.public)).toContain("default-src 'self'");
    expect(await policyOf(urls.console)).toContain("require-trusted-types-for 'script'");
    expect(await policyOf(urls.console)).not.toContain('unsafe');
    for (const where of ['/docs', '/docs/', '/docs/openapi.json']) {
      expect([where, (await ask(urls.public + where)).ok]).toEqual([where, true]);
      expect([where, (await ask(urls.console + where)).status]).toEqual([where, 404]);
    }
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

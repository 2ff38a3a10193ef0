import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { type Unit, WON } from '#domain';
import { knowOrigins } from '#platform';
import { servePages } from '../src/pages.js';

const PAGE = '<!doctype html><html lang="ko" data-path="/"><body><p>html</p></body></html>';
const POINTS: Unit = { code: 'XJT', digits: 2, ko: '"점" & <b>', en: 'points' };
const ROOT =
  '<html data-unit="[&quot;XJT&quot;,2,&quot;\\&quot;점\\&quot; &amp; &lt;b>&quot;,&quot;points&quot;]" lang';

describe('the pages of a deployment', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-pages-'));

  beforeAll(() => {
    mkdirSync(path.join(folder, 'pages'));
    mkdirSync(path.join(folder, 'assets'));
    const files = { ko: 'ko.html', en: 'ko.html' };
    writeFileSync(
      path.join(folder, 'pages.json'),
      JSON.stringify([{ id: 'P1', path: '/', files, wasm: false }]),
    );
    for (const coding of ['', '.br', '.gz'])
      writeFileSync(path.join(folder, 'pages', `ko.html${coding}`), PAGE);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(unit: Unit, coding: string): Promise<Buffer> {
    const server: FastifyInstance = fastify();
    knowOrigins(server);
    await servePages(server, 'public', folder, unit);
    const answer = await server.inject({ url: '/', headers: { 'accept-encoding': coding } });
    await server.close();
    return answer.rawPayload;
  }

  it('that counts won go out as they were built', async () => {
    for (const coding of ['identity', 'br', 'gzip']) expect(String(await read(WON, coding))).toBe(PAGE);
  });

  it('that counts something else name it at their root, in every coding', async () => {
    const marked = PAGE.replace('<html lang', ROOT);
    expect(String(await read(POINTS, 'identity'))).toBe(marked);
    expect(String(brotliDecompressSync(await read(POINTS, 'br')))).toBe(marked);
    expect(String(gunzipSync(await read(POINTS, 'gzip')))).toBe(marked);
  });
});

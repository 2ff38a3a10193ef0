import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiDocument, projectRoot } from '#platform';
import { docsOptions } from '../src/create-api.js';
import { type BareApi, createBareApi } from './support/bare-api.js';

const FILE = path.join(projectRoot(), 'docs', 'openapi.json');

let api: BareApi;

beforeAll(async () => {
  api = await createBareApi();
});

afterAll(async () => {
  await api?.close();
});

function currentDocument(): string {
  const document = apiDocument(api.app, docsOptions());
  return `${JSON.stringify({ 'x-generated': 'UPDATE_OPENAPI=1 npm run test:unit -- apps/api/test/openapi', ...document }, null, 2)}\n`;
}

describe('docs/openapi.json', () => {
  it('is what the routes say; else: UPDATE_OPENAPI=1 npm run test:unit -- apps/api/test/openapi', () => {
    const current = currentDocument();
    if (process.env['UPDATE_OPENAPI'] === '1') writeFileSync(FILE, current);
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(current));
  });

  it('describes the answer of every route', () => {
    const { paths } = apiDocument(api.app, docsOptions());
    const routes = Object.entries(paths).filter(([route]) => route.startsWith('/v1/'));
    expect(routes.length).toBeGreaterThan(20);
    for (const [route, item] of routes) {
      for (const operation of [item.get, item.post]) {
        if (operation === undefined) continue;
        expect([route, operation.summary]).toEqual([route, expect.any(String)]);
        const answers = JSON.stringify(operation.responses);
        expect([route, answers]).toEqual([route, expect.stringContaining('schema')]);
      }
    }
  });
});

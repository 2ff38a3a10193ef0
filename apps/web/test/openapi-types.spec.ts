import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { projectRoot } from '#platform';

const GENERATED = path.join(projectRoot(), 'apps', 'web', 'src', 'client', 'generated');
const RENEWS = process.env['UPDATE_OPENAPI'] === '1';

describe('the types of the API’s answers', () => {
  it('are those of docs/openapi.json: UPDATE_OPENAPI=1 npm run test:unit -- apps/web/test/openapi writes them', () => {
    const folder = RENEWS ? GENERATED : mkdtempSync(path.join(tmpdir(), 'jangteo-types-'));
    try {
      const flags = ['--conditions=source', '--no-warnings', '--import', './test/setup/typescript.mjs'];
      const { status, stderr } = spawnSync(
        process.execPath,
        [...flags, 'apps/web/build/client-types.ts', folder],
        {
          cwd: projectRoot(),
          encoding: 'utf8',
        },
      );
      expect([status, stderr]).toEqual([0, '']);
      for (const name of ['index.ts', 'types.gen.ts']) {
        const same =
          readFileSync(path.join(folder, name), 'utf8') === readFileSync(path.join(GENERATED, name), 'utf8');
        expect([name, same]).toEqual([name, true]);
      }
    } finally {
      if (!RENEWS) rmSync(folder, { recursive: true, force: true });
    }
  });
});

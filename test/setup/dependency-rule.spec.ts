import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Each line is one file of a small tree and what it imports. */
function violationsOf(tree: Readonly<Record<string, readonly string[]>>): string[] {
  // In the root packages resolve as in the product, and no folder is in it that another spec reads at the same time.
  const folder = mkdtempSync(path.join(ROOT, 'fixture-'));
  try {
    for (const [file, imports] of Object.entries(tree)) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      const lines = imports.map((name, index) => `import { value as value${index} } from '${name}';`);
      const used = imports.map((_, index) => `value${index}`).join(' + ') || '1';
      writeFileSync(target, `${lines.join('\n')}\nexport const value = ${used};\n`);
    }
    const relative = path.relative(ROOT, folder);
    const cli = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const result = spawnSync(
      process.execPath,
      [cli, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', relative],
      {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, JANGTEO_DEPENDENCY_ROOT: `${relative}/`, NODE_OPTIONS: '' },
      },
    );
    const report = JSON.parse(result.stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(report.summary.violations.map((violation) => violation.rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('dependency rule', () => {
  it('lets the allowed directions through', () => {
    const tree = {
      'libs/domain/src/index.ts': [],
      'libs/contracts/src/index.ts': ['../../domain/src/index.js'],
      'libs/platform/src/index.ts': ['../../domain/src/index.js'],
      'libs/node/src/index.ts': ['../../contracts/src/index.js', '../../platform/src/index.js', './inner.js'],
      'libs/node/src/inner.ts': [],
      'libs/indexer/src/index.ts': ['../../node/src/index.js'],
      'libs/relayer/src/index.ts': ['../../node/src/index.js', '../../indexer/src/index.js'],
      'libs/books/src/index.ts': ['../../indexer/src/index.js'],
      'libs/ledger/src/index.ts': ['../../books/src/index.js', '../../relayer/src/index.js'],
      'libs/orders/src/index.ts': ['../../books/src/index.js'],
      'apps/api/src/main.ts': ['../../../libs/orders/src/index.js'],
    };
    expect(violationsOf(tree)).toEqual([]);
  });

  it.each([
    [
      'domain knows no other library',
      'layer-domain',
      'libs/domain/src/index.ts',
      '../../platform/src/index.js',
      'libs/platform/src/index.ts',
    ],
    [
      'platform knows no node',
      'layer-platform',
      'libs/platform/src/index.ts',
      '../../node/src/index.js',
      'libs/node/src/index.ts',
    ],
    [
      'the indexer knows no feature',
      'layer-indexer',
      'libs/indexer/src/index.ts',
      '../../books/src/index.js',
      'libs/books/src/index.ts',
    ],
    [
      'the indexer knows no relayer',
      'layer-indexer',
      'libs/indexer/src/index.ts',
      '../../relayer/src/index.js',
      'libs/relayer/src/index.ts',
    ],
    [
      'the list of projectors is for apps',
      'ledger-composes',
      'libs/books/src/index.ts',
      '../../ledger/src/index.js',
      'libs/ledger/src/index.ts',
    ],
    [
      'persistence knows no feature',
      'layer-persistence',
      'libs/persistence/src/index.ts',
      '../../books/src/index.js',
      'libs/books/src/index.ts',
    ],
    [
      'features know no app',
      'apps-are-not-imported',
      'libs/books/src/index.ts',
      '../../../apps/api/src/main.js',
      'apps/api/src/main.ts',
    ],
    [
      'one app knows no other',
      'apps-are-not-imported',
      'apps/worker/src/main.ts',
      '../../api/src/main.js',
      'apps/api/src/main.ts',
    ],
    [
      'a library is imported through its index alone',
      'through-the-index',
      'libs/books/src/index.ts',
      '../../orders/src/inner.js',
      'libs/orders/src/inner.ts',
    ],
    [
      'apps do not pass by it either',
      'outsiders-through-the-index',
      'apps/api/src/main.ts',
      '../../../libs/books/src/inner.js',
      'libs/books/src/inner.ts',
    ],
  ])('%s', (_words, rule, from, specifier, to) => {
    expect(violationsOf({ [from]: [specifier], [to]: [] })).toContain(rule);
  });

  it('refuses circles and what cannot be resolved', () => {
    const circle = {
      'libs/books/src/index.ts': ['../../orders/src/index.js'],
      'libs/orders/src/index.ts': ['../../books/src/index.js'],
    };
    expect(violationsOf(circle)).toContain('no-circles');
    expect(violationsOf({ 'libs/books/src/index.ts': ['./missing.js'] })).toContain('no-unresolvable');
  });

  it('refuses test code and packages that a product does not declare', () => {
    const spec = {
      'libs/books/src/index.ts': ['./testing/ledger.js'],
      'libs/books/src/testing/ledger.ts': [],
    };
    expect(violationsOf(spec)).toEqual(['no-test-code-in-products']);
    // Fastify depends on it; package.json does not name it.
    expect(violationsOf({ 'libs/books/src/index.ts': ['light-my-request'] })).toEqual(['declared-packages']);
    expect(violationsOf({ 'libs/books/src/index.ts': ['fast-check'] })).toEqual([
      'no-dev-packages-in-products',
    ]);
    expect(violationsOf({ 'libs/books/src/index.spec.ts': ['fast-check'] })).toEqual([]);
  });

  it('follows the names of libraries', () => {
    expect(violationsOf({ 'libs/domain/src/a.ts': ['#platform'] })).toEqual([]);
    const result = spawnSync(
      process.execPath,
      [
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'json',
        'libs/node/src/keystore.ts',
      ],
      { cwd: ROOT, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(result.stdout).toContain('"resolved": "libs/platform/src/index.ts"');
  });
});

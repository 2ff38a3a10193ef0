import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REPORT_BYTES_MAX = 64 * 1024 * 1024;

/** Files and what each of them imports. */
type Tree = Readonly<Record<string, readonly string[]>>;

/** Lays each tree down in a folder of its own and judges all at once: dependency-cruiser takes a second to begin. */
class Forest {
  private readonly folder = mkdtempSync(path.join(ROOT, 'fixture-'));
  private found: readonly { rule: { name: string }; from: string }[] | undefined;
  private trees = 0;

  /** @returns the rules that the tree breaks, once all trees are there */
  plant(tree: Tree): () => string[] {
    const place = path.join(this.folder, String(++this.trees));
    for (const [file, imports] of Object.entries(tree)) {
      const target = path.join(place, file);
      mkdirSync(path.dirname(target), { recursive: true });
      const lines = imports.map((name, index) => `import { value as value${index} } from '${name}';`);
      const used = imports.map((_, index) => `value${index}`).join(' + ') || '1';
      writeFileSync(target, `${lines.join('\n')}\nexport const value = ${used};\n`);
    }
    const prefix = `${path.relative(ROOT, place)}/`;
    return () => {
      this.found ??= this.judge();
      const broken = this.found.filter(({ from }) => from.startsWith(prefix));
      return [...new Set(broken.map(({ rule }) => rule.name))].sort();
    };
  }

  private judge() {
    const relative = path.relative(ROOT, this.folder);
    const { stdout } = cruise([relative], { JANGTEO_DEPENDENCY_ROOT: `${relative}/[0-9]+/` });
    const { summary } = JSON.parse(stdout) as {
      summary: { totalCruised: number; violations: { rule: { name: string }; from: string }[] };
    };
    expect(summary.totalCruised).toBeGreaterThan(this.trees);
    return summary.violations;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function cruise(what: readonly string[], env: Record<string, string> = {}) {
  const cli = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cli, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...what];
  const environment = { ...process.env, NODE_OPTIONS: '', ...env };
  return spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: REPORT_BYTES_MAX,
    env: environment,
  });
}

describe('dependency rule', () => {
  const forest = new Forest();
  afterAll(() => forest.remove());

  /** A test of what the rule says about a tree. */
  function judges(words: string, tree: Tree, expected: (broken: readonly string[]) => void): void {
    const broken = forest.plant(tree);
    it(words, () => expected(broken()));
  }

  judges(
    'lets the allowed directions through',
    {
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
    },
    (broken) => expect(broken).toEqual([]),
  );

  for (const [words, rule, from, specifier, to] of [
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
  ] as const)
    judges(words, { [from]: [specifier], [to]: [] }, (broken) => expect(broken).toContain(rule));

  judges(
    'refuses circles',
    {
      'libs/books/src/index.ts': ['../../orders/src/index.js'],
      'libs/orders/src/index.ts': ['../../books/src/index.js'],
    },
    (broken) => expect(broken).toContain('no-circles'),
  );
  judges('refuses what cannot be resolved', { 'libs/books/src/index.ts': ['./missing.js'] }, (broken) =>
    expect(broken).toContain('no-unresolvable'),
  );

  judges(
    'refuses test code in a product',
    { 'libs/books/src/index.ts': ['./testing/ledger.js'], 'libs/books/src/testing/ledger.ts': [] },
    (broken) => expect(broken).toEqual(['no-test-code-in-products']),
  );
  judges(
    'refuses a package that package.json does not name, though Fastify depends on it',
    { 'libs/books/src/index.ts': ['light-my-request'] },
    (broken) => expect(broken).toEqual(['declared-packages']),
  );
  judges(
    'refuses a package in a product that is declared for development alone',
    { 'libs/books/src/index.ts': ['fast-check'] },
    (broken) => expect(broken).toEqual(['no-dev-packages-in-products']),
  );
  judges('lets it through in a spec', { 'libs/books/src/index.spec.ts': ['fast-check'] }, (broken) =>
    expect(broken).toEqual([]),
  );

  judges(
    'resolves the name of a library to the product’s own, which lies outside the tree',
    { 'libs/domain/src/a.ts': ['#platform'] },
    (broken) => expect(broken).toEqual([]),
  );
  it('follows the names of libraries', () => {
    const { stdout } = cruise(['libs/node/src/keystore.ts']);
    expect(stdout).toContain('"resolved": "libs/platform/src/index.ts"');
  });
});

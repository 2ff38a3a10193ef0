/**
 * Who may know whom (docs/architecture.md). A lower layer never imports a higher one; libraries reach each
 * other through their index (`#name`) alone; nothing imports an app; no circles.
 */
const FEATURES = 'access|issuance|residents|merchants|orders|books|reporting|ledger';
// A fixture tree in the specs mirrors the folders below another root.
const ROOT = process.env.JANGTEO_DEPENDENCY_ROOT ?? '';
const LIBS = `^${ROOT}libs/`;

/** Files that are compiled into no product: specs and their helpers may compose what they test. */
const TESTS = '(\\.spec\\.ts|/(testing|test)/.+\\.ts)$';

const layer = (name, mayKnow) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment: `${name} may know only: ${mayKnow.join(', ') || 'no other library'}`,
  from: { path: `${LIBS}${name}/`, pathNot: TESTS },
  to: {
    path: `^${ROOT}(libs|apps|migrations|contracts|test|bench|scripts)/`,
    pathNot: `${LIBS}(${[name, ...mayKnow].join('|')})/`,
  },
});

module.exports = {
  forbidden: [
    layer('domain', []),
    layer('contracts', ['domain']),
    layer('platform', ['domain']),
    layer('persistence', ['domain', 'contracts', 'platform']),
    layer('jobs', ['domain', 'contracts', 'platform', 'persistence']),
    layer('node', ['domain', 'contracts', 'platform', 'persistence']),
    layer('files', ['domain', 'contracts', 'platform', 'persistence', 'node']),
    layer('indexer', ['domain', 'contracts', 'platform', 'persistence', 'node']),
    layer('relayer', ['domain', 'contracts', 'platform', 'persistence', 'node', 'indexer']),
    {
      name: 'layer-features',
      severity: 'error',
      comment: 'feature libraries know the layers below and each other, never apps, migrations or tests',
      from: { path: `${LIBS}(${FEATURES})/`, pathNot: TESTS },
      to: { path: `^${ROOT}(apps|migrations|test|bench|scripts)/` },
    },
    {
      name: 'ledger-composes',
      severity: 'error',
      comment: 'the list of all projectors is for whoever runs an indexer: apps and tests, no library',
      from: { path: `${LIBS}(?!ledger/)`, pathNot: TESTS },
      to: { path: `${LIBS}ledger/` },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'domain is rules alone: no framework, no I/O',
      from: { path: `${LIBS}domain/`, pathNot: TESTS },
      to: {
        path: '^(fs|net|http|https|child_process|worker_threads)$|^fs/promises$|node_modules/(@nestjs|typeorm|pg|fastify)/',
      },
    },
    {
      name: 'through-the-index',
      severity: 'error',
      comment: 'another library is reached by #name, which is its index',
      from: { path: `${LIBS}([^/]+)/` },
      to: { path: LIBS, pathNot: [`${LIBS}$1/`, `${LIBS}[^/]+/src/index\\.ts$`] },
    },
    {
      name: 'outsiders-through-the-index',
      severity: 'error',
      comment: 'apps, migrations and tests reach a library by #name as well',
      from: { path: `^${ROOT}(apps|migrations|test|bench)/` },
      to: { path: LIBS, pathNot: `${LIBS}[^/]+/src/index\\.ts$` },
    },
    {
      name: 'pages-know-the-domain',
      severity: 'error',
      comment: 'pages run in browsers: of the libraries they know the rules alone',
      from: { path: `^${ROOT}apps/web/`, pathNot: TESTS },
      to: { path: LIBS, pathNot: `${LIBS}domain/` },
    },
    {
      name: 'apps-are-not-imported',
      severity: 'error',
      comment: 'apps compose; what two apps need belongs in a library',
      from: { path: `^${ROOT}(libs|migrations|apps/([^/]+))/` },
      to: { path: `^${ROOT}apps/`, pathNot: `^${ROOT}apps/$2/` },
    },
    {
      name: 'no-test-code-in-products',
      severity: 'error',
      comment: 'specs and what they share are compiled into no product (tsconfig.build.json)',
      from: { path: `^${ROOT}(apps|libs|migrations)/`, pathNot: TESTS },
      to: { path: [TESTS, `^${ROOT}(test|bench)/`], pathNot: 'node_modules/' },
    },
    {
      name: 'declared-packages',
      severity: 'error',
      comment:
        'an imported package stands in package.json: one that comes with another package can be gone tomorrow',
      from: { path: `^${ROOT}(apps|libs|migrations|test|bench)/` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-products',
      severity: 'error',
      comment: 'what the API, the worker or the command imports is installed with `npm ci --omit=dev`',
      // Pages are bundled at build: what they import is in the files that are served.
      from: { path: `^${ROOT}(apps|libs|migrations)/`, pathNot: [TESTS, `^${ROOT}apps/web/`] },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'a circle means two things are one',
      from: { path: `^${ROOT}(apps|libs|migrations)/` },
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'an import that cannot be resolved escapes every other rule',
      from: { path: `^${ROOT}(apps|libs|migrations)/` },
      // `virtual:` is made by the build of the pages.
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|artifacts|cache|generated/typechain)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};

/** One Jest project for every TypeScript test; the contracts' own tests run in Hardhat. */
export default {
  testEnvironment: '<rootDir>/test/setup/environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,libs,migrations,test}/**/*.spec.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          experimental: { keepImportAttributes: true },
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.jangteo/', '<rootDir>/.tools/'],
  testSequencer: '<rootDir>/test/setup/sequencer.mjs',
  globalSetup: '<rootDir>/test/setup/global-setup.mjs',
  globalTeardown: '<rootDir>/test/setup/global-teardown.mjs',
  // The longest stories take half a minute on an idle machine; a busy one may need ten times as long.
  testTimeout: 300_000,
  // Half a second, Jest's own limit, is over on a busy machine before a process that nothing keeps has ended.
  workerGracefulExitTimeout: 30_000,
  // Many files wait for processes, blocks and pauses: jobs.spec.ts takes 48 s and 10 s of a processor. A third worker
  // uses what two leave idle on two processors.
  maxWorkers: 3,
  // A worker keeps some of what each file loaded, and would grow to 3.5 GB: one that is so large restarts between files.
  workerIdleMemoryLimit: '1.5GB',
};

import { globSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'hardhat/config';
import type { HardhatPlugin } from 'hardhat/types/plugins';

// The compiler is npm's solc, so a build needs no download. Hardhat takes an absolute path only.
const solcPath = path.join(import.meta.dirname, 'node_modules', 'solc', 'soljson.js');

// CONTRACT_TESTS=deep: the runs of a release (npm run test:invariants:deep: half an hour of a processor) instead of those
// of a push (three minutes of a processor).
const deep = process.env.CONTRACT_TESTS === 'deep';
// What is built with a coverage run's probes is longer and dearer, and must never be taken for the contracts.
const home = process.env.CONTRACT_TESTS === 'coverage' ? path.join('coverage', 'build') : '.';

/** @param runs how often each opcode is expected to run: more make the code faster and longer */
function compiler(runs: number) {
  return {
    version: '0.8.37',
    path: solcPath,
    settings: {
      viaIR: true,
      evmVersion: 'osaka',
      optimizer: { enabled: true, runs },
      metadata: { bytecodeHash: 'none' },
    },
  };
}

/**
 * Tests deploy the artifacts that are deployed anywhere, so only the tests' own code is compiled this way: all of it in
 * 20 s of processor time instead of more than five minutes.
 */
const quick = {
  version: '0.8.37',
  path: solcPath,
  settings: { evmVersion: 'osaka', optimizer: { enabled: false }, metadata: { bytecodeHash: 'none' } },
};
// The library itself is under test there, and what it costs.
const PRECISE = path.join('contracts', 'test', 'types', 'Signatures.t.sol');
const tests = globSync('contracts/test/**/*.sol', { cwd: import.meta.dirname }).filter(
  (file) => file !== PRECISE,
);

/**
 * Hardhat leaves one processor free, so on two it compiled one thing after the other: Vouchers took 18 of 62 s, and the
 * other contracts waited for it.
 */
const compileOnAll: HardhatPlugin = {
  id: 'jangteo-compile-on-all-processors',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        build: (context, files, options, next) =>
          next(context, files, { concurrency: os.availableParallelism(), ...options }),
      }),
    }),
  },
};

export default defineConfig({
  plugins: [compileOnAll],
  solidity: {
    compilers: [compiler(200)],
    overrides: {
      // What every payment runs: 2 % of gas for 2.5 kB of code. The other three keep their room of 24,576 bytes (EIP-170).
      'contracts/src/Vouchers.sol': compiler(1_000_000),
      ...Object.fromEntries(tests.map((file) => [file, quick])),
    },
  },
  paths: {
    sources: 'contracts/src',
    tests: { solidity: 'contracts/test' },
    artifacts: path.join(home, 'artifacts'),
    cache: path.join(home, 'cache'),
  },
  test: {
    solidity: {
      fuzz: { runs: deep ? 10_000 : 256 },
      // A hundred plays of officers and of vouchers take 17 s of a processor. A call of the handler that reverts is a
      // mistake of the test, so it fails.
      invariant: { runs: deep ? 10_000 : 1_000, depth: 64, failOnRevert: true },
    },
  },
});

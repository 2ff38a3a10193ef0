import path from 'node:path';
import { defineConfig } from 'hardhat/config';

// The compiler is npm's solc, so a build needs no download. Hardhat takes an absolute path only.
const solcPath = path.join(import.meta.dirname, 'node_modules', 'solc', 'soljson.js');

// CONTRACT_TESTS=deep: the runs of a release (npm run test:invariants:deep: about a quarter of an hour on one core)
// instead of those of a push (a minute and a half).
const deep = process.env.CONTRACT_TESTS === 'deep';

export default defineConfig({
  solidity: {
    version: '0.8.37',
    path: solcPath,
    settings: {
      viaIR: true,
      evmVersion: 'osaka',
      // More runs save 2 % of gas at most and take the desk and the office past 24,576 bytes (EIP-170).
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: 'none' },
    },
  },
  paths: {
    sources: 'contracts/src',
    tests: { solidity: 'contracts/test' },
    artifacts: 'artifacts',
    cache: 'cache',
  },
  test: {
    solidity: {
      fuzz: { runs: deep ? 10_000 : 256 },
      // A call of the handler that reverts is a mistake of the test, so it fails.
      invariant: { runs: deep ? 10_000 : 1_000, depth: 64, failOnRevert: true },
    },
  },
});

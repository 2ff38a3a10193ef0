import path from 'node:path';
import { defineConfig } from 'hardhat/config';

// The compiler is npm's solc, so a build needs no download. Hardhat takes an absolute path only.
const solcPath = path.join(import.meta.dirname, 'node_modules', 'solc', 'soljson.js');

export default defineConfig({
  solidity: {
    version: '0.8.37',
    path: solcPath,
    settings: {
      viaIR: true,
      evmVersion: 'osaka',
      optimizer: { enabled: true, runs: 1_000 },
      metadata: { bytecodeHash: 'none' },
    },
  },
  paths: { sources: 'contracts/src', tests: { solidity: 'contracts/test' }, artifacts: 'artifacts', cache: 'cache' },
  test: { solidity: { fuzz: { runs: 256 } } },
});

/**
 * What each `npm run NAME` does, once the right Node and the locked packages are there (scripts/run.mjs). A command is
 *
 * - `steps`: what runs, one after the other (scripts/lib/steps.mjs); the user's own arguments go to the last
 * - `build`: true when it needs the built services, `new` when it makes them
 * - `browser`: looks at pages, in a browser that is fetched where there is none
 * - `env`: settings of its own
 *
 * Written for Node 18, like everything that runs before the right Node is there.
 */
import process from 'node:process';
import { environment, run } from './bootstrap.mjs';
import { BUILD_CONTRACTS, BUILD_PAGES, BUILD_SERVICES, nodeArguments, source } from './steps.mjs';

const PRODUCTS = ['apps', 'libs', 'migrations'];
const AGREEMENT = ['libs/contracts/test/agreement', 'libs/orders/src/kinds/payment/agreement'];
const UNCOVERED = ['--grep-exclude', 'fitsTheLimitOfCode|verify_costs'];

export const COMMANDS = {
  build: { build: 'new', steps: [] },
  'build:contracts': { steps: BUILD_CONTRACTS },
  'build:ts': { steps: BUILD_SERVICES },
  'build:pages': { steps: BUILD_PAGES },
  lint: {
    steps: [
      ['oxlint', ...PRODUCTS, 'scripts', 'test', 'bench'],
      ['depcruise', '--config', '.dependency-cruiser.cjs', ...PRODUCTS],
    ],
  },
  format: { steps: [['prettier', '--write', '.']] },
  'format:check': { steps: [['prettier', '--check', '.']] },
  types: {
    steps: [
      ['tsc', '-p', 'apps/web/tsconfig.json'],
      ['tsc', '-p', 'tsconfig.json', '--noEmit'],
    ],
  },
  prove: { steps: [['node', 'scripts/prove.mjs']] },
  'test:unit': { steps: [['jest']] },
  'test:browser': {
    build: true,
    browser: true,
    env: { BROWSER_TESTS: 'all' },
    steps: [['jest', 'test/pages']],
  },
  screenshots: { build: true, browser: true, steps: [source('test/pages/screenshots.ts')] },
  'test:contracts': { steps: [['hardhat', 'test', 'solidity']] },
  'test:invariants:deep': {
    env: { CONTRACT_TESTS: 'deep' },
    steps: [
      [
        'hardhat',
        'test',
        'solidity',
        'contracts/test/invariants/SupplyLaw.t.sol',
        'contracts/test/invariants/OfficersLaw.t.sol',
      ],
    ],
  },
  'test:coverage': {
    env: { CONTRACT_TESTS: 'coverage' },
    steps: [['hardhat', '--coverage', 'test', 'solidity', ...UNCOVERED]],
  },
  'test:mutants': { steps: [['node', 'scripts/mutants.mjs']] },
  'test:agreement': { env: { AGREEMENT_RUNS: '10000' }, steps: [['jest', ...AGREEMENT]] },
  'test:api-fuzz': { build: true, steps: [source('test/fuzz/run.ts')] },
  'test:chain': { steps: [source('test/chain/run.ts')] },
  'test:faults': { build: true, steps: [source('test/faults/run.ts')] },
  'test:faults:deep': { build: true, steps: [source('test/faults/run.ts', '--deep')] },
  'bench:gas': { steps: [source('bench/gas.ts')] },
  'bench:indexer': { steps: [source('bench/indexer.ts')] },
  'bench:issuance': { build: true, steps: [source('bench/issuance.ts')] },
  'bench:pages': { build: true, browser: true, steps: [source('bench/pages.ts')] },
  'bench:payments': { build: true, steps: [source('bench/payments.ts')] },
  'bench:reporting': { steps: [source('bench/reporting.ts')] },
};

/**
 * Runs the steps of a command, in the root of the checkout, until one fails.
 *
 * @param {keyof typeof COMMANDS} name
 * @param {string[]} args of the user
 * @returns {Promise<number>} the exit code of the last step that ran
 */
export async function runSteps(name, args = []) {
  const { env = {}, steps } = COMMANDS[name];
  for (const [index, step] of steps.entries()) {
    const all = index === steps.length - 1 ? [...step, ...args] : step;
    const code = await run(process.execPath, nodeArguments(all), { env: environment(env) });
    if (code !== 0) return code;
  }
  return 0;
}

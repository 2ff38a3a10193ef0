/**
 * Steps of commands: the first word is `node` or a tool of TOOLS, the rest are its arguments. Tools are run by their
 * script and the running Node, because their own first line would find whatever Node comes first on the machine.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules');

/** Scripts of installed packages. */
const TOOLS = {
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  hardhat: 'hardhat/dist/src/cli.js',
  jest: 'jest/bin/jest.js',
  nest: '@nestjs/cli/bin/nest.js',
  oxlint: 'oxlint/bin/oxlint',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
};

/** Jest reads the project's modules as Node does. */
const NODE_FLAGS = { jest: ['--experimental-vm-modules', '--no-warnings'] };

export const BUILD_CONTRACTS = [
  ['hardhat', 'build', '--no-tests'],
  ['node', 'scripts/generate-contracts.mjs'],
];
/** Runs TypeScript from the sources, as Jest does. */
export function source(file, ...args) {
  return [
    'node',
    '--conditions=source',
    '--no-warnings',
    '--import',
    './test/setup/typescript.mjs',
    file,
    ...args,
  ];
}

export const BUILD_PAGES = [source('apps/web/build/main.ts')];
export const BUILD_SERVICES = [['nest', 'build'], ...BUILD_PAGES];

/** @returns {string[]} what Node is called with */
export function nodeArguments([tool, ...args]) {
  if (tool === 'node') return args;
  const file = TOOLS[tool];
  if (file === undefined) throw new Error(`${tool} is not in TOOLS of scripts/lib/steps.mjs`);
  return [...(NODE_FLAGS[tool] || []), path.join(packages, file), ...args];
}

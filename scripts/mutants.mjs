/**
 * `npm run test:mutants`: plants one mistake after the other (contracts/mutants/*.json) into a copy of the contracts
 * and runs the tests that concern it. Every mutant must be killed: at least one of them fails.
 *
 *   npm run test:mutants                      those that the result does not know in their present form
 *   npm run test:mutants -- --all             every one anew (about twenty minutes on two cores)
 *   npm run test:mutants -- --lanes 2         two at a time
 *
 * The result, contracts/mutants/result.md, is written after each one and is the memory between runs: a mutant is
 * known there by a digest of all sources, of its test files and of the mutant itself.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { digestOf } from './lib/stamp.mjs';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'contracts', 'mutants');
const RESULT = path.join(folder, 'result.md');
const COMMAND_MS_MAX = 300_000;

/** The tests of a source file, unless its mutant names its own; below contracts/test. */
const TESTS = {
  'Authorities.sol': ['Execute', 'FoundAuthority', 'SetOfficers', 'SetThresholds'].map(
    (name) => `authorities/${name}.t.sol`,
  ),
  'vouchers/Payments.sol': ['vouchers/Pay.t.sol'],
  'vouchers/Redemptions.sol': ['vouchers/Redeem.t.sol'],
  'vouchers/Issuance.sol': ['vouchers/Issue.t.sol', 'vouchers/IssueOrders.t.sol'],
  'vouchers/SeriesBook.sol': ['vouchers/Series.t.sol'],
  'vouchers/Registry.sol': ['vouchers/Merchants.t.sol', 'vouchers/Accounts.t.sol'],
  'types/Region.sol': ['types/Region.t.sol'],
  'types/ReplayWindow.sol': ['types/ReplayWindow.t.sol'],
  'types/KoreanCalendar.sol': ['types/KoreanCalendar.t.sol'],
  'types/ScopeRule.sol': ['types/ScopeRule.t.sol'],
};

const { values: options } = parseArgs({
  options: { all: { type: 'boolean', default: false }, lanes: { type: 'string', default: '1' } },
});

/** Reads every mutant; throws when its text does not stand exactly once in its file. */
function readMutants() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const sources = digestOfSources();
  return files.flatMap((name) =>
    JSON.parse(readFileSync(path.join(folder, name), 'utf8')).map((mutant) => {
      const { file, find, replace, breaks, tests = TESTS[file] } = mutant;
      const source = readFileSync(path.join(root, 'contracts', 'src', file), 'utf8');
      if (source.split(find).length !== 2) throw new Error(`${file}: not exactly once: ${find}`);
      if (tests === undefined) throw new Error(`${file}: name the tests of "${breaks}"`);
      const texts = tests.map((test) => readFileSync(path.join(root, 'contracts', 'test', test)));
      const digest = digestOf(sources, file, find, replace, ...texts).slice(0, 12);
      return { file, find, replace, breaks, tests, digest };
    }),
  );
}

function digestOfSources() {
  const base = path.join(root, 'contracts', 'src');
  const files = readdirSync(base, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.sol'));
  return digestOf(...files.toSorted().flatMap((file) => [file, readFileSync(path.join(base, file))]));
}

/** Verdicts of the last run by digest. */
function readResult() {
  const known = new Map();
  if (options.all) return known;
  if (!existsSync(RESULT)) return known;
  for (const line of readFileSync(RESULT, 'utf8').split('\n')) {
    const [, digest, , , verdict] = line.split('|').map((cell) => cell.trim());
    if (/^[0-9a-f]{12}$/.test(digest ?? '')) known.set(digest, verdict);
  }
  return known;
}

function writeResult(mutants, verdicts) {
  const rows = mutants.map(
    ({ digest, file, breaks }) =>
      `| ${digest} | ${file} | ${breaks} | ${verdicts.get(digest) ?? 'not run'} |`,
  );
  const killed = mutants.filter(({ digest }) => verdicts.get(digest)?.startsWith('killed')).length;
  const head = [
    '# Mutants of the contracts',
    '',
    'Written by `npm run test:mutants`. Each row is a mistake planted into the contracts, and the test that found it.',
    '',
    `${killed} of ${mutants.length} killed.`,
    '',
    '<!-- prettier-ignore -->',
    '| | file | what it breaks | verdict |',
    '| --- | --- | --- | --- |',
  ];
  writeFileSync(RESULT, `${[...head, ...rows].join('\n')}\n`);
}

/** A copy of what Hardhat needs. */
function openLane() {
  const lane = mkdtempSync(path.join(os.tmpdir(), 'jangteo-mutants-'));
  for (const name of ['contracts', 'hardhat.config.ts', 'package.json'])
    cpSync(path.join(root, name), path.join(lane, name), { recursive: true });
  rmSync(path.join(lane, 'contracts', 'proofs'), { recursive: true, force: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(lane, 'node_modules'));
  return lane;
}

function hardhat(lane, ...args) {
  const cli = path.join(lane, 'node_modules', 'hardhat', 'dist', 'src', 'cli.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: lane,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_MS_MAX,
    });
    let output = '';
    child.stdout.on('data', (part) => (output += part));
    child.stderr.on('data', (part) => (output += part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Builds the contracts of a lane and runs tests there. @returns {Promise<string>} the verdict */
async function judge(lane, tests) {
  const built = await hardhat(lane, 'build', '--no-tests', '--quiet');
  if (built.code !== 0) return 'does not compile';
  const files = tests.map((name) => path.join('contracts', 'test', name));
  const { code, output } = await hardhat(lane, 'test', 'solidity', ...files);
  if (code === 0) return 'survived';
  if (code === null) return 'killed: it does not end';
  const [, first] = /^\s*1\) (?:\w+#)?(\w+)\(/m.exec(output) ?? [];
  return first === undefined ? 'does not compile' : `killed by ${first}`;
}

async function judgeMutant(lane, { file, find, replace, tests }) {
  const target = path.join(lane, 'contracts', 'src', file);
  const source = readFileSync(target, 'utf8');
  writeFileSync(
    target,
    source.replace(find, () => replace),
  );
  try {
    return await judge(lane, tests);
  } finally {
    writeFileSync(target, source);
  }
}

const mutants = readMutants();
const known = readResult();
const verdicts = new Map(
  mutants.flatMap(({ digest }) =>
    known.get(digest)?.startsWith('killed') ? [[digest, known.get(digest)]] : [],
  ),
);
const queue = mutants.filter(({ digest }) => !verdicts.has(digest));
process.stdout.write(`${mutants.length} mutants, ${queue.length} to run\n`);

async function work() {
  const lane = openLane();
  try {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const verdict = await judgeMutant(lane, mutant);
      verdicts.set(mutant.digest, verdict);
      writeResult(mutants, verdicts);
      process.stdout.write(`${verdict.padEnd(50)} ${mutant.file}: ${mutant.breaks}\n`);
    }
  } finally {
    rmSync(lane, { recursive: true, force: true });
  }
}

await Promise.all(Array.from({ length: Number(options.lanes) }, work));
writeResult(mutants, verdicts);
const alive = mutants.filter(({ digest }) => !verdicts.get(digest)?.startsWith('killed'));
for (const { file, breaks } of alive) process.stdout.write(`ALIVE ${file}: ${breaks}\n`);
process.stdout.write(`${mutants.length - alive.length} of ${mutants.length} killed\n`);
process.exitCode = alive.length === 0 ? 0 : 1;

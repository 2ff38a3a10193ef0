/**
 * `npm run test:mutants`: plants mistakes (contracts/mutants/*.json) into a copy of the contracts and runs the tests
 * that concern them. Every mutant must be killed: at least one test fails.
 *
 * Compiling costs far more than testing, so mistakes within functions of contracts are compiled all at once: each is
 * a copy of its function, and `block.coinbase` chooses at run time which copy is called (0 = none: the run before all
 * others, which must pass). Only what stands outside of functions is built one by one, and the small libraries of
 * src/types, which need no contract for their tests.
 *
 * The result, contracts/mutants/result.md, is the memory between runs: a mutant is known there by a digest of its
 * source file, of its test files and of the mutant itself.
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
import { readOptions } from './lib/options.mjs';
import { digestOf } from './lib/stamp.mjs';
import { plantAll, canBePlanted } from './lib/plant-mutants.mjs';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'contracts', 'mutants');
const RESULT = path.join(folder, 'result.md');
const COMMAND_MS_MAX = 900_000;
/** Most mutants die at once; those that live through few runs are asked again with those of a push. */
const RUNS_FEW = '12';
const RUNS = '256';

/** The tests of a source file, unless its mutant names its own; below contracts/test. */
const PAY = ['Pay', 'PayCaps', 'PayFromSeveral', 'PayOrder', 'PayBatch', 'PayWithKeys', 'ReceiptBatches'];
const SEATS = ['SetOfficers', 'SetThresholds', 'FoundAuthority', 'OfficerKeys', 'Changes', 'Reseat'];
const TESTS_OF = {
  Seats: SEATS,
  Execution: ['Execute', 'Withdraw', 'DayBand', 'OfficerKeys', 'FoundAuthority', 'Changes'],
  Changes: ['Changes', 'SetOfficers', 'SetThresholds', 'Reseat', 'Execute'],
  Founding: ['FoundAuthority', 'Reseat', 'Execute'],
  AreaGrants: ['AreaGrants', 'FoundAuthority'],
  Anchors: ['Anchors'],
  Reforms: ['Reforms', 'Places'],
  Payments: [...PAY, 'Scope', 'Replay'],
  SignedOrders: ['PayWithKeys', 'Pay', 'PayBatch', 'Keys', 'Tokens'],
  Redemptions: ['Redeem', 'ReceiptBatches'],
  MerchantBalances: ['Redeem', 'Settle', 'Circulate', 'Return'],
  Cancellations: ['Cancel'],
  Voids: ['Void', 'VoidReceipts', 'PayWithKeys'],
  Gifts: ['Gift', 'GiftCap'],
  Circulation: ['Circulate'],
  Refunds: ['Refund', 'Expire', 'VoidReceipts'],
  Keys: ['Keys', 'Replacement'],
  Tokens: ['Tokens', 'TokenLog'],
  SeriesRules: ['Pay', 'PayCaps', 'Scope', 'Gift', 'Issue', 'Circulate'],
  Issuance: ['Issue', 'Quota', 'Delegation', 'PurchaseCaps'],
  IssueOrders: ['IssueOrders', 'Quota', 'Delegation'],
  SeriesBook: ['Series', 'Delegation', 'Refund', 'GiftCap', 'Expire'],
  Registry: ['Merchants', 'Accounts'],
  KeyReplacements: ['Replacement'],
  Consents: ['InCharge', 'RekeyedClaims', 'MovesByConsent'],
  HandOvers: ['HandOvers', 'MovesByConsent', 'MovesLife'],
  OwnContracts: ['Issue', 'Merchants', 'Accounts'],
  SettlementRuns: ['Settle', 'Return'],
};

/** Below contracts/test. @returns {string[] | undefined} undefined for a source whose mutants name their own */
function testsOf(file) {
  const name = path.basename(file, '.sol');
  if (file.startsWith('types/')) return [`types/${name}.t.sol`];
  const tests = file.startsWith('authorities/') ? 'authorities' : 'vouchers';
  return TESTS_OF[name]?.map((test) => `${tests}/${test}.t.sol`);
}

const options = readOptions(
  {
    all: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '1' },
  },
  [
    'npm run test:mutants                      mistakes that the result does not know in their present form',
    'npm run test:mutants -- --all             every one again',
    'npm run test:mutants -- --only Gifts      those whose list, file or description contains the word',
    'npm run test:mutants -- --only moves.json,Gifts    ... or another one',
    'npm run test:mutants -- --jobs 2          two at a time',
  ],
);

/** Reads every mutant; throws unless its text occurs exactly once in its file. */
function readMutants() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .flatMap((list) =>
      JSON.parse(readFileSync(path.join(folder, list), 'utf8')).map((mutant) => ({ ...mutant, list })),
    )
    .map((mutant, place) => {
      const { list, file, find, replace, breaks, tests = testsOf(file) } = mutant;
      const source = readFileSync(path.join(root, 'contracts', 'src', file), 'utf8');
      if (source.split(find).length !== 2) throw new Error(`${file}: not exactly once: ${find}`);
      if (tests === undefined) throw new Error(`${file}: name the tests of "${breaks}"`);
      const texts = tests.map((test) => readFileSync(path.join(root, 'contracts', 'test', test)));
      const digest = digestOf(source, file, find, replace, ...texts).slice(0, 12);
      return { number: place + 1, list, file, find, replace, breaks, tests, source, digest };
    });
}

/** Verdicts of the last run by digest. */
function readResult() {
  const known = new Map();
  if (options.all || !existsSync(RESULT)) return known;
  for (const line of readFileSync(RESULT, 'utf8').split('\n')) {
    const [, digest, , , verdict] = line.split('|').map((cell) => cell.trim());
    if (/^[0-9a-f]{12}$/.test(digest ?? '')) known.set(digest, verdict);
  }
  return known;
}

const isKilled = (verdict) => verdict?.startsWith('killed') === true;

function writeResult(mutants, verdicts) {
  const rows = mutants.map(
    ({ digest, file, breaks }) =>
      `| ${digest} | ${file} | ${breaks} | ${verdicts.get(digest) ?? 'not run'} |`,
  );
  const killed = mutants.filter(({ digest }) => isKilled(verdicts.get(digest))).length;
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

/** Without inlining where many are planted: their copies would run out of the stack. */
const CONFIG = `import base from './hardhat.config.ts';
const { solidity } = base.test;
const runs = Number(process.env.MUTANT_RUNS);
const coinbase = '0x' + Number(process.env.MUTANT).toString(16).padStart(40, '0');
const yul = { yul: true, yulDetails: { optimizerSteps: 'u:' } };
const plain = (compiler) =>
  process.env.MUTANTS_TOGETHER === '1' && compiler.settings.viaIR
    ? { ...compiler, settings: { ...compiler.settings, optimizer: { enabled: true, runs: 1, details: yul } } }
    : compiler;
const { compilers, overrides } = base.solidity;
export default {
  ...base,
  solidity: {
    compilers: compilers.map(plain),
    overrides: Object.fromEntries(Object.entries(overrides).map(([file, compiler]) => [file, plain(compiler)])),
  },
  test: { solidity: { ...solidity, coinbase, fuzz: { runs }, invariant: { ...solidity.invariant, runs: 20 } } },
};
`;

/** A copy of what Hardhat needs; of the sources only `parts` if they are given. */
function makeCopy(parts) {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'jangteo-mutants-'));
  for (const name of ['hardhat.config.ts', 'package.json'])
    cpSync(path.join(root, name), path.join(copy, name));
  writeFileSync(path.join(copy, 'mutants.config.ts'), CONFIG);
  const sources = parts === undefined ? ['src'] : parts.map((part) => path.join('src', part));
  for (const name of [...sources, 'test'])
    cpSync(path.join(root, 'contracts', name), path.join(copy, 'contracts', name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  return { folder: copy };
}

/** Runs Hardhat; ends it at the first test that fails. */
function hardhat(copy, { mutant = 0, runs = RUNS_FEW }, ...args) {
  const cli = path.join(copy.folder, 'node_modules', 'hardhat', 'dist', 'src', 'cli.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, '--config', 'mutants.config.ts', ...args], {
      cwd: copy.folder,
      env: {
        ...process.env,
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        MUTANT: String(mutant),
        MUTANT_RUNS: runs,
        MUTANTS_TOGETHER: copy.together ? '1' : '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_MS_MAX,
    });
    let output = '';
    const hear = (part) => {
      output += part;
      if (firstFailure(output) !== undefined) child.kill();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const firstFailure = (output) => /^\s*1\) (?:\w+#)?(\w+)\(/m.exec(output)?.[1];

/** Without inlining a batch of 400 payments from eight series each needs more gas than a test has. */
const TOGETHER = ['--grep-exclude', 'LargestBatch'];

/** Runs tests against a mutant that is built. @returns {Promise<string>} the verdict */
async function judge(copy, { number, tests }, rounds = [RUNS_FEW, RUNS]) {
  const files = tests.map((name) => path.join('contracts', 'test', name));
  for (const runs of rounds) {
    const { code, output } = await hardhat(
      copy,
      { mutant: number, runs },
      'test',
      'solidity',
      ...(copy.together ? TOGETHER : []),
      ...files,
    );
    const failed = firstFailure(output);
    if (failed !== undefined) return `killed by ${failed}`;
    if (code === null) return 'killed: it does not end';
    if (code !== 0) return `no verdict: ${output.trim().split('\n').at(-1)}`;
  }
  return 'survived';
}

/** One mutant in a build of its own. */
async function judgeAlone(copy, mutant) {
  const target = path.join(copy.folder, 'contracts', 'src', mutant.file);
  writeFileSync(
    target,
    mutant.source.replace(mutant.find, () => mutant.replace),
  );
  try {
    if (!mutant.file.startsWith('types/')) {
      const built = await hardhat(copy, {}, 'build', '--no-tests', '--quiet');
      if (built.code !== 0) return 'does not compile';
    }
    return await judge(copy, mutant);
  } finally {
    writeFileSync(target, mutant.source);
  }
}

const mutants = readMutants();
const known = readResult();
const verdicts = new Map(
  mutants.flatMap(({ digest }) => (isKilled(known.get(digest)) ? [[digest, known.get(digest)]] : [])),
);
const isWanted = ({ list, file, breaks }) =>
  options.only.split(',').some((word) => `${list} ${file} ${breaks}`.includes(word));
const queue = mutants.filter((mutant) => !verdicts.has(mutant.digest) && isWanted(mutant));
process.stdout.write(`${mutants.length} mutants, ${queue.length} to run\n`);

const copies = [];
async function work(copy, list, verdictOf) {
  for (let mutant = list.shift(); mutant !== undefined; mutant = list.shift()) {
    const verdict = await verdictOf(copy, mutant);
    verdicts.set(mutant.digest, verdict);
    writeResult(mutants, verdicts);
    process.stdout.write(`${verdict.padEnd(60)} ${mutant.file}: ${mutant.breaks}\n`);
  }
}

/** Those compiled together; the run without any mistake must pass first. */
async function judgePlanted(list) {
  const copy = { ...makeCopy(), together: true };
  copies.push(copy);
  plantAll(path.join(copy.folder, 'contracts', 'src'), list);
  const tests = [...new Set(list.flatMap((mutant) => mutant.tests))];
  const built = await hardhat(copy, {}, 'build', '--no-tests', '--quiet');
  if (built.code !== 0) throw new Error(`the planted contracts do not compile\n${built.output}`);
  const verdict = await judge(copy, { number: 0, tests }, [RUNS_FEW]);
  if (verdict !== 'survived') throw new Error(`without a mistake: ${verdict}`);
  await Promise.all(Array.from({ length: Number(options.jobs) }, () => work(copy, list, judge)));
}

async function judgeOthers(list, parts) {
  const copy = makeCopy(parts);
  copies.push(copy);
  await work(copy, list, judgeAlone);
}

const planted = queue.filter(canBePlanted);
const types = queue.filter((mutant) => !canBePlanted(mutant) && mutant.file.startsWith('types/'));
const rest = queue.filter((mutant) => !planted.includes(mutant) && !types.includes(mutant));
const ofTypes = async () => types.length > 0 && judgeOthers(types, ['types', 'interfaces', 'generated']);
try {
  const meanwhile = Number(options.jobs) > 1 ? ofTypes() : undefined;
  if (planted.length > 0) await judgePlanted(planted);
  await (meanwhile ?? ofTypes());
  if (rest.length > 0) await judgeOthers(rest);
} finally {
  for (const copy of copies) rmSync(copy.folder, { recursive: true, force: true });
}
writeResult(mutants, verdicts);
const alive = mutants.filter(({ digest }) => !isKilled(verdicts.get(digest)));
for (const { file, breaks, digest } of alive)
  process.stdout.write(`ALIVE ${file}: ${breaks} (${verdicts.get(digest) ?? 'not run'})\n`);
process.stdout.write(`${mutants.length - alive.length} of ${mutants.length} killed\n`);
process.exitCode = alive.length === 0 ? 0 : 1;

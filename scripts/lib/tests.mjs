/** Runs both test runners, adds up what they report and says what was slow. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { environment, root } from './bootstrap.mjs';
import { nodeArguments } from './steps.mjs';

const SLOWEST = 10;
/** Jest waits for ever for what keeps its own process alive; it has said so by then. */
const AFTER_THE_END_MS = 10_000;

/** How a spec file finds a browser, or leaves its tests out. */
const LOOKS_FOR_BROWSER = /\bdescribeInBrowser\b|\/lib\/chromium\.mjs'/;

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} problems what is wrong besides failed tests: a crash before the first one, a file that leaves
 *   something running
 * @property {{ file: string, seconds: number }[]} files
 */

/**
 * @param {string[]} selection arguments for Jest; with any of them the contracts' tests are left out
 * @returns {Promise<Result & { seconds: number }>}
 */
export async function runTests(selection = []) {
  const startedAt = performance.now();
  const results = [];
  if (selection.length === 0 && hasContractTests()) results.push(await contracts());
  results.push(await typescript(selection));
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    problems: results.flatMap((result) => result.problems),
    files: results.flatMap((result) => result.files),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/**
 * Whether a spec file that Jest would run opens a browser. Jest itself says which files those are; what it does not
 * understand it says again when it runs.
 *
 * @param {string[]} selection arguments for Jest
 */
export function needsBrowser(selection) {
  const args = nodeArguments(['jest', '--listTests', ...selection]);
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: environment(),
  });
  const files = status === 0 ? stdout.split('\n').filter((line) => path.isAbsolute(line)) : [];
  return files.some((file) => LOOKS_FOR_BROWSER.test(readFileSync(file, 'utf8')));
}

/** Prints what is wrong, what was slow, and at last how many tests passed. @returns {number} exit code */
export function report({ passed, failed, problems, files, seconds }) {
  const slowest = files.toSorted((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  const lines = [
    '',
    `${files.length} test files in ${clock(seconds)}; the slowest:`,
    ...slowest.map((one) => `${clock(one.seconds).padStart(11)}  ${one.file}`),
    '',
    ...problems,
    `${passed} passed, ${failed} failed`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return failed > 0 || problems.length > 0 || passed === 0 ? 1 : 0;
}

function clock(seconds) {
  const whole = Math.round(seconds);
  return whole < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function hasContractTests() {
  const folder = path.join(root, 'contracts', 'test');
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.sol'))
  );
}

function contracts() {
  return withReport(async (file) => {
    const { code } = await runShowing(['scripts/contract-tests.mjs', file]);
    return countContracts(read(file), code);
  });
}

function typescript(selection) {
  return withReport(async (file) => {
    const args = nodeArguments(['jest', '--json', `--outputFile=${file}`, ...selection]);
    // --json prints the report on stdout as well; people read stderr.
    const { code, output } = await runShowing(args, { hideStdout: true, until: /Jest did not exit/ });
    return countJest(read(file), code, output);
  });
}

async function withReport(work) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(path.join(folder, 'report.json'));
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Adds up the report of scripts/contract-tests.mjs. @returns {Result} */
export function countContracts(text, code) {
  if (text === '') return withoutReport('Contract tests', code);
  const { passed, failed, suites } = JSON.parse(text);
  const problems = [];
  if (code !== 0 && failed === 0) problems.push(`Contract tests ended with exit code ${code}.`);
  if (code === 0 && passed + failed === 0) problems.push('Contract tests ran, but none was counted.');
  return { passed, failed, problems, files: suites };
}

/**
 * Adds up Jest's JSON report. A spec file that could not even load counts as one failure; one that leaves something
 * running is a problem, because the next release of Jest, or a busy machine, makes it a hang.
 *
 * @param {string} output what Jest and its workers printed
 * @returns {Result}
 */
export function countJest(text, code, output = '') {
  if (text === '') return withoutReport('TypeScript tests', code);
  const jest = JSON.parse(text);
  const passed = jest.numPassedTests;
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites;
  const problems = leftRunning(output);
  if (code !== 0 && failed === 0 && problems.length === 0)
    problems.push(`TypeScript tests ended with exit code ${code}.`);
  if (jest.wasInterrupted) problems.push('TypeScript tests were interrupted.');
  const files = jest.testResults.map(({ name, startTime, endTime }) => ({
    file: path.relative(root, name),
    seconds: (endTime - startTime) / 1000,
  }));
  return { passed, failed, problems, files };
}

/** What test/setup/environment.mjs noticed file by file, and what Jest noticed at the end. */
function leftRunning(output) {
  const problems = output.match(/^LEFT RUNNING by .*$/gm) ?? [];
  if (problems.length > 0) return problems;
  return /failed to exit gracefully|Jest did not exit/.test(output)
    ? ['A test left something running that keeps a process alive: npm test -- --detectOpenHandles FILE']
    : [];
}

function withoutReport(what, code) {
  return {
    passed: 0,
    failed: 0,
    problems: [`${what} ended with exit code ${code} without a report.`],
    files: [],
  };
}

/**
 * Runs Node, shows its output as it comes and keeps it.
 *
 * @param {string[]} args
 * @param {{ hideStdout?: boolean, until?: RegExp }} [options] until: words after which it is ended if it does not end
 */
function runShowing(args, { hideStdout = false, until } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    });
    let asked;
    const stop = (signal) => {
      asked = signal;
      child.kill(signal);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    let output = '';
    let timer;
    const keep = (chunk) => {
      output += chunk;
      if (until?.test(output)) timer ??= setTimeout(() => child.kill('SIGKILL'), AFTER_THE_END_MS);
    };
    child.stdout.on('data', (chunk) => {
      // The report is in a file, and large.
      if (hideStdout) return;
      keep(chunk);
      process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      keep(chunk);
      process.stderr.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      // Whoever ends the command ends all of it, not the runner that happens to be at work.
      if (asked !== undefined) process.exit(128 + os.constants.signals[asked]);
      resolve({ code: code ?? 1, output });
    });
  });
}

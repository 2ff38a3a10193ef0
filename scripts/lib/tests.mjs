/** Runs both test runners and adds up what they report. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { environment, root } from './bootstrap.mjs';

/**
 * @param {string[]} selection arguments for Jest; with any of them the contracts' tests are left out
 * @returns {Promise<{ passed: number, failed: number, problems: string[] }>} problems: runs that ended badly
 *   without a failed test, for example a crash before the first one
 */
export async function runTests(selection = []) {
  const results = [];
  if (selection.length === 0 && hasContractTests()) results.push(await contracts());
  results.push(await typescript(selection));
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    problems: results.flatMap((result) => result.problems),
  };
}

function hasContractTests() {
  const folder = path.join(root, 'contracts', 'test');
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.sol'))
  );
}

async function contracts() {
  const cli = path.join(root, 'node_modules', 'hardhat', 'dist', 'src', 'cli.js');
  const { code, output } = await runShowing(process.execPath, [cli, 'test', 'solidity']);
  const { passed, failed } = countHardhat(output);
  const problems = [];
  if (code !== 0 && failed === 0)
    problems.push(`Contract tests ended with exit code ${code} before they could finish.`);
  if (code === 0 && passed + failed === 0) problems.push('Contract tests ran, but none was counted.');
  return { passed, failed, problems };
}

/** Hardhat's summary: a line `12 passing` and, when there are any, `1 failing`. Colours are stripped first. */
export function countHardhat(output) {
  // eslint-disable-next-line no-control-regex
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
  const sum = (word) =>
    [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].reduce(
      (total, match) => total + Number(match[1]),
      0,
    );
  return { passed: sum('passing'), failed: sum('failing') };
}

async function typescript(selection) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-test-'));
  const report = path.join(folder, 'jest.json');
  try {
    const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const flags = ['--experimental-vm-modules', '--no-warnings'];
    const { code } = await runShowing(
      process.execPath,
      [...flags, jest, '--json', `--outputFile=${report}`, ...selection],
      {
        // --json prints the report on stdout as well; people read stderr.
        hideStdout: true,
      },
    );
    return countJest(existsSync(report) ? readFileSync(report, 'utf8') : '', code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Adds up Jest's JSON report. A spec file that could not even load counts as one failure. */
export function countJest(text, code) {
  if (text === '')
    return {
      passed: 0,
      failed: 0,
      problems: [`TypeScript tests ended with exit code ${code} without a report.`],
    };
  const report = JSON.parse(text);
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const problems = [];
  if (code !== 0 && failed === 0) problems.push(`TypeScript tests ended with exit code ${code}.`);
  if (report.wasInterrupted) problems.push('TypeScript tests were interrupted.');
  return { passed, failed, problems };
}

/** Runs a command, shows its output as it comes and keeps it for counting. */
function runShowing(command, args, { hideStdout = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    });
    const stop = (signal) => child.kill(signal);
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (!hideStdout) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
      process.stderr.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve({ code: code ?? 1, output });
    });
  });
}

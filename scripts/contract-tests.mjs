/**
 * The contracts' tests as `hardhat test solidity` runs them, and how long each suite took:
 *
 *   node scripts/contract-tests.mjs REPORT.json [FILE …]
 *
 * Writes `{ passed, failed, suites: [{ file, seconds }] }`. Exit code 1 when a test failed or none could run.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { tasks } from 'hardhat';

const [target, ...testFiles] = process.argv.slice(2);
const result = await tasks.getTask(['test', 'solidity']).run({ testFiles });
const { suiteResults } = result.success ? result.value : result.error;
const count = (status) =>
  suiteResults.flatMap(({ testResults }) => testResults).filter((test) => test.status === status).length;
const suites = suiteResults.map(({ id, durationNs }) => ({
  // Hardhat may name a project's own source `project/…`.
  file: id.source.replace(/^project\//, ''),
  seconds: Number(durationNs) / 1e9,
}));
writeFileSync(target, JSON.stringify({ passed: count('Success'), failed: count('Failure'), suites }));
process.exitCode = result.success ? 0 : 1;

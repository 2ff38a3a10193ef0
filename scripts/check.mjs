/** `npm run check`: everything a change must pass, step by step, with a table at the end. */
import path from 'node:path';
import process from 'node:process';
import { bootstrap, root, run, runMain } from './lib/bootstrap.mjs';
import { runTests } from './lib/tests.mjs';

const bin = (packageName, file) => path.join(root, 'node_modules', packageName, file);
const node = (...args) => run(process.execPath, args);
const FOLDERS = ['apps', 'libs', 'migrations', 'scripts', 'test', 'bench'];

runMain(async () => {
  await bootstrap({ build: false });
  const { existing, dependencyRule } = await import('./lib/dependency-rule.mjs');
  const steps = [
    ['lint', () => node(bin('oxlint', 'bin/oxlint'), ...existing(FOLDERS))],
    ['format', () => node(bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.')],
    ['dependency rule', () => dependencyRule()],
    ['types', () => node(bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json', '--noEmit')],
    ['build', () => bootstrap().then(() => 0)],
    ['tests', () => testStep()],
  ];
  const rows = [];
  for (const [name, step] of steps) {
    process.stdout.write(`\n== ${name}\n`);
    const startedAt = Date.now();
    let code;
    try {
      code = await step();
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      code = 1;
    }
    rows.push({ name, ok: code === 0, seconds: (Date.now() - startedAt) / 1000 });
  }
  process.stdout.write('\n');
  for (const row of rows) {
    process.stdout.write(
      `${row.name.padEnd(16)} ${row.ok ? 'ok    ' : 'FAILED'} ${row.seconds.toFixed(1).padStart(7)} s\n`,
    );
  }
  return rows.every((row) => row.ok) ? 0 : 1;
});

async function testStep() {
  const { passed, failed, problems } = await runTests();
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 || problems.length > 0 || passed === 0 ? 1 : 0;
}

/** `npm run check`: everything a change must pass, step by step, with a table at the end. */
import os from 'node:os';
import process from 'node:process';
import { bootstrap, runMain } from './lib/bootstrap.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { runSteps } from './lib/commands.mjs';
import { readOptions } from './lib/options.mjs';
import { report, runTests } from './lib/tests.mjs';

readOptions({}, ['npm run check    lint, format, types, build and every test, with a table at the end']);

runMain(async () => {
  await bootstrap({ build: false });
  const steps = [
    ['lint', () => runSteps('lint')],
    ['format', () => runSteps('format:check', ['--log-level', 'warn'])],
    ['types', () => runSteps('types')],
    ['build', () => bootstrap().then(() => 0)],
    ['browser', () => ensureChromium().then(() => 0)],
    ['tests', async () => report(await runTests())],
  ];
  // What runs gets the signal as well; without this the next step would begin.
  let asked;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (asked ??= signal));
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
    if (asked !== undefined) return 128 + os.constants.signals[asked];
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

/**
 * `npm run NAME` for every command that has no script of its own: the right Node and the locked packages first, a build
 * where it needs one, then what scripts/lib/commands.mjs says.
 */
import process from 'node:process';
import { bootstrap, runMain } from './lib/bootstrap.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { COMMANDS, runSteps } from './lib/commands.mjs';

runMain(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`node scripts/run.mjs NAME …, with one of: ${Object.keys(COMMANDS).join(', ')}\n`);
    return 2;
  }
  await bootstrap({ build: command.build ?? false });
  if (command.browser === true) await ensureChromium();
  return runSteps(name, args);
});

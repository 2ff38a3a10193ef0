/**
 * `npm start` and `npm run reset`: makes the checkout runnable, then runs the launcher.
 *
 *   npm start                    everything up; state in JANGTEO_HOME (default .jangteo/)
 *   npm start -- --fresh         forget the state first
 *   npm run reset                forget the state and end
 *
 * Further arguments go to `jangteo up`.
 */
import path from 'node:path';
import process from 'node:process';
import { bootstrap, progress, root, run, runMain } from './lib/bootstrap.mjs';
import { removeState } from './lib/state.mjs';

runMain(async () => {
  const args = process.argv.slice(2);
  const resetOnly = args.includes('--reset-only');
  const home = path.resolve(root, process.env.JANGTEO_HOME || '.jangteo');

  if (resetOnly || args.includes('--fresh')) {
    const removed = await removeState(home, progress);
    progress(removed ? `state in ${home} removed` : `no state in ${home}`);
  }
  if (resetOnly) return 0;

  await bootstrap();
  const rest = args.filter((argument) => argument !== '--fresh');
  const main = path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  return run(process.execPath, ['--enable-source-maps', main, 'up', ...rest], {
    env: { ...process.env, JANGTEO_HOME: home },
  });
});

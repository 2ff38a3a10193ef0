/**
 * `npm start` and `npm run reset`: makes the checkout runnable, then runs the launcher.
 *
 *   npm start                    everything up; state in JANGTEO_HOME (default .jangteo/)
 *   npm start -- --fresh         forget the state first
 *   npm run reset                forget the state and end
 *
 * Further arguments go to `jangteo up`.
 */
import process from 'node:process';
import { bootstrap, progress, runMain } from './lib/bootstrap.mjs';
import { home, launch } from './lib/launch.mjs';
import { removeState } from './lib/state.mjs';

runMain(async () => {
  const args = process.argv.slice(2);
  const resetOnly = args.includes('--reset-only');

  if (resetOnly || args.includes('--fresh')) {
    const removed = await removeState(home, progress);
    progress(removed ? `state in ${home} removed` : `no state in ${home}`);
  }
  if (resetOnly) return 0;

  await bootstrap();
  return launch(args.filter((argument) => argument !== '--fresh'));
});

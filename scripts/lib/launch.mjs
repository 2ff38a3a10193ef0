/** Runs the built launcher for `npm start` and `npm run dev`. */
import path from 'node:path';
import process from 'node:process';
import { root, run } from './bootstrap.mjs';

/** The folder of all state. */
export const home = path.resolve(root, process.env.JANGTEO_HOME || '.jangteo');

/**
 * `jangteo up` with this process' terminal. By a channel between the two the launcher notices when this process is gone,
 * however it ended.
 *
 * @param {readonly string[]} args for `up`
 * @returns {Promise<number>} its exit code
 */
export function launch(args) {
  // A terminal or a supervisor that no longer reads must not end us before the launcher has stopped.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const main = path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  return run(process.execPath, ['--enable-source-maps', main, 'up', ...args], {
    env: { ...process.env, JANGTEO_HOME: home },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
}

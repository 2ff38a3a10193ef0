/**
 * `npm run jangteo -- <command>`: the operator's command, on the Node and the build that `npm start` uses.
 */
import path from 'node:path';
import process from 'node:process';
import { bootstrap, root, run, runMain } from './lib/bootstrap.mjs';

runMain(async () => {
  await bootstrap();
  const main = path.join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  return run(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], {
    env: process.env,
  });
});

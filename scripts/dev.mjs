/**
 * `npm run dev`: the whole platform, compiled again at every change of a source; API and worker restart with the new
 * code, database and chain stay. Arguments go to `jangteo up`.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { bootstrap, environment, progress, root, runMain } from './lib/bootstrap.mjs';
import { launch } from './lib/launch.mjs';
import { BUILD_PAGES, nodeArguments } from './lib/steps.mjs';

const WATCHING = /Watching for file changes/;

runMain(async () => {
  await bootstrap();
  const pages = startPages();
  const compiler = await startCompiler();
  try {
    return await launch(['--watch', ...process.argv.slice(2)]);
  } finally {
    compiler.kill('SIGTERM');
    pages.kill('SIGTERM');
  }
});

/** Builds the pages again at every change of theirs; the running API serves the new ones at the next request. */
function startPages() {
  const child = spawn(process.execPath, [...BUILD_PAGES.flatMap(nodeArguments), '--watch'], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit'],
    // As the compiler: Ctrl-C is for the platform.
    detached: true,
  });
  process.once('exit', () => child.kill('SIGTERM'));
  return child;
}

/** Resolves after its first run, which writes all of dist/ and would restart services that have just started. */
async function startCompiler() {
  progress('compiling; every change of a source compiles again');
  const nest = path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const child = spawn(process.execPath, [nest, 'build', '--watch', '--preserveWatchOutput'], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C is for the platform, which stops in good order; the compiler ends after it.
    detached: true,
  });
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      if (WATCHING.test(String(chunk))) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the compiler ended with exit code ${code}`)));
  });
  process.once('exit', () => child.kill('SIGTERM'));
  return child;
}

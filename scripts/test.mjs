/**
 * `npm test`: every test, ending with the plain line `N passed, N failed`.
 *
 *   npm test                     contracts (Hardhat), then TypeScript (Jest)
 *   npm test -- libs/books       only the matching TypeScript specs; Jest's own flags may follow
 */
import process from 'node:process';
import { bootstrap, runMain } from './lib/bootstrap.mjs';
import { runTests } from './lib/tests.mjs';

runMain(async () => {
  await bootstrap();
  const { passed, failed, problems } = await runTests(process.argv.slice(2));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 || problems.length > 0 || passed === 0 ? 1 : 0;
});

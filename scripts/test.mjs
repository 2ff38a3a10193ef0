/**
 * `npm test`: every test, ending with the ten slowest files and the plain line `N passed, N failed`.
 *
 *   npm test                     contracts (Hardhat), then TypeScript (Jest)
 *   npm test -- libs/books       only the matching TypeScript specs; Jest's own flags may follow
 */
import process from 'node:process';
import { bootstrap, runMain } from './lib/bootstrap.mjs';
import { ensureChromium, findChromium } from './lib/chromium.mjs';
import { needsBrowser, report, runTests } from './lib/tests.mjs';

runMain(async () => {
  await bootstrap();
  const selection = process.argv.slice(2);
  if (findChromium() === undefined && needsBrowser(selection)) await ensureChromium();
  return report(await runTests(selection));
});

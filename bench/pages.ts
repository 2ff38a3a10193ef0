/**
 * How fast the pages show what they are about, and how much moves while they load: largest contentful paint and
 * cumulative layout shift of first visits, on a processor four times slower, 9 Mbps and 85 ms. Prints a line of JSON for
 * each page. Usage: npm run bench:pages -- http://localhost:8080 [--only P1,P5] [--runs 9]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { exampleAddresses } from '../test/pages/support/addresses.js';
import { launchBrowser, openContext, settled } from '../test/pages/support/browser.js';
import { type Loading, readLoading, slowDown, watchLoading } from '../test/pages/support/loading.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, runs: { type: 'string', default: '9' } },
});
const [origin = 'http://localhost:8080'] = positionals;

/** A first visit on a phone: nothing is in the cache. */
async function visit(browser: Browser, url: string): Promise<Loading> {
  const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
  try {
    const page = await context.newPage();
    await slowDown(page);
    await watchLoading(page);
    await page.goto(url);
    await settled(page);
    return await readLoading(page);
  } finally {
    await context.close();
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const browser = await launchBrowser();
try {
  const only = values.only?.split(',');
  const addresses = await exampleAddresses(origin);
  for (const { id, url } of addresses.filter((one) => only?.includes(one.id) ?? true)) {
    const visits: Loading[] = [];
    for (let run = 0; run < Number(values.runs); run += 1) visits.push(await visit(browser, url));
    const line = {
      page: id,
      paintMs: Math.round(median(visits.map(({ paintMs }) => paintMs))),
      shift: Number(median(visits.map(({ shift }) => shift)).toFixed(3)),
      bytes: median(visits.map(({ bytes }) => bytes)),
      largest: visits.at(-1)?.largest,
      moved: visits.at(-1)?.moved,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
} finally {
  await browser.close();
}

/**
 * Pictures of every page in both languages, of a platform that runs: `npm run screenshots -- http://localhost:8080
 * [http://localhost:CONSOLE_PORT] [--dark] [--only P1,W1] [--out FOLDER]`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { exampleAddresses } from './support/addresses.js';
import { launchBrowser, openContext, settled } from './support/browser.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string', default: '.jangteo/screenshots' },
  },
});
const [origin = 'http://localhost:8080', consoleOrigin] = positionals;
mkdirSync(values.out, { recursive: true });
const browser = await launchBrowser();
try {
  const only = values.only?.split(',');
  const addresses = await exampleAddresses(origin, consoleOrigin);
  for (const { id, url } of addresses.filter((one) => only === undefined || only.includes(one.id)))
    for (const lang of ['ko', 'en'] as const)
      for (const width of id.startsWith('P') || id.startsWith('C') ? [360, 1280] : [360]) {
        const theme = values.dark ? 'dark' : 'light';
        const scale = values.large ? '1.5' : '1';
        const context = await openContext(browser, { lang, theme, scale, width });
        const page = await context.newPage();
        await page.goto(url);
        await settled(page);
        const name = `${id}.${lang}.${width}${values.dark ? '.dark' : ''}${values.large ? '.large' : ''}.png`;
        await page.screenshot({ path: path.join(values.out, name), fullPage: true });
        await context.close();
        process.stdout.write(`${name}\n`);
      }
} finally {
  await browser.close();
}

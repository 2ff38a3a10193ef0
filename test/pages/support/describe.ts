import process from 'node:process';
import { findChromium } from '../../../scripts/lib/chromium.mjs';

const hasBrowser = findChromium() !== undefined;
if (!hasBrowser)
  process.stderr.write(
    'SKIPPED: tests of pages: no Chromium on this machine: install one, or set CHROMIUM_PATH\n',
  );

/** Tests that need a browser: left out, with a line that says so, where there is none. */
export const describeInBrowser = hasBrowser ? describe : describe.skip;

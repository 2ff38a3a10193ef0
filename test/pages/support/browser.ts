import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { projectRoot } from '#platform';
import { findChromium } from '../../../scripts/lib/chromium.mjs';

/** How a page is looked at. */
export interface Look {
  readonly lang: 'ko' | 'en';
  readonly theme: 'light' | 'dark';
  readonly scale: '1' | '1.5';
  readonly width: number;
}

export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine takes its time. */
const STEP_MS_MAX = 60_000;

export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium: see scripts/lib/chromium.mjs');
  return chromium.launch({ executablePath, args: FLAGS, timeout: STEP_MS_MAX });
}

/** A reader of their own: language, theme and text size as they would choose them. */
export async function openContext(
  browser: Browser,
  look: Look,
  options: { readonly height?: number; readonly javaScript?: boolean } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: options.height ?? 720 },
    locale: look.lang === 'ko' ? 'ko-KR' : 'en-GB',
    colorScheme: look.theme,
    timezoneId: 'Asia/Seoul',
    reducedMotion: 'reduce',
    javaScriptEnabled: options.javaScript ?? true,
  });
  context.setDefaultTimeout(STEP_MS_MAX);
  const { scale } = look;
  if (scale !== '1')
    await context.addInitScript(`localStorage.setItem('jangteo.scale', ${JSON.stringify(scale)})`);
  return context;
}

/** Everything that is asked of a host other than the page's own. */
export function watchOutside(page: Page, origin: string): string[] {
  const outside: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== origin)
      outside.push(request.url());
  });
  return outside;
}

/** What the page complains about: errors, and everything that its own policy forbids. */
export function watchComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** Waits until the page shows what it reads: no part of it is busy, the fonts are there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  // Not as a function of the page: its policy lets no text run as code.
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

const AXE = readFileSync(path.join(projectRoot(), 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** What axe-core finds wrong (WCAG 2.2 A and AA, and its best practices), in a line each. */
export async function axeFaults(page: Page, within = 'document'): Promise<string[]> {
  await page.evaluate(AXE);
  const run = `axe.run(${within}, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''))))`;
  return page.evaluate<string[]>(run);
}

/** All combinations of languages, themes and text sizes; `BROWSER_TESTS=all`, else pairs of each meet once. */
export function looks(width: number): Look[] {
  const all = (['ko', 'en'] as const).flatMap((lang) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['1', '1.5'] as const).map((scale) => ({ lang, theme, scale, width })),
    ),
  );
  if (process.env['BROWSER_TESTS'] === 'all') return all;
  // With two values each, four of the eight have every pair: those with an even number of second values.
  return all.filter(
    ({ lang, theme, scale }) =>
      [lang === 'en', theme === 'dark', scale === '1.5'].filter(Boolean).length % 2 === 0,
  );
}

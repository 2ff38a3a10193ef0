import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { projectRoot } from '#platform';
import {
  axeFaults,
  launchBrowser,
  type Look,
  looks,
  openContext,
  watchComplaints,
  watchOutside,
} from './support/browser.js';
import { describeInBrowser } from './support/describe.js';
import { serve, type Served } from './support/served.js';
import { overflowOf, smallTargetsOf, walkByTab } from './support/measure.js';

/** The narrowest phone. */
const NARROW = 320;
const WIDE = 1280;

/** The gallery has every shared part, served as the API serves pages. */
describeInBrowser('the shared parts of pages', () => {
  let folder: string;
  let served: Served;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'jangteo-gallery-'));
    buildGallery(folder);
    [served, browser] = await Promise.all([serve(folder), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    look: Look,
  ): Promise<{ context: BrowserContext; page: Page; complaints: string[]; outside: string[] }> {
    const context = await openContext(browser, look);
    const page = await context.newPage();
    const [complaints, outside] = [watchComplaints(page), watchOutside(page, served.url)];
    await page.goto(`${served.url}/?lang=${look.lang}`);
    await page.waitForSelector('[data-part="States"]');
    await page.evaluate('document.fonts.ready.then(() => undefined)');
    return { context, page, complaints, outside };
  }

  it.each(looks(NARROW))('fit a narrow phone and pass axe: $lang $theme $scale', async (look) => {
    const { context, page, complaints, outside } = await open(look);
    expect(await overflowOf(page)).toEqual([]);
    expect(await smallTargetsOf(page, 44)).toEqual([]);
    expect(await axeFaults(page)).toEqual([]);
    expect([complaints, outside]).toEqual([[], []]);
    await context.close();
  });

  it('keep their places with the spacing of text that readers may set (WCAG 1.4.12), and with forced colours', async () => {
    const { context, page } = await open({ lang: 'ko', theme: 'light', scale: '1', width: NARROW });
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none' });
    // Through the object model: the page's policy lets no style stand in it.
    await page.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }');
      document.adoptedStyleSheets = [sheet];
    })()`);
    expect(await overflowOf(page)).toEqual([]);
    await context.close();
  });

  it('are all reached by the keyboard, never behind a bar, with a ring', async () => {
    const { context, page } = await open({ lang: 'en', theme: 'light', scale: '1', width: NARROW });
    const { seen, wrong } = await walkByTab(page, 120);
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(30);
    await context.close();
  });

  it('enter an amount by keys and by the keyboard', async () => {
    const { context, page } = await open({ lang: 'ko', theme: 'light', scale: '1', width: NARROW });
    const pad = page.locator('[data-part="AmountPad"]');
    const sum = pad.locator('output');
    await pad.getByRole('button', { name: '3', exact: true }).click();
    expect(await sum.textContent()).toBe('120,003원');
    await page.keyboard.press('Escape');
    await page.keyboard.type('45');
    await page.keyboard.press('Backspace');
    await pad.getByRole('button', { name: '10,000원 더하기' }).click();
    expect(await sum.textContent()).toBe('10,004원');
    await context.close();
  });

  it('open beside the list and give the focus back', async () => {
    const { context, page } = await open({ lang: 'ko', theme: 'light', scale: '1', width: WIDE });
    const opener = page.locator('[data-part="SidePanel"]').getByRole('button');
    await opener.click();
    await page.getByRole('dialog').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = await page.evaluate<string>('document.activeElement.textContent');
    expect(focused).toBe(await opener.textContent());
    await context.close();
  });

  it('show every letter of the texts in the font of the pages', async () => {
    const { context, page } = await open({ lang: 'ko', theme: 'light', scale: '1', width: WIDE });
    // Without the font of names: what the subset lacks would come from there.
    const cdp = await context.newCDPSession(page);
    await cdp.send('DOM.enable');
    await cdp.send('CSS.enable');
    const { root } = await cdp.send('DOM.getDocument');
    const { nodeId } = await cdp.send('DOM.querySelector', {
      nodeId: root.nodeId,
      selector: '[data-glyphs]',
    });
    const { fonts } = await cdp.send('CSS.getPlatformFontsForNode', { nodeId });
    expect(fonts.filter(({ isCustomFont }) => !isCustomFont)).toEqual([]);
    expect(fonts.reduce((sum, { glyphCount }) => sum + glyphCount, 0)).toBeGreaterThan(500);
    await context.close();
  });
});

function buildGallery(folder: string): void {
  const root = projectRoot();
  const args = ['--conditions=source', '--no-warnings', '--import', './test/setup/typescript.mjs'];
  const built = spawnSync(process.execPath, [...args, 'apps/web/build/gallery.ts', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
}

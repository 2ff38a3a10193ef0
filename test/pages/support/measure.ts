import type { Page } from 'playwright-core';

/**
 * What is measured inside a page, as text that the page runs: these files are compiled without a browser's types.
 * Each returns sentences about what is wrong; none for a good page.
 */

/** Wider than the window, or cut off: elements beyond the right edge outside of what scrolls by design. */
const OVERFLOW = `(() => {
  const width = document.documentElement.clientWidth;
  const wrong = [];
  if (document.scrollingElement.scrollWidth > width) wrong.push('the page is ' + document.scrollingElement.scrollWidth + ' wide');
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('[role="region"][tabindex], pre, .hidden, .skip, dialog, svg')) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > width + 0.5) wrong.push(element.tagName + ' ' + element.className + ' ends at ' + Math.round(box.right));
    const style = getComputedStyle(element);
    if (style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1 && element.tagName !== 'SELECT')
      wrong.push(element.tagName + ' ' + element.className + ' cuts off ' + element.textContent.slice(0, 30));
  }
  return wrong.slice(0, 10);
})()`;

/** Anything to touch that is smaller than a finger; links within a sentence are as high as their line. */
const TARGETS = (least: number): string => `(() => {
  const wrong = [];
  for (const element of document.querySelectorAll('a[href], button, input, select, summary')) {
    if (element.closest('.hidden, .skip, dialog, blockquote') || element.matches('.hidden, .skip')) continue;
    const { width, height } = element.getBoundingClientRect();
    if (width === 0) continue;
    if (width < ${least} - 0.5 || height < ${least} - 0.5)
      wrong.push((element.textContent || element.tagName).slice(0, 30) + ' is ' + Math.round(width) + ' × ' + Math.round(height));
  }
  return [...new Set(wrong)].slice(0, 10);
})()`;

/** Text of the page without names and quotations from outside. */
const OWN_TEXT = `(() => {
  const copy = document.body.cloneNode(true);
  for (const element of copy.querySelectorAll('[data-content], script, noscript, [data-part] > h2, pre')) element.remove();
  return copy.textContent;
})()`;

/** Bars that stay in view, as a share of the window's height. */
const STICKY = `(() => {
  let height = 0;
  for (const element of document.querySelectorAll('body *')) {
    const { position } = getComputedStyle(element);
    if ((position === 'sticky' || position === 'fixed') && !element.closest('table, .skip')) height += element.getBoundingClientRect().height;
  }
  return height / innerHeight;
})()`;

export function shareOfBars(page: Page): Promise<number> {
  return page.evaluate<number>(STICKY);
}

export function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(OVERFLOW);
}

/** @param least CSS pixels of a target: 48 in wallet and till, 44 elsewhere */
export function smallTargetsOf(page: Page, least: number): Promise<string[]> {
  return page.evaluate<string[]>(TARGETS(least));
}

export function ownTextOf(page: Page): Promise<string> {
  return page.evaluate<string>(OWN_TEXT);
}

/** How many filled buttons a page has: one thing a screen. */
export function primariesOf(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelectorAll('[data-primary]').length`);
}

/**
 * Walks the page with the Tab key until the focus comes back to its beginning.
 *
 * @returns what has the focus at each step, and what is wrong with it: hidden behind a bar, or without a visible ring
 */
export async function walkByTab(
  page: Page,
  steps: number,
): Promise<{ readonly seen: number; readonly wrong: string[] }> {
  const wrong = new Set<string>();
  const seen = new Set<string>();
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate<{ name: string; fault: string } | null>(FOCUSED);
    if (found === null) break;
    seen.add(found.name);
    if (found.fault !== '') wrong.add(`${found.name}: ${found.fault}`);
  }
  return { seen: seen.size, wrong: [...wrong] };
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const name = element.tagName + ' ' + (element.textContent || element.getAttribute('aria-label') || '').slice(0, 40);
  const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const style = getComputedStyle(element);
  let fault = '';
  if (middle !== null && !element.contains(middle) && !middle.contains(element)) fault = 'is behind ' + middle.tagName + ' ' + middle.className;
  const ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.strokeWidth === '4px';
  if (!ring) fault = 'shows no focus';
  return { name, fault };
})()`;

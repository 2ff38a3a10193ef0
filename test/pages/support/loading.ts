import type { Page } from 'playwright-core';

/** What the specification measures with: a phone of some years ago on a mobile network. */
const SLOW = { processor: 4, bytesPerSecond: 9_000_000 / 8, latencyMs: 85 };

/** What a reader waited for while a page loaded. */
export interface Loading {
  /** Milliseconds until the largest text or picture of the first window was painted (LCP). */
  readonly paintMs: number;
  /** Share of the window that moved without the reader doing anything: all shifts together, CLS or more. */
  readonly shift: number;
  /** That came over the network until the page was at rest. */
  readonly bytes: number;
  /** What was largest, by its beginning. */
  readonly largest: string;
  /** What moved, and by how much. */
  readonly moved: readonly string[];
}

/** Before a page is opened: its processor and its network are those of a phone. */
export async function slowDown(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOW.processor });
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: SLOW.latencyMs,
    downloadThroughput: SLOW.bytesPerSecond,
    uploadThroughput: SLOW.bytesPerSecond,
  });
}

/** Before a page is opened: notes what is painted and what moves. */
export async function watchLoading(page: Page): Promise<void> {
  await page.addInitScript(WATCH);
}

export function readLoading(page: Page): Promise<Loading> {
  return page.evaluate<Loading>(READ);
}

const WATCH = `(() => {
  const seen = { paintMs: 0, shift: 0, largest: '', moved: [] };
  globalThis.loadingSeen = seen;
  const name = (node) => node === null || node === undefined ? '?' : (node.tagName ?? '#text') + ' ' + (node.textContent ?? '').slice(0, 24);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.paintMs = entry.startTime;
      seen.largest = name(entry.element);
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      seen.shift += entry.value;
      const sources = entry.sources.map(({ node, previousRect, currentRect }) =>
        name(node) + ' ' + Math.round(previousRect.y) + '→' + Math.round(currentRect.y));
      seen.moved.push(entry.value.toFixed(3) + ' at ' + Math.round(entry.startTime) + ': ' + sources.join(', '));
    }
  }).observe({ type: 'layout-shift', buffered: true });
})()`;

const READ = `(() => {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return { ...globalThis.loadingSeen, bytes: entries.reduce((sum, { transferSize }) => sum + transferSize, 0) };
})()`;

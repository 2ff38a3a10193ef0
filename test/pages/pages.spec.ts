import type { Browser, BrowserContext, Page } from 'playwright-core';
import { regions } from '#platform';
import { plainFaults } from '../../apps/web/src/words/lint.js';
import { ApiFixture } from '../../apps/api/test/support/api-fixture.js';
import { termsOf } from '../../apps/api/test/support/examples.js';
import { CITY } from '../support/world.js';
import { exampleAddresses, builtPages } from './support/addresses.js';
import {
  axeFaults,
  launchBrowser,
  looks,
  openContext,
  settled,
  watchComplaints,
  watchOutside,
} from './support/browser.js';
import { describeInBrowser } from './support/describe.js';
import {
  overflowOf,
  ownTextOf,
  primariesOf,
  shareOfBars,
  smallTargetsOf,
  walkByTab,
} from './support/measure.js';

const NARROW = 320;
/** Pages with technical words, each explained. */
const TECHNICAL = ['P4'];

/** Every page of the public origin, over a chain with a series and a shop. */
describeInBrowser('the pages', () => {
  let api: ApiFixture;
  let browser: Browser;
  let origin: string;
  let urls: ReadonlyMap<string, string>;

  beforeAll(async () => {
    [api, browser] = await Promise.all([ApiFixture.create(), launchBrowser()]);
    await api.act({
      kind: 'publish_series',
      authority: CITY,
      attachment: { terms: termsOf(CITY, { demo: true }) },
    });
    await api.world.registerMerchant();
    await api.indexed();
    origin = `http://localhost:${new URL(api.url).port}`;
    urls = new Map((await exampleAddresses(origin)).map(({ id, url }) => [id, url]));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  const open = async (id: string, context: BrowserContext): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(urls.get(id) ?? '');
    await settled(page);
    return page;
  };

  it.each(looks(NARROW))(
    'fit a narrow phone, pass axe and ask no other host: $lang $theme $scale',
    async (look) => {
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const [complaints, outside] = [watchComplaints(page), watchOutside(page, origin)];
      for (const [id, url] of urls) {
        await page.goto(url);
        await settled(page);
        expect([id, await overflowOf(page)]).toEqual([id, []]);
        expect([id, await smallTargetsOf(page, /^[WM]/.test(id) ? 48 : 44)]).toEqual([id, []]);
        expect([id, await axeFaults(page)]).toEqual([id, []]);
        expect([id, (await primariesOf(page)) <= 1]).toEqual([id, true]);
        if (!TECHNICAL.includes(id))
          expect([id, plainFaults(await ownTextOf(page), look.lang)]).toEqual([id, []]);
      }
      expect([complaints, outside]).toEqual([[], []]);
      await context.close();
    },
  );

  it('use everything that their documents ask for before the code is there', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    for (const id of ['P1', 'P2', 'P5', 'W5', 'W7']) {
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url().slice(origin.length)));
      await page.goto(urls.get(id) ?? '');
      await settled(page);
      expect([id, asked.some((address) => address.startsWith('/v1/'))]).toEqual([id, true]);
      expect([id, await page.evaluate('Object.keys(jangteoEarly)')]).toEqual([id, []]);
      await page.close();
    }
    await context.close();
  });

  it('are walked by the keyboard: nothing is behind a bar, everything shows its focus', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    for (const id of ['P1', 'P5', 'W1', 'W6', 'W21', 'M4']) {
      const page = await open(id, context);
      const { seen, wrong } = await walkByTab(page, 60);
      expect([id, wrong, seen > 4]).toEqual([id, [], true]);
      await page.close();
    }
    await context.close();
  });

  it.each([
    { height: 568, scale: '1.5' },
    { height: 568, scale: '1' },
    { height: 640, scale: '1' },
    { height: 820, scale: '1' },
  ] as const)(
    'leave three quarters of $height px to what scrolls, at scale $scale',
    async ({ height, scale }) => {
      const context = await openContext(
        browser,
        { lang: 'en', theme: 'light', scale, width: NARROW },
        { height },
      );
      for (const id of ['P1', 'W1', 'W6', 'W20', 'W21', 'M4']) {
        const page = await open(id, context);
        expect([id, (await shareOfBars(page)) <= 0.25]).toEqual([id, true]);
        await page.close();
      }
      await context.close();
    },
  );

  it('are readable without JavaScript, in the language of the reader', async () => {
    const look = { lang: 'en', theme: 'light', scale: '1', width: 360 } as const;
    const context = await openContext(browser, look, { javaScript: false });
    const page = await context.newPage();
    for (const { id } of builtPages('public')) {
      await page.goto(urls.get(id) ?? '');
      const heading = await page.locator('h1').textContent();
      expect([id, (heading ?? '').length > 2, await page.locator('html').getAttribute('lang')]).toEqual([
        id,
        true,
        'en',
      ]);
    }
    await page.getByRole('link', { name: '한국어' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await page.goto(urls.get('W1') ?? '');
    expect(await page.locator('h1').textContent()).toBe('우리 동네 상품권, 휴대폰에서 바로 써요');
    await context.close();
  });

  it('lead to the shops of a city from its address, also when names of places come at the second try', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await context.newPage();
    let tries = 0;
    await page.route('**/assets/region-catalogue-*', (route) => {
      tries += 1;
      return tries === 1 ? route.abort() : route.continue();
    });
    await page.goto(urls.get('P2') ?? '');
    const city = regions().shortName(CITY, 'ko');
    const link = page.getByRole('link', { name: `${city} 가게 보기` });
    await link.waitFor();
    expect(tries).toBe(2);
    await link.click();
    await page.locator(`[data-page="P6"] option[value="${CITY}"]`).waitFor({ state: 'attached' });
    expect(new URL(page.url()).search).toBe(`?region=${CITY}`);
    expect(await page.getByLabel('지역').inputValue()).toBe(CITY);
    await context.close();
  });

  it('show a voucher with its rules checked here, and warn when one byte of the document is another', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await open('P5', context);
    await page.locator('[data-rules="same"]').waitFor();
    expect(await page.locator('blockquote li').count()).toBeGreaterThan(5);
    await page.route('**/v1/series/*', async (route) => {
      const answer = await route.fetch();
      // Within the document, where quotation marks are escaped.
      const body = (await answer.text()).replace('\\"ko\\":\\"', '\\"ko\\":\\"x');
      await route.fulfill({ response: answer, body });
    });
    await page.reload();
    await page.locator('[data-rules="differ"]').waitFor();
    expect(await page.locator('blockquote li').count()).toBe(0);
    expect(await page.locator('[data-primary]').count()).toBe(0);
    await context.close();
  });

  it('show the figures that came when those of the cities did not, and read these again', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await context.newPage();
    let isDown = true;
    await page.route('**/v1/reports/summary?**', async (route) => {
      if (isDown && route.request().url().includes('region=47'))
        return route.fulfill({ status: 503, body: '' });
      const answer = await route.fetch();
      const body = (await answer.json()) as { total: unknown; rows: unknown[] };
      // All is in one province.
      const rows = [{ key: '47', name: { ko: '경상북도', en: 'Gyeongsangbuk-do' }, figures: body.total }];
      return route.fulfill({ response: answer, json: { ...body, rows } });
    });
    await page.goto(urls.get('P1') ?? '');
    const cities = page.getByRole('region', { name: '시·군마다 얼마나 쓰였나요' });
    await cities.getByText('시·군 금액을 지금은 불러올 수 없어요.').waitFor();
    expect(await page.locator('[data-figure]').count()).toBeGreaterThan(5);
    expect([await cities.locator('table').count(), await page.locator('[aria-busy="true"]').count()]).toEqual(
      [0, 0],
    );
    isDown = false;
    await cities.getByRole('button', { name: '다시 시도' }).click();
    await cities.locator('table').waitFor();
    await context.close();
  });

  it('say in words which part of the service does not work, and when all work again', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await context.newPage();
    const status = page.locator('[data-page="P8-status"]');
    await page.route('**/health/ready', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json; charset=utf-8',
        body: JSON.stringify({ code: 'unavailable', errors: [{ field: 'chain' }, { field: 'indexer' }] }),
      }),
    );
    await page.goto(urls.get('P8-status') ?? '');
    await status.getByText('거래 기록, 금액 계산이 지금 되지 않아요. 자동으로 다시 확인할게요.').waitFor();
    expect(await status.locator('dd').allTextContents()).toEqual([
      '정상',
      '정상',
      '되지 않아요',
      '되지 않아요',
    ]);
    await page.unroute('**/health/ready');
    await page.route('**/health/ready', (route) => route.abort());
    await status.getByText('지금은 이용할 수 없어요.').waitFor();
    expect(await status.locator('dd').allTextContents()).toEqual(['–', '–', '–', '–']);
    await page.unroute('**/health/ready');
    await status.getByText('모두 잘 되고 있어요.').waitFor();
    await context.close();
  });

  it('say that the device is offline, and since when, and go on by themselves', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await open('P1', context);
    await context.setOffline(true);
    const bar = page.locator('[data-state="S2"]');
    await bar.waitFor();
    expect(await bar.textContent()).toMatch(/^인터넷이 끊겼어요\. 금액은 \d\d:\d\d 기준이에요\.$/);
    expect(await page.locator('[data-figure]').count()).toBeGreaterThan(5);
    await context.setOffline(false);
    await bar.waitFor({ state: 'detached' });
    await context.close();
  });

  it('keep text size and theme for the next visit', async () => {
    const context = await openContext(browser, { lang: 'ko', theme: 'light', scale: '1', width: 360 });
    const page = await open('W21', context);
    await page.getByRole('button', { name: '아주 크게' }).click();
    await page.getByRole('button', { name: '어둡게' }).click();
    await page.goto(urls.get('P1') ?? '');
    const root = page.locator('html');
    expect([await root.getAttribute('data-scale'), await root.getAttribute('data-theme')]).toEqual([
      '1.5',
      'dark',
    ]);
    await context.close();
  });
});

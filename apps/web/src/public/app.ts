import type { AppDefinition, Page } from '../app.js';
import { PublicFrame } from '../frames/frame.js';
import { CHECK_OF_RULES, NAMES_OF_PLACES } from '../client/parts.js';
import { plainWords, verifyWords } from '../words/catalogue.js';
import type { PlainKey } from '../words/plain.ko.js';
import { CityPage } from './city-page.js';
import { FiguresPage } from './figures-page.js';
import { HelpPage, StatusPage } from './help-pages.js';
import { ShopsPage } from './shops-page.js';
import { VerifyPage } from './verify-page.js';
import { VoucherPage } from './voucher-page.js';

type Titled = Extract<
  PlainKey,
  | 'figures.title'
  | 'figures.seeCity'
  | 'series.title'
  | 'shops.title'
  | 'help.title'
  | 'status.title'
  | 'figures.lead'
  | 'series.where'
  | 'shops.lead'
  | 'help.lead'
>;

function page(
  id: string,
  path: string,
  title: Titled,
  description: Titled,
  Content: Page['Content'],
  first: Pick<Page, 'parts' | 'reads'> = {},
): Page {
  return {
    id,
    path,
    title: (lang) => plainWords(lang)(title),
    description: (lang) => plainWords(lang)(description),
    Content,
    ...first,
  };
}

/** Pages for everybody, at `/`. */
export const publicApp: AppDefinition = {
  name: 'public',
  home: '/',
  suffix: (lang) => plainWords(lang)('app.name'),
  Frame: PublicFrame,
  pages: [
    page('P1', '/', 'figures.title', 'figures.lead', FiguresPage, {
      reads: ['/v1/reports/summary?group=region', '/v1/series?limit=100'],
    }),
    page('P2', '/cities/:code', 'figures.seeCity', 'figures.lead', CityPage, {
      parts: [NAMES_OF_PLACES],
      reads: ['/v1/series?region=:code&limit=50', '/v1/reports/summary?group=category&region=:code'],
    }),
    {
      id: 'P4',
      path: '/verify',
      title: (lang) => verifyWords(lang)('verify.title'),
      description: (lang) => verifyWords(lang)('verify.lead'),
      Content: VerifyPage,
    },
    page('P5', '/vouchers/:series', 'series.title', 'series.where', VoucherPage, {
      parts: [NAMES_OF_PLACES, CHECK_OF_RULES],
      reads: ['/v1/series/:series'],
    }),
    page('P6', '/shops', 'shops.title', 'shops.lead', ShopsPage, { parts: [NAMES_OF_PLACES] }),
    page('P8', '/help', 'help.title', 'help.lead', HelpPage),
    page('P8-status', '/status', 'status.title', 'status.title', StatusPage),
  ],
};

import { createElement } from 'react';
import type { AppDefinition, Page } from '../app.js';
import { WalletFrame } from '../frames/frame.js';
import { ShopsPage } from '../public/shops-page.js';
import { VoucherPage } from '../public/voucher-page.js';
import { CHECK_OF_RULES, NAMES_OF_PLACES } from '../client/parts.js';
import { plainWords } from '../words/catalogue.js';
import { FirstPage } from './first-page.js';
import { LostPage } from './lost-page.js';
import { SettingsPage } from './settings-page.js';
import { ShopPage } from './shop-page.js';

type Titled =
  | 'first.title'
  | 'series.title'
  | 'shops.title'
  | 'shop.title'
  | 'lost.title'
  | 'settings.title'
  | 'first.lead'
  | 'series.where'
  | 'shops.lead'
  | 'lost.lead'
  | 'settings.size';

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

/** What residents open, at `/wallet`: so far the pages that need no account. */
export const walletApp: AppDefinition = {
  name: 'wallet',
  home: '/wallet',
  suffix: (lang) => plainWords(lang)('app.name'),
  Frame: WalletFrame,
  pages: [
    page('W1', '/wallet', 'first.title', 'first.lead', FirstPage),
    page(
      'W5',
      '/wallet/vouchers/:series',
      'series.title',
      'series.where',
      () => createElement(VoucherPage, { shops: '/wallet/shops' }),
      {
        parts: [NAMES_OF_PLACES, CHECK_OF_RULES],
        reads: ['/v1/series/:series'],
      },
    ),
    page('W6', '/wallet/shops', 'shops.title', 'shops.lead', ShopsPage, { parts: [NAMES_OF_PLACES] }),
    page('W7', '/wallet/shops/:id', 'shop.title', 'shops.lead', ShopPage, {
      parts: [NAMES_OF_PLACES],
      reads: ['/v1/merchants/:id'],
    }),
    page('W20', '/wallet/lost', 'lost.title', 'lost.lead', LostPage),
    page('W21', '/wallet/settings', 'settings.title', 'settings.size', SettingsPage),
  ],
};

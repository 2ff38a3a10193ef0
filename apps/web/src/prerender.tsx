import { renderToString } from 'react-dom/server';
import type { Lang } from '#domain';
import { App, type AppName, titleOf } from './app.js';
import { consoleApp } from './console/app.js';
import { publicApp } from './public/app.js';
import { tillApp } from './till/app.js';
import { walletApp } from './wallet/app.js';

/** The static first view of a page in one language. */
export interface Prerendered {
  readonly app: AppName;
  readonly id: string;
  readonly path: string;
  readonly lang: Lang;
  readonly title: string;
  readonly description: string;
  readonly body: string;
  readonly wasm: boolean;
  /** Of the page's code. */
  readonly parts: readonly string[];
  /** Addresses of the API that the page reads first, with names of `path` in them. */
  readonly reads: readonly string[];
}

/** Apps that read QR codes, with WebAssembly where the browser cannot. */
const READS_CODES: readonly AppName[] = ['wallet', 'till'];

/** Every page of every app: what can be said before any figure is known. */
export function prerenderAll(): Prerendered[] {
  return [publicApp, walletApp, tillApp, consoleApp].flatMap((app) =>
    app.pages.flatMap((page) =>
      (['ko', 'en'] as const).map((lang) => ({
        app: app.name,
        id: page.id,
        path: page.path,
        lang,
        title: titleOf(app, page, lang),
        description: page.description(lang),
        body: renderToString(<App app={app} lang={lang} path={page.path} />),
        wasm: READS_CODES.includes(app.name),
        parts: page.parts ?? [],
        reads: page.reads ?? [],
      })),
    ),
  );
}

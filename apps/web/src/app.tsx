import { onlineManager, QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import {
  Component,
  type ComponentType,
  type ReactNode,
  StrictMode,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { Route, Router, Switch, useLocation } from 'wouter';
import type { Lang } from '#domain';
import { READ_DEFAULTS } from './client/queries.js';
import { InLanguage } from './ui/context.js';
import { Missing, Offline, Unreadable } from './ui/states.js';
import { timeOfDay } from './words/formats.js';
import { unitOfDocument, useUnit, WON } from './words/unit.js';

export type AppName = 'public' | 'wallet' | 'till' | 'console';

/** A page: its id is the one of the specification and of the screenshots. */
export interface Page {
  readonly id: string;
  /** Pattern of wouter and of the API's routes: `/vouchers/:series`. */
  readonly path: string;
  readonly title: (lang: Lang) => string;
  readonly description: (lang: Lang) => string;
  readonly Content: ComponentType;
  /** Sources of the parts of code that it asks for at once (`useModule`): its document fetches them with the rest. */
  readonly parts?: readonly string[];
  /** What it reads first, as `/v1/series/:series` with names of `path`: asked for before its code is there. */
  readonly reads?: readonly string[];
}

export interface AppDefinition {
  readonly name: AppName;
  readonly home: string;
  /** Behind every title. */
  readonly suffix: (lang: Lang) => string;
  readonly pages: readonly Page[];
  readonly Frame: ComponentType<{ readonly children: ReactNode }>;
}

export function titleOf(app: AppDefinition, page: Page, lang: Lang): string {
  return `${page.title(lang)} – ${app.suffix(lang)}`;
}

/**
 * One of the four apps.
 *
 * @param props.path where it is rendered when there is no browser
 */
export function App({
  app,
  lang,
  path,
}: {
  readonly app: AppDefinition;
  readonly lang: Lang;
  readonly path?: string;
}) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: READ_DEFAULTS } }));
  return (
    <InLanguage lang={lang}>
      <QueryClientProvider client={queries}>
        <Router ssrPath={path}>
          <Titles app={app} lang={lang} />
          <OfflineBar />
          <app.Frame>
            <Switch>
              {app.pages.map(({ id, path: pattern, Content }) => (
                <Route key={id} path={pattern}>
                  <div data-page={id}>
                    <Guarded>
                      <Content />
                    </Guarded>
                  </div>
                </Route>
              ))}
              <Route>
                <Missing home={app.home} />
              </Route>
            </Switch>
          </app.Frame>
        </Router>
      </QueryClientProvider>
    </InLanguage>
  );
}

/** S2 above the page while the device has no network: until when the figures are. */
function OfflineBar() {
  const queries = useQueryClient();
  const isOnline = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
    () => true,
  );
  if (isOnline) return null;
  const read = queries.getQueryCache().getAll();
  const newestMs = Math.max(0, ...read.map(({ state }) => state.dataUpdatedAt));
  return <Offline time={timeOfDay((newestMs === 0 ? Date.now() : newestMs) / 1000)} />;
}

/** A page that fails leaves its frame, with help and the way home, and says that it cannot be shown. */
class Guarded extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Unreadable onRetry={() => location.reload()} /> : this.props.children;
  }
}

/** After a change of page: its title, and the focus at its beginning, as after loading a document. */
function Titles({ app, lang }: { readonly app: AppDefinition; readonly lang: Lang }) {
  const [location] = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const id = document.querySelector('[data-page]')?.getAttribute('data-page');
    const page = app.pages.find((one) => one.id === id);
    if (page !== undefined) document.title = titleOf(app, page, lang);
    document.getElementById('main')?.focus();
    window.scrollTo(0, 0);
  }, [location, app, lang]);
  return null;
}

/** Takes over the static first view. */
export function start(app: AppDefinition): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the document has no root');
  const lang: Lang = document.documentElement.lang === 'en' ? 'en' : 'ko';
  const unit = unitOfDocument(document.documentElement.dataset['unit']);
  useUnit(unit);
  loadNamesFont();
  const view = (
    <StrictMode>
      <App app={app} lang={lang} />
    </StrictMode>
  );
  // The static view was written in won.
  if (unit === WON) hydrateRoot(root, view);
  else createRoot(root).render(view);
}

/** The letters of names from outside; the texts' own are there already. */
function loadNamesFont(): void {
  const href = document.documentElement.dataset['names'];
  if (href === undefined) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { classes, useConsoleWords, useLang, useWords } from '../ui/context.js';
import { Icon, type IconName } from '../ui/icons.js';
import styles from './frame.module.css';

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon?: IconName;
}

/** The languages by their own names, without flags; works without JavaScript. */
export function LanguageMenu() {
  const say = useWords();
  const lang = useLang();
  return (
    <nav className={styles['languages']} aria-label={say('app.language')}>
      <a href="?lang=ko" lang="ko" hrefLang="ko" aria-current={lang === 'ko' ? 'true' : undefined}>
        한국어
      </a>
      <a href="?lang=en" lang="en" hrefLang="en" aria-current={lang === 'en' ? 'true' : undefined}>
        English
      </a>
    </nav>
  );
}

function SkipLink() {
  const say = useWords();
  return (
    <a className="skip" href="#main">
      {say('app.skip')}
    </a>
  );
}

function isWithin(location: string, href: string): boolean {
  return location === href || (href !== '/' && href !== '/wallet' && location.startsWith(`${href}/`));
}

/** Pages for everybody: brand line, navigation, language, footer with help and lost phone in the same place. */
export function PublicFrame({ children }: { readonly children: ReactNode }) {
  const say = useWords();
  const items: readonly NavItem[] = [
    { href: '/', label: say('nav.figures') },
    { href: '/shops', label: say('nav.shops') },
    { href: '/verify', label: say('nav.verify') },
    { href: '/help', label: say('app.help') },
  ];
  const [location] = useLocation();
  return (
    <div className={styles['public']}>
      <SkipLink />
      <header className={styles['header']}>
        <div className={classes(styles['wide'], styles['headerRow'])}>
          <Link href="/" className={styles['brand']}>
            {say('app.name')}
          </Link>
          <LanguageMenu />
        </div>
        <nav className={classes(styles['wide'], styles['tabs'])} aria-label={say('app.menu')}>
          {items.map(({ href, label }) => (
            <Link key={href} href={href} aria-current={isWithin(location, href) ? 'page' : undefined}>
              {label}
            </Link>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1} className={styles['wide']}>
        <noscript>
          <p className={styles['noscript']}>
            {say('app.noscript')} <a href="/v1/reports/summary?group=region">{say('app.rawFigures')}</a>
          </p>
        </noscript>
        {children}
      </main>
      <footer className={styles['footer']}>
        <div className={styles['wide']}>
          <p className={styles['footLinks']}>
            <Link href="/help">{say('app.help')}</Link>
            <a href="/wallet/lost">{say('app.lost')}</a>
            <Link href="/status">{say('nav.status')}</Link>
            <a href="/wallet">{say('nav.wallet')}</a>
          </p>
          <p>{say('app.footer')}</p>
        </div>
      </footer>
    </div>
  );
}

/** The line above a phone's page: whose it is on the left, what is always at hand on the right. */
function PhoneTop({ children }: { readonly children: ReactNode }) {
  return (
    <header className={styles['header']}>
      <div className={styles['headerRow']}>{children}</div>
    </header>
  );
}

/** Language and help below a phone's page, in the same place everywhere. */
function PhoneFoot({ children }: { readonly children?: ReactNode }) {
  const say = useWords();
  return (
    <div className={styles['phoneFoot']}>
      <LanguageMenu />
      <a href="/help">{say('app.help')}</a>
      {children}
    </div>
  );
}

/** One column for a phone: header with help and settings, and the bar below that thumbs reach. */
export function WalletFrame({
  children,
  items,
}: {
  readonly children: ReactNode;
  /** Of the bar below; default: what needs no account. */
  readonly items?: readonly NavItem[];
}) {
  const say = useWords();
  const [location] = useLocation();
  const bar = items ?? [
    { href: '/wallet', label: say('nav.home'), icon: 'home' as const },
    { href: '/wallet/shops', label: say('nav.shops'), icon: 'shop' as const },
  ];
  return (
    <div className={styles['phone']}>
      <SkipLink />
      <PhoneTop>
        <Link href="/wallet" className={styles['brand']}>
          {say('app.name')}
        </Link>
        <nav className={styles['tools']} aria-label={say('app.help')}>
          <Link href="/wallet/lost">
            <Icon name="help" />
            <span>{say('app.help')}</span>
          </Link>
          <Link href="/wallet/settings" aria-label={say('app.settings')}>
            <Icon name="settings" />
          </Link>
        </nav>
      </PhoneTop>
      <main id="main" tabIndex={-1}>
        {children}
        <PhoneFoot />
      </main>
      <nav className={styles['bottom']} aria-label={say('app.menu')}>
        {bar.map(({ href, label, icon }) => (
          <Link key={href} href={href} aria-current={isWithin(location, href) ? 'page' : undefined}>
            {icon !== undefined && <Icon name={icon} />}
            <span>{label}</span>
          </Link>
        ))}
      </nav>
    </div>
  );
}

/** The till: whose it is, whether it hears from the server, and the pad. */
export function TillFrame({
  children,
  shop,
  online,
}: {
  readonly children: ReactNode;
  readonly shop?: string;
  readonly online?: boolean;
}) {
  const say = useWords();
  return (
    <div className={styles['phone']}>
      <SkipLink />
      <PhoneTop>
        <span className={styles['brand']} data-content={shop === undefined ? undefined : true}>
          {shop ?? say('app.name')}
        </span>
        <span className={styles['connection']}>
          <Icon name={online === true ? 'ok' : 'offline'} size={20} />
          {online === true ? say('till.online') : say('till.offline')}
        </span>
      </PhoneTop>
      <main id="main" tabIndex={-1}>
        {children}
        <PhoneFoot>
          <a href="/wallet/lost">{say('app.lost')}</a>
        </PhoneFoot>
      </main>
    </div>
  );
}

/** Officers: authority, role and name on every page, the acts that wait, help. */
export function ConsoleFrame({ children, who }: { readonly children: ReactNode; readonly who?: string }) {
  const say = useConsoleWords();
  return (
    <div className={styles['console']}>
      <SkipLink />
      <header className={styles['header']}>
        <div className={classes(styles['fluid'], styles['headerRow'])}>
          <Link href="/" className={styles['brand']}>
            {say('console.name')}
          </Link>
          {who !== undefined && <span data-content>{who}</span>}
          <LanguageMenu />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={styles['fluid']}>
        {children}
      </main>
    </div>
  );
}

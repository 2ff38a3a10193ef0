import { useEffect, useState } from 'react';
import { ActionBar, Notice, Primary, Secondary } from '../ui/basics.js';
import { useLang, useWords } from '../ui/context.js';
import { Icon } from '../ui/icons.js';
import { inAppBrowser, type InAppBrowser } from './guard.js';
import styles from '../pages.module.css';

/** W1: what it is, before anything is asked. Inside another app's browser W0 takes its place. */
export function FirstPage() {
  const say = useWords();
  const [inside, setInside] = useState<InAppBrowser>();
  useEffect(() => setInside(inAppBrowser(navigator.userAgent, location.href)), []);
  if (inside !== undefined) return <GuardPage inside={inside} />;
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('first.title')}</h1>
        <p className={styles['lead']}>{say('first.lead')}</p>
      </header>
      <ul className={styles['points']}>
        <li>
          <Icon name="pay" />
          <span>{say('first.point1')}</span>
        </li>
        <li>
          <Icon name="shop" />
          <span>{say('first.point2')}</span>
        </li>
        <li>
          <Icon name="ok" />
          <span>{say('first.point3')}</span>
        </li>
      </ul>
      <Notice mood="info">{say('first.soon')}</Notice>
      <details>
        <summary className={styles['link']}>
          {say('first.without')} <Icon name="next" size={20} />
        </summary>
        <p>{say('first.withoutText')}</p>
      </details>
      <ActionBar
        primary={
          <Primary href="/wallet/shops" icon="shop">
            {say('first.shops')}
          </Primary>
        }
        secondary={<Secondary href="/wallet/lost">{say('app.lost')}</Secondary>}
      />
    </div>
  );
}

/** W0: this browser has no passkeys; where to open the page instead. */
export function GuardPage({ inside }: { readonly inside: InAppBrowser }) {
  const say = useWords();
  const lang = useLang();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  };
  return (
    <div className={styles['page']} data-page="W0">
      <h1>{say('guard.title', { app: inside.name[lang] })}</h1>
      <p>{say('guard.text')}</p>
      {inside.open === undefined && <Notice mood="info">{say('guard.ios')}</Notice>}
      <ActionBar
        primary={
          inside.open === undefined ? (
            <Primary onClick={copy}>{say('guard.copy')}</Primary>
          ) : (
            <Primary href={inside.open} icon="external">
              {say('guard.chrome')}
            </Primary>
          )
        }
        secondary={
          inside.open === undefined ? undefined : <Secondary onClick={copy}>{say('guard.copy')}</Secondary>
        }
      />
      <p role="status">{copied ? say('guard.copied') : ''}</p>
    </div>
  );
}

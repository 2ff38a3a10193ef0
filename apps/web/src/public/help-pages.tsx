import type { ReactNode } from 'react';
import { type Health, useHealth } from '../client/queries.js';
import { Badge, Card, Notice, Pair, Pairs, Primary } from '../ui/basics.js';
import { useWords } from '../ui/context.js';
import { Loading } from '../ui/states.js';
import styles from '../pages.module.css';

/** P8: where to begin when something does not work; accessibility and privacy. */
export function HelpPage() {
  const say = useWords();
  return (
    <div className={styles['page']}>
      <header className={styles['part']}>
        <h1>{say('help.title')}</h1>
        <p className={styles['lead']}>{say('help.lead')}</p>
      </header>
      <ul className={styles['cards']}>
        <Question title={say('help.lostTitle')} text={say('help.lostText')}>
          <a className={styles['link']} href="/wallet/lost">
            {say('app.lost')}
          </a>
        </Question>
        <Question title={say('help.refusedTitle')} text={say('help.refusedText')} />
        <Question title={say('help.shopTitle')} text={say('shops.lead')}>
          <a className={styles['link']} href="/shops">
            {say('shops.title')}
          </a>
        </Question>
        <Question title={say('help.readTitle')} text={say('help.readText')}>
          <a className={styles['link']} href="/wallet/settings">
            {say('settings.title')}
          </a>
        </Question>
        <Question title={say('help.phone')} text={say('help.phoneText')} />
        <Question title={say('help.statusTitle')}>
          <a className={styles['link']} href="/status">
            {say('status.title')}
          </a>
        </Question>
        <Question title={say('help.accessTitle')} text={say('help.accessText')} />
        <Question title={say('help.privacyTitle')} text={say('help.privacyText')} />
      </ul>
    </div>
  );
}

function Question({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}) {
  return (
    <li>
      <Card>
        <h2>{title}</h2>
        {text !== undefined && <p>{text}</p>}
        {children !== undefined && <p>{children}</p>}
      </Card>
    </li>
  );
}

const PARTS = ['database', 'migrations', 'chain', 'indexer'] as const;
type Part = (typeof PARTS)[number];

/** P8: whether the service works, part by part. */
export function StatusPage() {
  const say = useWords();
  const health = useHealth();
  // What was read before the service stopped answering says nothing about now.
  const known = health.isError ? undefined : health.data;
  return (
    <div className={styles['page']}>
      <h1>{say('status.title')}</h1>
      {health.isError && <Notice mood="no" title={say('status.down')} live />}
      {health.isPending && <Loading lines={2} />}
      {known !== undefined && <Whole health={known} />}
      <section className={styles['part']} aria-labelledby="parts">
        <h2 id="parts">{say('status.parts')}</h2>
        <Card>
          <Pairs>
            {PARTS.map((part) => (
              <Pair key={part} label={say(`status.part.${part}`)}>
                {known === undefined ? '–' : <PartState part={part} health={known} />}
              </Pair>
            ))}
          </Pairs>
        </Card>
      </section>
      <Primary href="/">{say('app.home')}</Primary>
    </div>
  );
}

/** One sentence for all parts: what works, and which parts do not. */
function Whole({ health: { down, degraded } }: { readonly health: Health }) {
  const say = useWords();
  const names = (parts: readonly string[]): string =>
    PARTS.filter((part) => parts.includes(part))
      .map((part) => say(`status.part.${part}`))
      .join(', ');
  // Figures that come late stop no payment.
  if (down.length > 0 && down.every((part) => part === 'indexer'))
    return <Notice mood="warn" title={say('status.lag')} live />;
  if (names(down) !== '')
    return <Notice mood="no" title={say('status.partsDown', { parts: names(down) })} live />;
  if (down.length > 0) return <Notice mood="no" title={say('status.down')} live />;
  if (names(degraded) !== '')
    return <Notice mood="warn" title={say('status.partsDegraded', { parts: names(degraded) })} live />;
  return <Notice mood="ok" title={say('status.ok')} live />;
}

function PartState({ part, health: { down, degraded } }: { readonly part: Part; readonly health: Health }) {
  const say = useWords();
  if (down.includes(part)) return <Badge mood="no">{say('status.part.down')}</Badge>;
  if (degraded.includes(part)) return <Badge mood="warn">{say('status.part.behind')}</Badge>;
  return <Badge mood="ok">{say('status.part.up')}</Badge>;
}

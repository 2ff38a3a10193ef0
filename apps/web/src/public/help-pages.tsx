import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card, Notice, Pair, Pairs, Primary } from '../ui/basics.js';
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

interface Health {
  readonly details: Readonly<Record<string, { readonly status: string } | undefined>>;
  readonly isReady: boolean;
}

const PARTS = ['database', 'migrations', 'chain', 'indexer'] as const;
const EVERY_MS = 5_000;

/** P8: whether the service works, part by part. */
export function StatusPage() {
  const say = useWords();
  const health = useQuery({
    queryKey: ['health'],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Health> => {
      // Also where a part is down: 503 with the same body.
      const answer = await fetch('/health/ready', { cache: 'no-store', signal });
      const body = (await answer.json()) as Partial<Health>;
      return { details: body.details ?? {}, isReady: answer.ok };
    },
  });
  const down = health.isError || health.failureCount > 0;
  return (
    <div className={styles['page']}>
      <h1>{say('status.title')}</h1>
      {down && <Notice mood="no" title={say('status.down')} live />}
      {!down && health.data === undefined && <Loading lines={2} />}
      {!down && health.data !== undefined && (
        <Notice
          mood={health.data.isReady ? 'ok' : 'warn'}
          title={say(health.data.isReady ? 'status.ok' : 'status.lag')}
          live
        />
      )}
      <section className={styles['part']} aria-labelledby="parts">
        <h2 id="parts">{say('status.parts')}</h2>
        <Card>
          <Pairs>
            {PARTS.map((part) => {
              const state = health.data?.details[part]?.status;
              return (
                <Pair key={part} label={say(`status.part.${part}`)}>
                  {state === undefined ? '–' : say(state === 'up' ? 'status.part.up' : 'status.part.behind')}
                </Pair>
              );
            })}
          </Pairs>
        </Card>
      </section>
      <Primary href="/">{say('app.home')}</Primary>
    </div>
  );
}

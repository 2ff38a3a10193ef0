import { useEffect, useState } from 'react';
import { Notice, Plain } from './basics.js';
import { classes, useConsoleWords, useWords } from './context.js';
import { Icon } from './icons.js';
import styles from './states.module.css';

const SKELETON_MS = 300;
const SLOW_MS = 4_000;

/** S1: nothing for a moment, then the shape of what comes, then a sentence. */
export function Loading({ lines = 3 }: { readonly lines?: number | undefined }) {
  const say = useWords();
  const [stage, setStage] = useState<'none' | 'shape' | 'slow'>('none');
  useEffect(() => {
    const timers = [
      setTimeout(() => setStage('shape'), SKELETON_MS),
      setTimeout(() => setStage('slow'), SLOW_MS),
    ];
    return () => timers.forEach(clearTimeout);
  }, []);
  return (
    <div className={styles['loading']} aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={stage === 'none' ? styles['still'] : styles['skeleton']} />
      ))}
      <p role="status" className={stage === 'slow' ? undefined : 'hidden'}>
        {stage === 'slow' ? say('state.slow') : say('state.loading')}
      </p>
    </div>
  );
}

/** S2: a bar above the page that never covers it. `time` is when the figures were read. */
export function Offline({ time }: { readonly time: string }) {
  const say = useWords();
  return (
    <p role="status" className={styles['bar']} data-state="S2">
      <Icon name="offline" size={20} />
      <span>{say('state.offline', { time })}</span>
    </p>
  );
}

/** S3: it cannot be read now; it is tried again by itself, or at once. */
export function Unreadable({ title, onRetry }: { readonly title?: string; readonly onRetry: () => void }) {
  const say = useWords();
  return (
    <Notice
      mood="warn"
      title={title ?? say('state.unreadable')}
      live
      action={<Plain onClick={onRetry}>{say('state.retry')}</Plain>}
    />
  );
}

/** S1 until the first answer of a read, S3 when it fails. */
export function Waiting({
  read,
  lines,
  title,
}: {
  readonly read: { readonly failureCount: number; readonly refetch: () => unknown };
  /** Of the shape of what comes. */
  readonly lines?: number;
  /** What cannot be read, where it is not the whole page. */
  readonly title?: string;
}) {
  if (read.failureCount === 0) return <Loading lines={lines} />;
  return <Unreadable title={title} onRetry={() => void read.refetch()} />;
}

/** S4 and S5: what became of an order that had no answer. */
export function Undecided() {
  const say = useWords();
  return <Notice mood="info" title={say('state.undecided')} live />;
}

export function NotDone() {
  const say = useWords();
  return <Notice mood="info" title={say('state.notDone')} live />;
}

/** S6: the session is over. */
export function Locked({ onUnlock }: { readonly onUnlock: () => void }) {
  const say = useWords();
  return (
    <Notice
      mood="info"
      title={say('state.locked')}
      action={<Plain onClick={onUnlock}>{say('state.unlock')}</Plain>}
    />
  );
}

/** S7: an officer without the right; who has it is named. */
export function NoRight({ names }: { readonly names: readonly string[] }) {
  const say = useConsoleWords();
  return <Notice mood="no" title={say('console.noRight', { names: names.join(', ') })} />;
}

/** S8: nothing is here. */
export function Missing({ home }: { readonly home: string }) {
  const say = useWords();
  return (
    <Notice
      mood="info"
      title={say('state.missing')}
      action={
        <a className={styles['home']} href={home}>
          {say('app.home')}
        </a>
      }
    />
  );
}

/** S9: too many requests. */
export function TooMany() {
  const say = useWords();
  return <Notice mood="warn" title={say('state.tooMany')} live />;
}

/** S10: a newer version of the pages; never while an order is undecided. */
export function NewVersion({ onUpdate }: { readonly onUpdate: () => void }) {
  const say = useWords();
  return (
    <Notice
      mood="info"
      title={say('state.newVersion')}
      action={<Plain onClick={onUpdate}>{say('state.update')}</Plain>}
    />
  );
}

/**
 * S11: the money is not real. It stands where what it speaks of appears with it; on a page whose first view has its place
 * already, at the lower edge of the window, so that nothing moves.
 */
export function Demonstration({ atEdge = false }: { readonly atEdge?: boolean }) {
  const say = useWords();
  return (
    <div
      className={classes(styles['demo'], atEdge && styles['edge'])}
      data-state="S11"
      data-edge={atEdge || undefined}
    >
      <Icon name="info" size={20} />
      <div>
        <p>{say('state.demo')}</p>
        <p>{say('state.demoMoney')}</p>
      </div>
    </div>
  );
}

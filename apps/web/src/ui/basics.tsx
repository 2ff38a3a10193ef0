import type { MouseEventHandler, ReactNode } from 'react';
import { classes } from './context.js';
import { Icon, type IconName } from './icons.js';
import styles from './basics.module.css';

interface ActionProps {
  readonly children: ReactNode;
  readonly icon?: IconName;
  readonly onClick?: MouseEventHandler;
  /** A link instead of a button. */
  readonly href?: string;
  readonly disabled?: boolean;
  /** Why it cannot be used; read with the button. */
  readonly reason?: string;
}

/** The one filled button of a page. */
export function Primary(props: ActionProps) {
  return <Action {...props} kind="primary" />;
}

export function Secondary(props: ActionProps) {
  return <Action {...props} kind="secondary" />;
}

function Action({
  kind,
  children,
  icon,
  onClick,
  href,
  disabled,
  reason,
}: ActionProps & { readonly kind: string }) {
  const content = (
    <>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </>
  );
  const shared = {
    className: classes(styles['action'], styles[kind]),
    'data-primary': kind === 'primary' || undefined,
  };
  if (href !== undefined)
    return (
      <a {...shared} href={href} onClick={onClick}>
        {content}
      </a>
    );
  return (
    <>
      <button
        type="button"
        {...shared}
        onClick={disabled === true ? undefined : onClick}
        aria-disabled={disabled}
      >
        {content}
      </button>
      {reason !== undefined && <p className={styles['reason']}>{reason}</p>}
    </>
  );
}

/** The actions at the end of a page: one primary, at most one secondary. It sticks to the thumb where there is room. */
export function ActionBar({
  primary,
  secondary,
}: {
  readonly primary: ReactNode;
  readonly secondary?: ReactNode;
}) {
  return (
    <div className={styles['bar']}>
      {primary}
      {secondary}
    </div>
  );
}

export type Mood = 'ok' | 'no' | 'warn' | 'info';

/** What happened and what to do: icon, title, text, one action. */
export function Notice({
  mood,
  title,
  children,
  action,
  live,
}: {
  readonly mood: Mood;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Read out when it appears. */
  readonly live?: boolean;
}) {
  return (
    <div className={classes(styles['notice'], styles[mood])} role={live === true ? 'status' : undefined}>
      <Icon name={mood} />
      <div className={styles['noticeText']}>
        {title !== undefined && <p className={styles['noticeTitle']}>{title}</p>}
        {children !== undefined && <div>{children}</div>}
        {action !== undefined && <div className={styles['noticeAction']}>{action}</div>}
      </div>
    </div>
  );
}

/** A part of a page on its own ground. */
export function Card({ children, label }: { readonly children: ReactNode; readonly label?: string }) {
  return (
    <section className={styles['card']} aria-label={label}>
      {children}
    </section>
  );
}

/** Name and value; in one row where there is room. */
export function Pair({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles['pair']}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Pairs({ children }: { readonly children: ReactNode }) {
  return <dl className={styles['pairs']}>{children}</dl>;
}

/** A short state beside a name: icon or dot, and its word. */
export function Badge({ mood, children }: { readonly mood: Mood | 'plain'; readonly children: ReactNode }) {
  return (
    <span className={classes(styles['badge'], styles[mood === 'plain' ? 'neutral' : mood])}>
      {mood !== 'plain' && <Icon name={mood} size={16} />}
      <span>{children}</span>
    </span>
  );
}

/** A quiet button of a text, at least as large as a finger. */
export function Plain({
  children,
  onClick,
  pressed,
}: {
  readonly children: ReactNode;
  readonly onClick: MouseEventHandler;
  readonly pressed?: boolean;
}) {
  return (
    <button type="button" className={styles['plain']} onClick={onClick} aria-pressed={pressed}>
      {children}
    </button>
  );
}

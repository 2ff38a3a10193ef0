import { CHARACTERS_MAX } from '../look/tokens-css.js';
import { spokenMoney } from '../words/spoken.js';
import { money } from '../words/unit.js';
import { classes, useLang } from './context.js';
import styles from './money.module.css';

/**
 * A sum. The large one fills its line at most and never breaks; a screen reader hears the whole sum.
 *
 * @param props.amount in the smallest part of the unit; negative for what went away
 */
export function Amount({
  amount,
  size = 'text',
  spoken = false,
}: {
  readonly amount: bigint;
  readonly size?: 'text' | 'large' | 'till';
  /** Written out in words for screen readers: where the sum is the page's message. */
  readonly spoken?: boolean;
}) {
  const lang = useLang();
  const text = money(amount, lang);
  if (size === 'text') return <span className={styles['sum']}>{text}</span>;
  const shown = (
    <span
      className={classes(styles['sum'], styles[size])}
      data-chars={Math.min(text.length, CHARACTERS_MAX)}
      aria-hidden={spoken || undefined}
    >
      {text}
    </span>
  );
  return (
    <span className={styles['line']}>
      {shown}
      {spoken && <span className="hidden">{spokenMoney(amount < 0n ? -amount : amount, lang)}</span>}
    </span>
  );
}

/** One line of an arithmetic: added, or taken away when negative. */
export interface MoneyLine {
  readonly label: string;
  readonly amount: bigint;
}

/**
 * An arithmetic that the reader can follow: lines and their total. Throws where they do not add up: no page shows a sum
 * that its own lines contradict.
 */
export function MoneyLines({
  lines,
  total,
}: {
  readonly lines: readonly MoneyLine[];
  readonly total: MoneyLine;
}) {
  const sum = lines.reduce((all, { amount }) => all + amount, 0n);
  if (sum !== total.amount) throw new RangeError(`the lines come to ${sum}, not ${total.amount}`);
  return (
    <dl className={styles['lines']}>
      {lines.map(({ label, amount }) => (
        <div key={label} className={styles['row']}>
          <dt>{label}</dt>
          <dd>
            <Amount amount={amount} />
          </dd>
        </div>
      ))}
      <div className={classes(styles['row'], styles['total'])}>
        <dt>{total.label}</dt>
        <dd>
          <Amount amount={total.amount} />
        </dd>
      </div>
    </dl>
  );
}

import { type ChangeEvent, useEffect, useId, useRef, useState } from 'react';
import { money, unit } from '../words/unit.js';
import { clock } from '../words/formats.js';
import { classes, useLang, useWords } from './context.js';
import { Icon } from './icons.js';
import { Amount } from './money.js';
import styles from './entry.module.css';

/** The chain stores no more in one payment (uint48), and no card shows more digits. */
const DIGITS_MAX = 12;

/**
 * Amount and its keys, as large as fingers. Physical keys work as well: digits, Backspace, Escape.
 *
 * @param props.onChange with the sum in the smallest part of the unit
 */
export function AmountPad({
  amount,
  onChange,
}: {
  readonly amount: bigint;
  readonly onChange: (amount: bigint) => void;
}) {
  const say = useWords();
  const lang = useLang();
  const change = (text: string): void => {
    const digits = text.replace(/^0+/, '');
    if (digits.length <= DIGITS_MAX) onChange(BigInt(digits === '' ? '0' : digits));
  };
  const press = (key: string): void => {
    if (key === 'delete') return onChange(amount / 10n);
    change(`${amount}${key}`);
  };
  const onKey = (event: { readonly key: string; preventDefault(): void }): void => {
    if (/^\d$/.test(event.key)) press(event.key);
    else if (event.key === 'Backspace') press('delete');
    else if (event.key === 'Escape') onChange(0n);
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles['pad']} onKeyDown={onKey} role="group" aria-label={say('pad.amount')}>
      <output className={styles['sum']}>
        <Amount amount={amount} size="till" />
      </output>
      <div className={styles['chips']}>
        {unit().quick.map((quick) => (
          <button
            key={String(quick)}
            type="button"
            className={styles['chip']}
            aria-label={say('pad.add', { amount: money(quick, lang) })}
            onClick={() => change(String(amount + quick))}
          >
            +{money(quick, lang)}
          </button>
        ))}
      </div>
      <div className={styles['keys']}>
        {['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'].map((key) => (
          <button key={key} type="button" className={styles['key']} onClick={() => press(key)}>
            {key}
          </button>
        ))}
        <button
          type="button"
          className={styles['key']}
          aria-label={say('pad.delete')}
          onClick={() => press('delete')}
        >
          <Icon name="delete" />
        </button>
      </div>
    </div>
  );
}

/** Seconds at which a clock is read out; more often would be a nuisance. */
const ANNOUNCED = [60, 30, 10];

/**
 * A clock that runs down.
 *
 * @param props.until Unix milliseconds of this device
 */
export function Clock({ until, onEnd }: { readonly until: number; readonly onEnd?: () => void }) {
  const say = useWords();
  const [left, setLeft] = useState(() => Math.max(0, Math.ceil((until - Date.now()) / 1000)));
  const ended = useRef(onEnd);
  ended.current = onEnd;
  useEffect(() => {
    const timer = setInterval(() => {
      const next = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(next);
      if (next > 0) return;
      clearInterval(timer);
      ended.current?.();
    }, 250);
    return () => clearInterval(timer);
  }, [until]);
  const spoken =
    left === 0 ? say('clock.over') : ANNOUNCED.includes(left) ? say('clock.announce', { seconds: left }) : '';
  return (
    <span className={classes(styles['clock'], left <= 10 && styles['late'])}>
      <Icon name="clock" size={20} />
      <span>{left === 0 ? say('clock.over') : say('clock.left', { time: clock(left) })}</span>
      <span className="hidden" role="status">
        {spoken}
      </span>
    </span>
  );
}

/**
 * A code of digits: pasted or typed, with its clock and more time. The device may fill in what came as a message.
 *
 * @param props.onCode called once it is complete
 */
export function CodeField({
  digits,
  until,
  error,
  onCode,
  onRenew,
}: {
  readonly digits: number;
  readonly until?: number;
  readonly error?: string;
  readonly onCode: (code: string) => void;
  readonly onRenew?: () => void;
}) {
  const say = useWords();
  const id = useId();
  const [code, setCode] = useState('');
  const change = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const next = target.value.replace(/\D/g, '').slice(0, digits);
    setCode(next);
    if (next.length === digits) onCode(next);
  };
  return (
    <div className={styles['code']}>
      <label htmlFor={id}>{say('code.label', { count: digits })}</label>
      <input
        id={id}
        className={styles['field']}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={change}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
      />
      {error !== undefined && (
        <p id={`${id}-error`} className={styles['error']}>
          {error}
        </p>
      )}
      {until !== undefined && (
        <p className={styles['time']}>
          <Clock until={until} />
          {onRenew !== undefined && (
            <button type="button" className={styles['chip']} onClick={onRenew}>
              {say('code.renew')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** An order whose result is not known yet (S4); one for each. */
export function OrderChip({ amount, href }: { readonly amount: bigint; readonly href: string }) {
  const say = useWords();
  const lang = useLang();
  return (
    <a className={styles['orderChip']} href={href}>
      <Icon name="clock" size={20} />
      <span>{say('chip.checking', { amount: money(amount, lang) })}</span>
    </a>
  );
}

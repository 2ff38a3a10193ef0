import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { codeWord } from '#domain';
import { timeOfDay } from '../words/formats.js';
import { classes, useLang, useWords } from './context.js';
import styles from './live-field.module.css';

const RIPPLE_MS = 1_000;
const RIPPLES_MAX = 4;

interface Ripple {
  readonly key: number;
  readonly x: string;
  readonly y: string;
}

/**
 * The field that a shopkeeper looks at: code word in the colour of the payment, the time with seconds, ripples that
 * also start under the finger. A picture of it neither moves nor answers a touch.
 *
 * @param props.now Unix seconds of the server, for the clock
 */
export function LiveField({ payment, now }: { readonly payment: string; readonly now: () => number }) {
  const lang = useLang();
  const say = useWords();
  const code = codeWord(payment, lang);
  const [time, setTime] = useState(() => now());
  const [ripples, setRipples] = useState<readonly Ripple[]>([]);
  const [moves, setMoves] = useState(true);
  const count = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 500);
    return () => clearInterval(timer);
  }, [now]);
  const touch = (event: PointerEvent): void => {
    if (!moves) return;
    const box = event.currentTarget.getBoundingClientRect();
    const key = (count.current += 1);
    const ripple = {
      key,
      x: `${(((event.clientX - box.left) / box.width) * 100).toFixed(1)}%`,
      y: `${(((event.clientY - box.top) / box.height) * 100).toFixed(1)}%`,
    };
    setRipples((old) => [...old.slice(1 - RIPPLES_MAX), ripple]);
    setTimeout(() => setRipples((old) => old.filter((one) => one.key !== key)), RIPPLE_MS);
  };
  return (
    <div className={styles['whole']}>
      <div
        className={classes(styles['field'], moves && styles['moving'])}
        data-word={code.colour}
        onPointerDown={touch}
      >
        <svg className={styles['water']} aria-hidden="true">
          <circle className={styles['pulse']} cx="50%" cy="50%" r="20%" />
          {ripples.map(({ key, x, y }) => (
            <circle key={key} className={styles['ripple']} cx={x} cy={y} r="16%" />
          ))}
        </svg>
        <p className={styles['word']}>{code.text}</p>
        <p className={styles['time']}>{timeOfDay(time, true)}</p>
      </div>
      <p>{say('field.compare', { word: code.text })}</p>
      <p className={styles['hint']}>{say('field.tap')}</p>
      <button type="button" className={styles['stop']} aria-pressed={!moves} onClick={() => setMoves(!moves)}>
        {moves ? say('field.stop') : say('field.start')}
      </button>
    </div>
  );
}

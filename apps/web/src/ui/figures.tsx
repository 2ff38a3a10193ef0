import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useWords } from './context.js';
import styles from './figures.module.css';

/** A figure that opens to the rows it is made of. */
export function Figure({
  label,
  value,
  exact,
  hint,
  href,
}: {
  readonly label: string;
  readonly value: string;
  /** Where `value` is shortened: the exact sum. */
  readonly exact?: string;
  readonly hint?: string;
  readonly href?: string;
}) {
  const inside = (
    <>
      <span className={styles['label']}>{label}</span>
      <span className={styles['value']} title={exact}>
        {value}
        {exact !== undefined && exact !== value && <span className="hidden"> ({exact})</span>}
      </span>
      {hint !== undefined && <span className={styles['hint']}>{hint}</span>}
    </>
  );
  if (href === undefined) return <div className={styles['figure']}>{inside}</div>;
  return (
    <a className={styles['figure']} href={href} data-figure>
      {inside}
    </a>
  );
}

/** How much of a whole is left, as a bar and in words. */
export function Gauge({
  label,
  part,
  whole,
  words,
}: {
  readonly label: string;
  readonly part: bigint;
  readonly whole: bigint;
  readonly words: string;
}) {
  // In thousandths: a bar has no more pixels.
  const share = whole === 0n ? 0 : Number((part * 1_000n) / whole) / 10;
  return (
    <div className={styles['gauge']}>
      <div className={styles['gaugeText']}>
        <span>{label}</span>
        <span>{words}</span>
      </div>
      <svg className={styles['track']} aria-hidden="true" width="100%" height="12">
        <rect className={styles['ground']} width="100%" height="12" rx="6" />
        <rect className={styles['fill']} width={`${Math.min(100, Math.max(0, share))}%`} height="12" rx="6" />
      </svg>
    </div>
  );
}

export interface MapArea {
  readonly code: string;
  readonly name: string;
  readonly d: string;
  /** 1–5, the darkest the most; undefined = no data. */
  readonly step: number | undefined;
  /** "포항시 1,729,605원". */
  readonly text: string;
  readonly href?: string;
}

/** A step of 1–5 for each value: equal shares of the largest. */
export function stepOf(value: bigint, largest: bigint): number | undefined {
  if (largest === 0n || value === 0n) return undefined;
  return Math.max(1, Math.min(5, Number((value * 5n + largest - 1n) / largest)));
}

/** A map of classes with the table that has all of its values; the table alone where there is no map. */
export function MapAndTable({
  areas,
  label,
  table,
}: {
  /** None while they are read; undefined where there is no map. */
  readonly areas: readonly MapArea[] | undefined;
  readonly label: string;
  readonly table: ReactNode;
}) {
  if (areas === undefined) return table;
  return (
    <div className={styles['mapAndTable']}>
      <ClassMap areas={areas} label={label} />
      <div className={styles['beside']}>{table}</div>
    </div>
  );
}

/** The map with its legend. Arrow keys walk the areas; the value is read on focus, shown on hover. */
function ClassMap({ areas, label }: { readonly areas: readonly MapArea[]; readonly label: string }) {
  const say = useWords();
  const [shown, setShown] = useState<string>();
  const list = useRef<SVGSVGElement>(null);
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = [...(list.current?.querySelectorAll<SVGElement>('[tabindex]') ?? [])];
    const at = all.indexOf(document.activeElement as unknown as SVGElement);
    all.at((at + step) % all.length)?.focus();
  };
  return (
    <figure className={styles['map']}>
      <svg ref={list} viewBox="-4 -4 408 408" role="group" aria-label={label} onKeyDown={walk}>
        <defs>
          <pattern id="no-data" width="8" height="8" patternUnits="userSpaceOnUse">
            <path d="M0 8L8 0" className={styles['hatch']} />
          </pattern>
        </defs>
        {areas.map((area, index) => (
          <path
            key={area.code}
            d={area.d}
            className={styles['area']}
            data-step={area.step}
            role="img"
            aria-label={area.text}
            tabIndex={index === 0 ? 0 : -1}
            onFocus={() => setShown(area.text)}
            onPointerEnter={() => setShown(area.text)}
          />
        ))}
      </svg>
      <figcaption className={styles['legend']}>
        <span className={styles['steps']} aria-hidden="true">
          {[1, 2, 3, 4, 5].map((step) => (
            <span key={step} data-step={step} />
          ))}
        </span>
        <span>{shown ?? say('figures.mapLegend')}</span>
      </figcaption>
    </figure>
  );
}

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly href?: string;
}

/** Bars from a common base with their labels; the list is its own table. */
export function Bars({ bars }: { readonly bars: readonly Bar[] }) {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <ul className={styles['bars']}>
      {bars.map(({ key, label, value, text, href }) => (
        <li key={key} className={styles['barRow']}>
          <span className={styles['barLabel']}>{label}</span>
          {href === undefined ? (
            <span className={styles['barValue']}>{text}</span>
          ) : (
            <a className={styles['barValue']} href={href} data-figure aria-label={`${label} ${text}`}>
              {text}
            </a>
          )}
          <svg className={styles['barTrack']} width="100%" height="8" aria-hidden="true">
            <rect className={styles['bar']} width={`${(value / largest) * 100}%`} height="8" rx="4" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

/** Figures side by side. */
export function Figures({ children, busy }: { readonly children: ReactNode; readonly busy?: boolean }) {
  return (
    <div className={styles['figures']} aria-busy={busy}>
      {children}
    </div>
  );
}

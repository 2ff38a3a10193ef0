import { type ReactNode, useEffect, useRef } from 'react';
import { classes, useConsoleWords } from './context.js';
import { Icon } from './icons.js';
import styles from './tables.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand right, in tabular figures; their unit is in the head. */
  readonly isNumber?: boolean;
  /** Sorted by the server in this direction. */
  readonly sorted?: 'ascending' | 'descending';
}

/**
 * Rows of a server in its order. The first column names the row and stays in view; the table alone scrolls sideways.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
  busy,
  footer,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly empty: string;
  /** Other rows are being loaded: the old ones stay, greyed. */
  readonly busy?: boolean;
  readonly footer?: ReactNode;
}) {
  return (
    <div className={styles['whole']}>
      <div className={styles['scroll']} tabIndex={0} role="region" aria-label={label}>
        <table className={classes(styles['table'], busy === true && styles['busy'])} aria-busy={busy}>
          <thead>
            <tr>
              {columns.map(({ key, head, isNumber, sorted }) => (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sorted}
                  className={isNumber === true ? styles['number'] : undefined}
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map(({ key, cell, isNumber }, index) =>
                  index === 0 ? (
                    <th key={key} scope="row">
                      {cell(row)}
                    </th>
                  ) : (
                    <td key={key} className={isNumber === true ? styles['number'] : undefined}>
                      {cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={columns.length} className={styles['empty']}>
                  {empty}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {footer}
    </div>
  );
}

/** What a row opens to, beside the list; Escape closes it and gives the focus back. */
export function SidePanel({
  title,
  closeLabel,
  onClose,
  children,
}: {
  readonly title: string;
  readonly closeLabel: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const panel = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = panel.current;
    dialog?.showModal();
    const closed = (): void => close.current();
    dialog?.addEventListener('close', closed);
    return () => {
      dialog?.removeEventListener('close', closed);
      dialog?.close();
    };
  }, []);
  return (
    <dialog ref={panel} className={styles['panel']} aria-label={title}>
      <header className={styles['panelHead']}>
        <h2>{title}</h2>
        <button
          type="button"
          className={styles['close']}
          aria-label={closeLabel}
          onClick={() => panel.current?.close()}
        >
          <Icon name="no" />
        </button>
      </header>
      <div className={styles['panelText']}>{children}</div>
    </dialog>
  );
}

export interface Difference {
  readonly field: string;
  readonly now: string;
  readonly after: string;
}

/** What an act changes: present value beside the one after it, each marked in words. */
export function DiffTable({ label, rows }: { readonly label: string; readonly rows: readonly Difference[] }) {
  const say = useConsoleWords();
  return (
    <DataTable
      label={label}
      empty={say('console.noRows')}
      rows={rows}
      rowKey={({ field }) => field}
      columns={[
        { key: 'field', head: say('console.field'), cell: ({ field }) => field },
        { key: 'now', head: say('console.now'), cell: ({ now }) => now },
        {
          key: 'after',
          head: say('console.after'),
          cell: ({ now, after }) => (
            <>
              {after}{' '}
              <span className={now === after ? styles['same'] : styles['changed']}>
                {now === after ? say('console.unchanged') : say('console.changed')}
              </span>
            </>
          ),
        },
      ]}
    />
  );
}

/** What this browser decoded of an act itself; where the server says otherwise there is no button. */
export function ActBox({
  matches,
  words,
  children,
  actions,
}: {
  readonly matches: boolean;
  /** Four words for the telephone. */
  readonly words: readonly string[];
  readonly children: ReactNode;
  readonly actions: ReactNode;
}) {
  const say = useConsoleWords();
  const checked = [
    say('console.sentence'),
    say('console.sum'),
    say('console.attachment'),
    say('console.target'),
  ];
  return (
    <section className={classes(styles['act'], !matches && styles['mismatch'])}>
      <p className={styles['actState']} role="status">
        <Icon name={matches ? 'ok' : 'no'} />
        <span>{matches ? say('console.decoded') : say('console.mismatch')}</span>
      </p>
      {matches && (
        <ul className={styles['checked']}>
          {checked.map((what) => (
            <li key={what}>
              <Icon name="ok" size={16} />
              {what}
            </li>
          ))}
        </ul>
      )}
      <div>{children}</div>
      <p>
        <span className={styles['wordsLabel']}>{say('console.words')}</span>{' '}
        <strong>{words.join('–')}</strong>
      </p>
      {matches && actions}
    </section>
  );
}

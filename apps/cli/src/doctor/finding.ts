/** `bad`: something does not work or will stop working; `warning`: it works, and somebody should look. */
export type Level = 'good' | 'warning' | 'bad';

/** What the doctor found in one place. */
export interface Finding {
  readonly level: Level;
  /** Fixed name of the examination. */
  readonly check: string;
  /** What was seen, with figures. */
  readonly seen: string;
  /** What to do; there unless it is good. */
  readonly todo?: string;
}

export const good = (check: string, seen: string): Finding => ({ level: 'good', check, seen });
export const warning = (check: string, seen: string, todo: string): Finding => ({
  level: 'warning',
  check,
  seen,
  todo,
});
export const bad = (check: string, seen: string, todo: string): Finding => ({
  level: 'bad',
  check,
  seen,
  todo,
});

/** `ci` is the size that every change can pay for; `deep` the size that the promise is made for. */
export type Size = 'ci' | 'deep';

export interface ScenarioResult {
  /** Everything that must not be; empty = nothing lost, doubled or forged. */
  readonly wrong: readonly string[];
  /** What the same comparison said about a fault that was made on purpose; an empty text = it noticed nothing. */
  readonly control: string;
  /** What was done and measured. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Why it could not run on this machine. */
  readonly skipped?: string;
}

export interface ScenarioOptions {
  readonly size: Size;
  /** Decides what can be decided: amounts, depths, victims, order. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** One kind of misfortune. Leaves no process and no file behind, whatever happens. */
export interface Scenario {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /**
   * In the small size, which must not take long: `beside` runs beside the others, because nothing that it measures is
   * disturbed by them; `alone` after it, because it measures how long people wait, or takes the whole disk.
   */
  readonly company?: 'beside' | 'alone';
  run(options: ScenarioOptions): Promise<ScenarioResult>;
}

/** The value that so many per cent of the numbers do not exceed; 0 for none. */
export function percentile(numbers: readonly number[], percent: number): number {
  const ascending = numbers.toSorted((one, other) => one - other);
  return ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? 0;
}

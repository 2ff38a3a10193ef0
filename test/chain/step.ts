/** One thing that has to work on every node. */
export interface Step {
  readonly name: string;
  /** What was seen, for the report. Throws when it is not as it has to be. */
  run(): Promise<string>;
}

export function expectThat(is: boolean, what: string): void {
  if (!is) throw new Error(`expected: ${what}`);
}

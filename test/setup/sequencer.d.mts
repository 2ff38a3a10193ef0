/** See the file of the same name. */
export const LONG: Readonly<Record<string, number>>;
export default class Sequencer {
  sort<T extends object>(tests: readonly T[]): T[];
}

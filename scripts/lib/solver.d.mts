/** z3 as far as `evaluate` uses it. */
export interface Solver {
  readonly memory: Uint8Array;
  allocate(bytes: number): number;
  free(address: number): void;
  openContext(): number;
  closeContext(context: number): void;
  read(context: number, address: number): string;
}
export type Answer = 'sat' | 'unsat' | 'unknown';

export function sealOf(question: string): string;
export function sealed(question: string): string;
export function answerIn(question: string, output: string): Answer;
export function openSolver(): Promise<Solver>;
export function ask(solver: Solver, question: string): Answer;
export function evaluate(solver: Solver, text: string): string;

/**
 * Puts a question in SMT-LIB to z3 and accepts nothing but a whole answer to exactly that question.
 *
 * z3-solver's own `eval_smtlib2_string` is not used: it copies the question onto WebAssembly's stack, which is released
 * while a thread still reads it, so z3 5.2 answered questions that were cut or overwritten, and such an answer may be
 * `sat` as well as an error. Here the question lies in memory of its own until the answer is read, the call does not
 * return before that, and the answer has to end with a seal that only the end of this question contains.
 */
import { createHash } from 'node:crypto';
import z3Solver from 'z3-solver';

const ANSWERS = ['sat', 'unsat', 'unknown'];

/** The digest of the question: z3 has to repeat it, so an answer cannot belong to another question or to a part. */
export function sealOf(question) {
  return `sha256 ${createHash('sha256').update(question).digest('hex')}`;
}

/** The question with a last command that prints its seal. */
export function sealed(question) {
  return `${question}\n(echo "${sealOf(question)}")\n`;
}

/**
 * @param {string} question without its seal
 * @param {string} output what the solver printed for the sealed question
 * @returns {'sat' | 'unsat' | 'unknown'}
 * @throws when the output is anything but one of these words and the seal of the question, one line each
 */
export function answerIn(question, output) {
  const lines = output.trimEnd().split('\n');
  const [answer, seal] = lines;
  if (lines.length === 2 && ANSWERS.includes(answer) && seal === sealOf(question)) return answer;
  throw new Error(
    `The solver did not answer the question: expected sat, unsat or unknown and "${sealOf(question)}", got ${JSON.stringify(output.slice(0, 400))}`,
  );
}

/** @returns {Promise<object>} z3 and its memory, for `ask`; it lives until the process ends */
export async function openSolver() {
  const { Z3, em: wasm } = await z3Solver.init();
  return {
    memory: wasm.HEAPU8,
    allocate: (bytes) => wasm.ccall('malloc', 'number', ['number'], [bytes]),
    free: (address) => wasm.ccall('free', null, ['number'], [address]),
    openContext: () => {
      const config = Z3.mk_config();
      const context = Z3.mk_context(config);
      Z3.del_config(config);
      return context;
    },
    closeContext: (context) => Z3.del_context(context),
    /** Lets z3 read the text at `address` and returns when it has printed its answer. */
    read: (context, address) =>
      wasm.ccall('Z3_eval_smtlib2_string', 'string', ['number', 'number'], [context, address]),
  };
}

/**
 * Asks and blocks until z3 has answered. Every question has a context of its own, so the order of the questions changes
 * no answer.
 *
 * @param {object} solver of `openSolver`
 * @returns {'sat' | 'unsat' | 'unknown'}
 * @throws as `answerIn` and `evaluate` do
 */
export function ask(solver, question) {
  return answerIn(question, evaluate(solver, sealed(question)));
}

/**
 * Lets z3 read `text` from memory that nothing else may use meanwhile.
 *
 * @param {object} solver of `openSolver`
 * @returns {string} what z3 printed
 * @throws when the text in memory is another one after the answer than before
 */
export function evaluate(solver, text) {
  const bytes = Buffer.from(`${text}\0`);
  const address = solver.allocate(bytes.length);
  if (address === 0) throw new Error(`z3 has no memory for a question of ${bytes.length} bytes`);
  const context = solver.openContext();
  try {
    solver.memory.set(bytes, address);
    const output = solver.read(context, address);
    if (!bytes.equals(solver.memory.subarray(address, address + bytes.length)))
      throw new Error('The question changed while the solver read it');
    return output;
  } finally {
    solver.closeContext(context);
    solver.free(address);
  }
}

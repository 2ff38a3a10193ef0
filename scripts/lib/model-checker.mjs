/**
 * solc's model checker (CHC) on models in Solidity. solc in JavaScript cannot start a solver: it hands out its questions
 * (SMT-LIB), a solver answers them, and a second run of the compiler reads the answers.
 */
import solc from 'solc';

/**
 * solc's verdict about an assertion, code and text: the code alone does not distinguish a refuted assertion from one that
 * the solver could not decide.
 */
const VERDICTS = new Map([
  ['9576 CHC: Assertion violation check is safe!', 'proved'],
  ['6328 CHC: Assertion violation happens here.', 'refuted'],
  ['6328 CHC: Assertion violation might happen here.', 'open'],
]);

/**
 * Asks about every assertion in some contracts of one file.
 *
 * @param {object} job
 * @param {ReadonlyMap<string, string>} job.texts every file by name
 * @param {string} job.file the one to check
 * @param {readonly string[]} job.contracts those in it to check
 * @param {(question: string) => string} job.solve answers a question with sat, unsat or unknown; throws otherwise
 * @returns {Map<string, 'proved' | 'refuted' | 'open'>} by the name of the law, a function; it is proved when all its
 *   assertions are
 * @throws when the text does not compile, when a question has no answer or an answer no verdict
 */
export function checkModels({ texts, file, contracts, solve }) {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...texts].map(([name, content]) => [name, { content }])),
    settings: {
      outputSelection: { '*': { '*': [] } },
      modelChecker: {
        engine: 'chc',
        solvers: ['smtlib2'],
        targets: ['assert'],
        contracts: { [file]: contracts },
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const questions = questionsIn(compile(input));
  const answers = questions.map(([hash, question]) => [hash, solve(question)]);
  const output = compile({
    ...input,
    auxiliaryInput: { smtlib2responses: Object.fromEntries(answers) },
  });
  const unanswered = questionsIn(output);
  if (unanswered.length > 0) throw new Error(`${file}: solc left ${unanswered.length} questions unanswered`);
  const found = output.errors ?? [];
  if (found.length !== questions.length)
    throw new Error(`${file}: ${questions.length} questions, but ${found.length} messages of solc`);
  return verdicts(texts.get(file), found);
}

function compile(input) {
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  return output;
}

function questionsIn(output) {
  return Object.entries(output.auxiliaryInputRequested?.smtlib2queries ?? {});
}

function verdicts(text, messages) {
  const found = new Map();
  // solc counts bytes, not characters.
  const bytes = Buffer.from(text);
  for (const { errorCode, message, sourceLocation } of messages) {
    const verdict = VERDICTS.get(`${errorCode} ${message.split('\n')[0]}`);
    if (verdict === undefined) throw new Error(`solc says no verdict: ${errorCode} ${message}`);
    const before = bytes.toString('utf8', 0, sourceLocation.start);
    const name = [...before.matchAll(/function (\w+)/g)].at(-1)?.[1];
    const known = found.get(name);
    // The worst of its assertions decides: refuted, then open, then proved.
    if (known === undefined || known === 'proved' || verdict === 'refuted') found.set(name, verdict);
  }
  return found;
}

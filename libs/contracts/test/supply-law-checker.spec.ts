import { checkModels } from '../../../scripts/lib/model-checker.mjs';
import {
  answerIn,
  ask,
  evaluate,
  openSolver,
  sealed,
  sealOf,
  type Solver,
} from '../../../scripts/lib/solver.mjs';

const TRUE_QUESTION = '(declare-const x Int)\n(assert (> x 41))\n(check-sat)';
const FALSE_QUESTION = '(declare-const x Int)\n(assert (> x 41))\n(assert (< x 42))\n(check-sat)';

/** Two laws: one holds for every sequence of calls, the other falls at the second call. */
const MODEL = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Nothing here is worth a won (’ and … are longer in bytes than in characters).
contract Counter {
    uint256 private _count;

    function add() external {
        require(_count < 2);
        _count += 1;
    }

    function countIsTwoAtMost() external view {
        assert(_count <= 2);
    }

    function countIsOneAtMost() external view {
        assert(_count <= 1);
    }
}
`;

describe('the model checker', () => {
  let z3: Solver;
  beforeAll(async () => {
    z3 = await openSolver();
  });
  const solve = (question: string) => ask(z3, question);

  const check = (answer: (question: string) => string = solve, text = MODEL) => {
    const texts = new Map([['Counter.sol', text]]);
    return checkModels({ texts, file: 'Counter.sol', contracts: ['Counter'], solve: answer });
  };

  it('proves a law that holds and refutes one that does not', () => {
    expect(Object.fromEntries(check())).toEqual({ countIsTwoAtMost: 'proved', countIsOneAtMost: 'refuted' });
  });

  it('gives the solver’s own answers, in whatever order the questions come', () => {
    const questions = [TRUE_QUESTION, FALSE_QUESTION, FALSE_QUESTION, TRUE_QUESTION, TRUE_QUESTION];
    expect(questions.map(solve)).toEqual(['sat', 'unsat', 'unsat', 'sat', 'sat']);
  });

  it('leaves a law open that the solver does not know', () => {
    expect([...check(() => 'unknown').values()]).toEqual(['open', 'open']);
  });

  it('does not swallow an answer that is none', () => {
    const broken = (question: string) => answerIn(question, '(error "line 661: unknown constant")\n');
    expect(() => check(broken)).toThrow(/did not answer/);
    expect(() => check(() => '(error "line 661: unknown constant")')).toThrow(/2 questions, but 4 messages/);
  });

  it('fails when a question has no answer', () => {
    let asked = 0;
    const silentOnce = (question: string) => ((asked += 1) === 1 ? '' : solve(question));
    expect(() => check(silentOnce)).toThrow(/2 questions, but 3 messages/);
  });

  it('fails when the model does not compile', () => {
    expect(() => check(solve, MODEL.replace('_count += 1', '_counts += 1'))).toThrow(/Undeclared identifier/);
  });

  it.each([
    ['nothing at all', ''],
    ['no seal', 'sat\n'],
    ['the seal alone', `${sealOf(TRUE_QUESTION)}\n`],
    ['the seal of another question', `sat\n${sealOf(FALSE_QUESTION)}\n`],
    ['an error', `(error "line 1 column 4: unknown constant")\n${sealOf(TRUE_QUESTION)}\n`],
    ['an error before an answer', `(error "invalid assert command")\nsat\n${sealOf(TRUE_QUESTION)}\n`],
    ['an error after an answer', `sat\n(error "unexpected end")\n${sealOf(TRUE_QUESTION)}\n`],
    ['two answers', `sat\nunsat\n${sealOf(TRUE_QUESTION)}\n`],
    ['two answers with a seal each', `sat\n${sealOf(TRUE_QUESTION)}\nsat\n${sealOf(TRUE_QUESTION)}\n`],
    ['the beginning of an answer', `sa\n${sealOf(TRUE_QUESTION)}\n`],
    ['another word', `timeout\n${sealOf(TRUE_QUESTION)}\n`],
  ])('takes %s for a failure, not for an answer', (_words, output) => {
    expect(answerIn(TRUE_QUESTION, `sat\n${sealOf(TRUE_QUESTION)}\n`)).toBe('sat');
    expect(() => answerIn(TRUE_QUESTION, output)).toThrow(/did not answer the question/);
  });

  describe('with z3 and a question that arrives damaged', () => {
    const whole = sealed(FALSE_QUESTION);

    /** The memory is changed by `damage` just before z3 reads it, as that of a released stack would be. */
    const evaluateDamaged = (damage: (memory: Buffer) => void): string => {
      const damaged: Solver = {
        ...z3,
        read: (context, address) => {
          damage(Buffer.from(z3.memory.buffer, address, Buffer.byteLength(whole)));
          return z3.read(context, address);
        },
      };
      return evaluate(damaged, whole);
    };

    it('answers while nothing is damaged', () => {
      expect(
        answerIn(
          FALSE_QUESTION,
          evaluateDamaged(() => undefined),
        ),
      ).toBe('unsat');
    });

    // Without the second assertion z3 answers sat instead of unsat.
    it('fails when a part of the question was overwritten, however plausible the answer is', () => {
      const start = whole.indexOf('(assert (< x 42))');
      const end = whole.indexOf('(check-sat)');
      expect(() => evaluateDamaged((memory) => memory.fill(' ', start, end))).toThrow(/changed while/);
    });

    it('fails when the question was cut', () => {
      expect(() => evaluateDamaged((memory) => memory.fill(0, whole.indexOf('(echo')))).toThrow(
        /changed while/,
      );
    });
  });

  it('fails when a question that lost its end reaches the solver', () => {
    for (const length of [10, 30, TRUE_QUESTION.length - 1]) {
      expect(() => solve(TRUE_QUESTION.slice(0, length))).toThrow(/did not answer the question/);
    }
  });
});

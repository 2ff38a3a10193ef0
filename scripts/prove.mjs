/**
 * `npm run prove` (`-- --laws`: without the controls): solc's model checker (CHC) proves every law of the models in
 * contracts/proofs, with z3 as the solver. Controls follow: the same models with one mistake each, in which the law
 * named must fall. Exit code 0 only when every law is proved and every control refuted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { checkModels } from './lib/model-checker.mjs';
import { readOptions } from './lib/options.mjs';
import { ask, openSolver } from './lib/solver.mjs';

const options = readOptions({ laws: { type: 'boolean', default: false } }, [
  'npm run prove              every law, and a control for each of its parts',
  'npm run prove -- --laws    without the controls',
]);

const FOLDER = path.join(import.meta.dirname, '..', 'contracts', 'proofs');

/** One mistake each: what is changed, and the laws that cannot hold then. */
const CONTROLS = [
  {
    mistake: 'more is approved than the budget allows',
    change: ['require(total <= _budget - _approved);', ''],
    laws: ['approvedIsBudgeted'],
  },
  {
    mistake: 'a chunk issues more than its order has left',
    change: ['require(amount <= _open);\n        _open -= amount;', 'if (amount <= _open) _open -= amount;'],
    laws: ['approvedIsIssuedOrOpen', 'issuedIsApproved'],
  },
  {
    mistake: 'the budget is lowered below what is approved',
    change: ['require(budget >= _approved);', ''],
    laws: ['approvedIsBudgeted'],
  },
  {
    mistake: 'a delegation is used again and again',
    change: ['_left -= total;', ''],
    laws: ['claimedIsGranted'],
  },
  {
    mistake: 'only the last chunk of a day counts',
    change: ['require(issued <= _perDay - before);', ''],
    laws: ['quotaOfTheDayHolds'],
  },
  {
    mistake: 'a payment does not lower the payer’s holding',
    change: ['_held -= amount;\n        _taken += amount;', '_taken += amount;'],
    laws: ['issuedIsOutstandingOrEnded'],
  },
  {
    mistake: 'a redemption burns nothing',
    change: ['_taken -= amount;\n        _redeemed += amount;', '_redeemed += amount;'],
    laws: ['issuedIsOutstandingOrEnded'],
  },
  {
    mistake: 'a circulation keeps what it sends',
    change: ['_once -= amount;\n        _twice += amount;', '_twice += amount;'],
    laws: ['hopsAreKept'],
  },
  {
    mistake: 'a hop more than the series allows',
    change: ['require(_hops >= 3);', 'require(_hops >= 2);'],
    laws: ['noMoreHopsThanAllowed'],
  },
  {
    mistake: 'a return leaves what is redeemed',
    change: ['_redeemed -= amount;\n        _taken = _taken + amount;', '_taken = _taken + amount;'],
    laws: ['issuedIsOutstandingOrEnded'],
  },
  {
    mistake: 'an expiry leaves the holding',
    change: ['_held = _held - balance;\n        _expired += balance;', '_expired += balance;'],
    laws: ['issuedIsOutstandingOrEnded'],
  },
  {
    mistake: 'a payout comes back into a closed series',
    change: ['require(!_closed);\n', ''],
    laws: ['closedIsEmpty'],
  },
  {
    mistake: 'a closed series is extended',
    change: ['require(_over && !_closed);', 'require(_over);'],
    laws: ['closedIsEmpty'],
  },
  {
    mistake: 'a void gives back more than was received',
    change: ['if (_balance > _received) _received = _balance;', ''],
    laws: ['balanceWasReceived'],
  },
  {
    mistake: 'a refund leaves what was received',
    change: ['_balance = 0;\n        _received = 0;', '_balance = 0;'],
    laws: ['receivedIsHeldOrSpent'],
  },
  {
    mistake: 'a gift stays received at the giver',
    change: ['_received -= amount;', ''],
    laws: ['receivedIsHeldOrSpent'],
  },
  {
    mistake: 'a payment is voided again and again',
    change: ['require(amount <= _paid - _voided);', 'require(amount <= _paid);'],
    laws: ['voidedWasPaid'],
  },
  {
    mistake: 'a redemption is returned again and again',
    change: ['require(!_returned);', ''],
    laws: ['returnedWasRedeemed'],
  },
  {
    mistake: 'the second series gives the whole amount',
    change: ['uint256 rest = amount - part;', 'uint256 rest = amount;'],
    laws: ['partsAreTheAmount'],
  },
  {
    mistake: 'the holding cap forgets what is held',
    change: ['require(_balance + amount <= _cap);', 'require(amount <= _cap);'],
    laws: ['holdingCapHolds'],
  },
  {
    mistake: 'the day’s sum forgets what was spent',
    change: ['require(spent < cap && amount <= cap - spent);', 'require(amount <= cap);'],
    laws: ['dailyCapHolds'],
  },
  {
    mistake: 'a device’s sum is not looked at',
    change: ['require(spent < limit && amount <= limit - spent);', 'require(amount <= limit);'],
    laws: ['deviceSumFitsThirtyTwoBits'],
  },
  {
    mistake: 'a month’s sum goes on beyond its width',
    change: ['_sum = _sum + amount > BUDGET_MAX ? BUDGET_MAX : _sum + amount;', '_sum += amount;'],
    laws: ['purchasesFitFortyEightBits'],
  },
  {
    mistake: 'a budget that no holding can count',
    change: ['require(budget <= BUDGET_MAX);\n        _budget = budget;', '_budget = budget;'],
    laws: ['issuedFitsFortyEightBits'],
  },
  {
    mistake: 'the law itself is too strict',
    change: ['_redeemed + _refunded + _expired <= _issued', '_redeemed + _refunded + _expired < _issued'],
    laws: ['endedWasIssued'],
  },
  {
    mistake: 'merchants earn more than was issued',
    change: ['require(_paid + amount <= BUDGET_MAX);', ''],
    laws: ['merchantBalancesFitFortyEightBits'],
  },
  {
    mistake: 'a resident receives more than was issued',
    change: ['require(_balance + _spent + amount <= BUDGET_MAX);', ''],
    laws: ['receivedFitsFortyEightBits'],
  },
];

/**
 * The text with one model alone, and of its laws only some. A law is a view, so what it states holds or falls by the
 * functions of its model; asked with its neighbours it holds or falls as well, but takes z3 three times as long.
 */
function withOnly(text, model, laws) {
  return text
    .replace(/(?:^\/\/\/.*\n)*^contract (\w+)[^]*?^\}\n/gm, (whole, name) => (name === model ? whole : ''))
    .replace(/ {4}function (\w+)\(\) external view \{[^}]*\}\n/g, (law, name) =>
      laws.includes(name) ? law : '',
    );
}

/** @returns {ReturnType<typeof checkModels>} what becomes of some laws of one model, perhaps with a change */
function check(file, model, laws, change = ['', '']) {
  const text = withOnly(texts.get(file), model, laws).replace(...change);
  return checkModels({ texts: new Map(texts).set(file, text), file, contracts: [model], solve });
}

/** The file and the model in which `fragment` stands. */
function placeOf(fragment) {
  const places = [...texts].flatMap(([file, text]) =>
    text
      .split(fragment)
      .slice(0, -1)
      .map((before) => ({ file, model: modelsOf(before).at(-1) })),
  );
  const [place] = places;
  if (place === undefined || places.length > 1) throw new Error(`not exactly once: ${fragment}`);
  return place;
}

function modelsOf(text) {
  return [...text.matchAll(/^contract (\w+)/gm)].map(([, name]) => name);
}

const texts = new Map(
  readdirSync(FOLDER).map((file) => [file, readFileSync(path.join(FOLDER, file), 'utf8')]),
);
const solver = await openSolver();
const solve = (question) => ask(solver, question);
let failures = 0;
const say = (good, line) => {
  if (!good) failures += 1;
  process.stdout.write(`${good ? 'ok    ' : 'FAILED'} ${line}\n`);
};

const laws = [...texts].flatMap(([file, text]) =>
  [...text.matchAll(/function (\w+)\(\) external view/g)].map(({ 1: law, index }) => ({
    file,
    law,
    model: modelsOf(text.slice(0, index)).at(-1),
  })),
);
for (const { file, law, model } of laws) {
  const verdict = check(file, model, [law]).get(law);
  say(verdict === 'proved', `${law}: ${verdict ?? 'not asked'}`);
}
const controls = options.laws ? [] : CONTROLS;
for (const { mistake, change, laws: broken } of controls) {
  const { file, model } = placeOf(change[0]);
  const found = check(file, model, broken, change);
  const fallen = broken.filter((law) => found.get(law) === 'refuted');
  say(fallen.length === broken.length, `control, ${mistake}: ${broken.join(', ')} refuted`);
}
process.stdout.write(`${laws.length} laws, ${controls.length} controls, ${failures} failed\n`);
process.exitCode = failures === 0 && laws.length > 0 ? 0 : 1;

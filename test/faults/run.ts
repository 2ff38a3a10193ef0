/**
 * Lets misfortunes of every kind happen to a platform that takes payments, and compares afterwards what the clients
 * were promised with what the chain, the tables and the books have.
 *
 *   npm run test:faults -- [--only reorg,clocks] [--seed 1] [--list]
 *   npm run test:faults:deep
 *
 * Prints one JSON document; exit code 1 when anything is lost, doubled or different, or when the comparison does not
 * notice the fault that each scenario makes on purpose.
 */
import { parseArgs } from 'node:util';
import type { Scenario, ScenarioResult, Size } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';

const { values } = parseArgs({
  options: {
    deep: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError('--seed is a whole number, 0 or more');
const wanted = values.only === '' ? SCENARIOS.map(({ name }) => name) : values.only.split(',');
const unknown = wanted.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) throw new RangeError(`no scenario is called ${unknown.join(', ')}; see --list`);

const WRONG_SHOWN = 10;
const LINE_MAX = 400;
const print = (line: string) => process.stderr.write(`${line}\n`);

interface Verdict extends ScenarioResult {
  readonly name: string;
  readonly seconds: number;
}

async function judge(scenario: Scenario, size: Size): Promise<Verdict> {
  const { name } = scenario;
  const startedAt = Date.now();
  print(`${name}: ${scenario.about} (seed ${seed})`);
  const result = await scenario
    .run({ size, seed, say: (line) => print(`  ${name}: ${line}`) })
    .catch((error: unknown) => ({
      wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      control: 'did not come so far',
      figures: {},
    }));
  const wrong = [...result.wrong];
  if (!('skipped' in result) && result.control === '')
    wrong.push('the comparison did not notice the fault that was made on purpose');
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  // A fault seldom comes alone; the first ones show enough, and the document has them all.
  for (const line of wrong.slice(0, WRONG_SHOWN)) print(`  ${name}: wrong: ${line.slice(0, LINE_MAX)}`);
  if ('skipped' in result) print(`  ${name}: SKIPPED: ${result.skipped}`);
  print(`  ${name}: ${wrong.length === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return { name, seconds, ...result, wrong };
}

/** In the small size some run beside others, see Scenario.company. */
async function judgeAll(scenarios: readonly Scenario[], size: Size): Promise<Verdict[]> {
  const inTurn = async (some: readonly Scenario[]): Promise<Verdict[]> => {
    const verdicts: Verdict[] = [];
    for (const scenario of some) verdicts.push(await judge(scenario, size));
    return verdicts;
  };
  if (size === 'deep') return inTurn(scenarios);
  const beside = Promise.all(
    scenarios.filter(({ company }) => company === 'beside').map((one) => judge(one, size)),
  );
  const others = await inTurn(scenarios.filter(({ company }) => company === undefined));
  return [
    ...(await beside),
    ...others,
    ...(await inTurn(scenarios.filter(({ company }) => company === 'alone'))),
  ];
}

if (values.list) {
  for (const { name, about } of SCENARIOS) process.stdout.write(`${name.padEnd(20)} ${about}\n`);
} else {
  // An 'exit' is what the clean-up listens to; a signal alone would not be one.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const size: Size = values.deep ? 'deep' : 'ci';
  const results = await judgeAll(
    SCENARIOS.filter(({ name }) => wanted.includes(name)),
    size,
  );
  const report = `${JSON.stringify({ seed, size, results }, null, 2)}\n`;
  await new Promise<void>((resolve) => process.stdout.write(report, () => resolve()));
  const failed = results.filter(({ wrong }) => wrong.length > 0);
  print(`${results.length - failed.length} scenarios passed, ${failed.length} failed`);
  // A scenario that broke off may have left a load behind, which would keep us here for ever.
  process.exit(failed.length > 0 ? 1 : 0);
}

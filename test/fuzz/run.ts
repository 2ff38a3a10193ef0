/**
 * Sends ten thousand generated requests to the whole platform, made from its own OpenAPI document, and judges every
 * answer: none is a 5xx, every 400 names what is wrong, every answer has the form that the document promises, what the
 * document forbids is refused, unknown methods are 405 with the right `Allow`.
 *
 *   npm run test:api-fuzz -- [--seed 1] [--cases 10000] [--control-only]
 *
 * Schemathesis (Python) makes the requests. First it is tried itself, on a small API without a fault and with faults that
 * are planted: what it does not notice there, its silence about the platform would not mean either. Prints one JSON
 * document, with how often each status was answered; exit code 1 when an answer is wrong, a planted fault is not noticed, or
 * more than a hundredth of the requests met the limits of clients, 2 when Schemathesis cannot be had. The same seed makes
 * the same requests.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Json } from '../support/json.js';
import { TestPlatform } from '../support/platform.js';
import { type Planted, PLANTED, withControl } from './control.js';
import { knownOf } from './known.js';
import { installTool, runTool, ToolMissing } from './tool.js';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'allow_header_conformance',
  'refusal_names_a_field',
];
/** A stream of an order that is never decided ends with it. */
const ANSWER_SECONDS = '10';
/** Cases of one operation in the first run; the next ones take more until there are enough. */
const EXAMPLES_FIRST = 110;
const RUNS_MAX = 4;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '10000' },
    'control-only': { type: 'boolean', default: false },
  },
});
const [seed, wanted] = [Number(values.seed), Number(values.cases)];
if (![seed, wanted].every((one) => Number.isSafeInteger(one) && one > 0))
  throw new RangeError('--seed and --cases are whole numbers above 0');

const say = (line: string) => process.stderr.write(`${line}\n`);

interface Run {
  readonly seed: number;
  readonly code: number | null;
  readonly cases: number;
  readonly failures: number;
  readonly errors: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Of all requests at most, for the rest to be about the API and not about its limits. */
const LIMITED_SHARE_MAX = 0.01;

async function runOnce(
  url: string,
  folder: string,
  run: { seed: number; phases: string; examples: number },
): Promise<Run> {
  const report = path.join(folder, `report-${run.seed}.json`);
  const statuses = path.join(folder, `statuses-${run.seed}.json`);
  const code = await runTool(
    [
      `${url}/docs/openapi.json`,
      ...['--phases', run.phases, '--max-examples', String(run.examples), '--seed', String(run.seed)],
      ...['--checks', CHECKS.join(','), '--request-timeout', ANSWER_SECONDS],
      ...['--generation-database', 'none', '--continue-on-failure', '--warnings', 'off'],
      ...['--report', 'json', '--report-json-path', report],
    ],
    { JANGTEO_KNOWN: path.join(folder, 'known.json'), JANGTEO_STATUSES: statuses },
  );
  const document = new Json(JSON.parse(readFileSync(report, 'utf8')));
  const cases = document.at('test_cases');
  return {
    seed: run.seed,
    code,
    cases: Number(cases.at('generated').value),
    failures: Number(cases.at('unique_failures').value),
    errors: document.at('errors').list().length,
    statuses: JSON.parse(readFileSync(statuses, 'utf8')) as Record<string, number>,
  };
}

async function fuzz(platform: TestPlatform, folder: string): Promise<Run[]> {
  writeFileSync(path.join(folder, 'known.json'), JSON.stringify(await knownOf(platform.url)));
  const runs: Run[] = [];
  let cases = 0;
  while (cases < wanted && runs.length < RUNS_MAX) {
    // The edges of every schema are the same for every seed: once is enough.
    const phases = runs.length === 0 ? 'coverage,fuzzing' : 'fuzzing';
    const examples = Math.max(1, Math.ceil((EXAMPLES_FIRST * (wanted - cases)) / 10_000));
    const run = await runOnce(platform.url, folder, { seed: seed + runs.length, phases, examples });
    runs.push(run);
    cases += run.cases;
  }
  return runs;
}

/** What Schemathesis says of each control: nothing of the one without a fault, something of every other. */
async function control(folder: string): Promise<Readonly<Record<Planted, boolean>>> {
  const noticed = { none: false, server_error: false, nameless_refusal: false };
  for (const planted of PLANTED) {
    const { code, failures } = await withControl(planted, (url) => {
      const inside = mkdtempSync(path.join(folder, `${planted}-`));
      writeFileSync(path.join(inside, 'known.json'), JSON.stringify({ '*': {} }));
      return runOnce(url, inside, { seed, phases: 'coverage,fuzzing', examples: 10 });
    });
    noticed[planted] = planted === 'none' ? code === 0 && failures === 0 : code === 1 && failures > 0;
  }
  return noticed;
}

function isLimited(runs: readonly Run[]): boolean {
  const counts = runs.flatMap(({ statuses }) => Object.entries(statuses));
  const sum = (some: typeof counts) => some.reduce((all, [, count]) => all + count, 0);
  return sum(counts.filter(([status]) => status === '429')) > LIMITED_SHARE_MAX * sum(counts);
}

async function main(): Promise<number> {
  installTool(say);
  const folder = mkdtempSync(path.join(tmpdir(), 'jangteo-fuzz-'));
  try {
    return await judge(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judge(folder: string): Promise<number> {
  const controls = await control(folder);
  if (!Object.values(controls).every(Boolean)) {
    process.stdout.write(`${JSON.stringify({ controls }, null, 2)}\n`);
    return 1;
  }
  if (values['control-only']) {
    process.stdout.write(`${JSON.stringify({ controls }, null, 2)}\n`);
    return 0;
  }
  say('starting the platform with its demo');
  const platform = await TestPlatform.start([], { JANGTEO_DEMO: 'on' });
  try {
    const runs = await fuzz(platform, folder);
    const cases = runs.reduce((sum, run) => sum + run.cases, 0);
    const ready = await platform.isReady();
    process.stdout.write(
      `${JSON.stringify({ controls, cases, wanted, stillReady: ready, runs }, null, 2)}\n`,
    );
    const isGood = ready && cases >= wanted && runs.every(({ code }) => code === 0) && !isLimited(runs);
    return isGood ? 0 : 1;
  } finally {
    await platform.dispose();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ToolMissing)) throw error;
  say(error.message);
  process.exitCode = 2;
}

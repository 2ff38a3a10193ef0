/**
 * Sends ten thousand generated requests to the whole platform, made from its own OpenAPI document, and judges every
 * answer: none is a 5xx, every 400 names what is wrong, every answer has the form that the document promises, what the
 * document forbids is refused, unknown methods are 405 with the right `Allow`.
 *
 *   npm run test:api-fuzz -- [--seed 1] [--cases 10000]
 *
 * Schemathesis (Python) makes the requests. Prints one JSON document; exit code 1 when an answer is wrong, 2 when
 * Schemathesis cannot be had. The same seed makes the same requests.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Json } from '../support/json.js';
import { TestPlatform } from '../support/platform.js';
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
  options: { seed: { type: 'string', default: '1' }, cases: { type: 'string', default: '10000' } },
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
}

async function runOnce(url: string, folder: string, run: { seed: number; phases: string; examples: number }) {
  const report = path.join(folder, `report-${run.seed}.json`);
  const code = await runTool(
    [
      `${url}/docs/openapi.json`,
      ...['--phases', run.phases, '--max-examples', String(run.examples), '--seed', String(run.seed)],
      ...['--checks', CHECKS.join(','), '--request-timeout', ANSWER_SECONDS],
      ...['--generation-database', 'none', '--continue-on-failure', '--warnings', 'off'],
      ...['--report', 'json', '--report-json-path', report],
    ],
    { JANGTEO_KNOWN: path.join(folder, 'known.json') },
  );
  const document = new Json(JSON.parse(readFileSync(report, 'utf8')));
  const cases = document.at('test_cases');
  return {
    seed: run.seed,
    code,
    cases: Number(cases.at('generated').value),
    failures: Number(cases.at('unique_failures').value),
    errors: document.at('errors').list().length,
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

async function main(): Promise<number> {
  installTool(say);
  say('starting the platform with its demo');
  const platform = await TestPlatform.start([], { JANGTEO_DEMO: 'on' });
  const folder = mkdtempSync(path.join(tmpdir(), 'jangteo-fuzz-'));
  try {
    const runs = await fuzz(platform, folder);
    const cases = runs.reduce((sum, run) => sum + run.cases, 0);
    const ready = await platform.isReady();
    process.stdout.write(`${JSON.stringify({ cases, wanted, stillReady: ready, runs }, null, 2)}\n`);
    return ready && cases >= wanted && runs.every(({ code }) => code === 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
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

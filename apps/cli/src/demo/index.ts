import { InvalidArgumentError, type Command } from 'commander';
import { loadConfig, OperatorError } from '#platform';
import { print, say } from '../platform/console.js';
import { findRunningPlatform, type RunningPlatform } from '../platform/running.js';
import { updateDemoFile } from './demo-file.js';
import { prove } from './proof.js';
import { Http } from './http.js';
import { demoOfficers } from './officers.js';
import { DEMO_PROVINCE, LARGE, SMALL, type DemoSize } from './plan.js';
import { figuresTable, timesOf } from './print.js';
import { DemoRun, type DayReport, type DemoOptions, type LoadedDemo } from './run.js';
import { showPayment } from './show-payment.js';
import { readState } from './state.js';

export interface EnsureDemoOptions extends RunningPlatform, Omit<DemoOptions, 'size'> {
  readonly signal: AbortSignal;
}

/**
 * The small demo of a first start: loads it with one day of payments, or finds the one that is there.
 * @returns the file with the demo's identities; undefined when the demo was removed
 * @throws OperatorError when this platform cannot have a demo
 */
export async function ensureDemo(options: EnsureDemoOptions): Promise<string | undefined> {
  if ((await readState(options.home))?.removed === true) {
    options.say('demo: was removed');
    return undefined;
  }
  const known = await findDemo(options);
  if (known !== undefined) {
    options.say('demo: found');
    return known;
  }
  const run = new DemoRun({ ...options, size: SMALL });
  const loaded = await run.load();
  const report = await run.day(loaded, SMALL.payments);
  options.say(`demo: ${timesOf(report.result)}`);
  for (const difference of report.differences.slice(0, 10)) options.say(`demo: DIFFERENCE ${difference}`);
  return loaded.file;
}

/** The file of a demo that is complete, had its first day and is on this very platform; without planning it again. */
async function findDemo({ apiUrl, home, signal }: EnsureDemoOptions): Promise<string | undefined> {
  const state = await readState(home);
  if (state === undefined || state.loaded < state.waves.length || state.days === 0) return undefined;
  const http = new Http(apiUrl, signal);
  const answer = await http.send('GET', `/v1/authorities/${DEMO_PROVINCE}`);
  if (answer.status !== 200) return undefined;
  const wallets = answer.body
    .at('officers')
    .list()
    .flatMap((officer) => officer.at('keys').list())
    .map((key) => key.at('wallet').value);
  if (!demoOfficers(state.seed, DEMO_PROVINCE).every(({ address }) => wallets.includes(address)))
    return undefined;
  return updateDemoFile(home, apiUrl);
}

interface DemoFlags {
  readonly scale?: true;
  readonly again?: true;
  readonly pay?: true;
  readonly remove?: true;
  readonly merchants?: number;
  readonly residents?: number;
  readonly payments?: number;
}

/** `jangteo demo`: loads the demo into the platform that runs in this home, and has a day of payments. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'load invented merchants and residents of Gyeongbuk, then a day of payments through the public API',
    )
    .option('--scale', `let the demo grow to ${LARGE.merchants} merchants and ${LARGE.residents} residents`)
    .option('--merchants <count>', 'merchants at least', count)
    .option('--residents <count>', 'residents at least', count)
    .option('--payments <count>', 'payments of the day', count)
    .option('--again', 'another day of payments in the demo that is there (what happens anyway when one is)')
    .option('--pay', 'one resident pays in region and out of region; shows requests and answers')
    .option('--remove', 'close all demo shops and pause all demo series; nothing on a chain can be deleted')
    .action(async (flags: DemoFlags) => {
      process.exitCode = (await runDemo(flags)) ? 0 : 1;
    });
}

function count(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('must be a whole number from 1 to 9999999');
}

/** @returns whether everything ended as it had to */
async function runDemo(flags: DemoFlags): Promise<boolean> {
  const config = loadConfig(process.env);
  const platform = await findRunningPlatform(config.home);
  if (platform === undefined) {
    throw new OperatorError(
      `No platform runs in ${config.home}. Start it with \`npm start\`, then try again.`,
    );
  }
  const known = await readState(config.home);
  if (flags.again === true && known === undefined)
    throw new OperatorError('There is no demo yet: leave out --again.');
  const size = wantedSize(flags);
  const options = { ...platform, home: config.home, say, size };
  const run = new DemoRun(options);
  const loaded = await run.load();
  if (!loaded.isNew) say('demo: found');
  const http = new Http(platform.apiUrl);
  await http.readClock();
  if (flags.remove === true) {
    await run.remove(loaded);
    return true;
  }
  if (flags.pay === true) return showPayment(http, loaded, print);
  const report = await run.day(loaded, flags.payments ?? (loaded.isNew ? size.payments : paymentsOf(loaded)));
  print(`\n${figuresTable(loaded.plan, report.figures, report.tally)}\n`);
  return printVerdict(report, await prove(http));
}

function wantedSize(flags: DemoFlags): DemoSize {
  const base = flags.scale === true ? LARGE : SMALL;
  return {
    merchants: flags.merchants ?? base.merchants,
    residents: flags.residents ?? base.residents,
    payments: flags.payments ?? base.payments,
  };
}

/** A day of a demo that is there: about as many payments as it has residents. */
function paymentsOf({ plan }: LoadedDemo): number {
  const residents = plan.cities.reduce((sum, city) => sum + city.residents.length, 0);
  return Math.max(SMALL.payments, residents);
}

function printVerdict({ result, differences }: DayReport, proof: readonly string[]): boolean {
  print(timesOf(result));
  for (const line of differences.slice(0, 50)) print(`DIFFERENCE  ${line}`);
  for (const line of proof.slice(0, 50)) print(`DISAGREES   ${line}`);
  if (differences.length === 0)
    print('Every payment ended as it had to, and the platform’s figures are those of the client.');
  if (proof.length === 0) print('Proof: chain, projections and books agree to the won.');
  return differences.length === 0 && proof.length === 0;
}

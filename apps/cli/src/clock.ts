import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { koreanIsoDateTime } from '#domain';
import { ChainNode, loadDeployment } from '#node';
import { clockLead, currentTime, Database, leadClock } from '#persistence';
import { loadConfig, OperatorError, type Config } from '#platform';
import { print, say } from './platform/console.js';
import { withEndpoints, type Endpoints } from './platform/with-endpoints.js';

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
/** A hundred years: the contract counts time in 40 bits, and people make typing errors. */
const LEAD_SECONDS_MAX = 36_500 * UNIT_SECONDS.d;
/** The embedded chain mines a block as soon as it learns of a move. */
const FOLLOW_MS_MAX = 30_000;
/** What is accepted settles within seconds. */
const SETTLE_MS_MAX = 10_000;
const POLL_MS = 50;

/** A wanted lead in seconds; `relative` adds to the present one. */
export interface WantedLead {
  readonly seconds: number;
  readonly relative: boolean;
}

/** Reads "30d", "12h", "90m", "45s", or "+1d". @throws OperatorError for anything else */
export function readLead(text: string): WantedLead {
  const [, sign, digits = '', unit = ''] = /^(\+?)(\d{1,10})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS] ?? Number.NaN);
  if (!(seconds <= LEAD_SECONDS_MAX))
    throw new OperatorError(
      `--lead must be a number of days, hours, minutes or seconds up to 100 years, as 30d, 12h, 90m, 45s, or +1d to add to the present lead; not "${text}".`,
    );
  return { seconds, relative: sign === '+' };
}

/** `jangteo clock`: shows the platform's clock; `--lead` moves that of a test installation. */
export function registerClock(program: Command): void {
  program
    .command('clock')
    .description(
      'show the clock by which the platform judges; a test installation (TEST_CLOCK=on) can lead it',
    )
    .option('--lead <duration>', 'so far ahead of the real time, e.g. 30d, 12h, 90m; +1d adds to the lead')
    .action(async (options: { lead?: string }) => {
      const config = loadConfig(process.env);
      const wanted = options.lead === undefined ? undefined : readLead(options.lead);
      if (wanted !== undefined) requireTestInstallation(config);
      await withEndpoints(config, async (endpoints) => {
        const db = await Database.connect({ url: endpoints.databaseUrl, poolMax: 2 });
        try {
          if (!(await isMigrated(db)))
            throw new OperatorError('There is no clock here yet. Run `npm start` first.');
          if (wanted !== undefined) await moveClock(db, endpoints, wanted);
          await show(db);
        } finally {
          await db.close();
        }
      });
    });
}

function requireTestInstallation({ testClock, chainRpcUrl }: Config): void {
  if (!testClock)
    throw new OperatorError(
      'The clock may lead the real time on a test installation alone. Set TEST_CLOCK=on for all its processes.',
    );
  if (chainRpcUrl !== undefined)
    throw new OperatorError(
      'CHAIN_RPC_URL names a node that has its own time. The clock can lead the embedded chain alone.',
    );
}

async function isMigrated(db: Database): Promise<boolean> {
  const [row] = await db.query<{ there: boolean }>(`SELECT to_regclass('app.clock') IS NOT NULL AS there`);
  return row?.there === true;
}

async function moveClock(db: Database, endpoints: Endpoints, wanted: WantedLead): Promise<void> {
  const seconds = wanted.seconds + (wanted.relative ? await clockLead(db) : 0);
  if (seconds > LEAD_SECONDS_MAX) throw new OperatorError('The clock can lead by 100 years at most.');
  await settled(db);
  await leadClock(db, seconds);
  const deployment = await loadDeployment(db);
  if (deployment === null) return;
  const node = ChainNode.connect({ url: endpoints.chainUrl, chainId: deployment.chainId });
  try {
    const target = await currentTime(db);
    for (let waited = 0; (await node.latest()).timestamp < target; waited += POLL_MS) {
      if (waited > FOLLOW_MS_MAX)
        throw new OperatorError('The clock was moved, but the chain does not follow: see logs/launcher.log.');
      await sleep(POLL_MS);
    }
  } finally {
    node.close();
  }
  say(`clock: moved, and the chain with it`);
}

/** A move passes deadlines: an order that was accepted before it would be refused by the contract after it. */
async function settled(db: Database): Promise<void> {
  for (let waited = 0; ; waited += POLL_MS) {
    const [row] = await db.query<{ open: bigint }>(
      'SELECT count(*) AS open FROM app.outbox WHERE decided_block IS NULL',
    );
    const open = row?.open ?? 0n;
    if (open === 0n) return;
    if (waited > SETTLE_MS_MAX)
      throw new OperatorError(
        `${open} accepted orders and acts are not on the chain yet, and their deadlines would pass. Let the platform run until they are, then move the clock.`,
      );
    await sleep(POLL_MS);
  }
}

async function show(db: Database): Promise<void> {
  const [now, lead] = [await currentTime(db), await clockLead(db)];
  print(
    `${koreanIsoDateTime(now)}, ${lead === 0 ? 'the real time' : `${leadText(lead)} ahead of the real time`}`,
  );
}

/** "40 days", "1 day 6 hours", "45 seconds". */
export function leadText(lead: number): string {
  const parts: string[] = [];
  let rest = lead;
  for (const [name, length] of [
    ['day', UNIT_SECONDS.d],
    ['hour', UNIT_SECONDS.h],
    ['minute', UNIT_SECONDS.m],
    ['second', UNIT_SECONDS.s],
  ] as const) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}

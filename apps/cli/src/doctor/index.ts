import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { migrations } from '#migrations';
import { chooseRole, Database, DATABASE_ROLES, roleName } from '#persistence';
import { loadConfig, messageOf, type Config } from '#platform';
import { print } from '../platform/console.js';
import { withLedgerIn } from '../platform/ledger.js';
import { withEndpoints, type Endpoints } from '../platform/with-endpoints.js';
import { bad, good, warning, type Finding, type Level } from './finding.js';
import { examineLedger } from './ledger-checks.js';
import { examineMachine } from './machine.js';
import { examineSnapshots } from './snapshots.js';

const SERVER_VERSION_MIN = 160_000;
const CLOCK_S_MAX = 2;
const MARK: Readonly<Record<Level, string>> = { good: 'ok  ', warning: 'look', bad: 'BAD ' };

/** `jangteo doctor`: exit code 1 when anything is bad. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'examine machine, database, chain and sums; says what to do; exit code 1 when anything is bad',
    )
    .option('--json', 'print the findings as JSON')
    .action(async (options: { json?: boolean }) => {
      const findings = await examine(process.env);
      if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1;
      print(options.json ? JSON.stringify(findings, null, 2) : findings.map(lineOf).join('\n'));
    });
}

function lineOf({ level, check, seen, todo }: Finding): string {
  const line = `${MARK[level]}  ${check.padEnd(15)} ${seen}`;
  return todo === undefined ? line : `${line}\n${' '.repeat(22)}→ ${todo}`;
}

async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const config = loadConfig(env);
  const findings = await examineMachine(config);
  if (!(await hasBegun(config)))
    return [...findings, good('database', 'nothing is here yet: `npm start` makes it')];
  try {
    await withEndpoints(config, async (endpoints) => {
      findings.push(...(await examineSnapshots(config, endpoints)));
      const state = await examineDatabase(endpoints);
      findings.push(...state.findings);
      if (state.usable)
        findings.push(...(await withLedgerIn(config, endpoints, (ledger) => examineLedger(ledger))));
    });
  } catch (error) {
    findings.push(bad('start', messageOf(error), 'Neither database nor chain can be examined before.'));
  }
  return findings;
}

/** An examination must not found a platform. */
async function hasBegun({ home, databaseUrl }: Config): Promise<boolean> {
  if (databaseUrl !== undefined) return true;
  return (await stat(path.join(home, 'postgres', 'data')).catch(() => undefined)) !== undefined;
}

async function examineDatabase({
  databaseUrl,
}: Endpoints): Promise<{ findings: Finding[]; usable: boolean }> {
  let db: Database;
  try {
    db = await Database.connect({
      url: databaseUrl,
      migrations,
      poolMax: 1,
      applicationName: 'jangteo-doctor',
    });
  } catch (error) {
    const finding = bad('database', messageOf(error), 'Is DATABASE_URL right, and does the server run?');
    return { findings: [finding], usable: false };
  }
  try {
    const findings = [await examineServer(db)];
    const isMigrated = await db.isMigrated();
    findings.push(
      isMigrated
        ? good('migrations', `all ${migrations.length} are applied`)
        : bad('migrations', 'some are missing', 'Run `jangteo migrate`; `npm start` does it by itself.'),
    );
    if (isMigrated) findings.push(await examineRoles(databaseUrl));
    return { findings, usable: isMigrated };
  } finally {
    await db.close();
  }
}

async function examineRoles(url: string): Promise<Finding> {
  const missing: string[] = [];
  for (const role of DATABASE_ROLES)
    if ((await chooseRole(url, role, 'auto')) === undefined) missing.push(roleName(role));
  if (missing.length === 0) return good('roles', 'API, worker and reports have rights of their own');
  return warning(
    'roles',
    `missing: ${missing.join(', ')}; processes work with all rights of their user`,
    'Run `jangteo migrate` as a user with CREATEROLE, or see “Database roles” in docs/operations.md.',
  );
}

async function examineServer(db: Database): Promise<Finding> {
  const [row] = await db.query<{ version: string; number: string; clock: number; recovery: boolean }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
            extract(epoch FROM clock_timestamp())::float8 AS clock, pg_is_in_recovery() AS recovery`,
  );
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  const aheadS = row.clock - Date.now() / 1000;
  const seen = `PostgreSQL ${row.version}, its clock ${aheadS.toFixed(1)} s ahead of this machine’s`;
  if (Number(row.number) < SERVER_VERSION_MIN) return bad('database', seen, 'Version 16 or newer is needed.');
  if (row.recovery) return bad('database', `${seen}; it is a standby`, 'DATABASE_URL must name the primary.');
  if (Math.abs(aheadS) > CLOCK_S_MAX)
    return warning('database', seen, 'Let both machines follow one time server: deadlines depend on it.');
  return good('database', seen);
}

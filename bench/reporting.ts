/**
 * How long reports take with a given number of payments in the tables: every endpoint of reports and books, asked over
 * HTTP of a real API process with the database settings of the product, one question after the other.
 *
 *   npm run bench:reporting -- [--payments 10000000] [--rounds 5] [--check] [--home FOLDER]
 *
 * The payments are invented, and loaded by SQL into the real schema; rollups come from the indexer's own projectors.
 * `--check` proves the tables with the rules of `reconcile` (always for up to 500,000 payments). `--home` keeps the
 * loaded database in a folder and finds it there again. Prints one line of JSON; exit code 1 when an answer was not
 * 200 or the tables contradict each other.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { TABLE_CHECKS } from '#books';
import { CurrentDeployment, storeDeployment } from '#node';
import { createDatabase, Database, ensureRoles, startEmbeddedPostgres } from '#persistence';
import { silentLog } from '#platform';
import { migrate } from '../test/support/database.js';
import { ApiProcess } from './reporting/api-process.js';
import { load, shapeOf } from './reporting/load.js';
import { type Asked, ask, summaryOf } from './reporting/asking.js';
import { questionsOf } from './reporting/questions.js';
import { sizesOf } from './reporting/sizes.js';
import { busySeconds, machine } from './support/usage.js';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
    home: { type: 'string' },
    json: { type: 'boolean', default: true },
  },
});
const payments = Number(values.payments);
const rounds = Number(values.rounds);
for (const [name, value] of Object.entries({ payments, rounds }))
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} is a whole number`);
const CHECKED_ALWAYS_MAX = 500_000;

/** Loading is not what is measured: no promise about crashes, room for large sorts. */
const WHILE_LOADING = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '8GB',
  shared_buffers: '1GB',
  max_parallel_workers: '0',
  autovacuum: 'off',
};

const kept = values.home === undefined ? undefined : path.resolve(values.home);
const home = kept ?? mkdtempSync(path.join(os.tmpdir(), 'jangteo-bench-'));
const loaded = path.join(home, `loaded-${payments}`);
const shape = shapeOf(payments, Date.now() / 1000);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
mkdirSync(home, { recursive: true });
// The database server runs under another account when we are root, and has to pass through.
chmodSync(home, 0o711);
try {
  const seconds = existsSync(loaded) ? null : await fill();
  process.stdout.write(`${JSON.stringify(await measure(seconds))}\n`);
} finally {
  if (kept === undefined) rmSync(home, { recursive: true, force: true });
}

async function fill(): Promise<number> {
  const postgres = await startEmbeddedPostgres({ home, log: silentLog, settings: WHILE_LOADING });
  try {
    const url = await createDatabase(postgres.url, 'bench');
    const startedAt = performance.now();
    await migrate(url);
    await ensureRoles(url);
    const db = await Database.connect({ url, statementTimeoutMs: 0, poolMax: 1 });
    const address = `0x${'01'.repeat(20)}`;
    const hash = `0x${'02'.repeat(32)}`;
    await storeDeployment(db, new CurrentDeployment(1, address, address, hash, 1n, hash));
    await load(db, shape, (month) => process.stderr.write(`month ${month + 1} of ${shape.months.length}\n`));
    await db.query('VACUUM (ANALYZE, PARALLEL 0)');
    await db.close();
    writeFileSync(loaded, '');
    return Math.round((performance.now() - startedAt) / 1000);
  } finally {
    await postgres.stop();
  }
}

async function measure(loadSeconds: number | null): Promise<Record<string, unknown>> {
  const postgres = await startEmbeddedPostgres({ home, log: silentLog });
  const url = await createDatabase(postgres.url, 'bench');
  // A kept database may be older than the schema.
  await migrate(url);
  await ensureRoles(url);
  const db = await Database.connect({ url, poolMax: 1, statementTimeoutMs: 0 });
  const api = await ApiProcess.start(url, home);
  try {
    const busy = busySeconds();
    const startedAt = performance.now();
    const asked: Asked[] = [];
    for (const question of questionsOf(shape)) {
      const answers = await ask(api.url, question, rounds);
      asked.push(answers);
      process.stderr.write(`${JSON.stringify(summaryOf(answers))}\n`);
    }
    const wall = (performance.now() - startedAt) / 1000;
    const machineBusy = (busySeconds() - busy) / wall;
    const wrong = [...asked.flatMap(({ failures }) => failures), ...(await contradictions(db))];
    if (wrong.length > 0) process.exitCode = 1;
    return {
      bench: 'reporting',
      machine: machine(),
      payments,
      residents: shape.residents,
      merchants: shape.merchants,
      load_seconds: loadSeconds,
      rounds,
      busy_processors: Number(machineBusy.toFixed(2)),
      endpoints: asked.map(summaryOf),
      sizes: await sizesOf(db),
      wrong,
    };
  } finally {
    await api.stop();
    await db.close();
    await postgres.stop();
  }
}

async function contradictions(db: Database): Promise<string[]> {
  if (!values.check && payments > CHECKED_ALWAYS_MAX) return [];
  const broken: string[] = [];
  for (const { check, sql } of TABLE_CHECKS) {
    // Decided rows have left the outbox, as they do.
    if (check.startsWith('the outbox')) continue;
    const rows = await db.query<{ key: string; expected: string; found: string }>(sql);
    for (const { key, expected, found } of rows.slice(0, 3))
      broken.push(`${check}: ${key}: ${expected}, not ${found}`);
  }
  return broken;
}

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { differingTables, fingerprint, type Fingerprint } from '#books';
import { Database, startEmbeddedPostgres, withClient, withDatabase } from '#persistence';
import { readArchive, writeArchive } from '../../apps/cli/src/backup/archive.js';
import type { ArchiveLine } from '../../apps/cli/src/backup/archive-lines.js';
import { Json } from '../support/json.js';
import type { OutsideClient } from '../support/outside-client.js';
import { TestPlatform, type Ended } from '../support/platform.js';
import { SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';
import { unlived } from '../support/unlived.js';
import { WholeLife } from '../support/whole-life.js';

const SCHEMAS = ['app', 'chain', 'books'];
/** A start of a chain whose clock leads mines a block, which the comparison after the restore copies. */
const GROWN_BY_A_START = new Set(['chain.block', 'chain.cursor']);
const PAYMENTS_BEFORE = 10;
const PAYER = 1;
const FIRST_NONCE = 10;
/** A database that has just begun takes 40 MB, the restored platform 53 (measured): there is room for half of the rows. */
const SMALL_DISK_MB = 46;

/** What a person reads when a command fails: the last thing it says, in one sentence and without a stack. */
function sentenceOf({ code, output }: Ended): string {
  expect({ code, output }).toMatchObject({ code: 1, output: expect.not.stringMatching(/\n\s+at /) });
  return output.trimEnd().split('\n').at(-1) ?? '';
}

describe('backup and restore', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-backup-'));
  const at = (name: string) => path.join(folder, name);
  let platform: TestPlatform;
  let life: WholeLife;
  let client: OutsideClient;
  let nonce = FIRST_NONCE;
  /** Payments that the backup `live` knows. */
  let accepted: readonly string[] = [];

  beforeAll(async () => {
    platform = await TestPlatform.start([], { TEST_CLOCK: 'on' });
    life = await WholeLife.on(platform);
    client = life.client;
  });

  afterAll(async () => {
    await platform?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Every table of a platform that does not run, by a reader of its own. */
  async function tables(): Promise<Fingerprint> {
    const server = await startEmbeddedPostgres({ home: platform.home.state, log: () => undefined });
    try {
      const db = await Database.connect({ url: withDatabase(server.url, 'jangteo'), poolMax: 1 });
      return await fingerprint(db, SCHEMAS).finally(() => db.close());
    } finally {
      await server.stop();
    }
  }

  /** Pays until the work is done. @returns ids of payments that were accepted before it began */
  async function whilePaying(work: () => Promise<void>): Promise<string[]> {
    const paid: string[] = [];
    const paying = { goesOn: true };
    const payments = (async () => {
      while (paying.goesOn) {
        paid.push((await life.pay(PAYER, ++nonce, 1n)).id);
        await sleep(50);
      }
    })();
    try {
      await until('payments under way', () => paid.length >= PAYMENTS_BEFORE);
      const before = [...paid];
      await work();
      return before;
    } finally {
      paying.goesOn = false;
      await payments;
    }
  }

  it('restore, equal to the byte, a platform that has seen every order, refusal and act', async () => {
    expect(await unlived(platform.databaseUrl)).toEqual([]);
    expect((await platform.stop()).code).toBe(0);
    // Copies what the chain mined last.
    expect(await platform.command('reconcile')).toMatchObject({ code: 0 });
    const before = await tables();
    expect(await platform.command('backup', at('still'))).toMatchObject({ code: 0 });
    expect(statSync(at('still')).mode & 0o077).toBe(0);

    platform.home.wipe();
    const restored = await platform.command('restore', at('still'));
    expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('agree to the won') });
    expect(Object.keys(before).length).toBeGreaterThan(50);
    const differing = differingTables(before, await tables());
    expect(differing.filter((name) => !GROWN_BY_A_START.has(name))).toEqual([]);
  });

  it('are made while payments go on, and tried by --verify in a temporary home of which nothing is left', async () => {
    await platform.up();
    const before = readdirSync(folder).toSorted();
    accepted = await whilePaying(async () => {
      const made = await platform.commandWith({ env: { TMPDIR: folder } }, 'backup', '--verify', at('live'));
      expect(made).toMatchObject({
        code: 0,
        output: expect.stringMatching(/live is good.*agree to the won/),
      });
      expect(made.output).toMatch(/tables with \d+ rows come back equal to the byte/);
    });
    expect(readdirSync(folder).toSorted()).toEqual([...before, 'live'].toSorted());
  });

  async function altered(
    from: string,
    to: string,
    change: (line: ArchiveLine) => ArchiveLine | undefined,
  ): Promise<string> {
    async function* lines(): AsyncGenerator<ArchiveLine> {
      for await (const line of readArchive(at(from))) {
        const changed = change(line);
        if (changed !== undefined) yield changed;
      }
    }
    await writeArchive(at(to), lines());
    return at(to);
  }

  async function examined(): Promise<{ code: number | null; findings: Json[]; bad: string[] }> {
    const { code, output } = await platform.command('doctor', '--json');
    const findings = new Json(JSON.parse(output.slice(output.indexOf('[\n')))).list();
    const bad = findings
      .filter((one) => one.at('level').text() === 'bad')
      .map((one) => one.at('check').text());
    return { code, findings, bad };
  }

  it('are of a platform that the doctor finds healthy, who finds a won that is not where it should be', async () => {
    const healthy = await examined();
    expect(healthy.bad).toEqual([]);
    expect(healthy.code).toBe(0);
    const checks = new Set(healthy.findings.map((one) => one.at('check').text()));
    expect([...checks]).toEqual([
      'node',
      'disk',
      'api',
      'worker',
      'snapshots',
      'database',
      'migrations',
      'roles',
      'clock',
      'chain',
      'indexer',
      'outbox',
      'relayer',
      'reconciliation',
    ]);
    const move = (won: number) =>
      withClient(platform.databaseUrl, (db) =>
        db.query('UPDATE chain.holding SET balance = balance + $1 WHERE balance > 0', [won]),
      );
    await move(-1);
    const ill = await examined();
    await move(1);
    expect(ill.code).toBe(1);
    expect(ill.bad).toEqual(['reconciliation']);
  });

  it('refuse a home whose platform runs, and deploy nothing beside contracts that the database does not know', async () => {
    expect(sentenceOf(await platform.command('restore', at('live')))).toContain('The platform runs here');
    expect((await platform.stop()).code).toBe(0);
    rmSync(path.join(platform.home.state, 'postgres', 'data'), { recursive: true });
    const started = await platform.command('up');
    expect(sentenceOf(started)).toMatch(/holds contracts \(0x.*that its database does not know.*restore/);
    expect(platform.home.processes()).toEqual([]);
  });

  it('leave nothing of a restore that fails, and say why in one sentence', async () => {
    platform.home.wipe();
    const bytes = readFileSync(at('live'));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(at('byte-wrong'), bytes);
    // What is wrong with this one shows last, when all tables are filled and compared.
    await altered('live', 'no-journal', (line) =>
      'file' in line && line.file.startsWith('chain/') && !line.file.endsWith('.json') ? undefined : line,
    );
    const verified = await platform.command('backup', at('byte-wrong'), '--verify');
    expect(verified.output).toContain('exists and is verified as it is; nothing is copied');
    expect(sentenceOf(verified)).toContain('is not a whole backup');
    for (const [file, words] of [
      ['byte-wrong', 'is not a whole backup'],
      ['no-journal', 'nothing is left of it: The chain’s block'],
    ] as const) {
      expect([file, sentenceOf(await platform.command('restore', at(file)))]).toEqual([
        file,
        expect.stringContaining(words),
      ]);
      expect([file, existsSync(platform.home.state), platform.home.processes()]).toEqual([file, false, []]);
    }
  });

  it('leave nothing when they are broken off, and a home that is not started when they are killed', async () => {
    platform.home.wipe();
    const mark = path.join(platform.home.state, 'restore-unfinished.json');
    // Seconds before the end, so that a busy machine is not late: the database's folder is made then.
    const isTime = () => existsSync(path.join(platform.home.state, 'postgres'));
    const restore = (signal: 'SIGTERM' | 'SIGKILL') =>
      platform.commandWith({ interruption: { isTime, signal } }, 'restore', at('live'));
    expect(sentenceOf(await restore('SIGTERM'))).toContain('it was broken off');
    expect([existsSync(platform.home.state), platform.home.processes()]).toEqual([false, []]);

    expect((await restore('SIGKILL')).code).toBe(null);
    expect(existsSync(mark)).toBe(true);
    expect(sentenceOf(await platform.command('up'))).toMatch(/was not restored whole.*jangteo restore/);
    expect(await platform.command('restore', at('live'))).toMatchObject({ code: 0 });
    expect(existsSync(mark)).toBe(false);
  });

  it('come back with what was accepted while they were made, and payments go on', async () => {
    await platform.up();
    expect(accepted.length).toBeGreaterThanOrEqual(PAYMENTS_BEFORE);
    for (const id of accepted) expect((await client.decided(id)).at('state').text()).toBe('final');
    // Keys, nonces and sequences go on where they were.
    const next = await life.pay(PAYER, await life.nextNonce(PAYER), 2n);
    expect((await client.decided(next.id)).at('state').text()).toBe('final');
    expect(await platform.command('reconcile')).toMatchObject({ code: 0 });
  });

  it('say that a disk is full, and leave nothing on it', async () => {
    const disk = SmallDisk.mount(SMALL_DISK_MB);
    if (typeof disk === 'string') {
      process.stdout.write(`NOT RUN, because no small disk can be mounted here: ${disk}\n`);
      return;
    }
    try {
      const env = { JANGTEO_HOME: path.join(disk.folder, 'home') };
      const restored = await platform.commandWith({ env }, 'restore', at('still'));
      expect(sentenceOf(restored)).toMatch(/nothing is left of it: the disk that holds .* is full/);
      expect(readdirSync(disk.folder)).toEqual([]);
      disk.fill();
      const made = await platform.command('backup', path.join(disk.folder, 'backup'));
      expect(sentenceOf(made)).toMatch(/No backup was written: the disk that holds .* is full/);
      expect(readdirSync(disk.folder)).toEqual(['ballast']);
    } finally {
      disk.unmount();
    }
  });
});

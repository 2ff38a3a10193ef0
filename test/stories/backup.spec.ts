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
const PAYMENTS_BEFORE = 20;
const PAYER = 1;
const FIRST_NONCE = 10;
const SMALL_DISK_MB = 200;

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

  beforeAll(async () => {
    platform = await TestPlatform.start();
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
    const accepted: string[] = [];
    const paying = { goesOn: true };
    const payments = (async () => {
      while (paying.goesOn) {
        accepted.push((await life.pay(PAYER, ++nonce, 1n)).id);
        await sleep(5);
      }
    })();
    try {
      await until('payments under way', () => accepted.length >= PAYMENTS_BEFORE);
      const before = [...accepted];
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
    expect(differingTables(before, await tables())).toEqual([]);
  });

  it('restore what was accepted while payments went on, and payments go on', async () => {
    await platform.up();
    const accepted = await whilePaying(async () => {
      expect(await platform.command('backup', at('live'))).toMatchObject({ code: 0 });
    });
    await platform.stop();
    platform.home.wipe();
    expect(await platform.command('restore', at('live'))).toMatchObject({ code: 0 });
    await platform.up();
    for (const id of accepted) expect((await client.decided(id)).at('state').text()).toBe('final');
    // Keys, nonces and sequences go on where they were.
    nonce += 1_000;
    const next = await life.pay(PAYER, nonce, 2n);
    expect((await client.decided(next.id)).at('state').text()).toBe('final');
    expect(await platform.command('reconcile')).toMatchObject({ code: 0 });
  });

  it('are tried in a temporary home by --verify, which says the result and leaves nothing', async () => {
    const env = { TMPDIR: folder };
    const before = readdirSync(folder).toSorted();
    const again = await platform.commandWith({ env }, 'backup', at('live'), '--verify');
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('nothing is copied') });
    expect(again.output).toMatch(/tables with \d+ rows come back equal to the byte/);
    const made = await platform.commandWith({ env }, 'backup', '--verify', at('made'));
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/made is good.*agree to the won/) });
    await altered('live', 'wrong', (line) => ('endOf' in line ? { ...line, sha256: '0'.repeat(64) } : line));
    const wrong = await platform.commandWith({ env }, 'backup', at('wrong'), '--verify');
    expect(sentenceOf(wrong)).toMatch(/wrong does not restore: The table .* is not what it was/);
    expect(readdirSync(folder).toSorted()).toEqual([...before, 'made', 'wrong'].toSorted());
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

  it('leave a platform that the doctor finds healthy, who finds a won that is not where it should be', async () => {
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

  it('refuse a home that is in use, and a place where no backup can be', async () => {
    const backup = (...args: string[]) => platform.command('backup', ...args);
    expect(sentenceOf(await backup(at('live')))).toContain('exists: choose another name');
    expect(sentenceOf(await backup(path.join(platform.home.state, 'x')))).toContain('in the home');
    expect(sentenceOf(await backup(at('none/x')))).toContain('is not a folder');
    expect(sentenceOf(await platform.command('restore', at('live')))).toContain('The platform runs here');
    expect((await platform.stop()).code).toBe(0);
    expect(sentenceOf(await platform.command('restore', at('live')))).toContain('is in use');
  });

  it('deploy nothing beside contracts that the database does not know', async () => {
    const database = path.join(platform.home.state, 'postgres');
    rmSync(path.join(database, 'data'), { recursive: true });
    const started = await platform.command('up');
    expect(sentenceOf(started)).toMatch(/holds contracts \(0x.*that its database does not know.*restore/);
    expect(sentenceOf(await platform.command('deploy'))).toContain('holds contracts');
    expect(platform.home.processes()).toEqual([]);
  });

  it('leave nothing of a restore that fails, and say why in one sentence', async () => {
    platform.home.wipe();
    const bytes = readFileSync(at('live'));
    writeFileSync(at('cut'), bytes.subarray(0, bytes.length - 200));
    let last = '';
    for await (const line of readArchive(at('live'))) if ('endOf' in line) last = line.endOf;
    await altered('live', 'rows-wrong', (line) =>
      'endOf' in line && line.endOf === last ? { ...line, count: line.count + 1 } : line,
    );
    await altered('live', 'no-journal', (line) =>
      'file' in line && line.file.startsWith('chain/') && !line.file.endsWith('.json') ? undefined : line,
    );
    await altered('live', 'outside', (line) => ('file' in line ? { ...line, file: '../../x' } : line));
    await altered('live', 'older', (line) => ('migrations' in line ? { ...line, migrations: [] } : line));
    for (const [file, words] of [
      ['cut', 'is not a whole backup'],
      ['nowhere', 'is not there'],
      ['older', 'another release'],
      ['outside', 'nothing is left of it: The backup has a file that belongs to no home'],
      ['rows-wrong', 'nothing is left of it: The table'],
      ['no-journal', 'nothing is left of it: The chain’s block'],
    ] as const) {
      expect([file, sentenceOf(await platform.command('restore', at(file)))]).toEqual([
        file,
        expect.stringContaining(words),
      ]);
      expect([file, existsSync(platform.home.state), platform.home.processes()]).toEqual([file, false, []]);
    }
    expect(await examined()).toMatchObject({ code: 0, bad: [] });
    expect(existsSync(path.join(platform.home.state, 'postgres'))).toBe(false);
  });

  it('leave nothing when they are broken off, and a home that is not started when they are killed', async () => {
    platform.home.wipe();
    const mark = path.join(platform.home.state, 'restore-unfinished.json');
    const isTime = () => existsSync(path.join(platform.home.state, 'postgres', 'data', 'postmaster.pid'));
    const restore = (signal: 'SIGTERM' | 'SIGKILL') =>
      platform.commandWith({ interruption: { isTime, signal } }, 'restore', at('live'));
    expect(sentenceOf(await restore('SIGTERM'))).toContain('it was broken off');
    expect([existsSync(platform.home.state), platform.home.processes()]).toEqual([false, []]);

    expect((await restore('SIGKILL')).code).toBe(null);
    expect(existsSync(mark)).toBe(true);
    for (const command of [['up'], ['backup', at('half')]])
      expect(sentenceOf(await platform.command(...command))).toMatch(
        /was not restored whole.*jangteo restore/,
      );
    expect(await platform.command('restore', at('live'))).toMatchObject({ code: 0 });
    expect(existsSync(mark)).toBe(false);
  });

  it('say that a disk is full, and leave nothing on it', async () => {
    const disk = SmallDisk.mount(SMALL_DISK_MB);
    if (typeof disk === 'string') {
      process.stdout.write(`NOT RUN, because no small disk can be mounted here: ${disk}\n`);
      return;
    }
    try {
      const home = path.join(disk.folder, 'home');
      let isFull = false;
      // As soon as the database has begun, something else takes the rest.
      const isTime = () => {
        if (!isFull && existsSync(path.join(home, 'postgres', 'data', 'postmaster.pid'))) {
          disk.fill();
          isFull = true;
        }
        return false;
      };
      const interruption = { isTime, signal: 'SIGTERM' } as const;
      const options = { env: { JANGTEO_HOME: home }, interruption };
      const restored = await platform.commandWith(options, 'restore', at('still'));
      expect(sentenceOf(restored)).toMatch(/nothing is left of it: the disk that holds .* is full/);
      expect(readdirSync(disk.folder)).toEqual(['ballast']);
      disk.fill();
      const made = await platform.command('backup', path.join(disk.folder, 'backup'));
      expect(sentenceOf(made)).toMatch(/No backup was written: the disk that holds .* is full/);
      expect(readdirSync(disk.folder)).toEqual(['ballast']);
    } finally {
      disk.unmount();
    }
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#platform';

/*
 * What promises is judged by the one clock (libs/persistence/src/clock.ts), and Korean time is calculated in one place.
 * Code that reads the process's own clock or knows the offset elsewhere comes back one line at a time, so this rule
 * reads all of the libraries and services. Durations use performance.now(), which an operator can't set.
 */

/** Who (a file, or a folder that ends with a slash) may read the process's clock, and what for. */
const PROCESS_CLOCK: Readonly<Record<string, string>> = {
  'libs/node/src/embedded/embedded-chain.ts':
    'the embedded chain makes the time: its blocks have the machine’s',
  'libs/node/src/embedded/chain-identity.ts': 'the time of the first block',
  'libs/node/src/embedded/chain-keeper.ts':
    'since when the state could not be stored, which people are shown',
  'libs/persistence/src/embedded/cluster.ts': 'the name of a folder that is put aside',
  'apps/worker/src/reconcile.job.ts': 'a metric, which is compared with the monitoring’s clock',
};

/** Who may know that Korea is nine hours ahead of UTC. */
const KOREAN_OFFSET: Readonly<Record<string, string>> = {
  'libs/domain/src/calendar.ts': 'the calendar',
};

const READS_PROCESS_CLOCK = /\bDate\.now\(\)|\bnew Date\(\)/;
const KNOWS_OFFSET =
  /\b9 \* (3_?600|60)\b|\b32_?400(_?000)?\b|Asia\/Seoul|interval '(9|\+9|\+09:00)|\b9 hours\b|'\+0?9(:00)?'/;
const READS_DATABASE_CLOCK = /extract\(epoch FROM (now\(\)|clock_timestamp\(\))/i;

/** What the database's own clock is read for, apart from the clock itself. */
const DATABASE_CLOCK: Readonly<Record<string, string>> = {
  'libs/persistence/src/clock.ts': 'the clock',
  'libs/relayer/src/backlog.repository.ts': 'the age of rows, a duration',
};

function sources(): string[] {
  const root = projectRoot();
  return ['libs', 'apps/api', 'apps/worker'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
      .filter((name) => name.endsWith('.ts') && !/\.spec\.ts$|\/(test|testing|generated)\//.test(name)),
  );
}

/** Lines of code, without comments, that match. */
function breaches(pattern: RegExp, allowed: Readonly<Record<string, string>>): string[] {
  return sources()
    .filter((name) => !Object.keys(allowed).some((exempt) => name.startsWith(exempt)))
    .flatMap((name) =>
      readFileSync(path.join(projectRoot(), name), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          !/^\s*(\*|\/\/|\/\*)/.test(line) && pattern.test(line)
            ? [`${name}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    );
}

describe('time', () => {
  it('of the process is read nowhere but where this file says why', () => {
    expect(breaches(READS_PROCESS_CLOCK, PROCESS_CLOCK)).toEqual([]);
  });

  it('of the database is read by the clock, and where this file says why', () => {
    expect(breaches(READS_DATABASE_CLOCK, DATABASE_CLOCK)).toEqual([]);
  });

  it('in Korea is calculated by the calendar alone', () => {
    expect(breaches(KNOWS_OFFSET, KOREAN_OFFSET)).toEqual([]);
  });

  it.each(Object.keys({ ...PROCESS_CLOCK, ...DATABASE_CLOCK, ...KOREAN_OFFSET }))(
    'has no exception where none is needed: %s',
    (name) => {
      const text = sources()
        .filter((source) => source.startsWith(name))
        .map((source) => readFileSync(path.join(projectRoot(), source), 'utf8'))
        .join('\n');
      const isNeeded =
        (name in PROCESS_CLOCK && READS_PROCESS_CLOCK.test(text)) ||
        (name in DATABASE_CLOCK && READS_DATABASE_CLOCK.test(text)) ||
        (name in KOREAN_OFFSET && KNOWS_OFFSET.test(text));
      expect(isNeeded).toBe(true);
    },
  );

  it('rules see what they forbid', () => {
    for (const line of ['const now = Math.floor(Date.now() / 1000);', 'new Date()'])
      expect(line).toMatch(READS_PROCESS_CLOCK);
    for (const line of ['new Date(seconds * 1000)', 'performance.now()'])
      expect(line).not.toMatch(READS_PROCESS_CLOCK);
    for (const line of [
      't + 32400',
      't + 32_400',
      '9 * 3600',
      "interval '9 hours'",
      "timeZone: 'Asia/Seoul'",
      "'+09:00'",
    ])
      expect(line).toMatch(KNOWS_OFFSET);
    for (const line of ['86_400', '19 * 3600', '132400', '29 hours']) expect(line).not.toMatch(KNOWS_OFFSET);
  });
});

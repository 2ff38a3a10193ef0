import { languageOf } from './language.js';
import { stringifyJson } from './json.js';
import { Log, NestLog, supervisorLogOf, withoutCredentials } from './logging.js';

function capture(): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = Log.create('test', 'debug', { write: (line: string) => void written.push(line) });
  return {
    log,
    lines: () => written.map((line): Record<string, unknown> => ({ ...Object(JSON.parse(line)) })),
  };
}

describe('Log', () => {
  it('writes one JSON line with event, level, service and UTC time', () => {
    const { log, lines } = capture();
    log.with({ requestId: 'r1' }).info('payment.accepted', { paymentId: '0x1' });
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'test',
        requestId: 'r1',
        paymentId: '0x1',
        event: 'payment.accepted',
      },
    ]);
  });

  it('never writes secrets, at the top or below', () => {
    const { log, lines } = capture();
    const fields = {
      password: 'p-1',
      request: { authorization: 'p-2' },
      error: { message: 'm', privateKey: 'p-3' },
    };
    log.error('x', { ...fields, reason: 'kept' });
    const [line] = lines();
    expect(JSON.stringify(line)).not.toMatch(/p-\d/);
    expect(line?.['reason']).toBe('kept');
  });

  it('writes an error with its cause', () => {
    const { log, lines } = capture();
    log.error('x', { error: new TypeError('outer', { cause: new Error('inner') }) });
    expect(lines()[0]?.['error']).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('logging.spec'),
      cause: { message: 'inner' },
    });
  });

  it('keeps the level', () => {
    const quiet = Log.silent();
    expect(quiet.writes('error')).toBe(false);
    expect(capture().log.writes('debug')).toBe(true);
  });

  it('contains the lines of supervisors and Nest', () => {
    const { log, lines } = capture();
    supervisorLogOf(log)('warn', 'postgres.restarted', { pid: 7 });
    new NestLog(log).error('failed', 'Error: x\n at y', 'Router');
    expect(lines()).toMatchObject([
      { level: 'warn', event: 'postgres.restarted', pid: 7 },
      { level: 'error', event: 'nest', component: 'Router', message: 'failed\nError: x\n at y' },
    ]);
  });

  it('shows addresses without user and password', () => {
    expect(withoutCredentials('postgres://u:p@host:1/db')).toBe('postgres://host:1/db');
    expect(withoutCredentials('u:p@host')).not.toContain('p@');
  });
});

describe('languageOf', () => {
  it.each([
    [undefined, 'ko'],
    ['', 'ko'],
    ['*', 'ko'],
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
    ['en-GB', 'en'],
    ['en;q=0.2, ko;q=0.1', 'en'],
    ['fr, en;q=0.5, ko;q=0.7', 'ko'],
    ['fr', 'en'],
    ['ko;q=0, en', 'en'],
    ['korean', 'en'],
    [';;;q=,,', 'en'],
  ])('%p is %p', (header, lang) => {
    expect(languageOf(header)).toBe(lang);
  });
});

describe('stringifyJson', () => {
  it('writes bigint as digits at any depth, and the rest as JSON does', () => {
    const value = { a: 1n, b: [2n ** 60n, { c: -3n }], d: new Date(0), e: undefined, f: 'x' };
    expect(stringifyJson(value)).toBe(
      '{"a":"1","b":["1152921504606846976",{"c":"-3"}],"d":"1970-01-01T00:00:00.000Z","f":"x"}',
    );
  });
});

import { WON } from '#domain';
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig, loadServiceConfig, logLevelOf } from './config.js';
import { createHttpApp } from './http-app.js';
import { Log } from './logging.js';
import { SettingsModule } from './settings.module.js';
import { projectRoot } from './project-root.js';

const SERVICE = { DATABASE_URL: 'postgres://u:secret@localhost/x', CHAIN_RPC_URL: 'http://127.0.0.1:8545' };

describe('loadConfig', () => {
  it('has defaults for everything that the embedded set-up needs', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      workerPort: 8081,
      metricsPort: 8083,
      publicUrl: undefined,
      corsOrigins: ['*'],
      requestsPerSecond: 100,
      requestsAtOnce: 100,
      unlimitedClients: [],
      trustedProxies: [],
      home: join(projectRoot(), '.jangteo'),
      databaseUrl: undefined,
      chainRpcUrl: undefined,
      keystorePassword: undefined,
      finalityDepth: 0,
      relayerBatchMax: 400,
      databasePoolMax: 10,
      reportPoolMax: 4,
      databaseRoles: 'auto',
      reconcileEverySeconds: 600,
      testClock: false,
      demo: true,
      unit: WON,
      startsAfter: { series: 0, issueOrders: 0n },
    });
  });

  it('reads what is set, and takes an empty variable for none', () => {
    const config = loadServiceConfig({
      ...SERVICE,
      PORT: '9000',
      HOST: '',
      JANGTEO_HOME: '/srv/j',
    });
    expect(config).toMatchObject({
      port: 9000,
      host: '127.0.0.1',
      home: '/srv/j',
      databaseUrl: SERVICE.DATABASE_URL,
    });
  });

  it('reads the level of the log apart, which is needed before everything else, and checks it with the rest', () => {
    expect(logLevelOf({ LOG_LEVEL: 'WARN' })).toBe('warn');
    expect(logLevelOf({})).toBe('info');
    expect(logLevelOf({ LOG_LEVEL: 'loud' })).toBe('info');
    expect(() => loadConfig({ LOG_LEVEL: 'loud' })).toThrow(/LOG_LEVEL must be one of/);
  });

  it('refuses web sockets, which no part of the platform speaks, and settings that nothing reads', () => {
    expect(() => loadConfig({ CHAIN_RPC_URL: 'ws://127.0.0.1:8546' })).toThrow(/http:\/\/ or https:\/\//);
    expect(() => loadConfig({ JANGTEO_DEPLOYMENT: 'x.json' })).toThrow(/not a known setting/);
  });

  it('lists everything that is wrong at once', () => {
    const load = (): unknown =>
      loadServiceConfig({
        PORT: '80a',
        WORKER_PORT: '70000',
        LOG_LEVEL: 'loud',
        DATABASE_URL: 'mysql://u:secret@x/y',
        FINALITY_DEPTH: '-1',
        RELAYER_BATCH_MAX: '401',
        JANGTEO_HOEM: '/x',
        HOST: 'a b',
      });
    expect(load).toThrow(/PORT must be a whole number from 1 to 65535, not "80a"/);
    for (const name of [
      'WORKER_PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'FINALITY_DEPTH',
      'RELAYER_BATCH_MAX',
      'HOST',
    ]) {
      expect(load).toThrow(new RegExp(`- ${name} must be`));
    }
    expect(load).toThrow(/CHAIN_RPC_URL is missing/);
    expect(load).toThrow(/JANGTEO_HOEM is not a known setting/);
    expect(load).not.toThrow(/secret/);
  });

  it('keeps an application from being created, and says everything that is wrong once', async () => {
    const lines: string[] = [];
    const log = Log.create('test', 'info', { write: (line: string) => void lines.push(line) });
    class Root {}
    const root = { module: Root, imports: [SettingsModule.forRoot({ ...SERVICE, PORT: '80a' })] };
    await expect(createHttpApp(root, { log })).rejects.toMatchObject({
      problems: ['PORT must be a whole number from 1 to 65535, not "80a"'],
    });
    expect(lines).toEqual([]);
  });

  it('counts won from 1 unless it is said, and refuses a unit that makes no sense', () => {
    expect(loadConfig({})).toMatchObject({ unit: WON, startsAfter: { series: 0, issueOrders: 0n } });
    const said = {
      JANGTEO_UNIT_CODE: 'XJT',
      JANGTEO_UNIT_DIGITS: '2',
      JANGTEO_UNIT_KO: '장터 포인트',
      JANGTEO_UNIT_EN: 'market points',
      JANGTEO_SERIES_AFTER: '12',
      JANGTEO_ISSUE_ORDERS_AFTER: '40',
    };
    expect(loadConfig(said)).toMatchObject({
      unit: { code: 'XJT', digits: 2, ko: '장터 포인트', en: 'market points' },
      startsAfter: { series: 12, issueOrders: 40n },
    });
    for (const [name, value, wanted] of [
      ['JANGTEO_UNIT_CODE', 'won', 'must be three capital letters, not "won"'],
      ['JANGTEO_UNIT_DIGITS', '7', 'must be a whole number from 0 to 6'],
      ['JANGTEO_UNIT_KO', '원'.repeat(11), 'must be one line of 32 bytes at most'],
      ['JANGTEO_UNIT_EN', 'a\tb', 'must be one line of 32 bytes at most'],
      ['JANGTEO_SERIES_AFTER', '4294967296', 'must be a whole number from 0 to 4294967295'],
      ['JANGTEO_ISSUE_ORDERS_AFTER', '-1', 'must be a whole number'],
    ] as const)
      expect(() => loadConfig({ [name]: value })).toThrow(`${name} ${wanted}`);
  });

  it('refuses one port for two servers', () => {
    expect(() => loadConfig({ PORT: '8081' })).toThrow('PORT and WORKER_PORT must differ');
    expect(() => loadConfig({ CONSOLE_PORT: '8081' })).toThrow('CONSOLE_PORT must differ');
    expect(() => loadConfig({ CONSOLE_PORT: '0' })).toThrow('CONSOLE_PORT must be a whole number');
    expect(loadConfig({ CONSOLE_PORT: '8082' }).consolePort).toBe(8082);
    expect(loadConfig({}).consolePort).toBeUndefined();
    expect(() => loadConfig({ PORT: '8083' })).toThrow('PORT and METRICS_PORT must differ');
    expect(loadConfig({ CORS_ORIGINS: 'https://a.example, https://b.example' }).corsOrigins).toHaveLength(2);
    expect(loadConfig({ CORS_ORIGINS: 'off' }).corsOrigins).toEqual([]);
    expect(() => loadConfig({ CORS_ORIGINS: 'a.example' })).toThrow('CORS_ORIGINS must be');
    expect(loadConfig({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(() => loadConfig({ TRUSTED_PROXIES: '10.0.0.0/33' })).toThrow('TRUSTED_PROXIES must be');
    expect(loadConfig({ PUBLIC_URL: 'https://pay.example/' }).publicUrl).toBe('https://pay.example');
  });
});

describe('projectRoot', () => {
  it('is the same from sources and from dist', () => {
    const root = projectRoot();
    expect(existsSync(join(root, 'tsconfig.json'))).toBe(true);
    const built = pathToFileURL(join(root, 'dist', 'libs', 'platform', 'src', 'config.js')).href;
    expect(projectRoot(built)).toBe(root);
  });

  it('says when there is none', () => {
    expect(() => projectRoot('file:///nowhere/at/all.js')).toThrow('no package.json of jangteo');
  });
});

import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Unit, UNIT_DIGITS_MAX, UNIT_NAME_BYTES_MAX, unitFaults, WON } from '#domain';
import { OperatorError } from './processes/supervisor-log.js';
import { projectRoot } from './project-root.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every process reads from its environment. An abstract class so that Nest can inject it by type. */
export abstract class Config {
  /** Address that servers listen on; loopback unless the operator says otherwise. */
  abstract readonly host: string;
  /** Port of the API. */
  abstract readonly port: number;
  /** Port on which the API serves officers' pages beside its routes; undefined = no such origin. */
  abstract readonly consolePort: number | undefined;
  /** Port of the worker's health and metrics. */
  abstract readonly workerPort: number;
  /** Port of the API's metrics, which are not the public's. */
  abstract readonly metricsPort: number;
  /** Where clients reach the API, without a slash at its end; undefined = where it listens. */
  abstract readonly publicUrl: string | undefined;
  /** Origins whose pages may call what is public: `*` = all, empty = none. */
  abstract readonly corsOrigins: readonly string[];
  /** Requests a second that one client may send to all APIs together, twice as many at once; 0 = any number. */
  abstract readonly requestsPerSecond: number;
  /** Requests of one client that may be under way in one API; 0 = any number. */
  abstract readonly requestsAtOnce: number;
  /** Addresses or networks (CIDR) of clients that are not limited. */
  abstract readonly unlimitedClients: readonly string[];
  /** Addresses or networks (CIDR) of proxies that say in `x-forwarded-for` who their client is. */
  abstract readonly trustedProxies: readonly string[];
  /** Folder of all state (absolute). */
  abstract readonly home: string;
  /** Outside PostgreSQL; undefined = the embedded one. */
  abstract readonly databaseUrl: string | undefined;
  /** Outside EVM node; undefined = the embedded one. */
  abstract readonly chainRpcUrl: string | undefined;
  /** Opens the keystore; undefined = the one kept beside it in `home` (embedded use). */
  abstract readonly keystorePassword: string | undefined;
  /** Blocks on top of a block until it counts as final; 0 with instant finality (QBFT, the embedded node). */
  abstract readonly finalityDepth: number;
  /** Items in one relayed transaction at most; the contract takes 400. */
  abstract readonly relayerBatchMax: number;
  /** Database connections of one process at most. */
  abstract readonly databasePoolMax: number;
  /** Pause between two comparisons of chain, tables and books by the worker that leads, in seconds; 0 = none. */
  abstract readonly reconcileEverySeconds: number;
  /** Connections of one API's reports at most, beside the others. */
  abstract readonly reportPoolMax: number;
  /** Whether a process takes the database role made for it: where there is one, always, or never. */
  abstract readonly databaseRoles: 'auto' | 'required' | 'off';
  /** Whether this is a test installation, whose clock may lead the real time (`jangteo clock`). */
  abstract readonly testClock: boolean;
  /** Loads invented data on first start. */
  abstract readonly demo: boolean;
  /** What amounts count, in contracts that are made; in those that are there it has to be the same. */
  abstract readonly unit: Unit;
  /** After which numbers series and issue orders begin, likewise: where a deployment before this one ended. */
  abstract readonly startsAfter: { readonly series: number; readonly issueOrders: bigint };
}

/** Configuration of a process that needs a database and a node (API, worker). */
export abstract class ServiceConfig extends Config {
  abstract override readonly databaseUrl: string;
  abstract override readonly chainRpcUrl: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment makes no sense; the message lists everything that is wrong, one a line. */
export class ConfigError extends OperatorError {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly env: Environment) {}

  /** A variable set to nothing counts as not set: that is how compose files and shells leave things out. */
  text(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    return this.text(name) === undefined ? undefined : this.integer(name, min, min, max);
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    this.problems.push(`${name} must be a whole number from ${min} to ${max}, not "${text}"`);
    return fallback;
  }

  oneOf<T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const found = allowed.find((one) => one === text.toLowerCase());
    if (found === undefined)
      this.problems.push(`${name} must be one of ${allowed.join(', ')}, not "${text}"`);
    return found ?? fallback;
  }

  /** The value is not repeated in the message: a database URL contains a password. */
  url(name: string, protocols: readonly string[]): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const protocol = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : undefined;
    if (protocol !== undefined && protocols.includes(protocol)) return text;
    this.problems.push(
      `${name} must be a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    );
    return undefined;
  }

  private list(name: string): string[] {
    return (this.text(name) ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  }

  /** `*` unless it is said; `off` = none. */
  origins(name: string): string[] {
    const listed = this.list(name);
    if (listed.length === 0) return ['*'];
    if (listed.length === 1 && listed[0] === 'off') return [];
    for (const one of listed) {
      if (one === '*' || (URL.canParse(one) && new URL(one).origin === one)) continue;
      this.problems.push(`${name} must be *, off, or origins as https://pay.example, not "${one}"`);
    }
    return listed;
  }

  /** Addresses, or networks with the length of their prefix. */
  addresses(name: string): string[] {
    const listed = this.list(name);
    for (const one of listed) {
      const [address = '', prefix] = one.split('/');
      const bits = isIP(address) === 6 ? 128 : 32;
      const fits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
      if (isIP(address) === 0 || !fits)
        this.problems.push(`${name} must be addresses or networks as 10.0.0.0/8, not "${one}"`);
    }
    return listed;
  }

  unit(): Unit {
    const unit = {
      code: this.text('JANGTEO_UNIT_CODE') ?? WON.code,
      digits: this.integer('JANGTEO_UNIT_DIGITS', WON.digits, 0, UNIT_DIGITS_MAX),
      ko: this.text('JANGTEO_UNIT_KO') ?? WON.ko,
      en: this.text('JANGTEO_UNIT_EN') ?? WON.en,
    };
    const wanted = { code: 'three capital letters', ko: NAME_OF_UNIT, en: NAME_OF_UNIT };
    for (const part of unitFaults(unit)) {
      if (part === 'digits') continue;
      this.problems.push(`JANGTEO_UNIT_${part.toUpperCase()} must be ${wanted[part]}, not "${unit[part]}"`);
    }
    return unit;
  }

  /** Also read before everything else, see logLevelOf. */
  logLevel(): LogLevel {
    return this.oneOf('LOG_LEVEL', 'info', LOG_LEVELS);
  }

  host(name: string, fallback: string): string {
    const text = this.text(name) ?? fallback;
    if (!/^[A-Za-z0-9.:_-]+$/.test(text))
      this.problems.push(`${name} must be an address or a host name, not "${text}"`);
    return text;
  }

  require(name: string): void {
    if (this.text(name) === undefined) this.problems.push(`${name} is missing`);
  }

  /** A misspelt name would be ignored in silence. */
  refuseUnknown(): void {
    for (const name of Object.keys(this.env)) {
      if (name.startsWith('JANGTEO_') && !KNOWN.has(name)) {
        this.problems.push(`${name} is not a known setting; known are ${[...KNOWN].join(', ')}`);
      }
    }
  }
}

/** JANGTEO_DEPENDENCY_ROOT belongs to the dependency rule's own test. */
const KNOWN = new Set([
  'JANGTEO_HOME',
  'JANGTEO_KEYSTORE_PASSWORD',
  'JANGTEO_DEMO',
  'JANGTEO_UNIT_CODE',
  'JANGTEO_UNIT_DIGITS',
  'JANGTEO_UNIT_KO',
  'JANGTEO_UNIT_EN',
  'JANGTEO_SERIES_AFTER',
  'JANGTEO_ISSUE_ORDERS_AFTER',
  'JANGTEO_DEPENDENCY_ROOT',
]);

const PORT_MAX = 65_535;
const UINT32_MAX = 2 ** 32 - 1;
const NAME_OF_UNIT = `one line of ${UNIT_NAME_BYTES_MAX} bytes at most`;

function read(reader: EnvironmentReader): Config {
  reader.refuseUnknown();
  reader.logLevel();
  const home = resolve(projectRoot(), reader.text('JANGTEO_HOME') ?? '.jangteo');
  const config: Config = {
    host: reader.host('HOST', '127.0.0.1'),
    port: reader.integer('PORT', 8080, 1, PORT_MAX),
    consolePort: reader.optionalInteger('CONSOLE_PORT', 1, PORT_MAX),
    workerPort: reader.integer('WORKER_PORT', 8081, 1, PORT_MAX),
    metricsPort: reader.integer('METRICS_PORT', 8083, 1, PORT_MAX),
    publicUrl: reader.url('PUBLIC_URL', ['http', 'https'])?.replace(/\/+$/, ''),
    corsOrigins: reader.origins('CORS_ORIGINS'),
    requestsPerSecond: reader.integer('REQUESTS_PER_SECOND', 100, 0, 1_000_000),
    requestsAtOnce: reader.integer('REQUESTS_AT_ONCE', 100, 0, 1_000_000),
    unlimitedClients: reader.addresses('UNLIMITED_CLIENTS'),
    trustedProxies: reader.addresses('TRUSTED_PROXIES'),
    home,
    databaseUrl: reader.url('DATABASE_URL', ['postgres', 'postgresql']),
    chainRpcUrl: reader.url('CHAIN_RPC_URL', ['http', 'https']),
    keystorePassword: reader.text('JANGTEO_KEYSTORE_PASSWORD'),
    finalityDepth: reader.integer('FINALITY_DEPTH', 0, 0, 1_000),
    relayerBatchMax: reader.integer('RELAYER_BATCH_MAX', 400, 1, 400),
    databasePoolMax: reader.integer('DATABASE_POOL_MAX', 10, 1, 200),
    reportPoolMax: reader.integer('REPORT_POOL_MAX', 4, 1, 100),
    databaseRoles: reader.oneOf('DATABASE_ROLES', 'auto', ['auto', 'required', 'off']),
    reconcileEverySeconds: reader.integer('RECONCILE_EVERY_SECONDS', 600, 0, 86_400),
    testClock: reader.oneOf('TEST_CLOCK', 'off', ['on', 'off']) === 'on',
    demo: reader.oneOf('JANGTEO_DEMO', 'on', ['on', 'off']) === 'on',
    unit: reader.unit(),
    startsAfter: {
      series: reader.integer('JANGTEO_SERIES_AFTER', 0, 0, UINT32_MAX),
      issueOrders: BigInt(reader.integer('JANGTEO_ISSUE_ORDERS_AFTER', 0, 0, Number.MAX_SAFE_INTEGER)),
    },
  };
  if (config.port === config.workerPort) reader.problems.push('PORT and WORKER_PORT must differ');
  if (config.consolePort === config.port || config.consolePort === config.workerPort)
    reader.problems.push('CONSOLE_PORT must differ from PORT and WORKER_PORT');
  if (config.port === config.metricsPort) reader.problems.push('PORT and METRICS_PORT must differ');
  if (config.consolePort === config.metricsPort)
    reader.problems.push('CONSOLE_PORT and METRICS_PORT must differ');
  return config;
}

/** The level of a process's log, which has to be there before its settings are; `info` when it makes no sense. */
export function logLevelOf(env: Environment): LogLevel {
  return new EnvironmentReader(env).logLevel();
}

/** Reads the environment; throws ConfigError that lists everything wrong with it. */
export function loadConfig(env: Environment): Config {
  const reader = new EnvironmentReader(env);
  const config = read(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

/** As loadConfig, for a process that cannot run without DATABASE_URL and CHAIN_RPC_URL. */
export function loadServiceConfig(env: Environment): ServiceConfig {
  const reader = new EnvironmentReader(env);
  reader.require('DATABASE_URL');
  reader.require('CHAIN_RPC_URL');
  const { databaseUrl = '', chainRpcUrl = '', ...rest } = read(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return { ...rest, databaseUrl, chainRpcUrl };
}

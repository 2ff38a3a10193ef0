import type { LoggerService } from '@nestjs/common';
import { destination, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { LogLevel } from './config.js';
import { OperatorError, type SupervisorLog } from './processes/supervisor-log.js';

/**
 * The only keys a log line may have besides time, level, service and event. One meaning each, so that a search
 * written for one part works for all. Events are fixed dotted names ("payment.accepted"); ids go into fields.
 */
export interface LogFields {
  /** One HTTP request; the same value as the x-request-id header. */
  requestId?: string;
  method?: string;
  /** Route pattern, not the address: an address contains ids. */
  route?: string;
  status?: number;
  durationMs?: number;
  /** Code of the refusal table. */
  code?: string;
  paymentId?: string;
  redemptionId?: string;
  voidId?: string;
  giftId?: string;
  circulationId?: string;
  refundId?: string;
  cancellationId?: string;
  merchant_cancellationId?: string;
  actId?: string;
  orderId?: string;
  jobId?: string;
  seriesId?: string | number;
  /** Account address. */
  account?: string;
  merchant?: string;
  /** Region code of an authority. */
  authority?: string;
  region?: string;
  txHash?: string;
  blockNumber?: number;
  blockHash?: string;
  fromBlock?: number;
  toBlock?: number;
  chainId?: number;
  address?: string;
  nonce?: number;
  gasUsed?: number;
  /** Things handled in one go. */
  count?: number;
  attempt?: number;
  /** Name of a child process, job, table or module. */
  component?: string;
  pid?: number;
  port?: number;
  /** Without user and password, see withoutCredentials. */
  url?: string;
  path?: string;
  signal?: string;
  exitCode?: number;
  reason?: string;
  /** Text of a library that we do not word ourselves. */
  message?: string;
  /** Whatever was thrown; written as type, message and stack. */
  error?: unknown;
}

/** Keys whose values never reach a log, at the top and one level down. */
const SECRET_KEYS = [
  'authorization',
  'cookie',
  'signature',
  'signatures',
  'password',
  'privateKey',
  'secret',
  'token',
  'mnemonic',
  'keystore',
];

const REDACT_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

function errorFields(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('message' in error)) return { message: String(error) };
  const { message } = error;
  const type = error.constructor.name;
  const code = 'code' in error ? error.code : undefined;
  const stack = 'stack' in error ? error.stack : undefined;
  const cause = 'cause' in error && error.cause !== undefined ? errorFields(error.cause) : undefined;
  return { type, message, code, stack, cause };
}

/** Structured log: one JSON line per event. */
export class Log {
  private constructor(private readonly sink: Logger) {}

  /** `service` names the process (api, worker, cli); lines go to stdout unless `to` is given. */
  static create(
    service: string,
    level: LogLevel,
    to: DestinationStream = destination({ dest: 1, sync: false }),
  ): Log {
    const sink = pino(
      {
        level,
        base: { service },
        timestamp: stdTimeFunctions.isoTime,
        messageKey: 'event',
        formatters: { level: (label) => ({ level: label }) },
        serializers: { error: errorFields },
        redact: { paths: REDACT_PATHS, censor: '[redacted]' },
      },
      to,
    );
    return new Log(sink);
  }

  /** A log that says nothing, for tests. */
  static silent(): Log {
    return Log.create('silent', 'silent');
  }

  /** The same log with fields on every line. */
  with(fields: LogFields): Log {
    return new Log(this.sink.child(fields));
  }

  /** True when lines of this level are written; spares building expensive fields. */
  writes(level: Exclude<LogLevel, 'silent'>): boolean {
    return this.sink.isLevelEnabled(level);
  }

  debug(event: string, fields: LogFields = {}): void {
    this.sink.debug(fields, event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.sink.info(fields, event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.sink.warn(fields, event);
  }

  error(event: string, fields: LogFields = {}): void {
    this.sink.error(fields, event);
  }

  /** Writes out what is buffered; call it before the process ends. */
  flush(): void {
    this.sink.flush();
  }
}

/** The same log for the supervisors of embedded processes. */
export function supervisorLogOf(log: Log): SupervisorLog {
  return (level, event, fields) => {
    log[level](event, { ...fields });
  };
}

/** Lets Nest's own messages into the log, as `message` of the event "nest". */
export class NestLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.sink.debug('nest', nestFields(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.sink.warn('nest', nestFields(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    // What an operator can mend ends the start; who started the application says it, in one sentence and once.
    const level = message instanceof OperatorError ? 'debug' : 'error';
    this.sink[level]('nest', nestFields(message, rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.sink.debug('nest', nestFields(message, rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.sink.debug('nest', nestFields(message, rest));
  }
}

/** Nest appends the context (a class name) as the last argument. */
function nestFields(message: unknown, rest: readonly unknown[]): LogFields {
  const last = rest.at(-1);
  const component = typeof last === 'string' ? last : undefined;
  if (typeof message === 'object' && message !== null && 'message' in message)
    return { component, error: message };
  const stack = rest.find((one) => typeof one === 'string' && one.includes('\n'));
  return { component, message: [message, stack].filter((part) => part !== undefined).join('\n') };
}

/** A URL for logs: user and password left out. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return '[not a url]';
  const parsed = new URL(url);
  // "user:password@host" parses as a scheme followed by anything.
  if (parsed.host === '') return '[not a url]';
  parsed.username = '';
  parsed.password = '';
  return parsed.toString();
}

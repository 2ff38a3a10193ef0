import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyHttpOptions, FastifyReply } from 'fastify';
import type { RegionNames } from '#domain';
import { serveApiDocs } from './api-docs.js';
import type { ClientLimits } from './client-limits.js';
import type { ApiDocsOptions } from './api-docs.js';
import { HttpAppModule } from './http-app.module.js';
import { parseBodies, refuseOtherEncodings } from './http-bodies.js';
import { answerExpectations, answerParserError, requireOneHost } from './http-parser.js';
import { admitPages, answerMethods, type CrossOriginOptions } from './http-methods.js';
import { rawJsonPieces, stringifyJson } from './json.js';
import { Log, NestLog } from './logging.js';
import { Metrics } from './metrics.js';
import { knowOrigins, type Origin, ORIGINS, originOf, serversOf } from './origins.js';
import { limitClients } from './limit-clients.js';
import { isClientGone, sendProblem } from './problem.filter.js';

export interface HttpAppOptions {
  readonly log: Log;
  /** Turns region codes into names in problem texts. */
  readonly regionName?: RegionNames;
  /** OpenAPI at /docs and /docs/openapi.json; left out = none. */
  readonly docs?: ApiDocsOptions;
  /** Path prefixes whose bodies may be 1 MB (acts contain lists); others 256 kB. Default /v1/acts. */
  readonly largeBodyPrefixes?: readonly string[];
  /** Which routes pages of other origins may call; left out = none. */
  readonly crossOrigin?: CrossOriginOptions;
  /** How long a client may take; the defaults are those of production. */
  readonly timeLimits?: TimeLimits;
  /** What one client may ask for; left out = anything. */
  readonly limits?: ClientLimits;
  /** Addresses of proxies in front of the process, whose `x-forwarded-for` names the client; default none. */
  readonly trustedProxies?: readonly string[];
  /** Content-Security-Policy of an origin's pages; the default lets a page load from its own origin only. */
  readonly contentSecurityPolicy?: Partial<Readonly<Record<Origin, string>>>;
}

/** How long a client may take, in milliseconds; then its connection is cut (408 while it can still be answered). */
export interface TimeLimits {
  /** From the first byte to the end of the headers. */
  readonly headersMs: number;
  /** From the first byte to the end of the body: 16 MB, the largest list, at 2.2 Mbit/s. */
  readonly requestMs: number;
  /** Between two requests of a connection; longer than the 60 s after which common load balancers give one up. */
  readonly idleMs: number;
  /** How often the server looks. */
  readonly checkMs: number;
}

const TIME_LIMITS: TimeLimits = { headersMs: 10_000, requestMs: 60_000, idleMs: 72_000, checkMs: 1_000 };

const BODY_BYTES_MAX = 256 * 1024;
const LARGE_BODY_BYTES_MAX = 1024 * 1024;

/** Streams (server-sent events) would keep a stopping server open; they are cut after this long. */
const CLOSE_GRACE_MS = 3_000;

const NO_CROSS_ORIGIN: CrossOriginOptions = { origins: [], allows: () => false };

/** Content-Security-Policy of /docs, and of an origin without one of its own. */
export const DOCS_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  // Swagger UI sets style attributes.
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ');

/** Answers as JSON; those with RawJson as streams, so that no other request waits while megabytes are spelled and copied. */
function writeJson(fastify: FastifyInstance): void {
  const large = new WeakMap<FastifyReply, Iterable<string>>();
  fastify.setReplySerializer((payload) => stringifyJson(payload));
  fastify.addHook('preSerialization', (_request, reply, payload, done) => {
    const pieces = rawJsonPieces(payload);
    if (pieces === undefined) return done(null, payload);
    large.set(reply, pieces);
    done(null, null);
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    const pieces = large.get(reply);
    if (pieces === undefined) done(null, payload);
    else done(null, Readable.from(pieces, { objectMode: false }));
  });
}

/** A caller's id is kept when it is harmless, so that one id follows a request through several systems. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : randomUUID();
}

function createAdapter(options: HttpAppOptions): FastifyAdapter {
  const { log, regionName, timeLimits = TIME_LIMITS, trustedProxies = [] } = options;
  const settings: FastifyHttpOptions<Server> = {
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    requestTimeout: timeLimits.requestMs,
    keepAliveTimeout: timeLimits.idleMs,
    http: {
      headersTimeout: timeLimits.headersMs,
      connectionsCheckingInterval: timeLimits.checkMs,
      // Node would refuse one without Host by a status alone; see requireOneHost.
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => answerParserError(error, socket, log),
    bodyLimit: BODY_BYTES_MAX,
    // What reaches us while we stop is answered: a 503 would be an error that clients see.
    return503OnClosing: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    // Addresses that cannot be decoded never reach a route or a filter.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply, log, regionName),
  };
  return new FastifyAdapter(settings);
}

function allowLargeBodies(fastify: FastifyInstance, prefixes: readonly string[]): void {
  fastify.addHook('onRoute', (route) => {
    if (prefixes.some((prefix) => route.url === prefix || route.url.startsWith(`${prefix}/`))) {
      route.bodyLimit = LARGE_BODY_BYTES_MAX;
    }
  });
}

function addHeaders(fastify: FastifyInstance, policies: HttpAppOptions['contentSecurityPolicy'] = {}): void {
  const headers = Object.fromEntries(
    ORIGINS.map((origin) => [
      origin,
      {
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': policies[origin] ?? DOCS_POLICY,
      },
    ]),
  );
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'x-request-id': request.id, ...headers[originOf(request.raw)] });
    done();
  });
}

/** One line and one measurement per request. A 2xx is logged at debug: at 2,000 a second it would be the load. */
function observe(fastify: FastifyInstance, log: Log, metrics: Metrics | undefined): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    const { method } = request;
    const status = reply.statusCode;
    const durationMs = reply.elapsedTime;
    metrics?.httpDuration.observe({ method, route, status }, durationMs / 1000);
    const level = isClientGone(request) ? 'debug' : status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug';
    if (log.writes(level)) {
      log[level]('http.answered', {
        requestId: request.id,
        method,
        route,
        status,
        durationMs: Math.round(durationMs),
      });
    }
    done();
  });
}

/** What is under way when we stop is answered; its connection ends with the answer, streams a little later. */
function endConnectionsOnClose(fastify: FastifyInstance): void {
  let closing = false;
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
  fastify.addHook('preClose', (done) => {
    closing = true;
    setTimeout(() => {
      for (const server of serversOf(fastify)) server.closeAllConnections();
    }, CLOSE_GRACE_MS).unref();
    done();
  });
}

/** The app's Metrics, when its module imports MetricsModule. */
function metricsOf(app: NestFastifyApplication): Metrics | undefined {
  try {
    return app.get(Metrics, { strict: false });
  } catch {
    return undefined;
  }
}

/**
 * A Nest application on Fastify with everything that routes share: problem documents, validation, bigint-safe
 * JSON, limits, security headers, request ids, access log, metrics, documentation, orderly shutdown. It does not
 * listen yet: `await app.listen(port, host)`.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const { log, largeBodyPrefixes = ['/v1/acts'], contentSecurityPolicy, docs } = options;
  const adapter = createAdapter(options);
  const fastify: FastifyInstance = adapter.getInstance();
  knowOrigins(fastify);
  answerExpectations(fastify.server);
  parseBodies(fastify);
  allowLargeBodies(fastify, largeBodyPrefixes);
  addHeaders(fastify, contentSecurityPolicy);
  requireOneHost(fastify);
  const crossOrigin = options.crossOrigin ?? NO_CROSS_ORIGIN;
  // A page may read that it sent too much; what has no route counts like everything else.
  admitPages(fastify, crossOrigin);
  if (options.limits !== undefined) limitClients(fastify, options.limits, log);
  answerMethods(fastify, crossOrigin);
  refuseOtherEncodings(fastify);
  endConnectionsOnClose(fastify);
  writeJson(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(
    HttpAppModule.forRoot(module, options),
    adapter,
    { bodyParser: false, logger: new NestLog(log), abortOnError: false },
  );
  observe(fastify, log, metricsOf(app));
  app.enableShutdownHooks();
  if (docs !== undefined) serveApiDocs(app, docs);
  return app;
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/**
 * An origin of pages, each with a port of its own: residents, merchants and the public on one, officers on the other,
 * so that no script, cookie or storage of one is the other's. Both have the same API.
 */
export type Origin = 'public' | 'console';
export const ORIGINS: readonly Origin[] = ['public', 'console'];

const ORIGIN = Symbol('ORIGIN');
/** Servers beside the application's own. */
const others = new WeakMap<FastifyInstance, Server[]>();

/** The origin on whose port a request arrived. */
export function originOf(request: IncomingMessage & { readonly [ORIGIN]?: Origin }): Origin {
  return request[ORIGIN] ?? 'public';
}

/** Lets routes have the constraint `origin`. To be called before the first route. */
export function knowOrigins(fastify: FastifyInstance): void {
  fastify.addConstraintStrategy({
    name: 'origin',
    storage() {
      const handlers = new Map<unknown, unknown>();
      return {
        get: (origin: unknown) => (handlers.get(origin) as never) ?? null,
        set: (origin: unknown, handler: unknown) => void handlers.set(origin, handler),
      };
    },
    deriveConstraint: (request: IncomingMessage) => originOf(request),
    validate: (origin: unknown) => {
      if (!ORIGINS.some((one) => one === origin)) throw new Error(`not an origin: ${String(origin)}`);
    },
  });
}

/** All servers of the application. */
export function serversOf(fastify: FastifyInstance): Server[] {
  return [fastify.server, ...(others.get(fastify) ?? [])];
}

/**
 * A second server of the same application for another origin. It is closed with the application. To be made before the
 * application listens; the server itself listens afterwards.
 */
export function addOrigin(app: NestFastifyApplication, origin: Origin): Server {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const { keepAliveTimeout, requestTimeout, headersTimeout, timeout } = fastify.server;
  const limits = { keepAliveTimeout, requestTimeout, headersTimeout, requireHostHeader: false };
  const server = createServer(limits, (request, response) => {
    fastify.routing(Object.assign(request, { [ORIGIN]: origin }), response);
  });
  // What the parser of one server refuses, that of the other does as well.
  for (const event of ['clientError', 'checkExpectation'] as const)
    for (const answer of fastify.server.listeners(event)) server.on(event, answer as () => void);
  server.timeout = timeout;
  others.set(fastify, [...(others.get(fastify) ?? []), server]);
  fastify.addHook('preClose', (done) => {
    // Calls back also when it never listened; connections end with their answers.
    server.close();
    server.closeIdleConnections();
    done();
  });
  return server;
}

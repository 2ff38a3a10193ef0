import type { FastifyInstance } from 'fastify';
import type { ClientLimits } from './client-limits.js';
import type { Log } from './logging.js';
import { ProblemException } from './problem.js';

/** Refuses a client's request with 429 and the seconds after which the next one passes. Health is always answered. */
export function limitClients(fastify: FastifyInstance, limits: ClientLimits, log: Log): void {
  let saidProxy = false;
  fastify.addHook('onRequest', (request, reply, done) => {
    const client = request.url.startsWith('/health/') ? undefined : limits.clientOf(request.ip);
    if (client === undefined) return done();
    const waitMs = limits.begin(client, performance.now());
    if (waitMs === 0) {
      // Also when the client is gone before the answer; a stream ends with its connection.
      reply.raw.once('close', () => limits.end(client));
      return done();
    }
    if (!saidProxy && request.ips === undefined && request.headers['x-forwarded-for'] !== undefined) {
      // Everybody behind it is one client.
      log.warn('limits.proxy_not_trusted');
      saidProxy = true;
    }
    void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    done(new ProblemException('rate_limited'));
  });
}

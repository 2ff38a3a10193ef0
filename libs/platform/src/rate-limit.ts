import type { FastifyInstance } from 'fastify';
import { ProblemException } from './problem.js';

/** More clients than this are not distinguished: whoever is forgotten begins with a whole allowance. */
const CLIENTS_MAX = 100_000;

/**
 * How many requests each client may send: `perSecond` on average, and twice as many at once (a token bucket, kept as
 * the moment at which the client's allowance is whole again).
 */
export class RateLimit {
  private readonly wholeAt = new Map<string, number>();
  private readonly stepMs: number;
  private readonly burstMs: number;

  /** @param perSecond above 0 */
  constructor(perSecond: number) {
    this.stepMs = 1_000 / perSecond;
    this.burstMs = 2_000;
  }

  /**
   * Counts one request.
   *
   * @param nowMs of a clock that never goes back
   * @returns 0 when it may pass; else the milliseconds until one may
   */
  take(client: string, nowMs: number): number {
    const whole = Math.max(this.wholeAt.get(client) ?? 0, nowMs) + this.stepMs;
    const early = whole - nowMs - this.burstMs;
    if (early > 0) return early;
    if (this.wholeAt.size >= CLIENTS_MAX && !this.wholeAt.has(client)) this.forget(nowMs);
    this.wholeAt.set(client, whole);
    return 0;
  }

  private forget(nowMs: number): void {
    for (const [client, whole] of this.wholeAt) if (whole <= nowMs) this.wholeAt.delete(client);
    if (this.wholeAt.size >= CLIENTS_MAX) this.wholeAt.clear();
  }
}

/** Refuses a client's request with 429 and the seconds after which the next one passes. Health is always answered. */
export function limitClients(fastify: FastifyInstance, perSecond: number): void {
  if (perSecond === 0) return;
  const limit = new RateLimit(perSecond);
  fastify.addHook('onRequest', (request, reply, done) => {
    const waitMs = request.url.startsWith('/health/') ? 0 : limit.take(request.ip, performance.now());
    if (waitMs === 0) return done();
    void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    done(new ProblemException('rate_limited'));
  });
}

import { Catch, Inject, Optional } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RegionNames } from '#domain';
import { stringifyJson } from './json.js';
import { languageOf } from './language.js';
import { Log } from './logging.js';
import { PROBLEM_CONTENT_TYPE, problemDocument } from './problem.js';
import { problemOfError } from './problem-of-error.js';
import { varyBy } from './vary.js';

/** Too many requests, or not available now: the same request will do later. */
const RETRY_LATER: ReadonlySet<number> = new Set([429, 503]);
const RETRY_AFTER_SECONDS = '1';

/** The connection ended before its request was whole: no client reads an answer. */
export function isClientGone({ raw }: FastifyRequest): boolean {
  return !raw.complete && raw.socket?.destroyed === true;
}

/** Answers a failed request with its problem document; what is unexpected is logged with the request's id. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
  regionName?: RegionNames,
): void {
  const problem = problemOfError(error);
  if (isClientGone(request)) {
    log.debug('http.client_gone', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions?.url,
    });
  } else if (problem.status >= 500) {
    log.error('http.failed', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions?.url,
      code: problem.key,
      error: problem.options.cause ?? problem,
    });
  }
  // A stream that has begun cannot change its answer any more.
  if (reply.sent || reply.raw.headersSent) return;
  const lang = languageOf(request.headers['accept-language']);
  const instance = request.url.split('?')[0] ?? request.url;
  const document = problemDocument(problem.key, problem.options, {
    lang,
    instance,
    requestId: request.id,
    regionName,
  });
  if (RETRY_LATER.has(document.status) && !reply.hasHeader('retry-after'))
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
  varyBy(reply, 'Accept-Language');
  void reply
    .code(document.status)
    .header('content-language', lang)
    .header('cache-control', 'no-store')
    .type(PROBLEM_CONTENT_TYPE)
    .send(stringifyJson(document));
}

/** Turns region codes into names in problem texts; optional. */
export const REGION_NAMES = Symbol('REGION_NAMES');

/** A driver's error as callers should see it; optional. Given by the module that owns the driver. */
export const ERROR_TRANSLATION = Symbol('ERROR_TRANSLATION');
export type ErrorTranslation = (error: unknown) => unknown;

/** Global filter: every error of every route leaves as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(Log) private readonly log: Log,
    @Optional() @Inject(REGION_NAMES) private readonly regionName?: RegionNames,
    @Optional() @Inject(ERROR_TRANSLATION) private readonly translate?: ErrorTranslation,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(
      this.translate?.(error) ?? error,
      http.getRequest<FastifyRequest>(),
      http.getResponse<FastifyReply>(),
      this.log,
      this.regionName,
    );
  }
}

import { HttpException } from '@nestjs/common';
import type { RefusalKey } from '#domain';
import { isProblemException, ProblemException } from './problem.js';
import { codeOf } from './processes/supervisor-log.js';

/**
 * HTTP status of a framework's exception to the platform's code; others in 4xx are request_malformed. None of them is
 * invalid_request, which names fields: a framework knows of none.
 */
const KEY_OF_STATUS: ReadonlyMap<number, RefusalKey> = new Map([
  [400, 'request_malformed'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [408, 'request_timeout'],
  [409, 'conflict'],
  [413, 'body_too_large'],
  // Longer than any id.
  [414, 'not_found'],
  [415, 'unsupported_media_type'],
  [416, 'range_not_satisfiable'],
  [417, 'expectation_failed'],
  [429, 'rate_limited'],
  [431, 'headers_too_large'],
  [503, 'unavailable'],
]);

/** Fastify's errors have statusCode, Nest's getStatus(); anything else says nothing. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null) return undefined;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  // Only Fastify's own codes: the caller is not at fault when a call of the platform fails with a statusCode.
  const isFastify = 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
  return isFastify && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** Any thrown thing as a problem; what is unexpected becomes `internal`, with the cause for the log alone. */
export function problemOfError(error: unknown): ProblemException {
  if (isProblemException(error)) return error;
  if (codeOf(error) === 'FST_ERR_BAD_URL') return new ProblemException('path_malformed', { cause: error });
  const status = statusOf(error);
  if (status === undefined || status < 400) return new ProblemException('internal', { cause: error });
  const key = KEY_OF_STATUS.get(status);
  if (key !== undefined) return new ProblemException(key, { cause: error });
  return new ProblemException(status < 500 ? 'request_malformed' : 'internal', { cause: error });
}

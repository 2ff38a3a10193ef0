import { ProblemException } from '#platform';

/**
 * SQLSTATE of a server that goes away, starts, has no connection or disk left, or is a standby (not promoted yet, or no
 * longer the primary): the 08 and 57P classes (admin_shutdown, crash_shutdown, cannot_connect_now), disk_full,
 * too_many_connections and read_only_sql_transaction.
 */
const SERVER_AWAY = /^(08|57P|53100$|53300$|25006$)/;
const SOCKET_BROKEN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
]);
/**
 * What pg says without a code when a connection ends under a statement, or none can be had; and TypeORM, which lets go
 * of a connection that ends between two statements of a transaction.
 */
const DRIVER_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed)|Query runner already released)/;

/**
 * An error of the driver as callers should see it: a lost connection is the problem `unavailable` (the server may
 * have executed the statement; whoever repeats it must be idempotent), every other error stays what it is.
 */
export function withoutConnectionLoss(error: unknown): unknown {
  return isConnectionLoss(error) ? new ProblemException('unavailable', { cause: error }) : error;
}

function isConnectionLoss(error: unknown): boolean {
  if (!(typeof error === 'object' && error !== null)) return false;
  if ('driverError' in error && error.driverError !== error && isConnectionLoss(error.driverError))
    return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return SERVER_AWAY.test(code) || SOCKET_BROKEN.has(code) || DRIVER_WORDS.test(message);
}

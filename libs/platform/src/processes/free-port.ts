import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152), so that no connection
 * takes a free port before it is used; above those of well-known services.
 */
const FIRST = 15_000;
const LAST = 29_999;
const ATTEMPTS = 50;

/** Whether somebody could listen on this loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A loopback port that is free now, for what has to be given its port before it starts. By chance, so that processes that
 * look at the same moment find different ones.
 *
 * @throws Error when fifty in a row are taken
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no free port found from ${FIRST} to ${LAST}`);
}

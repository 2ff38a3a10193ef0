import { createServer } from 'node:net';
import { findFreePort, isPortFree } from './free-port.js';

/** The first port that any system gives to outgoing connections. */
const EPHEMERAL = 32_768;

describe('a free port', () => {
  it('is one that no outgoing connection can take, free, and seldom what another process finds', async () => {
    const found = await Promise.all(Array.from({ length: 40 }, findFreePort));
    for (const port of found) {
      expect(port).toBeGreaterThan(1_023);
      expect(port).toBeLessThan(EPHEMERAL);
    }
    // Of 40 out of 15,000 two are equal in one run of twenty, three pairs in one of 40,000.
    expect(new Set(found).size).toBeGreaterThan(36);
  });

  it('is not one that somebody listens on', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    expect(await isPortFree(port)).toBe(false);
    await new Promise((closed) => server.close(closed));
    expect(await isPortFree(port)).toBe(true);
  });
});

import fastify, { type FastifyInstance } from 'fastify';
import { type Unit, WON } from '#domain';
import { knowOrigins } from '#platform';
import { servePages } from '../../../apps/api/src/pages.js';

/** Pages of a folder as the API serves them, with its headers, and nothing else of the API. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(folder: string, unit: Unit = WON): Promise<Served> {
  const server: FastifyInstance = fastify({ forceCloseConnections: true });
  knowOrigins(server);
  await servePages(server, 'public', folder, unit);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  // A name, because browsers give localhost what they give TLS.
  return { url: `http://localhost:${address.port}`, close: () => server.close() };
}

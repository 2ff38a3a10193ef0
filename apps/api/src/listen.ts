import { once } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { addOrigin, type Origin, ServiceConfig } from '#platform';

/** Where the API listens: the port of each origin that there is. */
export interface Listening {
  readonly host: string;
  readonly ports: Partial<Record<Origin, number>> & { readonly public: number };
}

/**
 * Opens the ports of the settings: PORT, and CONSOLE_PORT where it is set.
 *
 * @throws Error when one of them is taken
 */
export async function listen(app: NestFastifyApplication): Promise<Listening> {
  const { host, port, consolePort } = app.get(ServiceConfig);
  if (consolePort === undefined) {
    await app.listen(port, host);
    return { host, ports: { public: port } };
  }
  const officers = addOrigin(app, 'console');
  await app.listen(port, host);
  officers.listen(consolePort, host);
  await once(officers, 'listening');
  return { host, ports: { public: port, console: consolePort } };
}

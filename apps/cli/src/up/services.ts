import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isPortFree,
  OperatorError,
  projectRoot,
  startServiceProcess,
  type Config,
  type ServiceProcess,
  type SupervisorLog,
} from '#platform';
import type { RunningEndpoints } from '../platform/endpoints.js';

/**
 * V8's limits in MiB. Left alone it takes 128 for young objects, and lets garbage grow to twice of what lives before
 * it looks at the old ones; what lives is 75 and less.
 */
const HEAP_FLAGS = {
  api: ['--max-semi-space-size=16', '--max-old-space-size=384'],
  worker: ['--max-semi-space-size=16', '--max-old-space-size=512'],
} as const;

/** An API that lost its launcher to kill -9 ends by itself within this time. */
const PORT_WAIT_MS = 12_000;

function environment(config: Config, endpoints: RunningEndpoints): Record<string, string | undefined> {
  return {
    ...process.env,
    JANGTEO_HOME: config.home,
    DATABASE_URL: endpoints.databaseUrl,
    CHAIN_RPC_URL: endpoints.chainUrl,
    HOST: config.host,
    PORT: String(config.port),
    WORKER_PORT: String(config.workerPort),
    METRICS_PORT: String(config.metricsPort),
    ...unlimitedDemo(config),
  };
}

/** The demo is hundreds of residents on this machine. An operator's own setting counts. */
function unlimitedDemo({ demo, unlimitedClients }: Config): Record<string, string> {
  return demo && unlimitedClients.length === 0 ? { UNLIMITED_CLIENTS: '127.0.0.1,::1' } : {};
}

/**
 * Starts the worker, then the API, each as a process of its own that is restarted when it dies.
 *
 * @throws OperatorError when a port is taken or a process does not become ready
 */
export async function startServices(
  config: Config,
  endpoints: RunningEndpoints,
  log: SupervisorLog,
  say: (text: string) => void,
): Promise<ServiceProcess[]> {
  const started: ServiceProcess[] = [];
  try {
    for (const [name, port, variable] of [
      ['worker', config.workerPort, 'WORKER_PORT'],
      ['api', config.port, 'PORT'],
    ] as const) {
      say(`${name}: starting`);
      await requirePort(port, variable);
      if (name === 'api' && config.consolePort !== undefined)
        await requirePort(config.consolePort, 'CONSOLE_PORT');
      if (name === 'api') await requirePort(config.metricsPort, 'METRICS_PORT');
      started.push(
        await startServiceProcess({
          name,
          script: path.join(projectRoot(), 'dist', 'apps', name, 'src', 'main.js'),
          nodeFlags: ['--enable-source-maps', ...HEAP_FLAGS[name]],
          env: environment(config, endpoints),
          home: config.home,
          log,
        }),
      );
    }
    return started;
  } catch (error) {
    await stopServices(started);
    throw error;
  }
}

/** The API first: what it accepted is stored, and the worker goes on relaying it meanwhile. */
export async function stopServices(services: readonly ServiceProcess[]): Promise<void> {
  for (const service of services.toReversed()) await service.stop();
}

async function requirePort(port: number, variable: string): Promise<void> {
  for (let waited = 0; waited < PORT_WAIT_MS; waited += 200) {
    if (await isPortFree(port)) return;
    await sleep(200);
  }
  throw new OperatorError(
    `Port ${port} is taken by another program. Stop that program, or choose another port: ${variable}=${port + 10} npm start`,
  );
}

import 'reflect-metadata';
import {
  endWithLauncher,
  Log,
  logLevelOf,
  messageOf,
  Metrics,
  reportReady,
  serveMetrics,
  ServiceConfig,
} from '#platform';
import { createApi } from './create-api.js';
import { listen } from './listen.js';

const log = Log.create('api', logLevelOf(process.env));

try {
  const app = await createApi(process.env, log);
  const settings = app.get(ServiceConfig);
  const metrics = await serveMetrics(app.get(Metrics), settings.metricsPort, settings.host);
  endWithLauncher(async () => {
    await app.close();
    await metrics.close();
    log.info('api.stopped');
    log.flush();
  });
  const { host, ports } = await listen(app);
  for (const [origin, port] of Object.entries(ports))
    log.info('api.listening', { address: host, port, component: origin });
  reportReady({ port: ports.public });
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

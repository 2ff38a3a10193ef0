import 'reflect-metadata';
import {
  createHttpApp,
  endWithLauncher,
  loadServiceConfig,
  Log,
  messageOf,
  Metrics,
  reportReady,
} from '#platform';
import { IndexerJob } from './indexer.job.js';
import { workerModule } from './worker.module.js';

const config = loadServiceConfig(process.env);
const log = Log.create('worker', config.logLevel);

try {
  const app = await createHttpApp(workerModule(config, log), { log });
  app.get(Metrics).collectProcess();
  const end = endWithLauncher(() => app.close());
  void app.get(IndexerJob).whenFailed.then(() => end(1));
  await app.listen(config.workerPort, config.host);
  log.info('worker.started', { port: config.workerPort, pid: process.pid });
  reportReady({ port: config.workerPort });
} catch (error) {
  log.error('worker.start_failed', { error, message: messageOf(error) });
  process.exit(1);
}

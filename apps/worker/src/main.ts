import 'reflect-metadata';
import {
  createHttpApp,
  endWithLauncher,
  Log,
  logLevelOf,
  messageOf,
  Metrics,
  reportReady,
  ServiceConfig,
} from '#platform';
import { IndexerJob } from './indexer.job.js';
import { WorkerModule } from './worker.module.js';

const log = Log.create('worker', logLevelOf(process.env));

try {
  const app = await createHttpApp(WorkerModule.forRoot(process.env), { log });
  const { host, workerPort } = app.get(ServiceConfig);
  app.get(Metrics).collectProcess();
  const end = endWithLauncher(() => app.close());
  void app.get(IndexerJob).whenFailed.then(() => end(1));
  await app.listen(workerPort, host);
  log.info('worker.started', { port: workerPort, pid: process.pid });
  reportReady({ port: workerPort });
} catch (error) {
  log.error('worker.start_failed', { error, message: messageOf(error) });
  process.exit(1);
}

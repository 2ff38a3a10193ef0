import 'reflect-metadata';
import { endWithLauncher, Log, logLevelOf, messageOf, reportReady, ServiceConfig } from '#platform';
import { createApi } from './create-api.js';

const log = Log.create('api', logLevelOf(process.env));

try {
  const app = await createApi(process.env, log);
  const { host, port } = app.get(ServiceConfig);
  endWithLauncher(async () => {
    await app.close();
    log.info('api.stopped');
    log.flush();
  });
  await app.listen(port, host);
  log.info('api.listening', { address: host, port });
  reportReady({ port });
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

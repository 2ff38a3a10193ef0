import { endWithLauncher, loadServiceConfig, Log, messageOf, reportReady } from '#platform';
import { createApi } from './create-api.js';

async function main(): Promise<void> {
  const config = loadServiceConfig(process.env);
  const log = Log.create('api', config.logLevel);
  const app = await createApi(
    {
      databaseUrl: config.databaseUrl,
      databasePoolMax: config.databasePoolMax,
      reportPoolMax: config.reportPoolMax,
      databaseRoles: config.databaseRoles,
      testClock: config.testClock,
      chainRpcUrl: config.chainRpcUrl,
      onPoolError: (error) => log.warn('database.connection_lost', { error }),
    },
    log,
  );
  endWithLauncher(async () => {
    await app.close();
    log.info('api.stopped');
    log.flush();
  });
  await app.listen(config.port, config.host);
  log.info('api.listening', { address: config.host, port: config.port });
  reportReady({ port: config.port });
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

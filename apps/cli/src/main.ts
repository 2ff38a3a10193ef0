import 'reflect-metadata';
import path from 'node:path';
import { Command } from 'commander';
import { loadConfig, projectRoot } from '#platform';
import { explain } from './platform/explain.js';
import { print, say } from './platform/console.js';
import { deploy, migrate } from './platform/prepare.js';
import { withEndpoints } from './platform/with-endpoints.js';
import { up } from './up/up.js';
import { registerDemo } from './demo/index.js';
import { registerBackup } from './backup/index.js';
import { registerClock } from './clock.js';
import { registerDoctor } from './doctor/index.js';
import { registerRebuild } from './rebuild.js';
import { registerReconcile } from './reconcile.js';
import { registerTrialBalance } from './trial-balance.js';

const program = new Command('jangteo').description('Operator’s command of the Jangteo voucher platform');

program
  .command('up')
  .description('run the whole platform here: database, chain, contracts, worker, API, demo (npm start)')
  .option('--watch', 'restart API and worker whenever a compiler has written to dist/ (npm run dev)')
  .action(async ({ watch }: { readonly watch?: boolean }) => {
    process.exitCode = await up(process.env, { watch });
  });

program
  .command('migrate')
  .description('apply missing database migrations')
  .action(async () => {
    const config = loadConfig(process.env);
    const applied = await withEndpoints(config, ({ databaseUrl }) => migrate(databaseUrl));
    print(applied.length === 0 ? 'nothing to apply' : applied.join('\n'));
  });

program
  .command('deploy')
  .description('deploy the contracts for this database, once')
  .option(
    '--officers <file>',
    'the state’s first officers: [{ id, roles, address }] (roles: 1 governor, 2 treasurer, 4 registrar, added up)',
  )
  .action(async (options: { officers?: string }) => {
    const config = loadConfig(process.env);
    const { deployment, isNew } = await withEndpoints(config, async (endpoints) => {
      await migrate(endpoints.databaseUrl);
      return deploy(config, endpoints, options.officers);
    });
    say(isNew ? 'deployed' : 'already deployed; nothing done');
    print(
      JSON.stringify(
        deployment,
        (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
        2,
      ),
    );
  });

registerBackup(program);
registerClock(program);
registerDoctor(program);
registerRebuild(program);
registerReconcile(program);
registerTrialBalance(program);
registerDemo(program);

program.parseAsync().catch((error: unknown) => {
  const home = path.resolve(projectRoot(), process.env['JANGTEO_HOME'] ?? '.jangteo');
  process.stderr.write(`\n${explain(error, home)}\n`);
  process.exitCode = 1;
});

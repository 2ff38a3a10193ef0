import {
  loadConfig,
  lockHome,
  messageOf,
  OperatorError,
  type Config,
  type ServiceProcess,
  type SupervisorLog,
} from '#platform';
import { clockLead, Database, requireRealClock } from '#persistence';
import { leadText } from '../clock.js';
import { ensureDemo } from '../demo/index.js';
import { watchDisk } from '../platform/disk.js';
import { launcherLog, print, say } from '../platform/console.js';
import { startEndpoints, type RunningEndpoints } from '../platform/endpoints.js';
import { deploy, migrate } from '../platform/prepare.js';
import { announcePlatform, withdrawPlatform, type RunningPlatform } from '../platform/running.js';
import { banner } from './banner.js';
import { restartOnBuild } from './restart-on-build.js';
import { startServices, stopServices } from './services.js';

const EXIT_MS = 2_000;

export interface UpOptions {
  /** Restarts API and worker whenever a compiler has written to dist/. */
  readonly watch?: boolean;
}

/**
 * Runs the whole platform in this home until SIGINT or SIGTERM, or until `npm start` is gone: database, chain,
 * contracts, worker, API, demo. Everything that is started is stopped again, also when a later step fails.
 *
 * @returns exit code
 */
export async function up(env: NodeJS.ProcessEnv, options: UpOptions = {}): Promise<number> {
  const config = loadConfig(env);
  const lock = await lockHome(config.home);
  const launcher = launcherLog(config.home);
  const ending = new Ending();
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const services = await start(config, launcher.log, ending, undo);
    if (options.watch === true) undo.push(restartOnBuild(services, say));
    const failure = await ending.reason;
    say(failure ? `stopping: ${failure.message}` : 'stopping');
    return failure ? 1 : 0;
  } catch (error) {
    if (error instanceof Interrupted || ending.isSignalled) return 0;
    throw error;
  } finally {
    for (const step of undo.toReversed()) {
      await step().catch((error: unknown) => say(`stopping: ${messageOf(error)}`));
    }
    say('stopped');
    launcher.end();
    // Nothing of the platform runs any more; what else holds this process must not hold a supervisor.
    setTimeout(() => process.exit(), EXIT_MS).unref();
  }
}

async function start(
  config: Config,
  log: SupervisorLog,
  ending: Ending,
  undo: (() => Promise<void>)[],
): Promise<readonly ServiceProcess[]> {
  const unwatch = watchDisk({ folder: config.home, log });
  undo.push(() => Promise.resolve(unwatch()));
  const endpoints: RunningEndpoints = await startEndpoints(config, log, say, { signal: ending.signal });
  undo.push(() => endpoints.stop());
  endpoints.onFailure((reason) => ending.because(reason));
  ending.check();

  const applied = await migrate(endpoints.databaseUrl);
  say(
    applied.length === 0
      ? 'database: schema is up to date'
      : `database: ${applied.length} migrations applied`,
  );
  const lead = await clockLeadOf(endpoints.databaseUrl, config.testClock);
  if (lead > 0) say(`clock: ${leadText(lead)} ahead of the real time (test installation)`);
  const { deployment, isNew } = await deploy(config, endpoints);
  say(
    `contracts: ${isNew ? 'deployed' : 'found'} on chain ${deployment.chainId}, vouchers ${deployment.vouchers}`,
  );
  ending.check();

  const services = await startServices(config, endpoints, log, say);
  undo.push(() => stopServices(services));
  for (const service of services) service.onExit((reason) => reason && ending.because(reason));
  ending.check();

  const platform: RunningPlatform = {
    databaseUrl: endpoints.databaseUrl,
    chainUrl: endpoints.chainUrl,
    // Passkeys and browsers want the name; loopback addresses are not a "site" to them.
    apiUrl: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${config.port}`,
  };
  await announcePlatform(config.home, platform);
  undo.push(() => withdrawPlatform(config.home));
  const demoFile = config.demo ? await loadDemo(config, platform, ending) : undefined;
  ending.check();
  print(banner(config, platform, demoFile));
  return services;
}

/** @throws OperatorError when the clock is led and this is no test installation */
async function clockLeadOf(databaseUrl: string, isTestClock: boolean): Promise<number> {
  const db = await Database.connect({ url: databaseUrl, poolMax: 1 });
  try {
    await requireRealClock(db, isTestClock);
    return await clockLead(db);
  } finally {
    await db.close();
  }
}

/** The platform serves without its demo; a demo that fails is reported, not fatal. */
async function loadDemo(
  config: Config,
  platform: RunningPlatform,
  ending: Ending,
): Promise<string | undefined> {
  try {
    return await ensureDemo({ ...platform, home: config.home, say, signal: ending.signal });
  } catch (error) {
    ending.check();
    say(`demo: not loaded: ${messageOf(error)}`);
    return undefined;
  }
}

class Interrupted extends OperatorError {}

/** Why the platform ends: a signal (no reason) or a part that is gone for good. */
class Ending {
  private readonly abort = new AbortController();
  private settle: (reason?: Error) => void = () => undefined;
  private signalled = false;
  private failure: Error | undefined;
  readonly reason: Promise<Error | undefined>;

  constructor() {
    this.reason = new Promise((resolve) => {
      this.settle = resolve;
    });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => this.interrupt());
    // `npm start` holds the other end of a channel: without it no process is left that could stop the platform.
    process.on('disconnect', () => this.interrupt());
    process.channel?.unref();
    // Its terminal may be gone as well, and words that reach no reader must not end the launcher before all is stopped.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
  }

  /** Whether the end was wished for. */
  get isSignalled(): boolean {
    return this.signalled;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  private interrupt(): void {
    this.signalled = true;
    this.abort.abort();
    this.settle();
  }

  because(reason: Error): void {
    this.failure ??= reason;
    this.abort.abort();
    this.settle(this.failure);
  }

  /** Leaves the start when the end has been decided meanwhile. */
  check(): void {
    if (this.failure) throw this.failure;
    if (this.signalled) throw new Interrupted('stopped while starting');
  }
}

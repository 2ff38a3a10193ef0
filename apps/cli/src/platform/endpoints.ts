import { startEmbeddedChain, type EmbeddedChain } from '#node';
import { ClockFollower, createDatabase, startEmbeddedPostgres } from '#persistence';
import { messageOf, type Config, type SupervisorLog } from '#platform';
import { requireWholeHome } from './unfinished.js';

/** A database and a node to work with, whoever runs them. */
export interface RunningEndpoints {
  readonly databaseUrl: string;
  readonly chainUrl: string;
  /** Whether this process runs the chain's node. */
  readonly isChainEmbedded: boolean;
  /** The first embedded part that is gone for good while it should run. */
  onFailure(callback: (reason: Error) => void): void;
  /** Ends the embedded endpoints, in the order that loses nothing. */
  stop(): Promise<void>;
}

/** An embedded part, and where it is; without the part it is somebody else's. */
interface Started {
  readonly url: string;
  readonly part?: { stop(): Promise<void>; onExit(callback: (reason?: Error) => void): void };
}

export interface StartOptions {
  /** Set by a restore, which alone may work in a home that is not whole. */
  readonly restoring?: boolean;
  /** Gives a start up that takes long, such as one that replays the whole chain. */
  readonly signal?: AbortSignal;
}

const DATABASE_NAME = 'jangteo';

/**
 * Starts the embedded database and chain, each unless the configuration names an outside one.
 *
 * @throws OperatorError with a message for the operator; what was started is stopped again
 */
export async function startEndpoints(
  config: Config,
  log: SupervisorLog,
  say: (text: string) => void,
  { restoring = false, signal }: StartOptions = {},
): Promise<RunningEndpoints> {
  if (!restoring) await requireWholeHome(config.home);
  const startDatabase = async (): Promise<Started> => {
    if (config.databaseUrl !== undefined) return { url: config.databaseUrl };
    say('database: starting the embedded PostgreSQL');
    const part = await startEmbeddedPostgres({ home: config.home, log, onProgress: say });
    return { url: part.url, part };
  };
  let chain: EmbeddedChain | undefined;
  const startChain = async (): Promise<Started> => {
    if (config.chainRpcUrl !== undefined) return { url: config.chainRpcUrl };
    say('chain: starting the embedded EVM node');
    const chainOptions = { home: config.home, log, onProgress: say, ...(signal && { signal }) };
    chain = await startEmbeddedChain(chainOptions);
    return { url: chain.url, part: chain };
  };
  // Side by side: after a crash each repeats what its journal holds, and neither needs the other for that.
  const outcomes = await Promise.allSettled([startDatabase(), startChain()]);
  const running = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' && outcome.value.part !== undefined ? [outcome.value.part] : [],
  );
  let follower: ClockFollower | undefined;
  const stop = async () => {
    const steps = [() => follower?.stop(), ...running.toReversed().map((part) => () => part.stop())];
    const failures: unknown[] = [];
    // One that can't be stopped must not keep the others running.
    for (const step of steps) await Promise.resolve(step()).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    const database = valueOf(outcomes[0]);
    const chainUrl = valueOf(outcomes[1]).url;
    const databaseUrl =
      database.part === undefined ? database.url : await createDatabase(database.url, DATABASE_NAME);
    if (chain !== undefined) follower = await followClock(chain, databaseUrl, log);
    return {
      databaseUrl,
      chainUrl,
      isChainEmbedded: config.chainRpcUrl === undefined,
      onFailure: (callback) => {
        for (const part of running) part.onExit((reason) => reason && callback(reason));
      },
      stop,
    };
  } catch (error) {
    await stop().catch((failure: unknown) => say(`stopping: ${messageOf(failure)}`));
    throw error;
  }
}

/** Blocks of the embedded chain have the time of the clock that everything else is judged by. */
function followClock(chain: EmbeddedChain, databaseUrl: string, log: SupervisorLog): Promise<ClockFollower> {
  return ClockFollower.start({
    url: databaseUrl,
    onLead: async (seconds) => {
      chain.testing.setClockAhead(seconds);
      if (seconds === 0) return;
      // At once, so that the contract judges by the new time before anybody sends it something.
      const block = await chain.testing.mine();
      log('info', 'chain.clock_led', { seconds, block });
    },
    onError: (error) => log('warn', 'chain.clock_not_followed', { message: messageOf(error) }),
  });
}

/** @throws what the attempt failed with */
function valueOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

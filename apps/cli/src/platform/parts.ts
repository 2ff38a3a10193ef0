import { startEmbeddedChain } from '#chain';
import { createDatabase, startEmbeddedPostgres } from '#persistence';
import type { Config, SupervisorLog } from '#platform';

/** A database and a node to work with, whoever runs them. */
export interface Parts {
  readonly databaseUrl: string;
  readonly chainUrl: string;
  /** Whether this process runs the chain's node. */
  readonly isChainEmbedded: boolean;
  /** The first embedded part that is gone for good while it should run. */
  onFailure(callback: (reason: Error) => void): void;
  /** Ends the embedded parts, in the order that loses nothing. */
  stop(): Promise<void>;
}

const DATABASE_NAME = 'jangteo';

/**
 * Starts the embedded database and chain, each unless the configuration names an outside one.
 *
 * @throws OperatorError with a message for the operator; what was started is stopped again
 */
export async function startParts(
  config: Config,
  log: SupervisorLog,
  say: (text: string) => void,
): Promise<Parts> {
  const running: { stop(): Promise<void>; onExit(callback: (reason?: Error) => void): void }[] = [];
  const stop = async () => {
    for (const part of running.toReversed()) await part.stop();
  };
  try {
    let databaseUrl = config.databaseUrl;
    if (databaseUrl === undefined) {
      say('database: starting the embedded PostgreSQL');
      const postgres = await startEmbeddedPostgres({ home: config.home, log, onProgress: say });
      running.push(postgres);
      databaseUrl = await createDatabase(postgres.url, DATABASE_NAME);
    }
    let chainUrl = config.chainRpcUrl;
    if (chainUrl === undefined) {
      say('chain: starting the embedded EVM node');
      const chain = await startEmbeddedChain({ home: config.home, log });
      running.push(chain);
      chainUrl = chain.url;
    }
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
    await stop();
    throw error;
  }
}

import { lockHome, type Config } from '#platform';
import { launcherLog, say } from './console.js';
import { startEndpoints } from './endpoints.js';
import { findRunningPlatform } from './running.js';

/** Where a command finds database and node. */
export interface Endpoints {
  readonly databaseUrl: string;
  readonly chainUrl: string;
  /** Whether `up` runs in this home now: its worker indexes. */
  readonly isServing: boolean;
}

/**
 * Runs a command against the configured database and node, against those of the platform that runs in this home,
 * or against embedded ones that are started for the time of the command.
 */
export async function withEndpoints<T>(
  config: Config,
  work: (endpoints: Endpoints) => Promise<T>,
): Promise<T> {
  const { databaseUrl, chainRpcUrl, home } = config;
  if (databaseUrl !== undefined && chainRpcUrl !== undefined) {
    return work({ databaseUrl, chainUrl: chainRpcUrl, isServing: false });
  }
  const running = await findRunningPlatform(home);
  if (running) return work({ ...running, isServing: true });
  const lock = await lockHome(home);
  const launcher = launcherLog(home);
  try {
    const endpoints = await startEndpoints(config, launcher.log, say);
    try {
      return await work({ ...endpoints, isServing: false });
    } finally {
      await endpoints.stop();
    }
  } finally {
    await lock.release();
    launcher.end();
  }
}

import { JsonRpcProvider } from 'ethers';
import type { CurrentDeployment } from '#node';
import { STARTS_DEFAULT } from '#contracts';
import { useUnit, WON } from '#domain';
import { Database, ensureRoles } from '#persistence';
import type { Config } from '#platform';
import { migrations } from '#migrations';
import { ensureDeployed } from './ensure-deployed.js';
import { genesisOfficers, officerEntries } from './genesis.js';

/** Long migrations of a large database must not be cut off. */
const MIGRATION_TIMEOUT_MS = 3_600_000;

/** Applies missing migrations and makes the roles of the processes, where the user may. @returns names of migrations */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const db = await Database.connect({
    url: databaseUrl,
    migrations,
    poolMax: 2,
    applicationName: 'jangteo-migrate',
    statementTimeoutMs: MIGRATION_TIMEOUT_MS,
  });
  try {
    const applied = await db.migrate();
    await ensureRoles(databaseUrl);
    return applied;
  } finally {
    await db.close();
  }
}

/** What is fixed in new contracts is won and 0 unless it is said. */
type DeploySettings = Pick<Config, 'home' | 'chainRpcUrl'> & Partial<Pick<Config, 'unit' | 'startsAfter'>>;

/**
 * Deploys the contracts unless this database has a deployment already.
 *
 * @throws OperatorError when the database belongs to another chain, or the home's own chain to another database
 */
export async function deploy(
  { home, chainRpcUrl, unit = WON, startsAfter = STARTS_DEFAULT }: DeploySettings,
  { databaseUrl, chainUrl }: { readonly databaseUrl: string; readonly chainUrl: string },
  officersFile?: string,
): Promise<{ deployment: CurrentDeployment; isNew: boolean }> {
  const db = await Database.connect({ url: databaseUrl, poolMax: 2, applicationName: 'jangteo-deploy' });
  const provider = new JsonRpcProvider(chainUrl, undefined, {
    staticNetwork: true,
    polling: true,
    pollingInterval: 100,
    cacheTimeout: -1,
  });
  try {
    const made = await ensureDeployed({
      db,
      provider,
      unit,
      starts: startsAfter,
      // A node of others may well serve other platforms; the chain in the home is this platform's own.
      ...(chainRpcUrl === undefined ? { ownHome: home } : {}),
      officers: async () => officerEntries(await genesisOfficers(home, officersFile)),
    });
    useUnit(made.deployment.unit);
    return made;
  } finally {
    provider.destroy();
    await db.close();
  }
}

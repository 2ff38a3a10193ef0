import { useUnit } from '#domain';
import { Indexer } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { ChainNode, loadDeployment, type CurrentDeployment } from '#node';
import { Database } from '#persistence';
import { loadConfig, OperatorError, type Config } from '#platform';
import { withEndpoints, type Endpoints } from './with-endpoints.js';

/** The tables, the chain they are a copy of, and what copies it. */
export interface Ledger {
  readonly db: Database;
  readonly node: ChainNode;
  readonly deployment: CurrentDeployment;
  readonly indexer: Indexer;
  readonly endpoints: Endpoints;
}

/**
 * Opens the platform's tables and chain for a command.
 *
 * @throws OperatorError when nothing is deployed yet
 */
export async function withLedger<T>(
  env: NodeJS.ProcessEnv,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env);
  return withEndpoints(config, (endpoints) => withLedgerIn(config, endpoints, work));
}

/** The same where database and node are known already. */
export async function withLedgerIn<T>(
  config: Config,
  endpoints: Endpoints,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const db = await Database.connect({
    url: endpoints.databaseUrl,
    poolMax: 4,
    applicationName: 'jangteo-cli',
  });
  try {
    if (!(await isPrepared(db))) throw nothingThere();
    const deployment = await loadDeployment(db);
    if (!deployment) throw nothingThere();
    useUnit(deployment.unit);
    const node = ChainNode.connect({ url: endpoints.chainUrl, chainId: deployment.chainId });
    try {
      const indexer = new Indexer({
        db,
        databaseUrl: endpoints.databaseUrl,
        node,
        deployment,
        projectors: ledgerProjectors(),
        finalityDepth: config.finalityDepth,
      });
      return await work({ db, node, deployment, indexer, endpoints });
    } finally {
      node.close();
    }
  } finally {
    await db.close();
  }
}

async function isPrepared(db: Database): Promise<boolean> {
  const [row] = await db.query<{ found: boolean }>(
    `SELECT to_regclass('app.deployment') IS NOT NULL AS found`,
  );
  return row?.found === true;
}

const nothingThere = () =>
  new OperatorError(
    'Nothing is deployed here yet. Run `npm start`, or `jangteo migrate` and `jangteo deploy`, first.',
  );

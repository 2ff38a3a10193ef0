import { booksProjectors } from '#books';
import { ChainNode, chainProjectors, Indexer, loadDeployment, type CurrentDeployment } from '#chain';
import { Database } from '#persistence';
import { loadConfig, OperatorError, type Config } from '#platform';
import { withParts, type Places } from './with-parts.js';

/** The tables, the chain they are a copy of, and what copies it. */
export interface Ledger {
  readonly db: Database;
  readonly node: ChainNode;
  readonly deployment: CurrentDeployment;
  readonly indexer: Indexer;
  readonly places: Places;
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
  return withParts(config, (places) => withLedgerIn(config, places, work));
}

/** The same where database and node are known already. */
export async function withLedgerIn<T>(
  config: Config,
  places: Places,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const db = await Database.connect({
    url: places.databaseUrl,
    poolMax: 4,
    applicationName: 'jangteo-cli',
  });
  try {
    if (!(await isPrepared(db))) throw nothingThere();
    const deployment = await loadDeployment(db);
    if (!deployment) throw nothingThere();
    const node = ChainNode.connect({ url: places.chainUrl, chainId: deployment.chainId });
    try {
      const indexer = new Indexer({
        db,
        databaseUrl: places.databaseUrl,
        node,
        deployment,
        projectors: [...chainProjectors(), ...booksProjectors()],
        finalityDepth: config.finalityDepth,
      });
      return await work({ db, node, deployment, indexer, places });
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

import { randomBytes } from 'node:crypto';
import { Wallet, getCreateAddress, type Provider } from 'ethers';
import { CurrentDeployment, loadDeployment, storeDeployment } from '#node';
import {
  authoritiesInterface,
  deployContracts,
  DeploymentMismatch,
  verifyDeployment,
  type OfficerEntry,
  STARTS_DEFAULT,
  type Starts,
} from '#contracts';
import { isSameUnit, type Unit, unitText, WON } from '#domain';
import type { Database } from '#persistence';
import { codeOf, OperatorError } from '#platform';
import { DeploymentsBegun } from './deployments-begun.js';
import { GENESIS_THRESHOLDS } from './genesis.js';

/** ethers' code for a call that a contract refused: the node answered. */
const REVERTED = 'CALL_EXCEPTION';

export interface EnsureDeployedRequest {
  readonly db: Database;
  readonly provider: Provider;
  /** The home whose own (embedded) chain the provider reaches; undefined for a node of others. */
  readonly ownHome?: string;
  /** What amounts shall count, and after which numbers series and issue orders begin; default won, 0. */
  readonly unit?: Unit;
  readonly starts?: Starts;
  /** The state's first officers; asked for only when there is no deployment yet. */
  readonly officers: () => Promise<readonly OfficerEntry[]>;
}

/**
 * The deployment this database works with; deploys when there is none. A crash between deploying and storing
 * leaves a pair of contracts that is never used; the home knows it as such.
 *
 * @throws OperatorError when settings differ from what is fixed in the contracts, when the database knows a deployment that the node's chain does not have, or the home's own
 *   chain has contracts that the database does not know: whoever deploys beside them puts every balance out of reach
 */
export async function ensureDeployed(
  request: EnsureDeployedRequest,
): Promise<{ deployment: CurrentDeployment; isNew: boolean }> {
  const { db, provider, ownHome, unit = WON, starts = STARTS_DEFAULT } = request;
  const begun = ownHome === undefined ? undefined : new DeploymentsBegun(ownHome);
  const known = await loadDeployment(db);
  if (known) {
    requireSame(known, request);
    await verifyDeployment(provider, known, { unit: known.unit, starts: known.starts }).catch(
      (error: unknown) => {
        // No answer is no proof of another chain, and starting over would be the wrong advice.
        if (codeOf(error) !== undefined && codeOf(error) !== REVERTED) throw error;
        if (error instanceof DeploymentMismatch && error.hasCode)
          throw new OperatorError(
            `The contracts that this database works with are not those of this version: ${error.message}. Run the ` +
              'version that deployed them, or ask who put other contracts there.',
            { cause: error },
          );
        throw new OperatorError(
          'This database belongs to a chain that the node does not serve: point CHAIN_RPC_URL at the chain it was ' +
            'made with, or DATABASE_URL at an empty database; an embedded platform starts over with `npm run reset`.',
          { cause: error },
        );
      },
    );
    await begun?.forget();
    return { deployment: known, isNew: false };
  }
  if (ownHome !== undefined && begun !== undefined)
    await requireNoContracts(provider, ownHome, await begun.list());
  // Pays nothing and has no power afterwards, so the key is thrown away.
  const signer = Wallet.createRandom();
  await begun?.add(getCreateAddress({ from: signer.address, nonce: 0 }));
  const made = await deployContracts({
    provider,
    signer,
    officers: await request.officers(),
    thresholds: GENESIS_THRESHOLDS,
    unit,
    starts,
    salt: `0x${randomBytes(32).toString('hex')}`,
  });
  const deployment = new CurrentDeployment(
    made.chainId,
    made.authorities,
    made.vouchers,
    made.salt,
    BigInt(made.block),
    made.blockHash,
    unit,
    starts,
  );
  await storeDeployment(db, deployment);
  await begun?.forget();
  return { deployment, isNew: true };
}

/** What is fixed in contracts does not follow a setting that was changed later. */
function requireSame(known: CurrentDeployment, { unit, starts }: EnsureDeployedRequest): void {
  if (unit !== undefined && !isSameUnit(unit, known.unit))
    throw new OperatorError(
      `The contracts of this database count ${unitText(known.unit)}, and the settings JANGTEO_UNIT_… say ` +
        `${unitText(unit)}: set them back. Another unit is another deployment, with a home and a database of its own.`,
    );
  if (starts !== undefined && textOf(starts) !== textOf(known.starts))
    throw new OperatorError(
      `The contracts of this database begin after ${textOf(known.starts)}, and the settings JANGTEO_SERIES_AFTER and ` +
        `JANGTEO_ISSUE_ORDERS_AFTER say ${textOf(starts)}: set them back.`,
    );
}

function textOf({ series, issueOrders }: Starts): string {
  return `series ${series} and issue order ${issueOrders}`;
}

/** Every pair of contracts founded the state's authority when it was made. */
async function requireNoContracts(
  provider: Provider,
  home: string,
  abandoned: readonly string[],
): Promise<void> {
  const founded = authoritiesInterface.getEvent('AuthorityFounded');
  if (founded === null) throw new Error('Authorities has no event AuthorityFounded');
  const logs = await provider.getLogs({ fromBlock: 0, toBlock: 'latest', topics: [founded.topicHash] });
  const unknown = new Set(logs.map(({ address }) => address.toLowerCase()));
  for (const address of abandoned) unknown.delete(address);
  const [first] = unknown;
  if (first === undefined) return;
  throw new OperatorError(
    `The chain in ${home} holds contracts (${first}) that its database does not know, so nothing was deployed: ` +
      'restore a backup into an empty home with `jangteo restore <file>`, point DATABASE_URL at the database that ' +
      'belongs to this chain, or start over with `npm run reset`.',
  );
}

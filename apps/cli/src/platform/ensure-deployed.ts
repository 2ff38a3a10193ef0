import { randomBytes } from 'node:crypto';
import { Wallet, type Provider } from 'ethers';
import { CurrentDeployment, loadDeployment, storeDeployment } from '#node';
import { deployContracts, verifyDeployment, type OfficerEntry } from '#contracts';
import type { Database } from '#persistence';
import { GENESIS_THRESHOLDS } from './genesis.js';

export interface EnsureDeployedRequest {
  readonly db: Database;
  readonly provider: Provider;
  /** The state's first officers; asked for only when there is no deployment yet. */
  readonly officers: () => Promise<readonly OfficerEntry[]>;
}

/**
 * The deployment this database works with; deploys when there is none. A crash between deploying and storing
 * leaves a pair of contracts that nobody uses: nothing to undo.
 *
 * @throws Error when the database knows a deployment that the node's chain does not have
 */
export async function ensureDeployed(
  request: EnsureDeployedRequest,
): Promise<{ deployment: CurrentDeployment; isNew: boolean }> {
  const known = await loadDeployment(request.db);
  if (known) {
    await verifyDeployment(request.provider, known).catch((error: unknown) => {
      throw new Error(
        'This database belongs to a chain that the node does not serve. Point CHAIN_RPC_URL at the chain it was ' +
          'made with, or DATABASE_URL at an empty database; an embedded platform starts over with `npm run reset`.',
        { cause: error },
      );
    });
    return { deployment: known, isNew: false };
  }
  const made = await deployContracts({
    provider: request.provider,
    // Pays nothing and has no power afterwards, so the key is thrown away.
    signer: Wallet.createRandom(),
    officers: await request.officers(),
    thresholds: GENESIS_THRESHOLDS,
    salt: `0x${randomBytes(32).toString('hex')}`,
  });
  const deployment = new CurrentDeployment(
    made.chainId,
    made.authorities,
    made.vouchers,
    made.salt,
    BigInt(made.block),
    made.blockHash,
  );
  await storeDeployment(request.db, deployment);
  return { deployment, isNew: true };
}

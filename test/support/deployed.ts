import { randomBytes } from 'node:crypto';
import { hexlify } from 'ethers';
import { deployContracts, type AuthorityThresholds, type Deployment, type OfficerEntry } from '#contracts';
import { CurrentDeployment } from '#node';
import { keyOf } from './keys.js';
import type { TestNode } from './test-node.js';

/**
 * Deploys the contracts with these officers of the state; changes of officers wait for nothing. The node makes a
 * block when something is sent, from then on.
 */
export async function deployOn(
  node: TestNode,
  officers: readonly OfficerEntry[],
  thresholds: AuthorityThresholds,
): Promise<Deployment> {
  void node.mineEvery(10);
  try {
    return await deployContracts({
      provider: node.provider,
      signer: keyOf('deployer').connect(node.provider),
      officers,
      thresholds,
      salt: hexlify(randomBytes(32)),
      changeDelaySeconds: 0,
    });
  } finally {
    await node.mineEvery(0);
  }
}

/** The deployment as the platform's tables have it. */
export function toCurrent(deployment: Deployment): CurrentDeployment {
  const { chainId, authorities, vouchers, salt, block, blockHash } = deployment;
  return new CurrentDeployment(chainId, authorities, vouchers, salt, BigInt(block), blockHash);
}

import { keccak256, toUtf8Bytes } from 'ethers';
import type { Hex } from '#contracts';
import { AdvisoryLock } from '#persistence';

/**
 * One process at a time works for a relayer key. Two for a moment do no harm (a nonce can be journalled once, a row be
 * relayed once), they only cost each other attempts.
 */
export function keyLock(databaseUrl: string, address: Hex): AdvisoryLock {
  const key = BigInt.asIntN(64, BigInt(keccak256(toUtf8Bytes(`relayer ${address}`)).slice(0, 18)));
  return new AdvisoryLock({ url: databaseUrl, key, applicationName: 'jangteo-relayer' });
}

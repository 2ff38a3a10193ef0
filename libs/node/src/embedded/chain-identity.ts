import path from 'node:path';
import { OperatorError, readTextIfPresent, writeFileDurably } from '#platform';
import type { ChainIdentity } from './anvil-process.js';

const DEFAULT_CHAIN_ID = 474_747;

/**
 * A chain's id and genesis time are settled once: every block hash depends on them.
 *
 * @param folder where the chain is kept
 * @param chainId only for a new chain
 * @throws OperatorError when the chain there has another id, or what was settled is unreadable
 */
export async function settleIdentity(folder: string, chainId: number | undefined): Promise<ChainIdentity> {
  const file = path.join(folder, 'chain.json');
  const text = await readTextIfPresent(file);
  if (text !== undefined) {
    const stored = parseIdentity(text);
    if (stored === undefined)
      throw new OperatorError(
        `${file} is unreadable. Restore it from a backup, or run npm run reset to start over.`,
      );
    if (chainId !== undefined && chainId !== stored.chainId) {
      throw new OperatorError(
        `The chain in ${folder} has the id ${stored.chainId}, not ${chainId}. Use that id or another home.`,
      );
    }
    return stored;
  }
  const identity = { chainId: chainId ?? DEFAULT_CHAIN_ID, genesisTimestamp: Math.floor(Date.now() / 1000) };
  await writeFileDurably(file, JSON.stringify(identity), 0o644);
  return identity;
}

function parseIdentity(text: string): ChainIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value !== 'object' ||
      value === null ||
      !('chainId' in value) ||
      !('genesisTimestamp' in value)
    )
      return undefined;
    const { chainId, genesisTimestamp } = value;
    if (typeof chainId !== 'number' || typeof genesisTimestamp !== 'number') return undefined;
    return { chainId, genesisTimestamp };
  } catch {
    return undefined;
  }
}

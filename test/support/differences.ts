import { type Difference, reconcile } from '#books';
import type { World } from './world.js';

/** Where the tables and the chain of a world disagree. */
export async function differencesOf(world: World): Promise<readonly Difference[]> {
  const { differences } = await reconcile({ db: world.db, node: world.chain, deployment: world.current });
  return differences;
}

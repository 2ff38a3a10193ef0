import { readChainStatus } from './chain-status.js';

/**
 * What health says of an embedded chain's snapshots; nothing of a node that is another one. Payments work while none
 * can be made, so the part stays up and is marked as degraded. The reason stays out: health is open to all.
 */
export async function snapshotHealth(
  home: string,
  url: string,
): Promise<Readonly<Record<string, string | number | boolean>>> {
  const status = await readChainStatus(home, url);
  if (status === undefined) return {};
  const { failure, snapshotBlock, replaySeconds } = status;
  const figures = { snapshotBlock: snapshotBlock ?? 0, replaySeconds };
  if (failure === null) return { snapshots: 'made', ...figures };
  const snapshotsFailSince = new Date(failure.since * 1_000).toISOString();
  return { degraded: true, snapshots: 'fail', snapshotsFailSince, ...figures };
}

import { readChainStatus } from '#node';
import type { Config } from '#platform';
import type { Endpoints } from '../platform/with-endpoints.js';
import { bad, good, warning, type Finding } from './finding.js';

/** A start that replays longer than this keeps everybody waiting. */
const REPLAY_S_LOW = 60;

/** Can the embedded chain store its state, and did its start use what was stored? Nothing of another node. */
export async function examineSnapshots(config: Config, { chainUrl }: Endpoints): Promise<Finding[]> {
  const status = await readChainStatus(config.home, chainUrl);
  if (status === undefined) return [];
  const { failure, fallback, replaySeconds, snapshotBlock } = status;
  const start = `a start would repeat blocks for about ${Math.round(replaySeconds)} s`;
  if (failure !== null) {
    const since = new Date(failure.since * 1_000).toISOString();
    return [
      bad(
        'snapshots',
        `none could be made since ${since} (${failure.times} tries): ${failure.reason}; ${start}`,
        'Nothing is lost. Look for chain.save_failed in logs/launcher.log: is there room, may the files be written?',
      ),
    ];
  }
  if (fallback !== null)
    return [
      warning(
        'snapshots',
        fallback,
        'Examine the disk, which gave back other bytes than were written, unless another release made it.',
      ),
    ];
  const seen = snapshotBlock === null ? `none is needed yet; ${start}` : `block ${snapshotBlock}; ${start}`;
  if (replaySeconds > REPLAY_S_LOW)
    return [warning('snapshots', seen, 'A snapshot is due: look for chain.saved in logs/launcher.log.')];
  return [good('snapshots', seen)];
}

import { Injectable } from '@nestjs/common';
import { concat, keccak256, toBeHex } from 'ethers';
import {
  encodeFinishArea,
  encodeFinishOfficers,
  encodeFinishReseat,
  encodeFinishThresholds,
  type Hex,
} from '#contracts';
import { checkOfficerChange, checkThresholdChange, refusalOfAreaChange } from '#domain';
import { CurrentDeployment } from '#node';
import { Clock, Database } from '#persistence';
import { addToOutbox, callPayload } from '#relayer';
import { BLOCK_SECONDS } from '../block-time.js';
import { AuthoritiesRepository } from './authorities.repository.js';
import { OfficerChangesRepository, type PendingChange } from './officer-changes.repository.js';

/** Blocks after which a change that is still due is relayed again. */
const AGAIN_BLOCKS = 600n;

/** Puts changes of officers, thresholds and areas, and reseats that no one stopped in time into force. */
@Injectable()
export class OfficerChangesService {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly changes: OfficerChangesRepository,
    private readonly authorities: AuthoritiesRepository,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Enqueues what is due and would be taken. Runs now and then; running it twice, or in two processes, changes nothing.
   * Returns how many are due.
   */
  async finishDue(): Promise<number> {
    const now = await this.clock.now();
    const latest = now - BLOCK_SECONDS;
    const calls: Hex[] = [];
    for (const change of await this.changes.changes(now))
      if (change.readyAt <= latest && (await this.wouldPass(change))) calls.push(callOf(change));
    for (const { authority, readyAt } of await this.changes.reseats(now))
      if (readyAt <= latest) calls.push(encodeFinishReseat(authority));
    if (calls.length === 0) return 0;
    const [cursor] = await this.db.query<{ block: bigint }>('SELECT block_number AS block FROM chain.cursor');
    const moment = toBeHex((cursor?.block ?? 0n) / AGAIN_BLOCKS, 32);
    await this.db.transaction(async (tx) => {
      for (const call of calls) {
        const payload = callPayload(this.deployment.authorities, call);
        await addToOutbox(tx, [{ id: keccak256(concat([moment, call])), kind: 'call', payload }]);
      }
    });
    return calls.length;
  }

  /** A change that is refused as long as the authority is as it is stays under way until it lapses. */
  private async wouldPass({ authority, officers, thresholds, area }: PendingChange): Promise<boolean> {
    if (area !== null) {
      const holders = await this.authorities.holders();
      return refusalOfAreaChange(holders, { authority, to: area.to, area: area.code }) === undefined;
    }
    const limits = await this.authorities.thresholds(authority);
    if (limits === undefined) return false;
    const present = [...(await this.authorities.officers(authority)).values()];
    const refusal = officers
      ? checkOfficerChange(present, limits, officers)
      : thresholds && checkThresholdChange(present, limits, thresholds);
    return !refusal;
  }
}

function callOf({ authority, officers, thresholds, area }: PendingChange): Hex {
  if (officers !== null) return encodeFinishOfficers(authority, officers);
  if (thresholds !== null) return encodeFinishThresholds(authority, thresholds);
  if (area !== null) return encodeFinishArea(authority, area.to, area.code);
  throw new Error('a change is of officers, of thresholds or of an area');
}

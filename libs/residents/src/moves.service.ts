import { Injectable } from '@nestjs/common';
import { enqueueCall, HandOversRepository, type MoveRow, refuseDivided, RegionDirectory } from '#access';
import { encodeStopHandOver, handOverObjectionDigest, vouchersDomain, type Hex } from '#contracts';
import { isoTime } from '#domain';
import { CurrentDeployment } from '#node';
import { Clock, Database } from '#persistence';
import { authorityCodes, ProblemException } from '#platform';
import type { KeyOrderDto } from './account-keys.dto.js';
import { AccountsRepository } from './accounts.repository.js';
import type { HandOverObjectionBody, HandOverQuery, MoveDto, WaitingAccountDto } from './moves.dto.js';
import { requireOwner } from './owner-proof.js';

/** Who answers for accounts changes: by hand-over, unless an owner objects, or because a holder moves. */
@Injectable()
export class MovesService {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly handOvers: HandOversRepository,
    private readonly accounts: AccountsRepository,
    private readonly regions: RegionDirectory,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Up to `limit` accounts behind `after` that wait to be taken on. Throws invalid_request for a divided place. */
  async waiting(
    { to, from }: HandOverQuery,
    after: string | undefined,
    limit: number,
  ): Promise<WaitingAccountDto[]> {
    await refuseDivided(this.db, to, 'to');
    await refuseDivided(this.db, from, 'from');
    const now = await this.clock.recent();
    const rows = await this.handOvers.waiting({
      to: to === undefined ? undefined : authorityCodes(to),
      from: from === undefined ? undefined : authorityCodes(from),
      after,
      limit,
    });
    const name = (code: string) => this.regions.name(code, 'ko');
    return rows.map(({ readyAt, number, moves, ...row }) => ({
      ...row,
      fromName: name(row.from),
      toName: name(row.to),
      placeName: name(row.place),
      readyAt: isoTime(readyAt),
      ready: readyAt <= BigInt(now),
      number: Number(number),
      moves: Number(moves),
    }));
  }

  /** Up to `limit` rows behind a place of the chain, newest first. */
  history(
    account: Hex,
    after: readonly [block: string, log: string] | undefined,
    limit: number,
  ): Promise<MoveRow[]> {
    return this.handOvers.moves(account, after, limit);
  }

  /**
   * Hands an objection to a hand-over to the relayer. It counts until the account is taken on, also when the notice is over.
   * Throws a problem when the contract would refuse it.
   */
  async object(account: Hex, { deadline, proof }: HandOverObjectionBody): Promise<KeyOrderDto> {
    const [{ proposed, number }, { ring }] = await Promise.all([
      this.handOvers.of(account),
      this.accounts.keys(account),
    ]);
    if (proposed === null)
      throw new ProblemException('hand_over_unknown', { args: { account, authority: '' } });
    const message = { account, to: proposed.to, number, deadline };
    const id = handOverObjectionDigest(vouchersDomain(this.deployment), message);
    const checked = requireOwner(id, account, { deadline, proof }, ring, await this.clock.now());
    const call = encodeStopHandOver(account, deadline, checked);
    await this.db.transaction((tx) => enqueueCall(tx, id, this.deployment.vouchers, call));
    return { id, state: 'accepted' };
  }
}

export function showMove({ event, at, authority, former, place, to, readyAt, block }: MoveRow): MoveDto {
  return {
    event,
    at: isoTime(at),
    authority,
    from: former,
    place,
    to,
    readyAt: readyAt === null ? null : isoTime(readyAt),
    block: String(block),
  };
}

import { Injectable } from '@nestjs/common';
import { enqueueCall } from '#access';
import { CurrentDeployment } from '#node';
import { addToOutbox, callPayload } from '#relayer';
import {
  encodeChangeKeys,
  encodeFinishReplacement,
  encodeKeyRing,
  encodeStopReplacement,
  keyChangeDigest,
  keyRingHash,
  objectionDigest,
  vouchersDomain,
  type Hex,
  type SigningDomain,
} from '#contracts';
import { isFrozen } from '#domain';
import { Clock, Database } from '#persistence';
import { ProblemException } from '#platform';
import { concat, keccak256, toBeHex } from 'ethers';
import type { KeyChangeBody, KeyOrderDto, KeyRingBody, ObjectionBody } from './account-keys.dto.js';
import { AccountsRepository } from './accounts.repository.js';
import { requireOwner, SETTLE_SECONDS } from './owner-proof.js';

const REPLACEMENTS_PER_RUN = 100;
/** Blocks after which a replacement that is still due is relayed again. */
const AGAIN_BLOCKS = 600n;

/** Keys of accounts change by an owner's order, or by officers unless an owner objects. */
@Injectable()
export class AccountKeysService {
  private readonly domain: SigningDomain;

  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly accounts: AccountsRepository,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.domain = vouchersDomain(deployment);
  }

  /** Hands a change of keys to the relayer. Throws a problem when the contract would refuse it. */
  async change(account: Hex, { keys, deadline, proof }: KeyChangeBody): Promise<KeyOrderDto> {
    const ring = encoded(keys);
    const [known, person] = await Promise.all([this.accounts.keys(account), this.accounts.find(account)]);
    const now = await this.clock.now();
    const until = Number(person?.frozenUntil ?? 0n);
    if (isFrozen({ frozenUntil: until }, now))
      throw new ProblemException('keys_frozen', { args: { account, until } });
    const change = Number(known.changes) + 1;
    const id = keyChangeDigest(this.domain, { account, keys: ring, change, deadline });
    const checked = requireOwner(id, account, { deadline, proof }, known.ring, now);
    await this.enqueue(id, encodeChangeKeys(account, ring, deadline, checked));
    return { id, state: 'accepted' };
  }

  /** Hands an objection to proposed keys to the relayer. Throws a problem when the contract would refuse it. */
  async object(account: Hex, { deadline, proof }: ObjectionBody): Promise<KeyOrderDto> {
    const known = await this.accounts.keys(account);
    if (known.proposed === null) throw new ProblemException('replacement_unknown', { args: { account } });
    const number = Number(known.number);
    const id = objectionDigest(this.domain, { account, keys: keyRingHash(known.proposed), number, deadline });
    const checked = requireOwner(id, account, { deadline, proof }, known.ring, await this.clock.now());
    if (known.overruling) throw new ProblemException('objection_overruled', { args: { account } });
    await this.enqueue(id, encodeStopReplacement(account, deadline, checked));
    return { id, state: 'accepted' };
  }

  /**
   * Enqueues replacements that had no objection in time. Runs now and then; running it twice, or in two
   * processes, changes nothing. Returns how many are due.
   */
  async finishReplacements(): Promise<number> {
    const due = await this.accounts.readyReplacements(
      (await this.clock.now()) - SETTLE_SECONDS,
      REPLACEMENTS_PER_RUN,
    );
    if (due.length === 0) return 0;
    const [cursor] = await this.db.query<{ block: bigint }>('SELECT block_number AS block FROM chain.cursor');
    const moment = toBeHex((cursor?.block ?? 0n) / AGAIN_BLOCKS, 32);
    await this.db.transaction(async (tx) => {
      for (const account of due) {
        const call = encodeFinishReplacement(account);
        const payload = callPayload(this.deployment.vouchers, call);
        await addToOutbox(tx, [{ id: keccak256(concat([moment, call])), kind: 'call', payload }]);
      }
    });
    return due.length;
  }

  private enqueue(id: Hex, call: Hex): Promise<void> {
    return this.db.transaction((tx) => enqueueCall(tx, id, this.deployment.vouchers, call));
  }
}

function encoded({ dailyLimit, keys }: KeyRingBody): Hex {
  try {
    return encodeKeyRing({ dailyLimit, keys });
  } catch (error) {
    throw new ProblemException('keys_invalid', { cause: error });
  }
}

import { keyRingHash, keysKnownBy, signatureSpellings, verifyProof, type Hex } from '#contracts';
import { ProblemException } from '#platform';

/** A block interval and the way into it: what ends sooner cannot be settled in time. */
export const SETTLE_SECONDS = 3;

/** What an owner of an account signed about the account itself. */
export interface OwnerOrder {
  /** Unix seconds. */
  readonly deadline: number;
  readonly proof: Hex;
}

/**
 * The proof as the contract reads it.
 *
 * @param ring the account's present ring; null: its keys were never changed
 * @throws ProblemException key_change_deadline_passed, key_change_not_signed unless an owner key of the account made it
 */
export function requireOwner(
  digest: Hex,
  account: Hex,
  { deadline, proof }: OwnerOrder,
  ring: Buffer | null,
  now: number,
): Hex {
  if (deadline < now + SETTLE_SECONDS)
    throw new ProblemException('key_change_deadline_passed', { args: { deadline } });
  const keys = keysKnownBy(ring === null ? null : keyRingHash(ring));
  const signed = signatureSpellings(proof).find(
    (one) => verifyProof(digest, account, one, keys)?.right === 'owner',
  );
  if (signed === undefined) throw new ProblemException('key_change_not_signed', { args: { account } });
  return signed;
}

import { packRegion } from '#domain';
import { fromHex, toHex, writeHex, writeUint40, writeUint64, type Hex } from './bytes.js';
import { encodeKeyRing, keyRingHash, type KeyRing } from './key-ring.js';
import type { Consent } from './messages.js';
import { consentDigest } from './typed-data.js';
import type { SigningDomain } from './signing-domain.js';
import { verifyProof, type AccountKeys } from './verify.js';
import {
  ACCOUNT_ROLE,
  accountOfParts,
  FOUNDING_BYTES,
  SALT_BYTES,
  SALTED,
  type Founding,
} from './founding.js';

// What an account's id is made of, and what the entry that records it first says (KeyRing.sol, Consents.sol).

/** The ring of an account without keys. */
export const NO_KEYS: Hex = '0x';

const NO_SALT: Hex = `0x${'00'.repeat(32)}`;
const DEADLINE_BYTES = 5;
/** Claims of accounts with a ring or without keys: salt, hash of the ring. */
export const FOUNDING_CLAIM_BYTES = 64;
/** Claims of plain wallets: deadline, signature. */
export const CONSENT_CLAIM_BYTES = DEADLINE_BYTES + 65;

/** The account of a founding with this ring, which exists before anything is written to the chain. */
export function accountOf(founding: Founding, ring: KeyRing | Hex): Hex {
  return accountOfHash(founding, ringHashOf(ring));
}

function accountOfHash({ authority, role, salt = NO_SALT }: Founding, ringHash: Hex): Hex {
  const packed = Buffer.alloc(FOUNDING_BYTES - 1);
  writeAuthority(packed, 0, authority);
  const word = Buffer.alloc(SALT_BYTES);
  writeHex(word, 0, salt, SALT_BYTES, 'salt');
  return accountOfParts(packed, ACCOUNT_ROLE[role], word, ringHash);
}

/** What proofs of such an account have before its first ring; a salt of zero is left out. Nothing after a change of keys. */
export function foundingBytes({ authority, role, salt = NO_SALT }: Founding): Hex {
  const salted = salt !== NO_SALT;
  const bytes = Buffer.alloc(FOUNDING_BYTES + (salted ? SALT_BYTES : 0));
  writeAuthority(bytes, 0, authority);
  bytes.writeUInt8(ACCOUNT_ROLE[role] | (salted ? SALTED : 0), FOUNDING_BYTES - 1);
  if (salted) writeHex(bytes, FOUNDING_BYTES, salt, SALT_BYTES, 'salt');
  return toHex(bytes);
}

/** The claim of an account with a ring, or without keys (NO_KEYS): salt ‖ hash of the ring. */
export function foundingClaim(salt: Hex | undefined, ring: KeyRing | Hex): Hex {
  return `${salt ?? NO_SALT}${ringHashOf(ring).slice(2)}`;
}

/**
 * A holder's consent as lists of acts have it: deadline ‖ proof of an owner key over consentDigest. The claim of a plain
 * wallet, from the zero authority with number 0; and that an account on record moves, from the authority in charge with
 * the number of its moves so far.
 */
export function consentBytes(deadline: number, proof: Hex): Hex {
  const bytes = Buffer.alloc(DEADLINE_BYTES);
  writeUint40(bytes, 0, deadline, 'deadline');
  return toHex(Buffer.concat([bytes, fromHex(proof, 'proof')]));
}

/** An account that an authority wants to answer for. */
export interface Choosing extends AccountKeys {
  readonly account: Hex;
}

/** Whether the account chose this authority and role by its claim, as the contract judges it at `now` (Unix seconds). */
export function isChosen(
  domain: SigningDomain,
  { account, ...keys }: Choosing,
  { authority, role }: Omit<Founding, 'salt'>,
  claim: Hex,
  now: number,
): boolean {
  const bytes = fromHex(claim, 'claim');
  if (bytes.length === FOUNDING_CLAIM_BYTES) {
    const salt = toHex(bytes.subarray(0, 32));
    return accountOfHash({ authority, role, salt }, toHex(bytes.subarray(32))) === account.toLowerCase();
  }
  // A ring that the account never changed to would leave its role open.
  if (bytes.length !== CONSENT_CLAIM_BYTES && !keys.rekeyed) return false;
  return isConsented(domain, { account, ...keys }, { from: '', to: authority, number: 0 }, claim, now);
}

/**
 * Whether an owner key of the account consents that `to` answers for it after `from`, as the contract judges it at `now`
 * (Unix seconds).
 */
export function isConsented(
  domain: SigningDomain,
  { account, ...keys }: Choosing,
  move: Pick<Consent, 'from' | 'to' | 'number'>,
  consent: Hex,
  now: number,
): boolean {
  const bytes = fromHex(consent, 'consent');
  if (bytes.length < DEADLINE_BYTES) return false;
  const deadline = bytes.readUIntBE(0, DEADLINE_BYTES);
  const digest = consentDigest(domain, { account, ...move, deadline });
  const signed = verifyProof(digest, account, bytes.subarray(DEADLINE_BYTES), keys);
  return deadline >= now && signed?.right === 'owner';
}

function ringHashOf(ring: KeyRing | Hex): Hex {
  return keyRingHash(typeof ring === 'string' ? ring : encodeKeyRing(ring));
}

/** Six bytes: the code as the contracts pack it. */
function writeAuthority(target: Buffer, offset: number, authority: string): void {
  const word = Buffer.alloc(8);
  writeUint64(word, 0, packRegion(authority), 'authority');
  word.copy(target, offset, 2);
}

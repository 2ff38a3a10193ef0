import { keccak256 } from 'ethers';
import { fromHex, type Hex } from './bytes.js';

const DOMAIN = fromHex(keccak256(Buffer.from('Jangteo account 1')));

/** Bytes of authority and role, which stand before an account's first ring. */
export const FOUNDING_BYTES = 7;
/** Said with the role: 32 bytes of salt follow; without it the salt is zero. */
export const SALTED = 0x80;
export const SALT_BYTES = 32;

/**
 * The account that is made of these bytes.
 *
 * @param authority 6 bytes, the code as the contracts pack it
 * @param salt 32 bytes
 */
export function accountOfParts(authority: Uint8Array, role: number, salt: Uint8Array, ringHash: Hex): Hex {
  const content = Buffer.concat([DOMAIN, authority, Buffer.of(role), salt, fromHex(ringHash, 'ring')]);
  return `0x${keccak256(content).slice(26)}`;
}

/** What an account is, for its whole life; the numbers are the contract's. */
export const ACCOUNT_ROLE = { resident: 1, merchant: 2, company: 3 } as const;
export type AccountRole = keyof typeof ACCOUNT_ROLE;

/** What an account's id is made of besides its first key ring. */
export interface Founding {
  /** who answers for it first, by its name: the code that it was founded with */
  readonly authority: string;
  readonly role: AccountRole;
  /** 32 bytes; zero or left out for a person's only account in a role, random for a branch or an account without keys */
  readonly salt?: Hex;
}

import { id as keccakOfText, Wallet } from 'ethers';
import { consenting } from './consents.js';
import { walletKeyId, type OfficerEntry } from '#contracts';

/** A key that depends on its name alone, so that a failing test can be read twice. */
export function keyOf(name: string): Wallet {
  return consenting(new Wallet(keccakOfText(`test key of ${name}`)));
}

export function addressOf(who: string | { readonly address: string }): string {
  return (typeof who === 'string' ? who : who.address).toLowerCase();
}

/** The four officers of an authority, with all roles and a wallet each. */
export function officerEntries(region: string): OfficerEntry[] {
  return [1, 2, 3, 4].map((id) => ({
    id,
    roles: 7,
    keys: [walletKeyId(addressOf(keyOf(`officer ${region} ${id}`)))],
  }));
}

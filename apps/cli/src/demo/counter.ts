import { keccak256, toUtf8Bytes } from 'ethers';
import { accountOf, foundingClaim, NO_KEYS, walletKeyId } from '#contracts';
import { addressOfKey, demoKey } from './keys.js';

/** As many accounts without keys as every city opens at its counter. */
const AT_COUNTER = 2;

/** Accounts without keys as a list to be attested has them, and the first keys of the first of them. */
export interface CounterAccounts {
  readonly accounts: readonly { readonly account: string; readonly claim: string }[];
  readonly firstKeys: {
    readonly account: string;
    readonly keys: { readonly dailyLimit: string; readonly keys: readonly { right: 'owner'; id: string }[] };
  };
}

/** What a city's counter opens; the same at every try. */
export function counterAccounts(seed: string, city: string): CounterAccounts {
  const [first, ...others] = Array.from({ length: AT_COUNTER }, (_unused, index) => {
    const salt = keccak256(toUtf8Bytes(`${seed}/counter/${city}/${index}`));
    const account = accountOf({ authority: city, role: 'resident', salt }, NO_KEYS);
    return { account, claim: foundingClaim(salt, NO_KEYS) };
  });
  if (first === undefined) throw new Error('a counter opens one account at least');
  const owner = walletKeyId(addressOfKey(demoKey(seed, 'counter', city, 1)));
  return {
    accounts: [first, ...others],
    firstKeys: { account: first.account, keys: { dailyLimit: '0', keys: [{ right: 'owner', id: owner }] } },
  };
}

import { CALLDATA_MAX, CONSENT_CLAIM_BYTES, type AccountTaking } from '#contracts';

/** Bytes of calldata that an entry takes besides its consent, which is filled up to whole words. */
const ENTRY_BYTES = 160;
const WORD = 32;

/** What a transaction may use (EIP-7825), less what the act itself and its signatures need. */
const GAS_MAX = 2 ** 24 - 700_000;

/**
 * Gas of an entry at most: contracts/gas-snapshot.json, with 6,000 for a merchant that loses former places. Longer proofs
 * are longer to read, and to verify.
 */
const GAS = { handedOver: 29_000, consent: 52_500, byteOfProof: 80 } as const;

/** How many of these entries, from the first on, one transaction of `take_accounts` has room for. */
export function movesThatFit(entries: readonly AccountTaking[]): number {
  let bytes = CALLDATA_MAX;
  let gas = GAS_MAX;
  const over = entries.findIndex((entry) => {
    bytes -= ENTRY_BYTES + Math.ceil(consentBytesOf(entry) / WORD) * WORD;
    gas -= gasOfMove(entry);
    return bytes < 0 || gas < 0;
  });
  return over < 0 ? entries.length : over;
}

/** Most gas that an entry may cost. */
export function gasOfMove(entry: AccountTaking): number {
  const bytes = consentBytesOf(entry);
  return bytes === 0
    ? GAS.handedOver
    : GAS.consent + GAS.byteOfProof * Math.max(0, bytes - CONSENT_CLAIM_BYTES);
}

function consentBytesOf({ consent = '0x' }: AccountTaking): number {
  return (consent.length - 2) / 2;
}

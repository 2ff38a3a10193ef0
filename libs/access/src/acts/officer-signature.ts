import { signatureSpellings, verifyOfficerSignature, type Hex } from '#contracts';

/** What the table of approvals takes; a passkey's signature has about 500. */
const BYTES_MAX = 2_000;

/**
 * The signature as the contracts read it, when one of an officer's keys made it over `digest`; null otherwise. Wallets'
 * plain signatures of 65 bytes are accepted as well.
 */
export function officerSignature(digest: Hex, given: Hex, keys: readonly Hex[]): Hex | null {
  const spelling = signatureSpellings(given).find(
    (one) => verifyOfficerSignature(digest, one, keys) !== null,
  );
  return spelling === undefined || spelling.length > 2 + 2 * BYTES_MAX ? null : spelling;
}

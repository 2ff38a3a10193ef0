import { SignatureError, verifyOfficerSignature, walletSignature, type Hex } from '#contracts';

/** r ‖ s ‖ v as wallets answer, or kind ‖ r ‖ vs as the contracts read it: 65 bytes in hex. */
const WALLET_DIGITS = 2 + 2 * 65;
const ENCODED_WALLET = '0x01';
/** What the table of approvals takes; a passkey's signature has about 500. */
const BYTES_MAX = 2_000;

/**
 * The signature as the contracts read it, when one of an officer's keys made it over `digest`; null otherwise. Wallets'
 * plain signatures of 65 bytes are taken as well.
 */
export function officerSignature(digest: Hex, given: Hex, keys: readonly Hex[]): Hex | null {
  const spelling = spellingsOf(given).find((one) => verifyOfficerSignature(digest, one, keys) !== null);
  return spelling === undefined || spelling.length > 2 + 2 * BYTES_MAX ? null : spelling;
}

/** One plain signature in 256 begins like an encoded one. */
function spellingsOf(given: Hex): Hex[] {
  if (given.length !== WALLET_DIGITS) return [given];
  const spellings = given.startsWith(ENCODED_WALLET) ? [given] : [];
  try {
    spellings.push(walletSignature(given));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
  }
  return spellings;
}

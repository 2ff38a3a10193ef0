/** The contracts for TypeScript: ABI, typed data, calldata, refusals, events, deployment. */
import './fast-keccak.js';

export {
  accountOf,
  CONSENT_CLAIM_BYTES,
  consentBytes,
  FOUNDING_CLAIM_BYTES,
  foundingBytes,
  foundingClaim,
  isChosen,
  isConsented,
  NO_KEYS,
  type Choosing,
} from './accounts.js';
export * from './act-types.js';
export type { ActTarget } from './act-description.js';
export * from './acts.js';
export * from './batches.js';
export type { Hex } from './bytes.js';
export * from './calls.js';
export * from './deploy.js';
export * from './deployment-check.js';
export * from './event-types.js';
export * from './events.js';
export * from './order-events.js';
export { ACCOUNT_ROLE, type AccountRole, type Founding } from './founding.js';
export { authoritiesAbi, authoritiesBytecode } from './generated/authorities.js';
export {
  vouchersAbi,
  vouchersBytecode,
  vouchersExtensionBytecode,
  vouchersAdminBytecode,
  vouchersRegistryBytecode,
} from './generated/vouchers.js';
export * from './interfaces.js';
export * from './issue-list.js';
export {
  decodeKeyRing,
  encodeKeyRing,
  keyRingHash,
  RING_KEYS_MAX,
  type KeyRight,
  type KeyRing,
  type RingKey,
} from './key-ring.js';
export {
  deviceKeyId,
  KEY_KINDS,
  passkeyKeyId,
  pointOfSpki,
  walletKeyId,
  walletOfKeyId,
  type KeyKind,
  type P256Point,
} from './keys.js';
export * from './messages.js';
export { normaliseP256, type P256Signature } from './p256.js';
export {
  deviceSignature,
  passkeySignature,
  passkeySignatureOf,
  PROOF_BYTES_MAX,
  proofWithRing,
  signatureSpellings,
  WALLET_SIGNATURE_DIGITS,
  walletSignature,
  type AssertionResponseJson,
  type PasskeyAssertion,
} from './proofs.js';
export * from './receipts.js';
export * from './refusals.js';
export { parseSignature, recoverSigner, SignatureError, type ParsedSignature } from './signature.js';
export {
  authoritiesDomain,
  DOMAIN_TYPES,
  domainSeparator,
  vouchersDomain,
  type DeployedAt,
  type SigningDomain,
} from './signing-domain.js';
export * from './transfers.js';
export * from './typed-data.js';
export { STARTS_DEFAULT, type Starts } from './unit.js';
export * from './verify.js';

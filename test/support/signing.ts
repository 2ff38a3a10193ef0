import type { TypedDataDomain, TypedDataField } from 'ethers';
import { packRegion } from '#domain';
import {
  ACT_TYPES,
  actMessage,
  CIRCULATION_TYPES,
  GIFT_TYPES,
  HAND_OVER_OBJECTION_TYPES,
  KEY_CHANGE_TYPES,
  OBJECTION_TYPES,
  PAYMENT_TYPES,
  QUOTA_ISSUE_TYPES,
  quotaIssueMessage,
  REDEMPTION_TYPES,
  REFUND_TYPES,
  VOID_TYPES,
  type Act,
  type CirculationAuthorisation,
  type GiftAuthorisation,
  type HandOverObjection,
  type KeyChange,
  type Objection,
  type PaymentAuthorisation,
  type QuotaIssue,
  type RedemptionAuthorisation,
  type RefundAuthorisation,
  type VoidAuthorisation,
  type Hex,
  type SigningDomain,
} from '#contracts';

/** Anything that signs typed data: an ethers Wallet, a browser's signer, a key service. */
export interface TypedDataSigner {
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

// Signatures of wallets: 65 bytes, r ‖ s ‖ v, as eth_signTypedData_v4 answers. The contracts want them in the form of
// walletSignature.

/** The payer's wallet signature. */
export function signPayment(
  signer: TypedDataSigner,
  domain: SigningDomain,
  payment: PaymentAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, PAYMENT_TYPES, { ...payment });
}

/** The merchant's wallet signature over a void. */
export function signVoid(
  signer: TypedDataSigner,
  domain: SigningDomain,
  item: VoidAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, VOID_TYPES, { ...item });
}

/** The giver's wallet signature. */
export function signGift(
  signer: TypedDataSigner,
  domain: SigningDomain,
  gift: GiftAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, GIFT_TYPES, { ...gift });
}

/** The paying merchant's wallet signature. */
export function signCirculation(
  signer: TypedDataSigner,
  domain: SigningDomain,
  item: CirculationAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, CIRCULATION_TYPES, { ...item });
}

/** The merchant's wallet signature over a redemption. */
export function signRedemption(
  signer: TypedDataSigner,
  domain: SigningDomain,
  redemption: RedemptionAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, REDEMPTION_TYPES, { ...redemption });
}

/** The resident's wallet signature over a refund. */
export function signRefund(
  signer: TypedDataSigner,
  domain: SigningDomain,
  refund: RefundAuthorisation,
): Promise<Hex> {
  return signer.signTypedData(domain, REFUND_TYPES, { ...refund });
}

/** An owner's wallet signature over a change of keys. */
export function signKeyChange(
  signer: TypedDataSigner,
  domain: SigningDomain,
  change: KeyChange,
): Promise<Hex> {
  return signer.signTypedData(domain, KEY_CHANGE_TYPES, { ...change });
}

/** An owner's wallet signature over an objection. */
export function signObjection(
  signer: TypedDataSigner,
  domain: SigningDomain,
  objection: Objection,
): Promise<Hex> {
  return signer.signTypedData(domain, OBJECTION_TYPES, { ...objection });
}

/** An owner's wallet signature over an objection to a hand-over. */
export function signHandOverObjection(
  signer: TypedDataSigner,
  domain: SigningDomain,
  objection: HandOverObjection,
): Promise<Hex> {
  return signer.signTypedData(domain, HAND_OVER_OBJECTION_TYPES, {
    ...objection,
    to: packRegion(objection.to),
  });
}

/** A quota key's wallet signature. */
export function signQuotaIssue(
  signer: TypedDataSigner,
  domain: SigningDomain,
  issue: QuotaIssue,
): Promise<Hex> {
  return signer.signTypedData(domain, QUOTA_ISSUE_TYPES, quotaIssueMessage(issue));
}

/** An officer's wallet signature. */
export function signAct(signer: TypedDataSigner, domain: SigningDomain, act: Act): Promise<Hex> {
  return signer.signTypedData(domain, ACT_TYPES, actMessage(act));
}

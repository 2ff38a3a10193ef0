import type { TypedDataField } from 'ethers';
import { packRegion } from '#domain';
import type { Hex } from './bytes.js';

/** What every signed order about vouchers says besides who and which series. */
interface OrderTerms {
  /** won, 1..2^48-1 in practice; uint64 */
  readonly amount: bigint;
  /** uint32; see the replay window in #domain */
  readonly nonce: number;
  /** Unix seconds; last moment at which the contract takes it */
  readonly deadline: number;
  /** 32 bytes that the signer may choose (a till's own order number); zero if none */
  readonly order: Hex;
}

/** A resident's order to pay. Its digest is the payment's id. */
export interface PaymentAuthorisation extends OrderTerms {
  readonly payer: Hex;
  readonly merchant: Hex;
  /** 1 to 8 series (uint32, from 1), the earliest end as published first; taken from in this order */
  readonly series: readonly number[];
}

/** An order about vouchers of one series. */
interface SingleSeriesOrder extends OrderTerms {
  /** uint32, from 1 */
  readonly series: number;
}

/** A merchant's order to take a payment back, wholly or in part; `amount` of the part paid from `series`. */
export interface VoidAuthorisation extends SingleSeriesOrder {
  /** the payment's id; its receipt says who paid, so that a till signs without knowing an account */
  readonly payment: Hex;
  readonly merchant: Hex;
}

/** A resident's order to give vouchers to another resident. */
export interface GiftAuthorisation extends SingleSeriesOrder {
  readonly giver: Hex;
  readonly receiver: Hex;
}

/** A merchant's order to pay another merchant out of its merchant balances. */
export interface CirculationAuthorisation extends SingleSeriesOrder {
  readonly merchant: Hex;
  readonly recipient: Hex;
}

/** A merchant's order to redeem merchant balances. */
export interface RedemptionAuthorisation extends SingleSeriesOrder {
  readonly merchant: Hex;
}

/** A resident's order to refund the whole rest of a holding. */
export interface RefundAuthorisation extends SingleSeriesOrder {
  readonly account: Hex;
}

/** What cancels signed orders: no value moves, and the nonces are used up. */
interface CancellationTerms extends Omit<SingleSeriesOrder, 'amount'> {
  /** how many nonces are used up: those that end at `nonce`, which may lead by 63 */
  readonly count: number;
}

/** An owner's order to use up nonces of a holding, so that nothing settles that was signed with one of them. */
export interface CancellationAuthorisation extends CancellationTerms {
  readonly account: Hex;
}

/** The same for a merchant's voids, circulations and redemptions. */
export interface MerchantCancellationAuthorisation extends CancellationTerms {
  readonly merchant: Hex;
}

/** An owner's order to give an account other keys. */
export interface KeyChange {
  readonly account: Hex;
  /** the whole new key ring, see encodeKeyRing */
  readonly keys: Hex;
  /** number of this change of the account, from 1 */
  readonly change: number;
  /** Unix seconds */
  readonly deadline: number;
}

/** An owner's objection to new keys that officers proposed. */
export interface Objection {
  readonly account: Hex;
  /** hash of the proposed ring, see keyRingHash */
  readonly keys: Hex;
  /** number of the proposal, as the account has it: an objection is to this one alone */
  readonly number: number;
  /** Unix seconds */
  readonly deadline: number;
}

/** A holder's consent that another authority answers for the account. */
export interface Consent {
  readonly account: Hex;
  /** who answers for it now; '' when it is not on record yet */
  readonly from: string;
  readonly to: string;
  /** how often who answers for it changed before; 0 when it is not on record yet */
  readonly number: number;
  /** Unix seconds */
  readonly deadline: number;
}

/** An owner's objection to a hand-over of the account to another authority. */
export interface HandOverObjection {
  readonly account: Hex;
  /** the authority that would take it on */
  readonly to: string;
  /** number of the proposal, as the account has it: an objection is to this one alone */
  readonly number: number;
  /** Unix seconds */
  readonly deadline: number;
}

/** A quota key's order to issue to buyers. */
export interface QuotaIssue {
  readonly issueOrder: number;
  /** spent once per issue order */
  readonly index: number;
  /** keccak256 of the packed recipients, see packRecipients */
  readonly items: Hex;
}

/** What officers sign: one call to one of the contracts in the name of an authority. */
export interface Act {
  /** region code, '' for the state */
  readonly authority: string;
  /** address of the contract that is called */
  readonly target: Hex;
  /** calldata, see encodeAct */
  readonly call: Hex;
  readonly nonce: bigint;
  /** Unix seconds */
  readonly deadline: number;
}

/** EIP-712 types as ethers and wallets want them; the message's name is the only key. */
export type MessageTypes = Record<string, TypedDataField[]>;

const field = (type: string, name: string): TypedDataField => ({ name, type });
const NONCE_DEADLINE_ORDER = [
  field('uint32', 'nonce'),
  field('uint40', 'deadline'),
  field('bytes32', 'order'),
];
const ORDER_FIELDS = [field('uint64', 'amount'), field('uint32', 'series'), ...NONCE_DEADLINE_ORDER];
const CANCELLATION_FIELDS = [field('uint64', 'count'), field('uint32', 'series'), ...NONCE_DEADLINE_ORDER];

// The EIP-712 types, equal to contracts/src/types/TypedData.sol.

export const PAYMENT_TYPES = {
  Payment: [
    field('address', 'payer'),
    field('address', 'merchant'),
    field('uint64', 'amount'),
    field('uint32[]', 'series'),
    ...NONCE_DEADLINE_ORDER,
  ],
} satisfies MessageTypes;

export const VOID_TYPES = {
  Void: [field('bytes32', 'payment'), field('address', 'merchant'), ...ORDER_FIELDS],
} satisfies MessageTypes;

export const GIFT_TYPES = {
  Gift: [field('address', 'giver'), field('address', 'receiver'), ...ORDER_FIELDS],
} satisfies MessageTypes;

export const CIRCULATION_TYPES = {
  Circulation: [field('address', 'merchant'), field('address', 'recipient'), ...ORDER_FIELDS],
} satisfies MessageTypes;

export const REDEMPTION_TYPES = {
  Redemption: [field('address', 'merchant'), ...ORDER_FIELDS],
} satisfies MessageTypes;

export const REFUND_TYPES = {
  Refund: [field('address', 'account'), ...ORDER_FIELDS],
} satisfies MessageTypes;

export const CANCELLATION_TYPES = {
  Cancellation: [field('address', 'account'), ...CANCELLATION_FIELDS],
} satisfies MessageTypes;

export const MERCHANT_CANCELLATION_TYPES = {
  MerchantCancellation: [field('address', 'merchant'), ...CANCELLATION_FIELDS],
} satisfies MessageTypes;

export const KEY_CHANGE_TYPES = {
  KeyChange: [
    field('address', 'account'),
    field('bytes', 'keys'),
    field('uint32', 'change'),
    field('uint40', 'deadline'),
  ],
} satisfies MessageTypes;

export const OBJECTION_TYPES = {
  Objection: [
    field('address', 'account'),
    field('bytes32', 'keys'),
    field('uint32', 'number'),
    field('uint40', 'deadline'),
  ],
} satisfies MessageTypes;

export const CONSENT_TYPES = {
  Consent: [
    field('address', 'account'),
    field('uint48', 'from'),
    field('uint48', 'to'),
    field('uint32', 'number'),
    field('uint40', 'deadline'),
  ],
} satisfies MessageTypes;

export const HAND_OVER_OBJECTION_TYPES = {
  HandOverObjection: [
    field('address', 'account'),
    field('uint48', 'to'),
    field('uint32', 'number'),
    field('uint40', 'deadline'),
  ],
} satisfies MessageTypes;

export const QUOTA_ISSUE_TYPES = {
  QuotaIssue: [field('uint64', 'order'), field('uint256', 'index'), field('bytes32', 'items')],
} satisfies MessageTypes;

export const ACT_TYPES = {
  Act: [
    field('uint48', 'authority'),
    field('address', 'target'),
    field('bytes', 'call'),
    field('uint256', 'nonce'),
    field('uint40', 'deadline'),
  ],
} satisfies MessageTypes;

/** What an officer signs to take the own approval of an act back; in the domain of acts. */
export const WITHDRAWAL_TYPES = {
  Withdrawal: [field('bytes32', 'act')],
} satisfies MessageTypes;

/** EIP-712 message of an act as wallets show it, with the region packed. */
export function actMessage(act: Act): Record<string, unknown> {
  return { ...act, authority: packRegion(act.authority) };
}

/** EIP-712 message of a quota's order; on chain an issue order is called `order`. */
export function quotaIssueMessage({ issueOrder, index, items }: QuotaIssue): Record<string, unknown> {
  return { order: issueOrder, index, items };
}

import { keccak256 } from 'ethers';
import { packRegion } from '#domain';
import { fromHex, writeHex, writeUint32, writeUint40, writeUint64, type Hex } from './bytes.js';
import {
  ACT_TYPES,
  CANCELLATION_TYPES,
  CIRCULATION_TYPES,
  CONSENT_TYPES,
  GIFT_TYPES,
  HAND_OVER_OBJECTION_TYPES,
  KEY_CHANGE_TYPES,
  MERCHANT_CANCELLATION_TYPES,
  OBJECTION_TYPES,
  PAYMENT_TYPES,
  QUOTA_ISSUE_TYPES,
  REDEMPTION_TYPES,
  REFUND_TYPES,
  VOID_TYPES,
  WITHDRAWAL_TYPES,
  type Act,
  type CancellationAuthorisation,
  type CirculationAuthorisation,
  type Consent,
  type GiftAuthorisation,
  type HandOverObjection,
  type KeyChange,
  type MerchantCancellationAuthorisation,
  type MessageTypes,
  type Objection,
  type PaymentAuthorisation,
  type QuotaIssue,
  type RedemptionAuthorisation,
  type RefundAuthorisation,
  type VoidAuthorisation,
} from './messages.js';
import { digestOf, type SigningDomain } from './signing-domain.js';

// The EIP-712 digests of everything that people sign. A digest is computed for every payment, so the words are written
// by hand into a buffer: ethers' TypedDataEncoder takes about ten times as long. Tests hold both equal.

/** Most series of one payment. */
export const SERIES_PER_PAYMENT_MAX = 8;

const WORD = 32;

/** Scratch space for a message, the type's hash in its first word: every digest is computed without a pause. */
function wordsOf(types: MessageTypes): Buffer {
  const [[name, fields] = ['', []]] = Object.entries(types);
  const signature = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`;
  const words = Buffer.alloc((1 + fields.length) * WORD);
  fromHex(keccak256(Buffer.from(signature))).copy(words);
  return words;
}

const paymentWords = wordsOf(PAYMENT_TYPES);
const voidWords = wordsOf(VOID_TYPES);
const giftWords = wordsOf(GIFT_TYPES);
const circulationWords = wordsOf(CIRCULATION_TYPES);
const redemptionWords = wordsOf(REDEMPTION_TYPES);
const refundWords = wordsOf(REFUND_TYPES);
const cancellationWords = wordsOf(CANCELLATION_TYPES);
const merchantCancellationWords = wordsOf(MERCHANT_CANCELLATION_TYPES);
const keyChangeWords = wordsOf(KEY_CHANGE_TYPES);
const objectionWords = wordsOf(OBJECTION_TYPES);
const consentWords = wordsOf(CONSENT_TYPES);
const handOverObjectionWords = wordsOf(HAND_OVER_OBJECTION_TYPES);
const quotaIssueWords = wordsOf(QUOTA_ISSUE_TYPES);
const actWords = wordsOf(ACT_TYPES);
const withdrawalWords = wordsOf(WITHDRAWAL_TYPES);
const seriesWords = Buffer.alloc(SERIES_PER_PAYMENT_MAX * WORD);

function writeAddress(words: Buffer, at: number, address: Hex, name: string): void {
  writeHex(words, at * WORD + 12, address, 20, name);
}

function writeBytes32(words: Buffer, at: number, hex: Hex, name: string): void {
  writeHex(words, at * WORD, hex, WORD, name);
}

function writeDeadline(words: Buffer, at: number, deadline: number): void {
  writeUint40(words, at * WORD + 27, deadline, 'deadline');
}

type SingleSeriesOrder = RedemptionAuthorisation | RefundAuthorisation | GiftAuthorisation;

/** amount, series, nonce, deadline and order from word `at` on. */
function writeOrder(words: Buffer, at: number, item: Omit<SingleSeriesOrder, 'account' | 'merchant'>): void {
  writeUint64(words, at * WORD + 24, item.amount, 'amount');
  writeUint32(words, (at + 1) * WORD + 28, item.series, 'series');
  writeUint32(words, (at + 2) * WORD + 28, item.nonce, 'nonce');
  writeDeadline(words, at + 3, item.deadline);
  writeBytes32(words, at + 4, item.order, 'order');
}

/** EIP-712 hashes an array as the hash of its elements, a word each. */
function writeSeriesHash(words: Buffer, at: number, series: readonly number[]): void {
  if (series.length === 0 || series.length > SERIES_PER_PAYMENT_MAX) {
    throw new RangeError(`series: expected 1 to ${SERIES_PER_PAYMENT_MAX}, got ${series.length}`);
  }
  series.forEach((id, index) => writeUint32(seriesWords, index * WORD + 28, id, 'series'));
  words.write(keccak256(seriesWords.subarray(0, series.length * WORD)).slice(2), at * WORD, 'hex');
}

/**
 * EIP-712 digest of a payment: what the payer signs, and the payment's id. Like all digests here it throws a
 * RangeError that names the field when a value is out of range.
 */
export function paymentDigest(domain: SigningDomain, payment: PaymentAuthorisation): Hex {
  const words = paymentWords;
  writeAddress(words, 1, payment.payer, 'payer');
  writeAddress(words, 2, payment.merchant, 'merchant');
  writeUint64(words, 3 * WORD + 24, payment.amount, 'amount');
  writeSeriesHash(words, 4, payment.series);
  writeUint32(words, 5 * WORD + 28, payment.nonce, 'nonce');
  writeDeadline(words, 6, payment.deadline);
  writeBytes32(words, 7, payment.order, 'order');
  return digestOf(domain, words);
}

/** EIP-712 digest of a void: what the merchant signs, and the void's id. */
export function voidDigest(domain: SigningDomain, item: VoidAuthorisation): Hex {
  writeBytes32(voidWords, 1, item.payment, 'payment');
  writeAddress(voidWords, 2, item.merchant, 'merchant');
  writeOrder(voidWords, 3, item);
  return digestOf(domain, voidWords);
}

/** EIP-712 digest of a gift: what the giver signs, and the gift's id. */
export function giftDigest(domain: SigningDomain, gift: GiftAuthorisation): Hex {
  writeAddress(giftWords, 1, gift.giver, 'giver');
  writeAddress(giftWords, 2, gift.receiver, 'receiver');
  writeOrder(giftWords, 3, gift);
  return digestOf(domain, giftWords);
}

/** EIP-712 digest of a circulation: what the paying merchant signs, and its id. */
export function circulationDigest(domain: SigningDomain, item: CirculationAuthorisation): Hex {
  writeAddress(circulationWords, 1, item.merchant, 'merchant');
  writeAddress(circulationWords, 2, item.recipient, 'recipient');
  writeOrder(circulationWords, 3, item);
  return digestOf(domain, circulationWords);
}

/** EIP-712 digest of a redemption: what the merchant signs, and the redemption's id. */
export function redemptionDigest(domain: SigningDomain, redemption: RedemptionAuthorisation): Hex {
  writeAddress(redemptionWords, 1, redemption.merchant, 'merchant');
  writeOrder(redemptionWords, 2, redemption);
  return digestOf(domain, redemptionWords);
}

/** EIP-712 digest of a refund: what the resident signs, and the refund's id. */
export function refundDigest(domain: SigningDomain, refund: RefundAuthorisation): Hex {
  writeAddress(refundWords, 1, refund.account, 'account');
  writeOrder(refundWords, 2, refund);
  return digestOf(domain, refundWords);
}

/** EIP-712 digest of a cancellation: what an owner key signs, and the cancellation's id. */
export function cancellationDigest(domain: SigningDomain, item: CancellationAuthorisation): Hex {
  writeAddress(cancellationWords, 1, item.account, 'account');
  writeOrder(cancellationWords, 2, { ...item, amount: bigintOf(item.count, 'count') });
  return digestOf(domain, cancellationWords);
}

/** EIP-712 digest of a merchant's cancellation: what an owner key of the merchant signs, and its id. */
export function merchantCancellationDigest(
  domain: SigningDomain,
  item: MerchantCancellationAuthorisation,
): Hex {
  writeAddress(merchantCancellationWords, 1, item.merchant, 'merchant');
  writeOrder(merchantCancellationWords, 2, { ...item, amount: bigintOf(item.count, 'count') });
  return digestOf(domain, merchantCancellationWords);
}

/** EIP-712 digest of a change of keys: what an owner key signs. */
export function keyChangeDigest(domain: SigningDomain, change: KeyChange): Hex {
  writeAddress(keyChangeWords, 1, change.account, 'account');
  writeBytes32(keyChangeWords, 2, keccak256(fromHex(change.keys, 'keys')), 'keys');
  writeUint32(keyChangeWords, 3 * WORD + 28, change.change, 'change');
  writeDeadline(keyChangeWords, 4, change.deadline);
  return digestOf(domain, keyChangeWords);
}

/** EIP-712 digest of an objection to proposed keys: what an owner key signs. */
export function objectionDigest(domain: SigningDomain, objection: Objection): Hex {
  writeAddress(objectionWords, 1, objection.account, 'account');
  writeBytes32(objectionWords, 2, objection.keys, 'keys');
  writeUint32(objectionWords, 3 * WORD + 28, objection.number, 'number');
  writeDeadline(objectionWords, 4, objection.deadline);
  return digestOf(domain, objectionWords);
}

/** EIP-712 digest of a consent: what an owner key signs. */
export function consentDigest(domain: SigningDomain, consent: Consent): Hex {
  writeAddress(consentWords, 1, consent.account, 'account');
  writeUint64(consentWords, 2 * WORD + 24, packRegion(consent.from), 'from');
  writeUint64(consentWords, 3 * WORD + 24, packRegion(consent.to), 'to');
  writeUint32(consentWords, 4 * WORD + 28, consent.number, 'number');
  writeDeadline(consentWords, 5, consent.deadline);
  return digestOf(domain, consentWords);
}

/** EIP-712 digest of an objection to a hand-over: what an owner key signs. */
export function handOverObjectionDigest(domain: SigningDomain, objection: HandOverObjection): Hex {
  const words = handOverObjectionWords;
  writeAddress(words, 1, objection.account, 'account');
  writeUint64(words, 2 * WORD + 24, packRegion(objection.to), 'to');
  writeUint32(words, 3 * WORD + 28, objection.number, 'number');
  writeDeadline(words, 4, objection.deadline);
  return digestOf(domain, words);
}

/** EIP-712 digest of an issue within a quota: what the quota's key signs. */
export function quotaIssueDigest(domain: SigningDomain, issue: QuotaIssue): Hex {
  writeUint64(quotaIssueWords, WORD + 24, bigintOf(issue.issueOrder, 'issueOrder'), 'issueOrder');
  writeUint64(quotaIssueWords, 2 * WORD + 24, bigintOf(issue.index, 'index'), 'index');
  writeBytes32(quotaIssueWords, 3, issue.items, 'items');
  return digestOf(domain, quotaIssueWords);
}

/** EIP-712 digest of an act: what officers sign, and the act's id. */
export function actDigest(domain: SigningDomain, act: Act): Hex {
  writeUint64(actWords, WORD + 24, packRegion(act.authority), 'authority');
  writeAddress(actWords, 2, act.target, 'target');
  writeBytes32(actWords, 3, keccak256(act.call), 'call');
  writeBytes32(actWords, 4, `0x${act.nonce.toString(16).padStart(64, '0')}`, 'nonce');
  writeDeadline(actWords, 5, act.deadline);
  return digestOf(domain, actWords);
}

/** EIP-712 digest of a withdrawal: what an officer signs to take the own approval of an act back. */
export function withdrawalDigest(domain: SigningDomain, act: Hex): Hex {
  writeBytes32(withdrawalWords, 1, act, 'act');
  return digestOf(domain, withdrawalWords);
}

function bigintOf(value: number, name: string): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}: expected an integer, got ${value}`);
  return BigInt(value);
}

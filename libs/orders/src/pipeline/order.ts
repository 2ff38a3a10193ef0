import type { Hex, OrderKindName, VerifiedProof } from '#contracts';
import type { ApiRefusalKey, ItemRefusalKey } from '#domain';

/** Who signed an order, as far as it was known when it came. */
export interface Signer {
  /** Null when no key of the account did. */
  readonly proven: VerifiedProof | null;
  /** Hash of the key ring that it was compared with; null = the keys that the account's address was made of. */
  readonly keysHash: Hex | null;
  /** It came with a key ring, so that a device may have signed. */
  readonly ringed: boolean;
}

/**
 * A signed order to move vouchers. All kinds go the same way: the holder signs, the API accepts, the relayer submits,
 * the contract decides.
 */
export interface Order {
  /** EIP-712 digest of the authorisation. */
  readonly id: Hex;
  /** Whose value moves and who signs: payer, giver, resident, or the merchant of voids, circulations, redemptions. */
  readonly holder: Hex;
  /** The other side: merchant of a payment, payer of a void, receiver of a gift, recipient of a circulation. */
  readonly other: Hex | null;
  /** The payment that a void takes back. */
  readonly payment: Hex | null;
  /** One, but for payments. */
  readonly series: readonly number[];
  /** won */
  readonly amount: bigint;
  readonly nonce: number;
  /** Unix seconds. */
  readonly deadline: number;
  /** 32 bytes chosen by the till; the messages and the API call it `order`. */
  readonly reference: Hex;
  /** As the contract reads it. */
  readonly proof: Hex;
  readonly signer: Signer;
}

/** The other side of an order whose kind has one. */
export function otherSide({ id, other }: Pick<Order, 'id' | 'other'>): Hex {
  if (other === null) throw new Error(`order ${id} has no other side`);
  return other;
}

/** The series of an order whose kind has one. */
export function onlySeries({ id, series }: Pick<Order, 'id' | 'series'>): number {
  const [only] = series;
  if (only === undefined) throw new Error(`order ${id} has no series`);
  return only;
}

/** Why an order is refused: as the contract's event says it. */
export interface OrderRefusal {
  readonly code: ItemRefusalKey;
  readonly number: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** The code of an order that left the outbox without the chain. */
export const NOT_RELAYED = 'order_not_carried' satisfies ApiRefusalKey;

/** Why an order is refused, by the API, the relayer or the contract. */
export interface OrderEnd extends Omit<OrderRefusal, 'code'> {
  readonly code: ItemRefusalKey | typeof NOT_RELAYED;
  /** The API refused it: it was never accepted. */
  readonly refusedOnAcceptance: boolean;
}

/** What an accepted and undecided order will take from its holder. */
export interface Reservation {
  readonly kind: OrderKindName;
  /** In the order in which they are spent. */
  readonly series: readonly number[];
  /** won */
  readonly amount: bigint;
  readonly nonce: number;
  /** The payment that a void takes back. */
  readonly payment: Hex | null;
  /** Counts against the daily limit of the account's device keys. */
  readonly byDevice: boolean;
}

/**
 * `known`: the same authorisation came before; its state is the answer. `early`: too many before it are undecided;
 * nothing is stored, and it will do when it comes again. `far`: its deadline is after `latest` (Unix seconds); nothing is
 * stored.
 */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'early' }
  | { readonly kind: 'far'; readonly latest: number }
  | { readonly kind: 'accepted'; readonly receivedAt: Date }
  | { readonly kind: 'refused'; readonly refusal: OrderRefusal };

export type OrderState = 'accepted' | 'final' | 'refused';

/** What a series gave to a payment. */
export interface OrderPart {
  readonly series: number;
  /** won */
  readonly amount: bigint;
}

/** What is known of one order. */
export interface OrderRecord {
  readonly id: Hex;
  readonly kind: OrderKindName;
  readonly state: OrderState;
  readonly holder: Hex;
  readonly other: Hex | null;
  readonly payment: Hex | null;
  /** As they were listed; of a payment that somebody else submitted, those that gave something. */
  readonly series: readonly number[];
  /** What came from which series, once final. */
  readonly parts: readonly OrderPart[] | null;
  /** What settled voids took back of a payment, by series. */
  readonly voided: readonly OrderPart[];
  readonly amount: bigint;
  readonly nonce: number;
  readonly reference: Hex;
  /** Unix seconds; null when somebody else submitted it to the contract. */
  readonly deadline: number | null;
  /** When the platform stored it; null as above. */
  readonly receivedAt: Date | null;
  /** Only when refused. */
  readonly refusal: OrderEnd | null;
  /** The block that decided it. */
  readonly block: {
    readonly number: bigint;
    /** Unix seconds. */
    readonly timestamp: number;
    readonly transaction: Hex;
  } | null;
  /** Region and category of the merchant at that block, once final; gifts and refunds have none. */
  readonly place: { readonly region: string; readonly category: number } | null;
  /** won of a final refund that are owed to the resident */
  readonly own: bigint | null;
}

import type { Hex, VerifiedProof } from '#contracts';
import type { ApiRefusalKey, ItemRefusalKey } from '#domain';

/**
 * A signed order to move vouchers. All kinds go the same way: signed by their holder, accepted here, carried by the
 * relayer, decided by the contract.
 */
export const ORDER_KINDS = ['payment', 'redemption', 'void', 'gift', 'circulation', 'refund'] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** What device keys of an account moved on a Korean day, as the contract had it at the end of a block. */
export interface DeviceSpending {
  readonly block: bigint;
  /** Korean day index. */
  readonly day: number;
  /** won */
  readonly spent: bigint;
}

/** Who signed an order, as far as it was known when it came. */
export interface Signer {
  /** Null when no key of the account did. */
  readonly proven: VerifiedProof | null;
  /** Hash of the key ring that it was compared with; null = the keys that the account's address was made of. */
  readonly keysHash: Hex | null;
  /** Only for device keys. */
  readonly spending: DeviceSpending | null;
}

/** What all kinds have, whatever was signed. */
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
  /** 32 bytes chosen by the till. */
  readonly order: Hex;
  /** As the contract reads it. */
  readonly proof: Hex;
  readonly signer: Signer;
}

/** Why an order is refused: as the contract's event says it. */
export interface OrderRefusal {
  readonly code: ItemRefusalKey;
  readonly number: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** What an order is told that left the outbox without the chain. */
export const NOT_CARRIED = 'order_not_carried' satisfies ApiRefusalKey;

/** Why an order is refused, by whom ever. */
export interface OrderEnd extends Omit<OrderRefusal, 'code'> {
  readonly code: ItemRefusalKey | typeof NOT_CARRIED;
  /** Refused before anybody promised it. */
  readonly atDoor: boolean;
}

/**
 * `known`: the same authorisation came before; its state is the answer. `early`: too many before it are undecided;
 * nothing is stored, and it will do when it comes again.
 */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'early' }
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
  readonly kind: OrderKind;
  readonly state: OrderState;
  readonly holder: Hex;
  readonly other: Hex | null;
  readonly payment: Hex | null;
  /** As they were listed; where somebody else brought a payment, those that gave something. */
  readonly series: readonly number[];
  /** What came from which series, once final. */
  readonly parts: readonly OrderPart[] | null;
  readonly amount: bigint;
  readonly nonce: number;
  readonly order: Hex;
  /** Unix seconds; null when it was brought to the contract by somebody else. */
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

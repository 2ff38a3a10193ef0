import type { Hex } from '#contracts';
import type { ItemRefusalKey } from '#domain';

/**
 * A signed order to move vouchers. Payments (resident to merchant) and redemptions (merchant to won) go the same
 * way: signed by their holder, accepted here, carried by the relayer, decided by the contract.
 */
export type OrderKind = 'payment' | 'redemption';

/** What both kinds have, whatever was signed. */
export interface Order {
  /** EIP-712 digest of the authorisation. */
  readonly id: Hex;
  /** Whose value moves: the payer of a payment, the merchant of a redemption. */
  readonly holder: Hex;
  readonly merchant: Hex;
  readonly series: number;
  /** won */
  readonly amount: bigint;
  readonly nonce: number;
  /** Unix seconds. */
  readonly deadline: number;
  /** 32 bytes chosen by the till. */
  readonly order: Hex;
  readonly signature: Hex;
  /** Whether the holder made the signature. */
  readonly signed: boolean;
}

/** Why an order is refused: as the contract's event says it. */
export interface OrderRefusal {
  readonly code: ItemRefusalKey;
  readonly number: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** `known`: the same authorisation came before; its state is the answer. */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'accepted'; readonly receivedAt: Date }
  | { readonly kind: 'refused'; readonly refusal: OrderRefusal };

export type OrderState = 'accepted' | 'final' | 'refused';

/** What is known of one order. */
export interface OrderRecord {
  readonly id: Hex;
  readonly state: OrderState;
  readonly holder: Hex;
  readonly merchant: Hex;
  readonly series: number;
  readonly amount: bigint;
  readonly nonce: number;
  readonly order: Hex;
  /** Unix seconds; null when it was brought to the contract by somebody else. */
  readonly deadline: number | null;
  /** When the platform stored it; null as above. */
  readonly receivedAt: Date | null;
  /** Only when refused. `atDoor`: refused before it was carried. */
  readonly refusal: (OrderRefusal & { readonly atDoor: boolean }) | null;
  /** The block that decided it. */
  readonly block: {
    readonly number: bigint;
    /** Unix seconds. */
    readonly timestamp: number;
    readonly transaction: Hex;
  } | null;
  /** Region and category of the merchant at that block, once final. */
  readonly place: { readonly region: string; readonly category: number } | null;
}

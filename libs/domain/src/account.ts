/** How well the person behind an account is identified. */
export const ACCOUNT_TIER = { none: 0, phone: 1, real_name: 2 } as const;
export type AccountTierName = keyof typeof ACCOUNT_TIER;
export type AccountTier = (typeof ACCOUNT_TIER)[AccountTierName];

/** Status of an account, as the chain's uint8. A frozen account keeps its balance and cannot pay. */
export const ACCOUNT_STATUS = { open: 0, frozen: 1 } as const;
export type AccountStatusName = keyof typeof ACCOUNT_STATUS;

/** True for 0, 1 or 2. */
export function isAccountTier(value: number): value is AccountTier {
  return value === 0 || value === 1 || value === 2;
}

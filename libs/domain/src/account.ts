/** How well the person behind an account is identified. */
export const ACCOUNT_TIER = { none: 0, phone: 1, real_name: 2 } as const;
export type AccountTierName = keyof typeof ACCOUNT_TIER;
export type AccountTier = (typeof ACCOUNT_TIER)[AccountTierName];

/** True for 0, 1 or 2. */
export function isAccountTier(value: number): value is AccountTier {
  return value === 0 || value === 1 || value === 2;
}

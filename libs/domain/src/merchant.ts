/** Status of a merchant, as the chain's uint8. */
export const MERCHANT_STATUS = { none: 0, active: 1, suspended: 2, closed: 3 } as const;
export type MerchantStatusName = keyof typeof MERCHANT_STATUS;
export type MerchantStatus = (typeof MERCHANT_STATUS)[MerchantStatusName];

const WORDS: Readonly<Record<MerchantStatusName, { ko: string; en: string }>> = {
  none: { ko: '미등록', en: 'not registered' },
  active: { ko: '이용 가능', en: 'active' },
  suspended: { ko: '이용 정지', en: 'suspended' },
  closed: { ko: '등록 말소', en: 'closed' },
};

/** Name of a status number; undefined when there is no such status. */
export function merchantStatusName(status: number): MerchantStatusName | undefined {
  const entry = Object.entries(MERCHANT_STATUS).find(([, number]) => number === status);
  const name = entry?.[0];
  return name !== undefined && isMerchantStatusName(name) ? name : undefined;
}

/** True for a key of MERCHANT_STATUS. */
export function isMerchantStatusName(name: string): name is MerchantStatusName {
  return Object.hasOwn(MERCHANT_STATUS, name);
}

/** Word for people. */
export function merchantStatusText(status: number, lang: 'ko' | 'en'): string {
  const name = merchantStatusName(status);
  return name === undefined ? String(status) : WORDS[name][lang];
}

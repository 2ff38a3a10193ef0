/** The accounts, in the order of reports. */
export const ACCOUNTS = [
  'bank_reserve',
  'funder_receivable',
  'vouchers_held',
  'vouchers_taken',
  'merchants_payable',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** What moves value; each gives one entry. */
export const ENTRY_KINDS = ['issue', 'payment', 'redemption'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** How one kind of entry posts: 1 debit, -1 credit, 0 not at all; the resident's own money and that of the funders. */
export interface PostingRule {
  readonly kind: EntryKind;
  readonly account: Account;
  readonly own: -1 | 0 | 1;
  readonly funders: -1 | 0 | 1;
}

/**
 * Issue: the resident's money came in, the funders owe their shares, residents hold vouchers. Payment: merchants hold
 * them instead. Redemption: won is owed to merchants instead. Each rule's columns add up to zero.
 */
export const POSTING_RULES: readonly PostingRule[] = [
  { kind: 'issue', account: 'bank_reserve', own: 1, funders: 0 },
  { kind: 'issue', account: 'funder_receivable', own: 0, funders: 1 },
  { kind: 'issue', account: 'vouchers_held', own: -1, funders: -1 },
  { kind: 'payment', account: 'vouchers_held', own: 1, funders: 1 },
  { kind: 'payment', account: 'vouchers_taken', own: -1, funders: -1 },
  { kind: 'redemption', account: 'vouchers_taken', own: 1, funders: 1 },
  { kind: 'redemption', account: 'merchants_payable', own: -1, funders: -1 },
];

/** The kinds of entries that touch an account. */
export function kindsOf(account: Account): EntryKind[] {
  return POSTING_RULES.filter((rule) => rule.account === account).map(({ kind }) => kind);
}

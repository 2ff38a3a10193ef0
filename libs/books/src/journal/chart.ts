/** The accounts, in the order of reports. */
export const ACCOUNTS = [
  'bank_reserve',
  'funder_receivable',
  'vouchers_held',
  'vouchers_taken',
  'merchants_payable',
  'refunds_payable',
  'funders_payable',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** What moves value; each gives one entry. Gifts and circulation move it within an account and post nothing. */
export const ENTRY_KINDS = ['issue', 'payment', 'void', 'redemption', 'return', 'refund', 'expiry'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/**
 * Which part of an entry a posting moves: all of it, the resident's own money, or the rest, which is the funders'.
 */
export type Portion = 'all' | 'own' | 'rest';

/** How one kind of entry posts: 1 debit, -1 credit. */
export interface PostingRule {
  readonly kind: EntryKind;
  readonly account: Account;
  readonly side: -1 | 1;
  readonly portion: Portion;
}

/**
 * Issue: the resident's money came in, the funders owe their shares, residents hold vouchers. Payment: merchants hold
 * them instead; a void turns it back. Redemption: won is owed to merchants instead; a return turns it back. Refund:
 * the resident gets the own money back and the funders theirs. Expiry: all goes back to whoever funded it. The rules
 * of each kind add up to zero.
 */
export const POSTING_RULES: readonly PostingRule[] = [
  { kind: 'issue', account: 'bank_reserve', side: 1, portion: 'own' },
  { kind: 'issue', account: 'funder_receivable', side: 1, portion: 'rest' },
  { kind: 'issue', account: 'vouchers_held', side: -1, portion: 'all' },
  { kind: 'payment', account: 'vouchers_held', side: 1, portion: 'all' },
  { kind: 'payment', account: 'vouchers_taken', side: -1, portion: 'all' },
  { kind: 'void', account: 'vouchers_taken', side: 1, portion: 'all' },
  { kind: 'void', account: 'vouchers_held', side: -1, portion: 'all' },
  { kind: 'redemption', account: 'vouchers_taken', side: 1, portion: 'all' },
  { kind: 'redemption', account: 'merchants_payable', side: -1, portion: 'all' },
  { kind: 'return', account: 'merchants_payable', side: 1, portion: 'all' },
  { kind: 'return', account: 'vouchers_taken', side: -1, portion: 'all' },
  { kind: 'refund', account: 'vouchers_held', side: 1, portion: 'all' },
  { kind: 'refund', account: 'refunds_payable', side: -1, portion: 'own' },
  { kind: 'refund', account: 'funders_payable', side: -1, portion: 'rest' },
  { kind: 'expiry', account: 'vouchers_held', side: 1, portion: 'all' },
  { kind: 'expiry', account: 'funders_payable', side: -1, portion: 'all' },
];

/** The account that an entry takes from, which must not run out for any funder; none for an issue. */
export const SOURCE_OF: Readonly<Record<EntryKind, Account | null>> = {
  issue: null,
  payment: 'vouchers_held',
  void: 'vouchers_taken',
  redemption: 'vouchers_taken',
  return: 'merchants_payable',
  refund: 'vouchers_held',
  expiry: 'vouchers_held',
};

/** The kinds of entries that touch an account. */
export function kindsOf(account: Account): EntryKind[] {
  return POSTING_RULES.filter((rule) => rule.account === account).map(({ kind }) => kind);
}

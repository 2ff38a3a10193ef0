import type { FundingParts, FundingSplit, Won } from '#domain';
import type { Account, EntryKind } from './chart.js';
import { minus, NO_PARTS, plus, sumOf } from './parts.js';

/** Positive is debit. */
export interface Posting {
  /** Place of its rule in POSTING_RULES. */
  readonly line: number;
  readonly account: Account;
  readonly parts: FundingParts;
}

/** The accounts that have a credit balance. */
const CREDITED: readonly Account[] = [
  'vouchers_held',
  'vouchers_taken',
  'merchants_payable',
  'refunds_payable',
  'funders_payable',
];

/** What the books of one series have come to; grows with each entry. */
export class SeriesBooks {
  private readonly balances = new Map<Account, FundingParts>();
  private readonly totals = new Map<EntryKind, Won>();

  constructor(readonly split: FundingSplit) {}

  /** What an account has by funder: the balance on its own side, never negative. */
  held(account: Account): FundingParts {
    return this.balances.get(account) ?? NO_PARTS;
  }

  /** won of all entries of a kind. */
  total(kind: EntryKind): Won {
    return this.totals.get(kind) ?? 0n;
  }

  /** won of refunds that were owed to residents; nothing else is posted there. */
  get refundedOwn(): Won {
    return sumOf(this.held('refunds_payable'));
  }

  setBalance(account: Account, parts: FundingParts): void {
    this.balances.set(account, parts);
  }

  addTotal(kind: EntryKind, amount: Won): void {
    this.totals.set(kind, this.total(kind) + amount);
  }

  add(kind: EntryKind, amount: Won, postings: readonly Posting[]): void {
    this.addTotal(kind, amount);
    for (const { account, parts } of postings) {
      const held = this.held(account);
      this.balances.set(account, CREDITED.includes(account) ? minus(held, parts) : plus(held, parts));
    }
  }
}

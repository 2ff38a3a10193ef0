import * as fc from 'fast-check';
import { FUNDERS, type FundingSplit, type Won } from '#domain';
import { ACCOUNTS, type Account, ENTRY_KINDS, type EntryKind, SOURCE_OF } from './chart.js';
import { post } from './entries.js';
import { fit, NO_PARTS, othersUpTo, sumOf } from './parts.js';
import { SeriesBooks } from './series-books.js';

/** Four shares of 10,000 from three cuts, uneven ones included. */
const splits = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000)).map((cuts): FundingSplit => {
  const [a = 0, b = 0, c = 0] = cuts.toSorted((one, other) => one - other);
  return { resident: a, state: b - a, province: c - b, city: 10_000 - c };
});
const moves = fc.array(
  fc.record({ kind: fc.constantFrom(...ENTRY_KINDS), amount: fc.bigInt({ min: 1n, max: 50_000n }) }),
  { minLength: 1, maxLength: 120 },
);
const VOUCHER_ACCOUNTS: readonly Account[] = ['vouchers_held', 'vouchers_taken'];

const ownOf = (amount: Won, split: FundingSplit): Won => (amount * BigInt(split.resident)) / 10_000n;

/** Posts what the chain would let through: no more than the source has. */
function move(books: SeriesBooks, kind: EntryKind, wanted: Won) {
  const source = SOURCE_OF[kind];
  const there = source === null ? wanted : sumOf(books.held(source));
  const amount = wanted < there ? wanted : there;
  const own = kind === 'refund' ? ownOf(amount, books.split) : 0n;
  return { amount, own, postings: amount > 0n ? post(books, kind, amount, own) : [] };
}

function expectNothingNegative(books: SeriesBooks): void {
  for (const account of ACCOUNTS)
    for (const funder of FUNDERS) expect(books.held(account)[funder]).toBeGreaterThanOrEqual(0n);
}

/** How far an account is from the exact shares of what it has in sum, at most of all funders, in won. */
function driftOf(books: SeriesBooks, account: Account): number {
  const held = books.held(account);
  const sum = Number(sumOf(held));
  const gaps = FUNDERS.map((f) => Math.abs(Number(held[f]) - (sum * books.split[f]) / 10_000));
  return Math.max(...gaps);
}

describe('entries of a series', () => {
  it('balance for each funder, move their amount, and leave nothing below zero, in whatever order they come', () => {
    fc.assert(
      fc.property(splits, moves, (split, steps) => {
        const books = new SeriesBooks(split);
        for (const { kind, amount: wanted } of steps) {
          const { amount, own, postings } = move(books, kind, wanted);
          for (const funder of FUNDERS)
            expect(postings.reduce((sum, { parts }) => sum + parts[funder], 0n)).toBe(0n);
          const debits = postings.flatMap(({ parts }) => FUNDERS.map((f) => (parts[f] > 0n ? parts[f] : 0n)));
          expect(debits.reduce((sum, won) => sum + won, 0n)).toBe(amount);
          const owed = postings.filter(({ account }) => account === 'refunds_payable');
          expect(owed.reduce((sum, { parts }) => sum - sumOf(parts), 0n)).toBe(own);
          expectNothingNegative(books);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leave no vouchers of any funder once all is redeemed, refunded or expired', () => {
    const cuts = fc.array(fc.tuple(fc.constantFrom('redemption', 'refund', 'expiry'), fc.nat(40_000)), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(splits, moves, cuts, (split, steps, ends) => {
        const books = new SeriesBooks(split);
        for (const { kind, amount } of steps) move(books, kind, amount);
        for (const [kind, amount] of ends) move(books, kind as EntryKind, BigInt(amount));
        move(books, 'redemption', 2n ** 48n);
        move(books, 'expiry', 2n ** 48n);
        for (const account of VOUCHER_ACCOUNTS) expect(books.held(account)).toEqual(NO_PARTS);
        const [reserve, receivable] = [books.held('bank_reserve'), books.held('funder_receivable')];
        for (const funder of FUNDERS) {
          const owed = (['merchants_payable', 'refunds_payable', 'funders_payable'] as const).reduce(
            (sum, account) => sum + books.held(account)[funder],
            0n,
          );
          expect(owed).toBe(reserve[funder] + receivable[funder]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stay within two won of their shares, as long as nothing is refunded or expires', () => {
    const kinds = fc.constantFrom<EntryKind>('issue', 'payment', 'void', 'redemption', 'return');
    const steps = fc.array(fc.tuple(kinds, fc.bigInt({ min: 1n, max: 50_000n })), { maxLength: 150 });
    fc.assert(
      fc.property(splits, steps, (split, all) => {
        const books = new SeriesBooks(split);
        for (const [kind, amount] of all) {
          move(books, kind, amount);
          for (const account of ['merchants_payable', ...VOUCHER_ACCOUNTS] as const)
            expect(driftOf(books, account)).toBeLessThan(2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('drift by less than a won for each refund and expiry, and a few more', () => {
    fc.assert(
      fc.property(splits, moves, (split, steps) => {
        const books = new SeriesBooks(split);
        let ends = 0;
        for (const { kind, amount } of steps) {
          move(books, kind, amount);
          if (kind === 'refund' || kind === 'expiry') ends += 1;
          for (const account of VOUCHER_ACCOUNTS) expect(driftOf(books, account)).toBeLessThan(ends + 6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('owe a resident the own part to the won, out of other columns when rounding emptied the own one', () => {
    const books = new SeriesBooks({ resident: 9_000, state: 300, province: 200, city: 500 });
    books.setBalance('vouchers_held', { resident: 8n, state: 1n, province: 0n, city: 1n });
    const postings = post(books, 'refund', 10n, 9n);
    const of = (account: Account) => postings.find((posting) => posting.account === account)?.parts;
    expect(of('refunds_payable')).toEqual({ resident: -8n, state: -1n, province: 0n, city: 0n });
    expect(of('funders_payable')).toEqual({ resident: 0n, state: 0n, province: 0n, city: -1n });
    expect(books.held('vouchers_held')).toEqual(NO_PARTS);
  });

  it('refuse to post what the source does not have', () => {
    const books = new SeriesBooks({ resident: 10_000, state: 0, province: 0, city: 0 });
    post(books, 'issue', 10n, 0n);
    expect(() => post(books, 'payment', 11n, 0n)).toThrow('holds 10 won, less than the 11');
  });
});

describe('parts', () => {
  it('of the other funders never fall as the total grows, and stay within two won of the exact share', () => {
    fc.assert(
      fc.property(splits, fc.bigInt({ min: 0n, max: 10n ** 10n }), (split, start) => {
        const others = 10_000 - split.resident;
        if (others === 0) return;
        let before = othersUpTo(start, split);
        for (let total = start + 1n; total < start + 50n; total++) {
          const parts = othersUpTo(total, split);
          expect(sumOf(parts)).toBe(total);
          for (const funder of FUNDERS) {
            expect(parts[funder]).toBeGreaterThanOrEqual(before[funder]);
            const exact = funder === 'resident' ? 0 : (Number(total) * split[funder]) / others;
            expect(Math.abs(Number(parts[funder]) - exact)).toBeLessThan(2.001);
          }
          before = parts;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('fit into the room they have, add up, and are the wanted ones when those fit', () => {
    const won = fc.bigInt({ min: 0n, max: 1_000n });
    const four = fc.record({ resident: won, state: won, province: won, city: won });
    fc.assert(
      fc.property(four, four, fc.nat(100), (wanted, room, percent) => {
        const amount = (sumOf(room) * BigInt(percent)) / 100n;
        const parts = fit(wanted, room, amount);
        expect(sumOf(parts)).toBe(amount);
        for (const funder of FUNDERS) {
          expect(parts[funder]).toBeGreaterThanOrEqual(0n);
          expect(parts[funder]).toBeLessThanOrEqual(room[funder]);
        }
        expect(fit(room, room, sumOf(room))).toEqual(room);
      }),
    );
  });
});

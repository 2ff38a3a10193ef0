import { Module, type DynamicModule } from '@nestjs/common';
import { createHttpApp, Log } from '#platform';
import { PersistenceModule, toBytes } from '#persistence';
import type { Wallet } from 'ethers';
import { CITY, PROVINCE, World } from '../../../test/support/world.js';
import { BooksModule } from './books.module.js';
import { ACCOUNTS, kindsOf } from './journal/chart.js';
import { rebuild } from './rebuild/rebuild.js';
import { reconcile } from './reconciliation/reconcile.js';

@Module({})
class TestModule {
  static forRoot(url: string): DynamicModule {
    return { module: TestModule, imports: [PersistenceModule.forRoot({ url }), BooksModule] };
  }
}

interface Line {
  account: string;
  funder: string;
  debit: string;
  credit: string;
  rows: string;
}
interface Balance {
  lines: Line[];
  series: { series: number; authority: string; debit: string; credit: string }[];
  debit: string;
  credit: string;
}
interface Entries {
  items: {
    id: string;
    kind: string;
    amount: string;
    subject: string | null;
    account: string | null;
    postings: Omit<Line, 'rows'>[];
  }[];
  next: string | null;
}

describe('the books', () => {
  let world: World;
  let resident: Wallet;
  let merchant: Wallet;
  let ofCity: number;
  let ofProvince: number;

  beforeAll(async () => {
    world = await World.create();
    resident = world.wallet('resident');
    ofCity = await world.publishSeries(CITY);
    ofProvince = await world.publishSeries(PROVINCE, { funding: [0, 5_000, 3_333, 1_667] });
    merchant = await world.registerMerchant();
    await world.issueTo(ofCity, [{ account: resident, amount: 100_000n }]);
    await world.issueTo(ofProvince, [{ account: resident, amount: 7n }], { authority: PROVINCE });
    await world.pay(
      await world.signPayment({ payer: resident, merchant, series: ofCity, amount: 10_001n }),
      await world.signPayment({ payer: resident, merchant, series: ofCity, amount: 333n }),
      await world.signPayment({ payer: resident, merchant, series: ofProvince, amount: 1n }),
    );
    await world.redeem(await world.signRedemption({ merchant, series: ofCity, amount: 5_000n }));
    await world.index();
  });
  afterAll(() => world.close());

  const differences = async () => {
    const result = await reconcile({ db: world.db, node: world.chain, deployment: world.current });
    return result.differences;
  };

  describe('over HTTP', () => {
    let app: Awaited<ReturnType<typeof createHttpApp>>;
    beforeAll(async () => {
      const log = Log.create('test', 'silent', { write: () => undefined });
      class Root {}
      Module({ imports: [TestModule.forRoot(world.databaseUrl)] })(Root);
      app = await createHttpApp(Root, { log });
      await app.listen(0, '127.0.0.1');
    });
    afterAll(() => app.close());

    async function get<T>(path: string): Promise<T> {
      const answer = await fetch(new URL(path, await app.getUrl()));
      if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    }

    it('shows a trial balance of an authority, by account and funder, that balances', async () => {
      const balance = await get<Balance>(`/v1/books/trial-balance?authority=${CITY}`);
      const of = (account: string, funder: string) => {
        const { debit, credit } =
          balance.lines.find((line) => line.account === account && line.funder === funder) ?? {};
        return [debit, credit];
      };
      expect(of('bank_reserve', 'resident')).toEqual(['90000', '0']);
      expect(of('funder_receivable', 'city')).toEqual(['5000', '0']);
      expect(of('vouchers_held', 'resident')).toEqual(['9301', '90000']);
      expect(of('merchants_payable', 'resident')).toEqual(['0', '4500']);
      expect(balance.debit).toBe(balance.credit);
      expect(balance.series).toEqual([
        {
          series: ofCity,
          authority: CITY,
          debit: balance.debit,
          credit: balance.credit,
          href: expect.any(String),
        },
      ]);
    });

    it('adds the series of all authorities up', async () => {
      const all = await get<Balance>('/v1/books/trial-balance');
      const one = await get<Balance>(`/v1/books/trial-balance?series=${ofProvince}`);
      expect(all.series.map(({ series }) => series)).toEqual([ofCity, ofProvince]);
      expect(all.series.reduce((sum, { debit }) => sum + Number(debit), 0)).toBe(Number(all.debit));
      expect(one.lines.filter(({ account }) => account === 'bank_reserve')).toEqual([]);
      expect(await get<Balance>('/v1/books/trial-balance?authority=11')).toMatchObject({
        lines: [],
        debit: '0',
      });
    });

    it('opens every line to the entries that it is made of', async () => {
      const { lines } = await get<Balance>(`/v1/books/trial-balance?series=${ofCity}`);
      for (const { account, funder, debit, credit, rows } of lines) {
        const { items } = await get<Entries>(rows);
        const postings = items
          .flatMap((item) => item.postings)
          .filter((posting) => posting.account === account && posting.funder === funder);
        const sum = (side: 'debit' | 'credit') =>
          postings.reduce((total, posting) => total + Number(posting[side]), 0);
        expect([sum('debit'), sum('credit')]).toEqual([Number(debit), Number(credit)]);
      }
    });

    it('pages through entries, newest first, with what each follows from', async () => {
      const first = await get<Entries>(`/v1/books/entries?series=${ofCity}&limit=3`);
      const second = await get<Entries>(
        `/v1/books/entries?series=${ofCity}&limit=3&cursor=${encodeURIComponent(first.next ?? '')}`,
      );
      expect(first.items.map(({ kind, amount }) => [kind, amount])).toEqual([
        ['redemption', '5000'],
        ['payment', '333'],
        ['payment', '10001'],
      ]);
      expect(first.items[0]?.subject).toMatch(/^0x[0-9a-f]{64}$/);
      expect(second).toMatchObject({
        items: [{ kind: 'issue', account: resident.address.toLowerCase(), subject: null }],
        next: null,
      });
    });

    it.each(['', `authority=${CITY}`, `authority=${PROVINCE}`, 'series=1'])(
      'lists under an account the entries of the kinds that touch it, and no others: %s',
      async (scope) => {
        const all = await get<Entries>(`/v1/books/entries?${scope}`);
        const listed = async (account: string): Promise<string[]> => {
          const ids: string[] = [];
          for (let cursor: string | null = ''; cursor !== null;) {
            const page: Entries = await get(
              `/v1/books/entries?${scope}&account=${account}&limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
            );
            ids.push(...page.items.map(({ id }) => id));
            cursor = page.next;
          }
          return ids;
        };
        for (const account of ACCOUNTS) {
          const touching = all.items.filter(({ kind }) => kindsOf(account).some((one) => one === kind));
          expect(await listed(account)).toEqual(touching.map(({ id }) => id));
        }
        expect(all.items).not.toEqual([]);
      },
    );

    it.each([
      'trial-balance?authority=4',
      'trial-balance?series=-1',
      'trial-balance?series=1.5',
      'trial-balance?place=47',
      'entries?account=cash',
      'entries?limit=0',
      'entries?cursor=nonsense',
      'entries?series=99999999999',
    ])('refuses %s with a problem document', async (path) => {
      const answer = await fetch(`${await app.getUrl()}/v1/books/${path}`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });
  });

  describe('in the database', () => {
    it('refuses an unbalanced entry, also one that balances in sum but not for each funder', async () => {
      for (const other of ['-999, 0', '0, -1000']) {
        const attempt = world.db.transaction(async (tx) => {
          await tx.query(`INSERT INTO books.entry VALUES (999999, 0, 'payment', 1, '2026-01-01', 1000)`);
          await tx.query(
            `INSERT INTO books.posting VALUES (999999, 0, 0, 1, 'vouchers_held', 1000, 0, 0, 0),
                                              (999999, 0, 1, 1, 'vouchers_taken', ${other}, 0, 0)`,
          );
        });
        await expect(attempt).rejects.toMatchObject({
          driverError: { code: '23514', constraint: 'entry_balanced' },
        });
      }
    });

    it.each([
      ['a changed posting', 'UPDATE books.posting SET resident = resident + 1'],
      ['a changed entry', 'UPDATE books.entry SET amount = amount + 1'],
    ])('refuses %s', async (_what, sql) => {
      const refusal = { driverError: { code: '23514', constraint: 'books_append_only' } };
      await expect(world.db.query(sql)).rejects.toMatchObject(refusal);
    });

    it.each([
      ['half an entry taken away', `DELETE FROM books.posting WHERE account = 'vouchers_taken'`],
      ['more redeemed than paid', 'UPDATE chain.series_total SET redeemed = paid + 1'],
      ['more redeemed than was not taken back', 'UPDATE chain.series_total SET voided = paid - redeemed + 1'],
      ['more returned than redeemed', 'UPDATE chain.series_total SET returned = redeemed + 1'],
      ['more spent and refunded than issued', 'UPDATE chain.series_total SET refunded = issued - paid + 1'],
      ['more paid than issued', 'UPDATE chain.series_total SET paid = issued + 1'],
      ['a negative holding', 'UPDATE chain.holding SET balance = -1'],
      ['a holding of more than was received', 'UPDATE chain.holding SET balance = received + 1'],
      [
        'more paid out than owed',
        `UPDATE books.balance SET debit = credit + 1 WHERE account = 'merchants_payable'`,
      ],
    ])('refuses %s', async (_what, sql) => {
      await expect(world.db.query(sql)).rejects.toMatchObject({ driverError: { code: '23514' } });
    });

    it('refuses postings without an entry, of another amount than it, and an entry taken from its postings', async () => {
      const posting = `INSERT INTO books.posting VALUES (999998, 0, 0, 1, 'vouchers_held', 1, 0, 0, 0),
                                                        (999998, 0, 1, 1, 'vouchers_taken', -1, 0, 0, 0)`;
      const unbalanced = { driverError: { constraint: 'entry_balanced' } };
      await expect(world.db.query(posting)).rejects.toMatchObject(unbalanced);
      const ofAnotherAmount = world.db.transaction(async (tx) => {
        await tx.query(`INSERT INTO books.entry VALUES (999998, 0, 'payment', 1, '2026-01-01', 2)`);
        await tx.query(posting);
      });
      await expect(ofAnotherAmount).rejects.toMatchObject(unbalanced);
      await expect(world.db.query('DELETE FROM books.entry')).rejects.toMatchObject({
        driverError: { constraint: 'posting_has_entry' },
      });
    });
  });

  describe('reconciled', () => {
    it('finds nothing when all is well', async () => {
      expect(await differences()).toEqual([]);
    });

    it.each([
      ['a holding', 'UPDATE chain.holding SET balance = balance - 1', 'holding'],
      ['a replay window', 'UPDATE chain.holding SET window_bits = 3', 'holding'],
      ['merchant balances', 'UPDATE chain.merchant_balance SET hop1 = hop1 + 1', 'merchant balances'],
      ['the day of an issue', 'UPDATE chain.holding SET received_day = 1', 'holding'],
      ['a closed series', 'UPDATE chain.series_version SET closed = true', 'state of a series'],
      ['an end', 'UPDATE chain.series_version SET valid_until = valid_until + 1', 'state of a series'],
      ['an issue order', 'UPDATE chain.issue_order SET total = total + 1', 'issue order'],
      ['a lost receipt', 'DELETE FROM chain.receipt_batch', 'number of receipt batches'],
      [
        'a total by kind',
        'UPDATE books.kind_total SET amount = amount + 1',
        'books: totals by kind = sum of entries',
      ],
      [
        'a missing holding',
        'DELETE FROM chain.holding',
        'issued = holdings + merchant balances + redeemed + refunded + expired',
      ],
      ['a merchant', 'UPDATE chain.merchant_version SET category = 9', 'merchant'],
      ['a budget', 'UPDATE chain.series_version SET budget = budget + 1', 'supply of a series'],
      ['a total', 'UPDATE chain.series_total SET redeemed = redeemed + 1', 'redeemed = sum of redemptions'],
      ['a daily figure', 'UPDATE chain.daily_total SET count = count + 1', 'daily figures = rows counted'],
      [
        'a monthly figure',
        'UPDATE chain.monthly_total SET amount = amount + 1',
        'monthly_total = sum of daily figures',
      ],
      [
        'a month without categories',
        'UPDATE chain.monthly_sum SET count = count + 1',
        'monthly_sum = sum of daily figures',
      ],
      ['a figure of a day', 'DELETE FROM chain.daily_sum', 'daily_sum = sum of daily figures'],
      [
        'a merchant of a day',
        'UPDATE chain.merchant_day SET merchants = set_bit(merchants, 77, 1)',
        'merchants of a day = merchants of its payments',
      ],
      ['a balance', 'UPDATE books.balance SET credit = credit + 1', 'books: balances = sum of postings'],
      ['a lost payment', 'DELETE FROM chain.payment WHERE amount = 333', 'books: one entry per value event'],
    ])('names %s that was tampered with, and a rebuild heals it', async (_what, sql, check) => {
      await world.db.query(sql);
      expect((await differences()).map((difference) => difference.check)).toContain(check);
      const { differing } = await rebuild({ db: world.db, indexer: world.indexer() });
      expect(differing).not.toEqual([]);
      expect(await differences()).toEqual([]);
    });

    it('reports which row and which field differ', async () => {
      await world.db.query('UPDATE chain.holding SET balance = 1 WHERE account = $1 AND series = $2', [
        toBytes(resident.address),
        ofCity,
      ]);
      expect(await differences()).toContainEqual({
        check: 'holding',
        key: `series ${ofCity}, account ${resident.address.toLowerCase()}`,
        expected: 'balance 89666',
        found: 'balance 1',
      });
      await rebuild({ db: world.db, indexer: world.indexer() });
    });

    it('still compares when the node has forgotten the state of the block', async () => {
      const forgetful = Object.create(world.chain) as typeof world.chain;
      let refused = 0;
      forgetful.callAll = (to, calls, block) => {
        if (block === 'latest') return world.chain.callAll(to, calls);
        refused += 1;
        return world.chain.callAll(to, calls, 10n ** 9n);
      };
      const result = await reconcile({ db: world.db, node: forgetful, deployment: world.current });
      expect(result.differences).toEqual([]);
      expect(refused).toBeGreaterThan(0);
    });

    it('names a payment that was accepted and vanished', async () => {
      const id = `0x${'ab'.repeat(32)}`;
      await world.db.query(
        `INSERT INTO app.signed_order (id, kind, by_device, holder, other, series, amount, nonce, deadline, order_ref, proof)
         VALUES ($1, 'payment', false, $2, $3, '{1}', 1, 1, 1, $4, $5)`,
        [
          toBytes(id),
          toBytes(resident.address),
          toBytes(merchant.address),
          Buffer.alloc(32),
          Buffer.alloc(65),
        ],
      );
      const check = 'every accepted payment waits or is decided';
      expect(await differences()).toMatchObject([{ check, key: `payment ${id}`, found: 'lost' }]);
      await world.db.query(
        `INSERT INTO app.outbox (id, kind, payload, holder) VALUES ($1, 'payment', '\\x00', $2)`,
        [toBytes(id), toBytes(resident.address)],
      );
      expect(await differences()).toEqual([]);
    });
  });
});

import { IndexedBatch } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { toHex } from '#persistence';
import { registerRelayer } from '#relayer';
import { createMigratedDatabase, type MigratedDatabase } from '../../../test/support/database.js';
import { Dice } from '../../../test/support/dice.js';
import { fingerprint } from './rebuild/fingerprint.js';
import { TABLE_CHECKS } from './reconciliation/table-checks.js';
import { handOversOf } from './testing/hand-overs.js';
import { addressOf, hashOf, ModelLedger } from './testing/ledger.js';

/** Another seed: JANGTEO_TEST_SEED=7 npm test -- libs/books/src/whole-law */
const SEED = Number(process.env.JANGTEO_TEST_SEED ?? 20_260_131);
const HOUR_SECONDS = 3_600;
const BLOCKS = 200;
const CITY = '47130';
const RELAYER = addressOf(99);
const OWN_BP = 9_000n;

const SERIES = new Map([
  [1, { dailyCaps: [0n, 30_000n, 60_000n], hops: 0 }],
  [2, { dailyCaps: [0n, 0n, 0n], hops: 3 }],
  [3, { dailyCaps: [50_000n, 0n, 50_000n], hops: 1 }],
] as const);
const RESIDENTS = [1, 2, 3, 4].map(addressOf);
const MERCHANTS = [11, 12, 13].map(addressOf);

/** A life of every kind of event, within what the model's accounts have. */
function live(random: () => number): ModelLedger {
  const ledger = new ModelLedger(SERIES, 1_767_000_000);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const some = (limit: bigint): bigint => (limit > 0n ? 1n + BigInt(below(Number(limit))) : 0n);
  let turn = 0;
  const next = <T>(items: readonly T[]): T => items[turn++ % items.length] as T;
  const handOver = handOversOf(ledger, CITY, '47200');
  begin(ledger);
  while (ledger.blocks.length < BLOCKS) {
    ledger.nextBlock(below(10) === 0 ? 20 * 24 * HOUR_SECONDS : below(7 * HOUR_SECONDS));
    for (let count = 1 + below(4); count > 0; count--) step();
  }
  return ledger;

  function step(): void {
    const series = 1 + below(3);
    const resident = pick(RESIDENTS);
    const merchant = pick(MERCHANTS);
    const { balance } = ledger.holding(series, resident);
    const taken = ledger.merchantBalance(series, merchant);
    const kind = below(19);
    if (kind < 2) ledger.issue(series, resident, BigInt(1 + below(50_000)));
    else if (kind < 6 && balance > 0n) pay(series, resident, merchant, some(balance));
    else if (kind < 8) takeBack();
    else if (kind === 8 && balance > 0n) {
      const receiver = pick(RESIDENTS.filter((other) => other !== resident));
      ledger.give(series, resident, receiver, some(balance));
    } else if (kind < 11) circulate(series, merchant);
    else if (kind < 13) {
      const [zero, one, two, three] = taken.byHop;
      const amount = some(zero + one + two + three);
      if (amount > 0n) ledger.redeem(series, merchant, amount, below(2) === 0);
    } else if (kind === 13) ledger.giveBackRedemption(below(ledger.redemptions.length));
    else if (kind === 14 && balance > 0n && below(3) === 0) {
      if (below(2) === 0) ledger.refund(series, resident, OWN_BP);
      else ledger.expire(series, resident);
    } else if (kind === 15) ledger.attest(resident, below(3), below(5) === 0);
    else if (kind === 16) refuse();
    else if (kind === 17) decide(series, resident, merchant);
    else if (kind === 18) ledger.emit(next(OFFICER_EVENTS)(below(9)));
    cancel(series, resident, merchant);
    const number = ledger.events.length;
    if (number % 9 === 0)
      ledger.emit({ name: 'Anchored', authority: CITY, kind: number % 7, root: hashOf(number), number });
    if (number % 7 === 0) handOver(number % 2 === 0 ? resident : merchant);
  }

  /** After some of the others, by their number: the chances of the others stay what they are. */
  function cancel(series: number, resident: string, merchant: string): void {
    const number = ledger.events.length;
    if (number % 8 !== 0) return;
    const asMerchant = number % 16 === 0;
    const ahead = (number % 130) - 66;
    ledger.cancel(series, asMerchant ? merchant : resident, asMerchant, ahead, 1 + (number % 90));
  }

  function pay(series: number, payer: string, merchant: string, amount: bigint): void {
    const other = 1 + (series % 3);
    const there = ledger.holding(other, payer).balance;
    const second = below(3) === 0 && there > 0n ? ([[other, some(there)]] as const) : [];
    ledger.pay([[series, amount], ...second], payer, merchant);
  }

  function refuse(): void {
    const code = { code: 1 + below(38), a: BigInt(below(9)), b: 2n ** 255n };
    const issue = { issueOrder: 1 + below(3), account: pick(RESIDENTS), amount: 2n ** 63n };
    const refusals = [...REFUSALS.map((refusal) => refusal(ledger.id())), { name: 'IssueRefused', ...issue }];
    ledger.emit({ ...next(refusals), ...code });
  }

  /** What officers and holders decide meanwhile. */
  function decide(series: number, account: string, merchant: string): void {
    const keys = `0x${'ab'.repeat(37)}`;
    const decisions = [
      { name: 'BudgetSet', series, budget: 10n ** 12n + BigInt(below(1_000)) },
      { name: 'SeriesPaused', series, until: 1_800_000_000 + below(9), used: below(9) },
      { name: 'BudgetDelegated', series, to: pick(['47', '11']), left: 2n ** 64n - 1n },
      { name: 'MerchantStatusSet', merchant, authority: CITY, status: 1 + below(2) },
      { name: 'PayoutsHeld', merchant, authority: CITY, until: below(2) * 1_800_000_000 },
      {
        name: 'ReplacementProposed',
        account,
        authority: CITY,
        keys,
        readyAt: 1_800_000_000,
        number: 1 + below(9),
        overruling: false,
      },
      { name: 'ReplacementStopped', account },
      { name: 'OfficerSet', authority: CITY, officer: 1 + below(3), keys: [hashOf(1), hashOf(2)], roles: 7 },
    ];
    if (below(4) === 0) ledger.changeKeys(account, keys);
    else ledger.emit(next(decisions));
  }

  function takeBack(): void {
    const part = ledger.parts.findLast(({ left }) => left > 0n && below(2) === 0);
    if (!part) return;
    const [there] = ledger.merchantBalance(part.series, part.merchant).byHop;
    const amount = some(part.left < there ? part.left : there);
    if (amount > 0n) ledger.takeBack(part, amount);
  }

  function circulate(series: number, merchant: string): void {
    const hops = SERIES.get(series as 1)?.hops ?? 0;
    const movable = ledger
      .merchantBalance(series, merchant)
      .byHop.slice(0, hops)
      .reduce((sum, won) => sum + won, 0n);
    const recipient = pick(MERCHANTS.filter((other) => other !== merchant));
    if (movable > 0n) ledger.circulate(series, merchant, recipient, some(movable));
  }
}

const LIMITS = { governors: 3, registrars: 1, bands: [{ upTo: 2n ** 64n - 1n, officers: 2 }] };
const READY = { authority: CITY, readyAt: 1_800_000_000 };

/** How officers and places change: proposed, stopped, finished, ended by a removal, reseated, granted, recoded. */
const OFFICER_EVENTS = [
  (n: number) => ({
    name: 'OfficersProposed',
    ...READY,
    change: hashOf(n),
    firm: n > 4,
    officers: entries(n),
  }),
  (n: number) => ({
    name: 'ThresholdsProposed',
    ...READY,
    change: hashOf(90 + n),
    firm: false,
    thresholds: LIMITS,
  }),
  (n: number) => ({ name: 'ChangeStopped', authority: CITY, change: hashOf(n), by: 1 + n }),
  (n: number) => ({ name: 'ChangeFinished', authority: CITY, change: hashOf(90 + n) }),
  () => ({ name: 'ChangesEnded', authority: CITY }),
  (n: number) => ({
    name: 'ReseatProposed',
    ...READY,
    founder: '47',
    officers: entries(n),
    thresholds: LIMITS,
  }),
  () => ({ name: 'ReseatRejected', authority: CITY }),
  () => ({ name: 'AuthorityReseated', authority: CITY }),
  (n: number) => ({ name: 'ApprovalWithdrawn', act: hashOf(n), authority: CITY, officer: 1 + n }),
  (n: number) => ({
    name: 'AreaProposed',
    ...READY,
    change: hashOf(50 + n),
    firm: false,
    to: CITY,
    area: `4720${n}`,
  }),
  (n: number) => ({ name: 'AreaGranted', authority: CITY, area: `4720${n}`, by: '47' }),
  (n: number) => ({ name: 'AreaGivenUp', authority: CITY, area: `4720${n}` }),
  (n: number) => ({
    name: 'MerchantRecoded',
    merchant: pickOf(MERCHANTS, n),
    authority: CITY,
    region: CITY,
    former: '47130101',
    lastSeries: 1 + n,
  }),
];

function pickOf(list: readonly string[], n: number): string {
  return list[n % list.length] ?? '';
}

function entries(n: number): object[] {
  return [{ id: 1 + n, roles: 7, keys: [hashOf(n)] }];
}

const REFUSALS = [
  (payment: string) => ({ name: 'PaymentRefused', payment }),
  (voidId: string) => ({ name: 'VoidRefused', voidId }),
  (gift: string) => ({ name: 'GiftRefused', gift }),
  (circulation: string) => ({ name: 'CirculationRefused', circulation }),
  (redemption: string) => ({ name: 'RedemptionRefused', redemption }),
  (refund: string) => ({ name: 'RefundRefused', refund }),
  (cancellation: string) => ({ name: 'CancellationRefused', cancellation }),
  (cancellation: string) => ({ name: 'MerchantCancellationRefused', cancellation }),
];

/** The series, their orders and the merchants. */
function begin(ledger: ModelLedger): void {
  ledger.nextBlock(0);
  for (const [series, { dailyCaps, hops }] of SERIES) {
    const caps = {
      paymentCap: 0n,
      dailyCaps,
      holdingCap: 0n,
      monthCap: 500_000n,
      yearCap: 0n,
      giftCap: 90_000n,
    };
    const refunds = { refundPercent: 60, refundDays: 7 };
    const validity = { validFrom: 1_766_000_000, validUntil: 1_866_000_000 };
    const funding = {
      budget: 10n ** 12n,
      funding: [9_000, 300, 200, 500],
      document: hashOf(series),
      rules: [1n],
    };
    const terms = { ...validity, flags: series === 2 ? 1 : 3, hops, ...refunds, ...caps, ...funding };
    ledger.emit({ name: 'SeriesPublished', series, authority: CITY, terms });
    const order = { issueOrder: series, series, by: CITY, total: 10n ** 10n };
    if (series === 3) ledger.emit({ name: 'QuotaApproved', ...order, perDay: 10n ** 9n, key: hashOf(7) });
    else ledger.emit({ name: 'IssueApproved', ...order, root: hashOf(8) });
  }
  for (const merchant of MERCHANTS)
    ledger.emit({ name: 'MerchantSet', merchant, authority: CITY, region: CITY, category: 1, size: 0 });
  ledger.emit({ name: 'ReformDeclared', authority: CITY, from: '47130101', to: '47200', lastSeries: 1 });
  const account = MERCHANTS[0] ?? '';
  ledger.emit({ name: 'AccountAttested', account, authority: CITY, home: CITY, tier: 1, company: false });
  ledger.emit({ name: 'HomeRecoded', account, authority: CITY, home: '47200' });
}

describe('the tables of the whole law', () => {
  const dice = new Dice(SEED);
  const random = () => dice.next();
  const projectors = ledgerProjectors();
  let database: MigratedDatabase;
  let ledger: ModelLedger;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    await registerRelayer(database.db, RELAYER);
    ledger = live(random);
    await apply(0, BLOCKS);
  });
  afterAll(() => database.drop());

  /** The blocks above `from` up to `to`, in pieces by chance. */
  async function apply(from: number, to: number, pieceMax = 12): Promise<void> {
    for (let start = from; start < to;) {
      const end = Math.min(to, start + 1 + Math.floor(random() * pieceMax));
      const blocks = ledger.blocks.slice(start, end);
      const events = ledger.events.filter(({ blockNumber: n }) => n > BigInt(start) && n <= BigInt(end));
      const indexed = blocks.map(({ number, timestamp }) => ({
        number,
        timestamp,
        hash: hashOf(number),
        parentHash: hashOf(number - 1n),
        txHashes: [hashOf(number)],
      }));
      await database.db.transaction(async (tx) => {
        for (const { number, hash, parentHash, timestamp } of indexed)
          await tx.query(`INSERT INTO chain.block VALUES ($1, decode($2, 'hex'), decode($3, 'hex'), $4)`, [
            number,
            hash.slice(2),
            parentHash.slice(2),
            timestamp,
          ]);
        const senders = new Map(indexed.map(({ number }) => [hashOf(number), RELAYER]));
        for (const projector of projectors)
          await projector.apply(tx, new IndexedBatch(indexed, events, senders));
      });
      start = end;
    }
  }

  async function rollback(ancestor: number): Promise<void> {
    await database.db.transaction(async (tx) => {
      for (const projector of projectors.toReversed()) await projector.rollback(tx, BigInt(ancestor));
      await tx.query('DELETE FROM chain.block WHERE number > $1', [ancestor]);
    });
  }

  it('hold what the contract would hold for residents', async () => {
    const rows = await database.db.query<Record<string, bigint | number> & { account: Buffer }>(
      'SELECT * FROM chain.holding',
    );
    const found = rows.map(({ series, account, window_bits: bits, ...row }) => [
      `${series} ${toHex(account)}`,
      { ...row, bits: BigInt.asUintN(64, BigInt(bits ?? 0)) },
    ]);
    const expected = [...ledger.holdings]
      .filter(([, { receivedDay }]) => receivedDay > 0)
      .map(([key, { top, spentToday, receivedDay, ...held }]) => [
        key,
        { ...held, top: BigInt(top), spent_today: spentToday, received_day: receivedDay },
      ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    expect(expected.length).toBe(12);
  });

  it('hold what the contract would hold for merchants, by hops', async () => {
    const rows = await database.db.query<Record<string, bigint> & { merchant: Buffer }>(
      'SELECT * FROM chain.merchant_balance',
    );
    const found = rows.map((row) => [
      `${row.series} ${toHex(row.merchant)}`,
      [row.balance, row.hop1, row.hop2, row.hop3, row.top, BigInt.asUintN(64, row.window_bits ?? 0n)],
    ]);
    const expected = [...ledger.merchantBalances]
      .filter(([key]) => found.some(([name]) => name === key))
      .map(([key, { byHop, top, bits }]) => [key, [...byHop, BigInt(top), bits]]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    const hops = await database.db.query('SELECT 1 FROM chain.redemption WHERE hop1 + hop2 + hop3 > 0');
    expect(hops.length).toBeGreaterThan(0);
  });

  it('agree with each other and with the books, and every kind of event was there', async () => {
    for (const { check, sql } of TABLE_CHECKS) {
      const broken = await database.db.query(sql);
      expect({ check, broken }).toEqual({ check, broken: [] });
    }
    const [row] = await database.db.query<{ kinds: bigint; figures: bigint }>(
      `SELECT (SELECT count(DISTINCT kind) FROM books.entry) AS kinds,
              (SELECT count(DISTINCT figure) FROM chain.daily_total) AS figures`,
    );
    expect(row).toEqual({ kinds: 7n, figures: 18n });
  });

  it('know whose new keys are proposed: the newest proposal that was neither stopped nor overtaken by a change', async () => {
    const rows = await database.db.query<{ account: Buffer; proposed: boolean }>(
      `SELECT DISTINCT ON (account) account, ring IS NOT NULL AS proposed FROM chain.key_replacement
        ORDER BY account, block_number DESC, log_index DESC`,
    );
    const proposed = new Set<string>();
    for (const event of ledger.events) {
      if (event.name === 'ReplacementProposed') proposed.add(event.account);
      if (event.name === 'ReplacementStopped' || event.name === 'KeysChanged') proposed.delete(event.account);
    }
    const found = rows.filter((row) => row.proposed).map(({ account }) => toHex(account));
    expect(new Set(found)).toEqual(proposed);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('know who shall answer for whom, and who answers: the newest hand-over or move', async () => {
    const rows = await database.db.query<{ account: Buffer; to: string | null; moves: bigint }>(
      `SELECT DISTINCT ON (account) account, to_authority AS "to", moves FROM chain.hand_over
        ORDER BY account, block_number DESC, log_index DESC`,
    );
    const wanted = new Map<string, { to: string | null; moves: bigint }>();
    for (const event of ledger.events) {
      if (event.name === 'HandOverProposed')
        wanted.set(event.account, {
          to: event.to === '' ? null : event.to,
          moves: wanted.get(event.account)?.moves ?? 0n,
        });
      if (event.name === 'HandOverStopped')
        wanted.set(event.account, { to: null, moves: wanted.get(event.account)?.moves ?? 0n });
      if (event.name === 'AccountTaken') wanted.set(event.account, { to: null, moves: BigInt(event.moves) });
    }
    expect(new Map(rows.map(({ account, ...row }) => [toHex(account), row]))).toEqual(wanted);
    const merchants = await database.db.query<{ merchant: Buffer; authority: string; region: string }>(
      `SELECT DISTINCT ON (merchant) merchant, authority, region FROM chain.merchant_version
        ORDER BY merchant, block_number DESC, log_index DESC`,
    );
    const taken = ledger.events.filter((event) => event.name === 'AccountTaken');
    expect(taken.length).toBeGreaterThan(5);
    for (const { merchant, authority } of merchants) {
      const last = taken.findLast(({ account }) => account === toHex(merchant));
      expect([toHex(merchant), authority]).toEqual([toHex(merchant), last?.authority ?? CITY]);
    }
  });

  it('keep all keys of an officer and whole rings of accounts', async () => {
    const [officer] = await database.db.query<{ keys: Buffer[] }>('SELECT keys FROM chain.officer_version');
    expect(officer?.keys.map(toHex)).toEqual([hashOf(1), hashOf(2)]);
    const [account] = await database.db.query<{ ring: Buffer }>('SELECT ring FROM chain.account_keys');
    expect(account?.ring).toEqual(Buffer.alloc(37, 0xab));
  });

  it.each([
    'approval_withdrawn',
    'officer_change',
    'officer_change_end',
    'reseat',
    'reseat_end',
    'authority_area',
    'reform',
    'anchor',
  ])('keep in chain.%s what officers began and what became of it', async (table) => {
    const [row] = await database.db.query<{ count: bigint }>(`SELECT count(*) AS count FROM chain.${table}`);
    expect(Number(row?.count)).toBeGreaterThan(0);
  });

  it.each([1, 2, 3])('are to the byte what they were after a reorg (round %i)', async () => {
    const after = await fingerprint(database.db);
    const ancestor = 1 + Math.floor(random() * (BLOCKS - 1));
    await rollback(ancestor);
    const between = await fingerprint(database.db);
    await database.db.transaction(async (tx) => {
      for (const projector of projectors.toReversed()) await projector.truncate(tx);
      await tx.query('DELETE FROM chain.block');
    });
    await apply(0, ancestor);
    expect(await fingerprint(database.db)).toEqual(between);
    await apply(ancestor, BLOCKS, 60);
    expect(await fingerprint(database.db)).toEqual(after);
  });
});

import {
  EMPTY_WINDOW,
  isFresh,
  MERCHANT_STATUS,
  packScopeRule,
  type PaymentHolding,
  type PaymentMerchant,
  type PaymentSeries,
  type RegionCode,
  type ScopeRule,
} from '#domain';
import { buildIssueList, encodeIssue } from '../../src/index.js';
import type { Chance } from './chance.js';
import { CHAIN_START } from './edr-chain.js';
import { people, Town } from './town.js';

const DAY = 86_400;
const SERIES = 40;
const SHOPS = 240;
const RESIDENTS = 60;
const HOLDERS = 8;

/** Places of every prefix length, many inside each other, all in provinces that have an authority here. */
const PLACES: readonly RegionCode[] = [
  ...['47', '4711', '47111', '47113', '4711125000', '47111250', '47130', '47130101', '47190', '4719025'],
  ...['11', '11110', '11110101', '1111010100', '11680', '116801', '26', '26110', '2611051'],
];
/** The same for rules, and the whole state. */
const AREAS: readonly RegionCode[] = ['', ...PLACES];
const EVERY_CATEGORY = 2n ** 128n - 1n;

export interface MarketSeries extends PaymentSeries {
  readonly id: number;
}

/** A series nobody knows yet, with everything that its terms can say. */
function randomSeries(chance: Chance, id: number): MarketSeries {
  const validFrom = CHAIN_START + chance.whole(-20, 12) * DAY + chance.whole(0, DAY);
  return {
    id,
    validFrom,
    validUntil: Math.max(validFrom, CHAIN_START + 2 * DAY) + chance.whole(1, 40 * DAY),
    pausedUntil: chance.percent(20) ? CHAIN_START + chance.whole(1, 6 * DAY) : 0,
    paymentCap: chance.percent(30) ? chance.amount(1n, 60_000n) : 0n,
    dailyCap: chance.percent(60) ? chance.amount(1n, chance.percent(20) ? 2n ** 32n - 1n : 90_000n) : 0n,
    rules: Array.from({ length: chance.whole(1, 8) }, () => randomRule(chance)),
  };
}

function randomRule(chance: Chance): ScopeRule {
  const few = Array.from({ length: chance.whole(1, 40) }, () => 1n << BigInt(chance.whole(0, 127)));
  return {
    area: chance.pick(AREAS),
    categories: chance.percent(30) ? EVERY_CATEGORY : few.reduce((set, bit) => set | bit, 0n),
    maxSize: chance.pick([0, 1, 2, 3, 4, 5, 255]),
  };
}

/** What a resident has, as the market's own books say. */
export type Holdings = Map<string, PaymentHolding>;

/**
 * A chain full of different series, merchants and residents, and beside it the same in TypeScript, kept by the
 * rules of #domain alone.
 */
export class Market {
  readonly residents = people('resident', RESIDENTS);
  readonly shops = people('shop', SHOPS);
  readonly series: MarketSeries[] = [];
  readonly merchants = new Map<string, PaymentMerchant>();
  readonly frozen = new Set<string>();
  readonly holdings: Holdings = new Map();

  private constructor(
    readonly town: Town,
    private readonly chance: Chance,
  ) {}

  static async open(chance: Chance): Promise<Market> {
    const market = new Market(await Town.open(), chance);
    await market.town.found('', '11');
    await market.town.found('', '26');
    await market.registerShops();
    await market.attestResidents();
    for (let id = 1; id <= SERIES; id += 1) await market.addSeries(randomSeries(chance, id));
    return market;
  }

  close(): Promise<void> {
    return this.town.close();
  }

  holding(series: number, account: string): PaymentHolding {
    const none = { balance: 0n, window: EMPTY_WINDOW, day: 0, spentToday: 0n };
    return this.holdings.get(`${series} ${account}`) ?? none;
  }

  /** Series of which this resident has vouchers. */
  seriesHeldBy(account: string): MarketSeries[] {
    return this.series.filter(({ id }) => this.holdings.has(`${id} ${account}`));
  }

  /** A nonce that is free now, most often the next one. */
  freshNonce(window: PaymentHolding['window']): number {
    const wanted = window.top + this.chance.pick([1, 1, 2, -1, -5, -63, 64, 1_000_000]);
    return isFresh(window, wanted) ? wanted : window.top + 1;
  }

  private async registerShops(): Promise<void> {
    const known = this.shops.slice(0, SHOPS - 20);
    for (const { address } of known) {
      const region = this.chance.pick(PLACES);
      const category = this.chance.percent(50) ? this.chance.whole(0, 5) : this.chance.whole(0, 127);
      const size = this.chance.pick([0, 1, 2, 3, 4, 5, 255]);
      this.merchants.set(address, { status: MERCHANT_STATUS.active, region, category, size });
    }
    for (const authority of ['47', '11', '26']) {
      const mine = [...this.merchants].filter(([, { region }]) => region.startsWith(authority));
      const entries = mine.map(([merchant, { region, category, size }]) => ({
        merchant,
        region,
        category,
        size,
      }));
      await this.town.act('set_merchants', { authority, entries });
      await this.stopSome(authority, mine.slice(0, 6), MERCHANT_STATUS.suspended);
      await this.stopSome(authority, mine.slice(6, 10), MERCHANT_STATUS.closed);
    }
  }

  private async stopSome(
    authority: string,
    shops: readonly (readonly [string, PaymentMerchant])[],
    status: number,
  ): Promise<void> {
    for (const [address, shop] of shops) this.merchants.set(address, { ...shop, status });
    await this.town.act('set_merchant_status', {
      authority,
      merchants: shops.map(([address]) => address),
      status,
    });
  }

  private async attestResidents(): Promise<void> {
    const entries = this.residents.map(({ address }) => ({ account: address, home: '47130', tier: 2 }));
    await this.town.act('attest_accounts', { authority: '47', entries });
    const accounts = this.residents.slice(0, 4).map(({ address }) => address);
    await this.town.act('freeze_accounts', { authority: '47', accounts, frozen: true });
    for (const account of accounts) this.frozen.add(account);
  }

  private async addSeries(series: MarketSeries): Promise<void> {
    this.series.push(series);
    const { id, validFrom, validUntil, paymentCap, dailyCap, rules, pausedUntil } = series;
    await this.town.act('publish_series', {
      authority: '47',
      terms: {
        validFrom,
        validUntil,
        paymentCap,
        dailyCap,
        holdingCap: 0n,
        budget: 2n ** 56n - 1n,
        funding: [9_000, 300, 200, 500],
        flags: 0,
        document: `0x${'01'.repeat(32)}`,
        rules: rules.map(packScopeRule),
      },
    });
    await this.giveTo(id);
    if (pausedUntil > 0)
      await this.town.act('pause_series', { authority: '47', series: id, until: pausedUntil });
  }

  private async giveTo(series: number): Promise<void> {
    const first = this.chance.whole(0, RESIDENTS - HOLDERS);
    const holders = this.residents.slice(first, first + HOLDERS);
    const recipients = holders.map(({ address }, index) => ({
      account: address,
      // One with so much that the fields of a holding are full to the edge.
      amount: index === 0 ? 2n ** 55n : this.chance.amount(1n, 3_000_000n),
    }));
    const { total, root, chunks } = buildIssueList(recipients);
    await this.town.act('approve_issue', { authority: '47', series, total, root });
    for (const chunk of chunks)
      await this.town.chain.send(this.town.chain.deployment.vouchers, encodeIssue(series, chunk));
    for (const { account, amount } of recipients)
      this.holdings.set(`${series} ${account}`, { ...this.holding(series, account), balance: amount });
  }
}

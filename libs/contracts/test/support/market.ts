import {
  EMPTY_WINDOW,
  isFresh,
  MERCHANT_STATUS,
  packScopeRule,
  UNKNOWN_ACCOUNT,
  type AccountState,
  type HoldingState,
  type MerchantState,
  type RegionCode,
  type ReplayWindow,
  type ScopeRule,
  type SeriesRules,
} from '#domain';
import {
  buildIssueList,
  encodeChangeKeys,
  encodeIssue,
  keyChangeDigest,
  keyRingHash,
  keysKnownBy,
  vouchersDomain,
  type AccountKeys,
} from '../../src/index.js';
import type { Chance } from './chance.js';
import {
  device,
  passkey,
  people,
  ringAccount,
  wallet,
  type Person,
} from '../../../../test/support/signing-keys.js';
import { CHAIN_START } from './test-chain.js';
import { DEADLINE, ContractsFixture } from './contracts-fixture.js';

const DAY = 86_400;
const SERIES = 40;
const SHOPS = 240;
const WALLETS = 30;
const RINGS = 30;
const REKEYED = 4;
const HOLDERS = 16;

/** Places of every prefix length, many inside each other, all in provinces that have an authority here. */
const PLACES: readonly RegionCode[] = [
  ...['47', '4711', '47111', '47113', '4711125000', '47111250', '47130', '47130101', '47190', '4719025'],
  ...['11', '11110', '11110101', '1111010100', '11680', '116801', '26', '26110', '2611051'],
];
/** The same for rules, and the whole state. */
const AREAS: readonly RegionCode[] = ['', ...PLACES];
const EVERY_CATEGORY = 2n ** 128n - 1n;
const EVERYWHERE: ScopeRule = { area: '', categories: EVERY_CATEGORY, maxSize: 255 };

export interface MarketSeries extends SeriesRules {
  readonly id: number;
}

/** Longer than any market lasts. */
const FROZEN_UNTIL = CHAIN_START + 360 * DAY;

/** An account and every key that may sign for it. */
export interface Holder {
  readonly address: string;
  readonly signers: readonly Person[];
}

/** A series that is not published yet, with random values in every field of its terms. */
function randomSeries(chance: Chance, id: number): MarketSeries {
  const validFrom = CHAIN_START + chance.whole(-20, 12) * DAY + chance.whole(0, DAY);
  const cap = (share: number, most: bigint) => (chance.percent(share) ? chance.amount(1n, most) : 0n);
  const dailyCap = () => cap(50, chance.percent(20) ? 2n ** 32n - 1n : 90_000n);
  const sold = chance.percent(50);
  const end = Math.max(validFrom, CHAIN_START + 2 * DAY) + chance.whole(1, 40 * DAY);
  const pausedUntil = chance.percent(25) ? CHAIN_START + chance.whole(3 * DAY, 6 * DAY) : 0;
  // A pause lasts a tenth of the validity at most.
  const originalUntil = pausedUntil === 0 ? end : Math.max(end, validFrom + 70 * DAY);
  const extension = chance.percent(40) ? chance.whole(1, 40 * DAY) : 0;
  return {
    id,
    validFrom,
    validUntil: originalUntil + extension,
    originalUntil,
    pausedUntil,
    flags: (chance.percent(80) ? 1 : 0) | (sold ? 2 : 0) | (chance.percent(10) ? 4 : 0),
    hops: chance.pick([0, 1, 2, 3, 3]),
    refundPercent: chance.pick([0, 1, 60, 80, 100]),
    refundDays: chance.pick([0, 7, 30]),
    paymentCap: cap(40, 60_000n),
    dailyCaps: [dailyCap(), dailyCap(), dailyCap()],
    holdingCap: cap(30, 4_000_000n),
    monthCap: sold ? cap(60, 3_000_000n) : 0n,
    yearCap: sold ? cap(60, 4_000_000n) : 0n,
    giftCap: cap(50, 200_000n),
    residentShare: 9_000,
    rules: chance.percent(40)
      ? [EVERYWHERE]
      : Array.from({ length: chance.whole(1, 8) }, () => randomRule(chance)),
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

/** Half of them wallets, half accounts of a passkey and a device. */
function randomHolders(chance: Chance): Holder[] {
  const wallets = people('resident', WALLETS).map((person) => ({
    address: person.address,
    signers: [person],
  }));
  const rings = Array.from({ length: RINGS }, (_unused, index) => {
    const limit = chance.pick([0n, chance.amount(1n, 100_000n), 2n ** 32n - 1n]);
    const account = ringAccount(limit, [
      { right: 'owner', key: passkey(`passkey ${index}`) },
      { right: 'device', key: device(`device ${index}`) },
    ]);
    return { address: account.address, signers: [account.by(0), account.by(1)] };
  });
  return [...wallets, ...rings];
}

/**
 * A chain full of different series, merchants and residents, and beside it the same in TypeScript, kept by the
 * rules of #domain alone.
 */
export class Market {
  readonly residents: Holder[];
  readonly shops = people('shop', SHOPS);
  readonly series: MarketSeries[] = [];
  readonly merchants = new Map<string, MerchantState>();
  readonly accounts = new Map<string, AccountState>();
  /** Of accounts whose keys were changed. */
  readonly keys = new Map<string, AccountKeys>();
  readonly holdings = new Map<string, HoldingState>();
  /** What device keys spent, by account, and on which Korean day. */
  readonly byDevices = new Map<string, { day: number; spentByDevices: bigint }>();

  private constructor(
    readonly fixture: ContractsFixture,
    readonly chance: Chance,
  ) {
    this.residents = randomHolders(chance);
  }

  static async open(chance: Chance): Promise<Market> {
    const market = new Market(await ContractsFixture.open(), chance);
    await market.fixture.found('', '11');
    await market.fixture.found('', '26');
    await market.registerShops();
    for (let id = 1; id <= SERIES; id += 1) await market.addSeries(randomSeries(chance, id));
    // After the issue, so that companies hold what only residents may buy and the other way round.
    await market.attestResidents();
    await market.changeSomeKeys();
    await market.freezeSome();
    return market;
  }

  close(): Promise<void> {
    return this.fixture.close();
  }

  holding(series: number, account: string): HoldingState {
    const none = { balance: 0n, window: EMPTY_WINDOW, day: 0, spentToday: 0n, received: 0n, receivedDay: 0 };
    return this.holdings.get(`${series} ${account}`) ?? none;
  }

  account(address: string): AccountState {
    return this.accounts.get(address) ?? UNKNOWN_ACCOUNT;
  }

  keysOf(address: string): AccountKeys {
    return this.keys.get(address) ?? keysKnownBy(null);
  }

  /** Series of which this resident has vouchers. */
  seriesHeldBy(account: string): MarketSeries[] {
    return this.series.filter(({ id }) => this.holding(id, account).balance > 0n);
  }

  /** A nonce that is free now, most often the next one. */
  freshNonce(window: ReplayWindow): number {
    const wanted = window.top + this.chance.pick([1, 1, 2, -1, -5, -63, 40, 63]);
    return isFresh(window, wanted) ? wanted : window.top + 1;
  }

  private async registerShops(): Promise<void> {
    const known = this.shops.slice(0, SHOPS - 20);
    for (const { address } of known) {
      const region = this.chance.pick(PLACES);
      const category = this.chance.percent(50) ? this.chance.whole(0, 5) : this.chance.whole(0, 127);
      const size = this.chance.pick([0, 1, 2, 3, 4, 5, 255]);
      this.merchants.set(address, { status: MERCHANT_STATUS.active, region, category, size, formerly: [] });
    }
    for (const authority of ['47', '11', '26']) {
      const mine = [...this.merchants].filter(([, { region }]) => region.startsWith(authority));
      const entries = mine.map(([merchant, { region, category, size }]) => ({
        merchant,
        region,
        category,
        size,
      }));
      await this.fixture.act('set_merchants', { authority, entries });
      await this.stopSome(authority, mine.slice(0, 4), MERCHANT_STATUS.suspended);
      await this.stopSome(authority, mine.slice(4, 6), MERCHANT_STATUS.closed);
    }
  }

  private async stopSome(
    authority: string,
    shops: readonly (readonly [string, MerchantState])[],
    status: number,
  ): Promise<void> {
    for (const [address, shop] of shops) this.merchants.set(address, { ...shop, status });
    await this.fixture.act('set_merchant_status', {
      authority,
      merchants: shops.map(([address]) => address),
      status,
    });
  }

  /** The last wallets change to a ring: their wallet's own signature counts no more. */
  private async changeSomeKeys(): Promise<void> {
    const domain = vouchersDomain(this.fixture.chain.deployment);
    for (let index = WALLETS - REKEYED; index < WALLETS; index += 1) {
      const old = this.residents[index];
      if (old?.signers[0] === undefined) throw new Error('no such resident');
      const account = ringAccount(
        50_000n,
        [
          { right: 'device', key: device(`new device ${index}`) },
          { right: 'owner', key: wallet(`new wallet ${index}`).key },
        ],
        old.address,
      );
      const change = { account: old.address, keys: account.ring, change: 1, deadline: DEADLINE };
      const proof = old.signers[0].prove(keyChangeDigest(domain, change));
      await this.fixture.send(encodeChangeKeys(old.address, account.ring, DEADLINE, proof));
      this.keys.set(old.address, { rekeyed: true, keysHash: keyRingHash(account.ring) });
      this.residents[index] = { address: old.address, signers: [account.by(0), account.by(1)] };
    }
  }

  private async attestResidents(): Promise<void> {
    for (const [index, { address }] of this.residents.entries()) {
      const tier = this.chance.pick([0, 1, 2] as const);
      if (index % 4 === 3) continue;
      this.accounts.set(address, {
        tier,
        // The id of an account with a ring says that it is a resident's.
        company: index < WALLETS && this.chance.percent(15),
        frozenUntil: index % 20 === 0 ? FROZEN_UNTIL : 0,
      });
    }
    const entries = [...this.accounts].map(([account, { tier, company }]) => ({
      account,
      home: this.chance.pick(['47', '47130', '47131', '4711']),
      tier,
      company,
    }));
    await this.fixture.act('attest_accounts', { authority: '47', entries });
  }

  private async freezeSome(): Promise<void> {
    const frozen = [...this.accounts]
      .filter(([, { frozenUntil }]) => frozenUntil > 0)
      .map(([address]) => address);
    await this.fixture.act('freeze_accounts', { authority: '47', accounts: frozen, until: FROZEN_UNTIL });
  }

  private async addSeries(series: MarketSeries): Promise<void> {
    this.series.push(series);
    const { id, residentShare, pausedUntil, rules, validUntil, originalUntil, ...terms } = series;
    await this.fixture.publish(
      {
        ...terms,
        validUntil: originalUntil,
        budget: 2n ** 48n - 1n,
        funding: [residentShare, 300, 200, 500],
        document: `0x${'01'.repeat(32)}`,
        rules: rules.map(packScopeRule),
      },
      '47',
    );
    if (validUntil > originalUntil) {
      const extension = { series: id, from: originalUntil, until: validUntil };
      await this.fixture.act('extend_series', { authority: '47', ...extension });
    }
    if ((series.flags & 4) === 0) await this.giveTo(series);
    if (pausedUntil > 0)
      await this.fixture.act('pause_series', { authority: '47', series: id, until: pausedUntil });
  }

  private async giveTo({ id, holdingCap, monthCap, yearCap }: MarketSeries): Promise<void> {
    const capped = holdingCap + monthCap + yearCap > 0n;
    const first = this.chance.whole(0, this.residents.length - HOLDERS);
    const recipients = this.residents.slice(first, first + HOLDERS).map(({ address }, index) => ({
      account: address,
      // One with so much that the fields of a holding are full to the edge.
      amount: index === 0 && !capped ? 2n ** 47n : this.chance.amount(1n, 600_000n),
    }));
    const { total, root, chunks } = buildIssueList(recipients);
    await this.fixture.act('approve_issue', { authority: '47', series: id, total, root });
    const order = this.fixture.nextIssueOrder();
    for (const chunk of chunks) {
      const events = this.fixture.events(await this.fixture.send(encodeIssue(order, chunk)));
      for (const event of events) {
        // What was refused by a cap is checked where issue is compared.
        if (event.name === 'Issued') await this.read(id, event.account);
      }
    }
  }

  /** Takes a holding into the books as it is on chain: the start of what is compared. */
  private async read(id: number, account: string): Promise<void> {
    this.holdings.set(`${id} ${account}`, await readHolding(this.fixture, id, account));
  }
}

/** A holding as the contract returns it. */
export async function readHolding(
  fixture: ContractsFixture,
  series: number,
  account: string,
): Promise<HoldingState> {
  const held = await fixture.readStruct('holding', [series, account]);
  return {
    balance: BigInt(held.balance),
    window: { top: Number(held.top), bitmap: BigInt(held.window) },
    day: Number(held.day),
    spentToday: BigInt(held.spentToday),
    received: BigInt(held.received),
    receivedDay: Number(held.receivedDay),
  };
}

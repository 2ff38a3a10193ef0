import type { Wallet } from 'ethers';
import { type PaymentAuthorisation, vouchersInterface } from '#contracts';
import { packScopeRule, refusal, type RefusalKey } from '#domain';
import { CITY, type PaymentRequest, PROVINCE, type Signed, type World } from '../support/world.js';

/** A way in which a payment can be bad. */
export interface BadKind {
  readonly key: RefusalKey;
  /** As the contract's event reports it. */
  readonly number: number;
}

/** Every refusal that a payment can meet, as the contract knows them. */
export const BAD_KINDS: readonly BadKind[] = (
  [
    'signature_invalid',
    'deadline_passed',
    'replayed',
    'amount_zero',
    'series_unknown',
    'series_paused',
    'not_yet_valid',
    'expired',
    'merchant_unknown',
    'merchant_not_active',
    'wrong_region',
    'wrong_category',
    'merchant_too_large',
    'insufficient_balance',
    'payment_cap_exceeded',
    'daily_cap_exceeded',
    'account_frozen',
    'self_payment',
  ] as const
).map((key) => ({ key, number: refusal(key).number }));

const PAYMENT_CAP = 10_000n;
const DAILY_CAP = 40_000n;
const AMOUNT = 100n;
const DAY_S = 86_400;
const FUNDS = 35_000n;

type Order = Omit<PaymentRequest, 'payer'>;

/** Cooks payments: good ones by many residents, bad ones by people of their own, each bad for one reason alone. */
export class Kitchen {
  private readonly residents: Wallet[] = [];
  private readonly frozen: Wallet[] = [];
  private readonly lastGood = new Map<string, Signed<PaymentAuthorisation>>();
  private readonly shops = new Map<string, Wallet>();
  private readonly seriesOf = new Map<string, number>();
  /** Has funds, and spent all that a day allows. */
  private spender: Wallet;
  readonly villain: Wallet;

  private constructor(
    readonly world: World,
    readonly shop: Wallet,
  ) {
    this.spender = world.wallet('spender');
    this.villain = world.wallet('villain');
  }

  /** @param count residents, and most items of one kind */
  static async open(world: World, count: number): Promise<Kitchen> {
    const kitchen = new Kitchen(world, await world.registerMerchant(CITY, 1, 0));
    await kitchen.stock(count);
    return kitchen;
  }

  get series(): number {
    return this.seriesOf.get('good') ?? 0;
  }

  /** Payments of different residents that settle. */
  async good(count: number): Promise<Signed<PaymentAuthorisation>[]> {
    const cooked = [];
    for (const payer of this.residents.slice(0, count)) {
      const item = await this.cook({ payer, amount: AMOUNT });
      this.lastGood.set(payer.address, item);
      cooked.push(item);
    }
    return cooked;
  }

  /** Payments that are refused, for this reason. */
  async bad({ key }: BadKind, count: number): Promise<Signed<PaymentAuthorisation>[]> {
    const cooked = [];
    for (let index = 0; index < count; index++) cooked.push(await this.spoil(key, index));
    return cooked;
  }

  /** Everything that the contract keeps about the payers of the items, as text. */
  async holdings(items: readonly Signed<PaymentAuthorisation>[]): Promise<Map<string, string>> {
    const wanted = new Map(
      items.flatMap(({ authorisation: { payer, series } }) =>
        series.map((id) => [`${payer} ${id}`, { payer, series: id }] as const),
      ),
    );
    const calls = [...wanted.values()].map(({ payer, series }) =>
      vouchersInterface.encodeFunctionData('holding', [series, payer]),
    );
    const states = await this.world.chain.callAll(this.world.deployment.vouchers, calls);
    return new Map([...wanted.keys()].map((key, index) => [key, states[index] ?? '']));
  }

  private async spoil(key: RefusalKey, index: number): Promise<Signed<PaymentAuthorisation>> {
    const { world } = this;
    // Somebody new each time: nothing about them is warm in the node.
    const payer = world.wallet('bad');
    switch (key) {
      case 'signature_invalid':
        return this.cook({
          payer: this.resident(index),
          nonce: 1_000_000 + index,
          signer: world.wallet('forger'),
        });
      case 'replayed': {
        const last = this.lastGood.get(
          this.resident(this.residents.length - 1 - (index % this.residents.length)).address,
        );
        if (last === undefined) throw new Error('nothing to replay');
        return last;
      }
      case 'deadline_passed':
        return this.cook({ payer, deadline: (await world.now()) - 1 });
      case 'amount_zero':
        return this.cook({ payer, amount: 0n });
      case 'series_unknown':
        return this.cook({ payer, series: 4_000 });
      case 'series_paused':
      case 'not_yet_valid':
      case 'expired':
        return this.cook({ payer, series: this.seriesOf.get(key) ?? 0 });
      case 'merchant_unknown':
        return this.cook({ payer, merchant: world.wallet('stranger') });
      case 'merchant_not_active':
      case 'wrong_region':
      case 'wrong_category':
      case 'merchant_too_large':
        return this.cook({ payer, merchant: this.shops.get(key) ?? this.shop });
      case 'insufficient_balance':
        return this.cook({ payer });
      case 'payment_cap_exceeded':
        return this.cook({ payer: this.villain, amount: PAYMENT_CAP + 1n });
      case 'daily_cap_exceeded':
        return this.cook({ payer: this.spender, amount: PAYMENT_CAP });
      case 'account_frozen':
        return this.cook({ payer: this.frozen[index % this.frozen.length] ?? payer });
      case 'self_payment':
        return this.cook({ payer, merchant: payer });
      default:
        throw new Error(`no recipe for ${key}`);
    }
  }

  private cook(order: Partial<Order> & { payer: Wallet }): Promise<Signed<PaymentAuthorisation>> {
    return this.world.signPayment({ merchant: this.shop, series: this.series, amount: AMOUNT, ...order });
  }

  private resident(index: number): Wallet {
    const found = this.residents[index % this.residents.length];
    if (found === undefined) throw new Error('no residents');
    return found;
  }

  private async stock(count: number): Promise<void> {
    const { world } = this;
    const rules = [packScopeRule({ area: CITY, categories: 1n << 1n, maxSize: 0 })];
    const caps = { paymentCap: PAYMENT_CAP, dailyCaps: [DAILY_CAP, DAILY_CAP, DAILY_CAP] } as const;
    const terms = { rules, ...caps };
    const now = await world.now();
    this.seriesOf.set('good', await world.publishSeries(CITY, terms));
    this.seriesOf.set('series_paused', await world.publishSeries(CITY, terms));
    this.seriesOf.set('not_yet_valid', await world.publishSeries(CITY, { ...terms, validFrom: now + DAY_S }));
    this.seriesOf.set('expired', await world.publishSeries(CITY, { ...terms, validUntil: now + 60 }));
    this.shops.set('merchant_not_active', await world.registerMerchant(CITY, 1, 0));
    this.shops.set('wrong_region', await world.registerMerchant(PROVINCE, 1, 0));
    this.shops.set('wrong_category', await world.registerMerchant(CITY, 2, 0));
    this.shops.set('merchant_too_large', await world.registerMerchant(CITY, 1, 3));
    for (let index = 0; index < count; index++) {
      this.residents.push(world.wallet('resident'));
      this.frozen.push(world.wallet('frozen'));
    }
    const people = [...this.residents, ...this.frozen, this.villain, this.spender];
    // More than 1,000 won for each of the many good ones, and four full payments for the spender.
    await world.issueTo(
      this.series,
      people.map((account) => ({ account, amount: account === this.spender ? 2n * DAILY_CAP : FUNDS })),
    );
    const shop = this.shops.get('merchant_not_active')?.address.toLowerCase() ?? '';
    await world.executeAct('set_merchant_status', { authority: CITY, merchants: [shop], status: 2 });
    const accounts = this.frozen.map(({ address }) => address.toLowerCase());
    const entries = accounts.map((account) => ({ account, home: CITY, tier: 0, company: false }));
    await world.executeAct('attest_accounts', { authority: CITY, entries });
    await world.executeAct('freeze_accounts', { authority: CITY, accounts, until: now + 300 * DAY_S });
    await world.node.mine(now + 61);
    const until = (await world.now()) + DAY_S;
    const paused = this.seriesOf.get('series_paused') ?? 0;
    await world.executeAct('pause_series', { authority: CITY, series: paused, until });
    const spent = [];
    for (let paid = 0n; paid < DAILY_CAP; paid += PAYMENT_CAP)
      spent.push(await this.cook({ payer: this.spender, amount: PAYMENT_CAP }));
    await world.pay(...spent);
  }
}

import type { Won } from '#domain';
import { toBeHex } from 'ethers';
import type { Http } from './http.js';
import type { Json } from './json.js';
import { demoKey } from './keys.js';
import type { DemoMerchant } from './plan.js';
import { inParallel, pause } from './pool.js';
import type { Pen, RedemptionAuthorisation, Signed } from './signing.js';
import { outcomeOf, type Surprise } from './till.js';

export interface RedeemOptions {
  readonly http: Http;
  readonly pen: Pen;
  readonly seed: string;
  readonly day: number;
  readonly width: number;
  /** Series numbers of the demo; balances in others are left alone. */
  readonly series: ReadonlySet<number>;
}

export interface Redeemed {
  readonly shop: DemoMerchant;
  readonly amount: Won;
}

export interface RedeemResult {
  readonly settled: readonly Redeemed[];
  /** By code of the refusal. */
  readonly refused: ReadonlyMap<string, number>;
  readonly surprises: readonly Surprise[];
}

interface SeriesBalance {
  readonly series: number;
  readonly redeemable: Won;
  readonly nextNonce: number;
}

const DEADLINE_SECONDS = 300;
const FINAL_MAX_MS = 60_000;
/** Shops keep something, so that "outstanding" shows that both residents and merchants hold vouchers. */
const KEEP_PERCENT = 30n;
/** Every so many-th shop first asks for more than it has taken. */
const GREEDY = 25;

/** Merchants turn most of what they have taken into won; some ask for too much and are refused. */
export class Counter {
  private readonly settled: Redeemed[] = [];
  private readonly refused = new Map<string, number>();
  private readonly surprises: Surprise[] = [];
  private orders = 0;

  constructor(private readonly options: RedeemOptions) {}

  async serve(shops: readonly DemoMerchant[]): Promise<RedeemResult> {
    const asked = await inParallel(shops, this.options.width, (shop, index) => this.ask(shop, index));
    await inParallel(asked.flat(), this.options.width, (one) => this.settle(one));
    return { settled: this.settled, refused: this.refused, surprises: this.surprises };
  }

  private async ask(shop: DemoMerchant, index: number): Promise<(Redeemed & { readonly id: string })[]> {
    const body = await this.options.http.get(`/v1/merchants/${shop.address}/balance`);
    const balances = body.at('balances').list().map(balanceOf);
    const mine = balances.filter(
      ({ series, redeemable }) => this.options.series.has(series) && redeemable > 0n,
    );
    const accepted = [];
    for (const balance of mine) {
      if (index % GREEDY === 0)
        await this.expect(shop, balance, balance.redeemable + 1n, 'insufficient_merchant_balance');
      const amount = balance.redeemable - (balance.redeemable * KEEP_PERCENT) / 100n;
      const id = await this.expect(shop, balance, amount, null);
      if (id !== undefined) accepted.push({ shop, amount, id });
    }
    return accepted;
  }

  /** Sends one redemption. @returns its id when it was accepted */
  private async expect(
    shop: DemoMerchant,
    balance: SeriesBalance,
    amount: Won,
    expected: string | null,
  ): Promise<string | undefined> {
    const signed = this.sign(shop, balance, amount);
    const outcome = outcomeOf(await this.options.http.send('POST', '/v1/redemptions', signed.body));
    if (outcome !== null) this.refused.set(outcome, (this.refused.get(outcome) ?? 0) + 1);
    if (outcome !== expected) {
      const got = outcome ?? 'accepted';
      this.surprises.push({ scenario: 'redemption', id: signed.id, expected: expected ?? 'accepted', got });
    }
    return outcome === null ? signed.id : undefined;
  }

  private sign(
    shop: DemoMerchant,
    { series, nextNonce }: SeriesBalance,
    amount: Won,
  ): Signed<RedemptionAuthorisation> {
    const { http, pen, seed, day } = this.options;
    return pen.redemption(demoKey(seed, 'merchant', shop.city, shop.index), {
      merchant: shop.address,
      series,
      amount: String(amount),
      nonce: nextNonce,
      deadline: http.now() + DEADLINE_SECONDS,
      order: toBeHex((BigInt(day) << 64n) | BigInt(++this.orders), 32),
    });
  }

  private async settle({ id, shop, amount }: Redeemed & { readonly id: string }): Promise<void> {
    const until = Date.now() + FINAL_MAX_MS;
    for (;;) {
      const now = await this.options.http.get(`/v1/redemptions/${id}`);
      const state = now.at('state').text();
      if (state === 'accepted' && Date.now() < until) {
        await pause(200);
        continue;
      }
      if (state === 'final') this.settled.push({ shop, amount });
      else this.surprises.push({ scenario: 'redemption', id, expected: 'final', got: state });
      return;
    }
  }
}

function balanceOf(entry: Json): SeriesBalance {
  return {
    series: entry.at('series').integer(),
    redeemable: entry.at('redeemable').won(),
    nextNonce: entry.at('nextNonce').integer(),
  };
}

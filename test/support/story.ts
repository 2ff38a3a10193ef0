import type { Wallet } from 'ethers';
import type { PaymentAuthorisation } from '#contracts';
import type { Dice } from './dice.js';
import { CITY, PROVINCE, type Call, type Signed, type World } from './world.js';

/**
 * A random life: series are published, paused and get other budgets; merchants are registered, move and are suspended;
 * residents get vouchers, pay within and without the rules, also twice; merchants redeem. Several calls share a block,
 * so that one depends on another before it. Calls that the contracts refuse as a whole are part of life.
 */
export class Story {
  private readonly series: number[] = [];
  private readonly merchants: Wallet[] = [];
  private readonly residents: Wallet[] = [];
  private readonly signed: Signed<PaymentAuthorisation>[] = [];

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
  ) {}

  /** What every later step needs. */
  async begin(): Promise<void> {
    this.series.push(
      await this.world.publishSeries(CITY, { dailyCaps: [60_000n, 60_000n, 60_000n], holdingCap: 150_000n }),
    );
    this.series.push(await this.world.publishSeries(PROVINCE, { funding: [52, 4_897, 1, 5_050] }));
    for (const region of [CITY, PROVINCE, `${CITY}10400`]) {
      this.merchants.push(
        await this.world.registerMerchant(region, 1 + this.dice.whole(0, 5), this.dice.whole(0, 4)),
      );
    }
    for (let count = 0; count < 6; count++) this.residents.push(this.world.wallet('resident'));
    // More than the first series lets one hold, so that an issue is refused in every life.
    const account = this.dice.pick(this.residents);
    await this.world.issueTo(1, [{ account, amount: 200_000n }]);
    await this.issue();
  }

  /** So many blocks. */
  async live(blocks: number): Promise<void> {
    for (let block = 0; block < blocks; block++) {
      const kind = this.dice.next();
      if (kind < 0.06) await this.ignoringRefusal(this.issue());
      else if (kind < 0.1) await this.ignoringRefusal(this.closeOrder());
      else if (kind < 0.13) await this.world.node.mine();
      else await this.ignoringRefusal(this.mixedBlock());
    }
  }

  private async mixedBlock(): Promise<void> {
    const calls: Call[] = [];
    for (let count = 1 + this.dice.whole(0, 4); count > 0; count--) calls.push(await this.anyCall());
    await this.world.include(calls);
  }

  private anyCall(): Promise<Call> {
    const kind = this.dice.next();
    if (kind < 0.55) return this.payments();
    if (kind < 0.75) return this.redemptions();
    if (kind < 0.87) return this.merchantAct();
    if (kind < 0.94) return this.accountAct();
    return this.seriesAct();
  }

  private async payments(): Promise<Call> {
    const items = [];
    for (let count = 1 + this.dice.whole(0, 6); count > 0; count--) {
      if (this.signed.length > 0 && this.dice.next() < 0.1) {
        items.push(this.dice.pick(this.signed));
        continue;
      }
      const payer = this.dice.pick(this.residents);
      const merchant = this.dice.next() < 0.05 ? payer : this.dice.pick(this.merchants);
      const amount = BigInt(this.dice.whole(0, 20_000));
      const item = await this.world.signPayment({
        payer,
        merchant,
        series: this.dice.pick(this.series),
        amount,
      });
      this.signed.push(item);
      items.push(item);
    }
    return this.world.payCall(...items);
  }

  private async redemptions(): Promise<Call> {
    const items = [];
    for (let count = 1 + this.dice.whole(0, 3); count > 0; count--) {
      const merchant = this.dice.pick(this.merchants);
      const amount = BigInt(this.dice.whole(0, 15_000));
      items.push(await this.world.signRedemption({ merchant, series: this.dice.pick(this.series), amount }));
    }
    return this.world.redeemCall(...items);
  }

  private merchantAct(): Promise<Call> {
    const merchant = this.dice.pick(this.merchants).address.toLowerCase();
    if (this.dice.next() < 0.4) {
      const status = 1 + this.dice.whole(0, 2);
      return this.world.actCall('set_merchant_status', {
        authority: this.authorityOf(merchant),
        merchants: [merchant],
        status,
      });
    }
    const authority = this.authorityOf(merchant);
    const region = this.dice.pick(
      authority === CITY ? [CITY, `${CITY}10400`] : [CITY, PROVINCE, '47111', `${CITY}10400`],
    );
    const entries = [{ merchant, region, category: this.dice.whole(0, 10), size: this.dice.whole(0, 5) }];
    return this.world.actCall('set_merchants', { authority, entries });
  }

  /** Who answers for a merchant: the one of the province is registered second. */
  private authorityOf(merchant: string): string {
    return this.merchants[1]?.address.toLowerCase() === merchant ? PROVINCE : CITY;
  }

  private async accountAct(): Promise<Call> {
    const account = this.dice.pick(this.residents).address.toLowerCase();
    if (this.dice.next() < 0.5) {
      const entries = [
        { account, home: this.dice.pick([CITY, '47111']), tier: this.dice.whole(0, 3), company: false },
      ];
      return this.world.actCall('attest_accounts', { authority: PROVINCE, entries });
    }
    const until = this.dice.next() < 0.3 ? (await this.world.now()) + 86_400 : 0;
    return this.world.actCall('freeze_accounts', { authority: PROVINCE, accounts: [account], until });
  }

  private async seriesAct(): Promise<Call> {
    if (this.dice.next() < 0.5) {
      const budget = 10_000_000n + BigInt(this.dice.whole(0, 100_000_000));
      return this.world.actCall('set_budget', { authority: CITY, series: 1, budget });
    }
    const until = this.dice.next() < 0.5 ? 0 : (await this.world.now()) + 3;
    return this.world.actCall('pause_series', { authority: CITY, series: 1, until });
  }

  private async issue(): Promise<void> {
    const series = this.dice.pick(this.series);
    const recipients = this.residents.map((account) => ({
      account,
      amount: BigInt(1 + this.dice.whole(0, 80_000)),
    }));
    const authority = series === this.series[0] ? CITY : PROVINCE;
    await this.world.issueTo(series, recipients, { authority, chunkSize: 1 + this.dice.whole(0, 4) });
  }

  /** Approves a list and closes it before anything of it is issued. */
  private async closeOrder(): Promise<void> {
    const args = { authority: CITY, series: 1, total: 5_000n, root: `0x${'11'.repeat(32)}` };
    await this.world.executeAct('approve_issue', args);
    const [count] = await this.world.read('issueOrderCount', []);
    await this.world.executeAct('close_issue_order', { authority: CITY, issueOrder: Number(count) });
  }

  private async ignoringRefusal(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('reverted'))) throw error;
    }
  }
}

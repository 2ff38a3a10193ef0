import type { Wallet } from 'ethers';
import { LocalSigner } from '#node';
import { HttpRelayNode, Relayer } from '#relayer';
import type { PaymentAuthorisation } from '#contracts';
import { OrdersModule } from '#orders';
import { startTestApi, type Answer, type TestApi } from '../../../../test/support/api.js';
import { CITY, World, type PaymentRequest, type Signed } from '../../../../test/support/world.js';

/** A world with one series and one shop in its city, and the payments' API over real HTTP. */
export class PaymentFixture {
  private constructor(
    readonly world: World,
    readonly api: TestApi,
    readonly series: number,
    readonly shop: Wallet,
  ) {}

  static async create(): Promise<PaymentFixture> {
    const world = await World.create();
    const series = await world.publishSeries(CITY);
    const shop = await world.registerMerchant(CITY);
    await world.index();
    const { databaseUrl } = world;
    const api = await startTestApi(databaseUrl, [OrdersModule.forRoot({ databaseUrl })]);
    return new PaymentFixture(world, api, series, shop);
  }

  newRelayer(): Relayer {
    return new Relayer({
      databaseUrl: this.world.databaseUrl,
      db: this.world.db,
      node: new HttpRelayNode(this.world.node.url),
      signers: [new LocalSigner(this.world.wallet('relayer').privateKey)],
      deployment: this.world.current,
    });
  }

  /** A resident with so many won, on chain; `index` the world before paying. */
  async fund(amount: bigint, series = this.series): Promise<Wallet> {
    const wallet = this.world.wallet('resident');
    await this.world.issueTo(series, [{ account: wallet, amount }]);
    return wallet;
  }

  /** The same, in the tables as well. */
  async resident(amount: bigint, series = this.series): Promise<Wallet> {
    const wallet = await this.fund(amount, series);
    await this.world.index();
    return wallet;
  }

  submit({ authorisation, signature }: Signed<PaymentAuthorisation>, lang = 'en'): Promise<Answer> {
    return this.api.post('/v1/payments', { authorisation, proof: signature }, { 'accept-language': lang });
  }

  /** Signs and submits a payment in the fixture's series to its shop, unless the request says otherwise. */
  async pay(request: Omit<PaymentRequest, 'series' | 'merchant'> & Partial<PaymentRequest>) {
    const signed = await this.world.signPayment({ series: this.series, merchant: this.shop, ...request });
    return { signed, answer: await this.submit(signed) };
  }

  stateOf(id: string): Promise<Answer> {
    return this.api.get(`/v1/payments/${id}`);
  }

  async countPayments(): Promise<number> {
    const [row] = await this.world.db.query<{ count: bigint }>(
      `SELECT count(*) FROM app.signed_order WHERE kind = 'payment'`,
    );
    return Number(row?.count);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.world.close();
  }
}

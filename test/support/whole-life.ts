import { Wallet, keccak256, TypedDataEncoder, type BaseWallet, ZeroAddress } from 'ethers';
import {
  keyRingHash,
  encodeKeyRing,
  packRecipients,
  vouchersDomain,
  walletKeyId,
  type SigningDomain,
} from '#contracts';
import { readCursor } from '#indexer';
import { ChainNode, loadDeployment, type CurrentDeployment } from '#node';
import { Database, leadClock } from '#persistence';
import {
  ORDER_PATHS,
  OutsideClient,
  signDraft,
  walletProver,
  type OrderPath,
  type SignedOrder,
} from './outside-client.js';
import type { Json } from './json.js';
import { decideAboutOfficers, inForce } from './officers-life.js';
import { proposeHandOvers, takeOver } from './moves-life.js';
import { grantPlaces, recodePlaces } from './places-life.js';
import { sendAgain } from './send-again.js';
import type { TestPlatform } from './platform.js';
import { insertTestRows } from './test-rows.js';
import { until } from './until.js';
import { GYEONGBUK, GYEONGJU, keysOf, Province, stateOfficers } from './province.js';
import { keylessAccount } from './signing-keys.js';
import { signKeyChange, signObjection, signQuotaIssue } from './signing.js';

/** How long the series are valid that end: longer than a busy machine needs for the rest. The clock is led by more. */
const OVER_SECONDS = 120;
const HOUR_SECONDS = 3_600;
type Act = Readonly<Record<string, unknown>>;

/**
 * Everything that may happen on a platform, once: every kind of act, executed, open, withdrawn and failed; every kind of
 * order, final and refused, by the API and by the contracts. `unlived` finds what is missing. The platform has to be a
 * test installation (TEST_CLOCK=on), because its clock is led.
 */
export class WholeLife {
  private readonly shops: readonly BaseWallet[];
  private readonly residents: readonly BaseWallet[];
  private province: Province | undefined;
  /** Of the city: sold, and with a cap on what one may hold. */
  private sold = 0;
  /** Of the province, which delegates a part of its budget. */
  private delegated = 0;

  private constructor(
    private readonly platform: TestPlatform,
    readonly client: OutsideClient,
    private readonly db: Database,
    private readonly deployment: CurrentDeployment,
  ) {
    const keys = keysOf('a whole life', 6);
    this.shops = keys.slice(0, 2);
    this.residents = keys.slice(2);
  }

  /** Lives it. @returns it, for more payments */
  static async on(platform: TestPlatform): Promise<WholeLife> {
    const db = await Database.connect({ url: platform.databaseUrl, poolMax: 2 });
    try {
      const deployment = await loadDeployment(db);
      if (deployment === null) throw new Error('nothing is deployed');
      const life = new WholeLife(platform, new OutsideClient(platform.url), db, deployment);
      await life.begin();
      await life.live();
      return life;
    } finally {
      await db.close();
    }
  }

  /** A payment that is accepted, by a resident of an own series of nonces. */
  async pay(resident: number, nonce: number, amount: bigint): Promise<SignedOrder> {
    const wish = { merchant: this.shop(0).address, series: this.sold, amount, nonce };
    const order = await this.client.signPayment(this.resident(resident), wish);
    const answer = await this.client.pay(order);
    if (answer.status !== 202) throw new Error(`${answer.status} ${JSON.stringify(answer.body.value)}`);
    return order;
  }

  /** What the platform says that this resident signs next. */
  async nextNonce(resident: number): Promise<number> {
    const answer = await this.client.get(`/v1/accounts/${nameOf(this.resident(resident))}/holdings`);
    const held = answer
      .at('items')
      .list()
      .find((item) => item.at('series', 'id').number() === this.sold);
    return held?.at('nextNonce').number() ?? 1;
  }

  private async live(): Promise<void> {
    const festival = await this.city.publish({ authority: GYEONGJU, validFor: OVER_SECONDS });
    const empty = await this.city.publish({ authority: GYEONGJU, validFor: OVER_SECONDS });
    await this.issue(GYEONGJU, festival, 3, 5_000n);
    await insertTestRows(this.db);
    await this.officials();
    await this.budgets();
    await this.quota();
    await this.keys();
    await this.orders();
    await this.refusals();
    await this.acts();
    await this.payouts();
    await proposeHandOvers(this.client, this.city, this.domain, this.movers);
    await sendAgain(this.db, this.platform.chainUrl, this.deployment.chainId);
    this.client.ahead = await inForce(this.client, (seconds) => leadClock(this.db, seconds));
    await takeOver(this.client, this.city, this.domain, this.movers);
    await recodePlaces(this.client, this.city, {
      merchant: nameOf(this.shop(1)),
      account: nameOf(this.resident(0)),
    });
    await this.endOf(festival, empty);
    await this.indexed();
  }

  private async begin(): Promise<void> {
    const genesis = this.platform.home.read('genesis-officers.json') ?? '[]';
    this.province = await Province.found(this.client, stateOfficers(genesis));
    await this.city.register(
      GYEONGJU,
      this.shops.map((wallet) => ({ wallet, region: GYEONGJU, category: 'market_stall', size: 1 })),
    );
    this.sold = await this.city.publish({ authority: GYEONGJU, sold: true, holdingCap: 400_000n });
    this.delegated = await this.city.publish({ authority: GYEONGBUK });
    // The third resident gets more than one may hold: a refused issue.
    for (const [index, amount] of [300_000n, 200_000n, 500_000n].entries())
      await this.issue(GYEONGJU, this.sold, index, amount);
  }

  private async officials(): Promise<void> {
    await grantPlaces(this.city);
    await decideAboutOfficers(this.client, this.city);
    const account = nameOf(this.resident(0));
    // The last entry is skipped: no one is at address zero.
    await this.act('attest_accounts', GYEONGJU, {
      entries: [account, nameOf(this.resident(1)), ZeroAddress].map((one) => ({
        account: one,
        home: GYEONGJU,
        tier: 'phone',
      })),
    });
    for (const end of [isoIn(HOUR_SECONDS), null])
      await this.act('freeze_accounts', GYEONGJU, { accounts: [account], until: end });
    for (const status of ['suspended', 'active'])
      await this.act('set_merchant_status', GYEONGJU, { merchants: [nameOf(this.shop(1))], status });
    for (const end of [isoIn(HOUR_SECONDS), null]) {
      await this.act('hold_payouts', GYEONGJU, { merchants: [nameOf(this.shop(1))], until: end });
      await this.act('pause_series', GYEONGJU, { series: this.sold, until: end });
    }
    const end = Date.parse((await this.client.get(`/v1/series/${this.sold}`)).at('validUntil').text());
    const longer = new Date(end + 24 * HOUR_SECONDS * 1_000).toISOString();
    await this.act('extend_series', GYEONGJU, { series: this.sold, until: longer });
  }

  private async budgets(): Promise<void> {
    await this.act('set_budget', GYEONGJU, { series: this.sold, budget: '2000000000' });
    await this.act('delegate_budget', GYEONGBUK, { series: this.delegated, to: GYEONGJU, left: '30000' });
    await this.issue(GYEONGJU, this.delegated, 0, 20_000n);
    // Of treasurers: an act of governors would end the reseat that waits.
    await this.act('anchor', GYEONGJU, { kind: 'close', root: keccak256('0xc105e0') });
  }

  private async quota(): Promise<void> {
    const bank = Wallet.createRandom();
    const args = { series: this.sold, total: '100000', perDay: '60000', key: nameOf(bank) };
    await this.act('approve_quota', GYEONGJU, args);
    const orders = await this.client.all(`/v1/series/${this.sold}/issue-orders`);
    const order = orders.map((one) => Number(one.at('id').text())).toSorted((a, b) => b - a)[0] ?? 0;
    const [account, amount] = [nameOf(this.resident(1)), 10_000n];
    const items = keccak256(packRecipients([{ account, amount }]));
    const signature = await signQuotaIssue(bank, this.domain, { issueOrder: order, index: 1, items });
    const chunk = { index: 1, items: [{ account, amount: String(amount) }], signature };
    await this.client.post(`/v1/issue-orders/${order}/quota-chunks`, chunk);
    await this.client.until(
      () => this.client.get(`/v1/issue-orders/${order}`),
      (view) => view.at('issued').won() === amount,
    );
    await this.act('close_issue_order', GYEONGJU, { issueOrder: order });
  }

  /** Opened without keys; proposed by officers and objected to; then changed by the owner. */
  private async keys(): Promise<void> {
    const owner = this.resident(3);
    const account = nameOf(owner);
    const keys = [{ right: 'owner' as const, id: walletKeyId(Wallet.createRandom().address) }];
    const ring = encodeKeyRing({ dailyLimit: 0n, keys });
    const deadline = nowSeconds() + HOUR_SECONDS;
    const attested = [{ account, home: GYEONGJU, tier: 'phone', company: true }];
    await this.act('attest_accounts', GYEONGJU, { entries: attested });
    const opened = [{ account: COUNTER.address, home: GYEONGJU, tier: 'real_name' }];
    await this.act('attest_accounts', GYEONGJU, { entries: opened });
    const first = [{ account: COUNTER.address, keys: { dailyLimit: '0', keys } }];
    await this.act('set_first_keys', GYEONGJU, { entries: first });
    await this.act('replace_keys', GYEONGJU, { account, keys: { dailyLimit: '0', keys } });
    const words = { account, keys: keyRingHash(ring), number: 1, deadline };
    const objection = await signObjection(owner, this.domain, words);
    await this.client.post(`/v1/accounts/${account}/objections`, { deadline, proof: objection });
    const change = await signKeyChange(owner, this.domain, { account, keys: ring, change: 1, deadline });
    const view = () => this.client.get(`/v1/accounts/${account}/holdings`);
    await this.client.until(view, (now) => !now.at('keys', 'replacement').present);
    const body = { keys: { dailyLimit: '0', keys }, deadline, proof: change };
    await this.client.post(`/v1/accounts/${account}/keys`, body);
    await this.client.until(view, (now) => now.at('keys', 'changes').number() === 1);
  }

  private async orders(): Promise<void> {
    const { sold: series } = this;
    const [shop, other] = [this.shop(0), this.shop(1)];
    const [payer, receiver] = [this.resident(0), this.resident(1)];
    const payment = await this.final('payments', payer, {
      payer: nameOf(payer),
      merchant: nameOf(shop),
      series: [series],
      amount: '200000',
      nonce: 1,
    });
    await this.final('voids', shop, {
      merchant: nameOf(shop),
      payment,
      series,
      amount: '1000',
      nonce: 1,
    });
    const gift = { giver: nameOf(payer), receiver: nameOf(receiver), series, amount: '5000', nonce: 2 };
    await this.final('gifts', payer, gift);
    const passed = { merchant: nameOf(shop), recipient: nameOf(other), series, amount: '3000', nonce: 2 };
    await this.final('circulations', shop, passed);
    const quote = await this.client.get(`/v1/refunds/quote?account=${nameOf(payer)}&series=${series}`);
    const refund = { account: nameOf(payer), series, amount: quote.at('balance').text(), nonce: 3 };
    await this.final('refunds', payer, refund);
    const redemption = { merchant: nameOf(other), series, amount: '3000', nonce: 1 };
    const redeemed = await this.final('redemptions', other, redemption);
    await this.act('return_redemptions', GYEONGJU, { redemptions: [redeemed] });
    await this.final('cancellations', payer, { account: nameOf(payer), series, count: 2, nonce: 5 });
    const ofShop = { merchant: nameOf(other), series, count: 1, nonce: 2 };
    await this.final('merchant-cancellations', other, ofShop);
  }

  /** Each is refused by the API: no account has so much. One comes again while its account is frozen: another reason. */
  private async refusals(): Promise<void> {
    const { sold: series } = this;
    const [shop, other, resident] = [this.shop(0), this.shop(1), this.resident(1)];
    const rest = { series, amount: '399000000', nonce: 40 };
    const far = { series, count: 1, nonce: 4_000 };
    const merchant = nameOf(shop);
    const payment = `0x${'77'.repeat(32)}`;
    const messages: Record<OrderPath, [BaseWallet, Act]> = {
      payments: [resident, { ...rest, series: [series], payer: nameOf(resident), merchant }],
      voids: [shop, { ...rest, merchant, payment }],
      gifts: [resident, { ...rest, giver: nameOf(resident), receiver: nameOf(this.resident(2)) }],
      circulations: [shop, { ...rest, merchant, recipient: nameOf(other) }],
      refunds: [resident, { ...rest, account: nameOf(resident) }],
      redemptions: [shop, { ...rest, merchant }],
      cancellations: [resident, { ...far, account: nameOf(resident) }],
      'merchant-cancellations': [shop, { ...far, merchant }],
    };
    for (const path of ORDER_PATHS) {
      const [signer, message] = messages[path];
      const order = await this.client.sign(path, walletProver(signer), message);
      await this.refused(path, order);
      if (path !== 'payments') continue;
      const accounts = [nameOf(resident)];
      await this.act('freeze_accounts', GYEONGJU, { accounts, until: isoIn(HOUR_SECONDS) });
      await this.refused(path, order);
      await this.act('freeze_accounts', GYEONGJU, { accounts, until: null });
    }
  }

  private async refused(path: OrderPath, order: SignedOrder): Promise<void> {
    const { status } = await this.client.submit(path, order);
    if (status < 400 || status > 499) throw new Error(`${path}: ${status}`);
  }

  /** One stays open, one is withdrawn, and one fails on chain: more is approved before the second officer signs it. */
  private async acts(): Promise<void> {
    const officers = this.city.officersOf(GYEONGJU);
    const draft = async (budget: string) => {
      const wish = { kind: 'set_budget', authority: GYEONGJU, args: { series: this.sold, budget } };
      const { draft: view, proposal } = await this.client.propose(wish, officers[0]);
      await this.client.post('/v1/acts', proposal);
      return view;
    };
    await draft('2000000001');
    const withdrawn = (await draft('2000000002')).at('id').text();
    const chain = await this.client.get('/v1/chain');
    const types = { Withdrawal: [{ name: 'act', type: 'bytes32' }] };
    const domain = chain.at('domains', 'authorities').object();
    const digest = TypedDataEncoder.hash(domain, types, { act: withdrawn });
    const [first, second] = officers;
    if (first === undefined || second === undefined) throw new Error('no officer');
    const signature = first.wallet.signingKey.sign(digest).serialized;
    await this.client.post(`/v1/acts/${withdrawn}/withdrawal`, { officer: first.id, signature });
    const series = await this.client.get(`/v1/series/${this.sold}`);
    const failing = await draft(String(series.at('figures', 'approved').won()));
    await this.issue(GYEONGJU, this.sold, 0, 1_000n);
    const approval = { officer: second.id, signature: signDraft(failing, second) };
    const id = failing.at('id').text();
    await this.client.post(`/v1/acts/${id}/approvals`, approval);
    await this.client.until(
      () => this.client.get(`/v1/acts/${id}`),
      (view) => view.at('state').text() === 'failed',
    );
  }

  private async payouts(): Promise<void> {
    const lines = [{ merchant: nameOf(this.shop(0)), series: this.sold, amount: '100000' }];
    await this.act('settle', GYEONGJU, { run: `0x${'51'.repeat(32)}`, lines });
  }

  /** What is left of one series goes back to its funders; the other has nothing left and is closed. */
  private async endOf(festival: number, empty: number): Promise<void> {
    const state = (series: number) => this.client.get(`/v1/series/${series}`);
    for (const series of [festival, empty]) {
      const wish = { kind: 'start_expiry', authority: GYEONGJU, args: { series } };
      const draft = () => this.client.send('POST', '/v1/acts/draft', wish);
      await until('over, on chain as well', async () => (await draft()).status === 200);
      await this.act('start_expiry', GYEONGJU, { series });
    }
    await this.client.until(
      () => state(festival),
      (view) => view.at('figures', 'expired').won() > 0n,
    );
    await this.act('close_series', GYEONGJU, { series: empty });
  }

  private async final(path: OrderPath, signer: BaseWallet, message: Act): Promise<string> {
    const order = await this.client.sign(path, walletProver(signer), message);
    const answer = await this.client.submit(path, order);
    const view = answer.status === 202 ? await this.client.decided(order.id, path) : answer.body;
    if (!view.at('state').present || view.at('state').text() !== 'final')
      throw new Error(`${path}: ${JSON.stringify(view.value)}`);
    return order.id;
  }

  private act(kind: string, authority: string, args: Act): Promise<Json> {
    return this.city.act({ kind, authority, args });
  }

  private async issue(authority: string, series: number, resident: number, amount: bigint): Promise<void> {
    await this.city.issue(authority, series, [{ account: this.resident(resident).address, amount }]);
  }

  /** The tables have every block that the chain has now. */
  private async indexed(): Promise<void> {
    const node = ChainNode.connect({ url: this.platform.chainUrl, chainId: this.deployment.chainId });
    try {
      const { number } = await node.latest();
      await until('indexed', async () => ((await readCursor(this.db))?.number ?? 0n) >= number);
    } finally {
      node.close();
    }
  }

  private get city(): Province {
    if (this.province === undefined) throw new Error('nothing is founded');
    return this.province;
  }

  private get movers() {
    return { handedOver: COUNTER.address, moving: this.resident(1) };
  }

  private get domain(): SigningDomain {
    return vouchersDomain(this.deployment);
  }

  private shop(index: number): BaseWallet {
    return keyAt(this.shops, index);
  }

  private resident(index: number): BaseWallet {
    return keyAt(this.residents, index);
  }
}

/** Opened at the counter without keys. */
const COUNTER = keylessAccount({ authority: GYEONGJU, role: 'resident', salt: keccak256('0xde') });

function keyAt(keys: readonly BaseWallet[], index: number): BaseWallet {
  const key = keys[index];
  if (key === undefined) throw new Error(`there is no key ${index}`);
  return key;
}

const nameOf = ({ address }: { readonly address: string }) => address.toLowerCase();
const nowSeconds = () => Math.floor(Date.now() / 1000);
const isoIn = (seconds: number) =>
  new Date((nowSeconds() + seconds) * 1000).toISOString().replace('.000Z', 'Z');

import { randomBytes } from 'node:crypto';
import { hexlify, id as keccakOfText, Wallet, type TransactionReceipt } from 'ethers';
import { Indexer, type IndexerOptions } from '#indexer';
import { ledgerProjectors } from '#ledger';
import { type CurrentDeployment, ChainNode, storeDeployment } from '#node';
import {
  actDigest,
  actTargetAddress,
  authoritiesDomain,
  BAND_END,
  buildIssueList,
  encodeAct,
  encodeExecute,
  encodeIssue,
  encodePay,
  encodeRedeem,
  packPayment,
  packRedemption,
  paymentDigest,
  redemptionDigest,
  vouchersDomain,
  vouchersInterface,
  walletSignature,
  type Act,
  type ActArguments,
  type ActKind,
  type AuthorityThresholds,
  type ChainSeriesTerms,
  type Deployment,
  type IssueRecipient,
  type StoredTransfer,
  type PaymentAuthorisation,
  type RedemptionAuthorisation,
} from '#contracts';
import { ALL_CATEGORIES, packScopeRule, SIZE_ANY } from '#domain';
import type { Database } from '#persistence';
import { registerRelayer } from '#relayer';
import { createMigratedDatabase, type MigratedDatabase } from './database.js';
import { deployOn, toCurrent } from './deployed.js';
import { withConsents } from './consents.js';
import { addressOf, keyOf, officerEntries } from './keys.js';
import { startTestNode, type TestNode } from './test-node.js';
import { signAct, signPayment, signRedemption } from './signing.js';

export { addressOf, keyOf, officerEntries } from './keys.js';

const GAS_PER_TRANSACTION_MAX = 2 ** 24;
const HOUR_SECONDS = 3_600;
const YEAR_SECONDS = 365 * 24 * HOUR_SECONDS;
const ZERO_HASH = `0x${'00'.repeat(32)}`;

/** The codes of the three authorities of every world: the state, Gyeongbuk, Gyeongju. */
export const STATE = '';
export const PROVINCE = '47';
export const CITY = '47130';

const BANDS = [
  { upTo: 1_000_000_000n, officers: 2 },
  { upTo: BAND_END, officers: 3 },
];
/** Two of four treasurers up to 1 bn won, three above, as many governors; one registrar. */
export const THRESHOLDS: AuthorityThresholds = { governors: 3, registrars: 1, bands: BANDS };

/** A signed order, in all the forms that tests need. */
export interface Signed<T> {
  /** EIP-712 digest. */
  readonly id: string;
  readonly authorisation: T;
  readonly signature: string;
  readonly packed: StoredTransfer;
}

export interface PaymentRequest {
  readonly payer: Wallet;
  readonly merchant: string | { readonly address: string };
  /** One, or several in the order in which they are spent. */
  readonly series: number | readonly number[];
  readonly amount: bigint;
  /** Default: one more than the last that this world signed for the payer and series. */
  readonly nonce?: number;
  /** Unix seconds; default one hour from the chain's clock. */
  readonly deadline?: number;
  readonly order?: string;
  /** Signs instead of the payer, for forgeries. */
  readonly signer?: Wallet;
}

export interface RedemptionRequest extends Omit<PaymentRequest, 'payer' | 'merchant' | 'series'> {
  readonly merchant: Wallet;
  readonly series: number;
}

/** A call to one of the contracts. */
export interface Call {
  readonly to: string;
  readonly data: string;
}

export interface WorldOptions {
  /** Genesis time in Unix seconds; default now. */
  readonly timestamp?: number;
  /** A migrated database without a deployment; default a clone of the test template. Closed with the world. */
  readonly database?: MigratedDatabase;
}

/**
 * Contracts on a real node with the state, a province (47) and a city (47130) as authorities of four officers each,
 * and a migrated database that knows the deployment. Blocks come when something is sent.
 */
export class World {
  private constructor(
    readonly node: TestNode,
    readonly chain: ChainNode,
    readonly deployment: Deployment,
    readonly db: Database,
    readonly databaseUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /** Sends everything, as one of the platform's relayers; has no other power. */
  readonly sender = keyOf('sender');
  private readonly nonces = new Map<string, number>();
  private walletCount = 0;

  static async create(options: WorldOptions = {}): Promise<World> {
    const database = options.database ?? (await createMigratedDatabase());
    const node = await startTestNode(options);
    const deployment = await deployOn(node, officerEntries(STATE), THRESHOLDS);
    await storeDeployment(database.db, toCurrent(deployment));
    await registerRelayer(database.db, keyOf('sender').address);
    const chain = ChainNode.connect({ url: node.url, chainId: node.chainId });
    const world = new World(node, chain, deployment, database.db, database.url, () => database.drop());
    await world.found(STATE, PROVINCE);
    await world.found(PROVINCE, CITY);
    return world;
  }

  /** Founds one more authority, with its own officers. */
  async found(authority: string, region: string): Promise<void> {
    const args = { authority, region, officers: officerEntries(region), thresholds: THRESHOLDS };
    await this.executeAct('found_authority', args);
  }

  get current(): CurrentDeployment {
    return toCurrent(this.deployment);
  }

  /** The chain's clock, Unix seconds. */
  async now(): Promise<number> {
    return (await this.chain.latest()).timestamp;
  }

  /** A key that no other account in this world has. */
  wallet(name = 'someone'): Wallet {
    return keyOf(`${name} ${++this.walletCount}`);
  }

  /** An officer of an authority, 1 to 4. */
  officer(region: string, id: number): Wallet {
    return keyOf(`officer ${region} ${id}`);
  }

  /** An act as officers sign it, with a random nonce and one hour to live. */
  async act<K extends ActKind>(kind: K, args: ActArguments[K], nonce?: bigint): Promise<Act> {
    const { target, call } = encodeAct(kind, withConsents(vouchersDomain(this.deployment), kind, args));
    return {
      authority: args.authority,
      target: actTargetAddress(target, this.deployment),
      call,
      nonce: nonce ?? BigInt(hexlify(randomBytes(32))),
      deadline: (await this.now()) + HOUR_SECONDS,
    };
  }

  actId(act: Act): string {
    return actDigest(authoritiesDomain(this.deployment), act);
  }

  async approve(act: Act, officer: number): Promise<string> {
    return walletSignature(
      await signAct(this.officer(act.authority, officer), authoritiesDomain(this.deployment), act),
    );
  }

  /** Signs with the officers (default the first three) and executes in a block of its own. Throws when it reverts. */
  async executeAct<K extends ActKind>(
    kind: K,
    args: ActArguments[K],
    officers: readonly number[] = [1, 2, 3],
  ): Promise<TransactionReceipt> {
    const [receipt] = await this.include([await this.actCall(kind, args, officers)]);
    if (!receipt) throw new Error('no receipt');
    return receipt;
  }

  /** The call that executes an act, for `include`. */
  async actCall<K extends ActKind>(
    kind: K,
    args: ActArguments[K],
    officers: readonly number[] = [1, 2, 3],
  ): Promise<Call> {
    const act = await this.act(kind, args);
    const approvals = [];
    for (const officer of officers) approvals.push({ officer, signature: await this.approve(act, officer) });
    return { to: this.deployment.authorities, data: encodeExecute(act, approvals) };
  }

  /** Publishes a series: everywhere in the authority's region, all categories and sizes, 100 bn won, one year. */
  async publishSeries(authority = CITY, terms: Partial<ChainSeriesTerms> = {}): Promise<number> {
    const now = await this.now();
    await this.executeAct('publish_series', {
      authority,
      terms: {
        validFrom: now - HOUR_SECONDS,
        validUntil: now + YEAR_SECONDS,
        paymentCap: 0n,
        dailyCaps: [0n, 0n, 0n],
        holdingCap: 0n,
        monthCap: 0n,
        yearCap: 0n,
        giftCap: 0n,
        hops: 0,
        refundPercent: 60,
        refundDays: 7,
        budget: 100_000_000_000n,
        funding: [9_000, 300, 200, 500],
        flags: 0,
        document: keccakOfText(`terms ${authority} ${randomBytes(8).toString('hex')}`),
        rules: [packScopeRule({ area: authority, categories: ALL_CATEGORIES, maxSize: SIZE_ANY })],
        ...terms,
      },
    });
    const [count] = await this.read('seriesCount', []);
    return Number(count);
  }

  /** Registers a new merchant (category 1, smallest size class by default) and returns its key. */
  async registerMerchant(region = CITY, category = 1, size = 0): Promise<Wallet> {
    const wallet = this.wallet('merchant');
    const entries = [{ merchant: addressOf(wallet), region, category, size }];
    await this.executeAct('set_merchants', { authority: region.slice(0, CITY.length), entries });
    return wallet;
  }

  /** Approves an issue list and submits all its chunks; returns the order's number. */
  async issueTo(
    series: number,
    recipients: readonly { account: string | { address: string }; amount: bigint }[],
    options: { authority?: string; chunkSize?: number } = {},
  ): Promise<number> {
    const rows: IssueRecipient[] = recipients.map(({ account, amount }) => ({
      account: addressOf(account),
      amount,
    }));
    const list = buildIssueList(rows, options.chunkSize);
    const { total, root, chunks } = list;
    await this.executeAct('approve_issue', { authority: options.authority ?? CITY, series, total, root });
    const [count] = await this.read('issueOrderCount', []);
    const order = Number(count);
    await this.include(
      chunks.map((chunk) => ({ to: this.deployment.vouchers, data: encodeIssue(order, chunk) })),
    );
    return order;
  }

  async signPayment(request: PaymentRequest): Promise<Signed<PaymentAuthorisation>> {
    const { payer, amount, order = ZERO_HASH } = request;
    const series = typeof request.series === 'number' ? [request.series] : request.series;
    const authorisation = {
      payer: addressOf(payer),
      merchant: addressOf(request.merchant),
      series,
      amount,
      nonce: request.nonce ?? this.nextNonce(`${payer.address} ${series[0]}`),
      deadline: request.deadline ?? (await this.now()) + HOUR_SECONDS,
      order,
    };
    const domain = vouchersDomain(this.deployment);
    const signature = walletSignature(await signPayment(request.signer ?? payer, domain, authorisation));
    const packed = packPayment(authorisation, signature);
    return { id: paymentDigest(domain, authorisation), authorisation, signature, packed };
  }

  async signRedemption(request: RedemptionRequest): Promise<Signed<RedemptionAuthorisation>> {
    const { merchant, series, amount, order = ZERO_HASH } = request;
    const authorisation = {
      merchant: addressOf(merchant),
      series,
      amount,
      nonce: request.nonce ?? this.nextNonce(`${merchant.address} ${series} redemption`),
      deadline: request.deadline ?? (await this.now()) + HOUR_SECONDS,
      order,
    };
    const domain = vouchersDomain(this.deployment);
    const signature = walletSignature(
      await signRedemption(request.signer ?? merchant, domain, authorisation),
    );
    const packed = packRedemption(authorisation, signature);
    return { id: redemptionDigest(domain, authorisation), authorisation, signature, packed };
  }

  /** Submits signed payments in one batch; refused items are in the receipt's events. */
  async pay(...payments: readonly Signed<PaymentAuthorisation>[]): Promise<TransactionReceipt> {
    return this.send(this.payCall(...payments));
  }

  async redeem(...redemptions: readonly Signed<RedemptionAuthorisation>[]): Promise<TransactionReceipt> {
    return this.send(this.redeemCall(...redemptions));
  }

  payCall(...payments: readonly Signed<PaymentAuthorisation>[]): Call {
    return { to: this.deployment.vouchers, data: encodePay(payments.map(({ packed }) => packed)) };
  }

  redeemCall(...redemptions: readonly Signed<RedemptionAuthorisation>[]): Call {
    return { to: this.deployment.vouchers, data: encodeRedeem(redemptions.map(({ packed }) => packed)) };
  }

  /** One call in a block of its own. Throws when it reverts. */
  async send(call: Call): Promise<TransactionReceipt> {
    const [receipt] = await this.include([call]);
    if (!receipt) throw new Error('no receipt');
    return receipt;
  }

  /** Several calls in one block, in this order. Throws when one reverts. */
  async include(calls: readonly Call[], sender = this.sender): Promise<TransactionReceipt[]> {
    const first = await this.node.provider.getTransactionCount(sender.address, 'pending');
    const raws = [];
    for (const [index, { to, data }] of calls.entries()) {
      raws.push(await sender.signTransaction(this.transaction(first + index, to, data)));
    }
    const receipts = await this.node.include(raws);
    for (const receipt of receipts) if (receipt.status !== 1) throw new Error(`reverted: ${receipt.hash}`);
    return receipts;
  }

  private transaction(nonce: number, to: string, data: string) {
    const { chainId } = this.deployment;
    return { type: 0, chainId, nonce, to, data, gasPrice: 0, gasLimit: GAS_PER_TRANSACTION_MAX };
  }

  /** A view of the Vouchers contract, decoded by ethers. */
  async read(
    view: string,
    args: readonly unknown[],
    block: bigint | 'latest' = 'latest',
  ): Promise<unknown[]> {
    const data = vouchersInterface.encodeFunctionData(view, args);
    const answer = await this.chain.call(this.deployment.vouchers, data, block);
    return vouchersInterface.decodeFunctionResult(view, answer).toArray();
  }

  /** An indexer of this world with all projectors; it does not start by itself. */
  indexer(options: Partial<IndexerOptions> = {}): Indexer {
    return new Indexer({
      db: this.db,
      databaseUrl: this.databaseUrl,
      node: this.chain,
      deployment: this.current,
      projectors: ledgerProjectors(),
      ...options,
    });
  }

  /** Copies the chain into the tables up to its head. */
  async index(): Promise<void> {
    await this.indexer().catchUp();
  }

  async close(): Promise<void> {
    this.chain.close();
    await this.node.stop();
    await this.dropDatabase();
  }

  private nextNonce(key: string): number {
    const next = (this.nonces.get(key) ?? 0) + 1;
    this.nonces.set(key, next);
    return next;
  }
}

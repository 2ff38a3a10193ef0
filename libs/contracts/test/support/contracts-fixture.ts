import { keccak256, Result, type TransactionReceipt, type Wallet } from 'ethers';
import { packScopeRule } from '#domain';
import {
  actDigest,
  actRoleAndAmount,
  actTargetAddress,
  authoritiesDomain,
  buildIssueList,
  circulationDigest,
  decodeLog,
  encodeAct,
  encodeExecute,
  encodeIssue,
  cancellationDigest,
  giftDigest,
  merchantCancellationDigest,
  paymentDigest,
  redemptionDigest,
  refundDigest,
  storeTransfer,
  voidDigest,
  vouchersDomain,
  vouchersInterface,
  walletSignature,
  type ActArguments,
  type ActKind,
  type ChainSeriesTerms,
  type ContractEvent,
  type Hex,
  type SigningDomain,
  type StoredTransfer,
} from '../../src/index.js';
import { withConsents } from '../../../../test/support/consents.js';
import type { Person } from '../../../../test/support/signing-keys.js';
import { CHAIN_START, crew, officers, openEdrChain, thresholds, type TestChain } from './test-chain.js';

/** Last moment of every order: later than anything that happens here. */
export const DEADLINE = CHAIN_START + 3 * 365 * 86_400;
const DAY_SECONDS = 86_400;
const NO_ORDER = `0x${'00'.repeat(32)}`;
const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;
const EVERY_CATEGORY = 2n ** 128n - 1n;

/** A series of the city: a year from yesterday, in the city, every category, no caps. */
export const PLAIN_TERMS: ChainSeriesTerms = {
  validFrom: CHAIN_START - 86_400,
  validUntil: CHAIN_START + 365 * 86_400,
  flags: 0,
  hops: 0,
  refundPercent: 60,
  refundDays: 7,
  paymentCap: 0n,
  dailyCaps: [0n, 0n, 0n],
  holdingCap: 0n,
  monthCap: 0n,
  yearCap: 0n,
  giftCap: 0n,
  budget: 10n ** 12n,
  funding: [9_000, 300, 200, 500],
  document: keccak256('0x01'),
  rules: [packScopeRule({ area: '47130', categories: EVERY_CATEGORY, maxSize: 255 })],
};

/** What an order says besides who and to whom. */
export interface OrderWords {
  readonly amount: bigint;
  readonly nonce: number;
  readonly series?: number;
  readonly deadline?: number;
  readonly order?: Hex;
}

interface Recipient {
  readonly address: Hex;
}

/** A city (47130) in a province (47) on a chain of its own, and short words to act in it. */
export class ContractsFixture {
  private actNonce = 0n;
  private issueOrders = 0;
  private readonly domain: SigningDomain;

  private constructor(readonly chain: TestChain) {
    this.domain = vouchersDomain(chain.deployment);
  }

  static async open(chain?: TestChain): Promise<ContractsFixture> {
    const fixture = new ContractsFixture(chain ?? (await openEdrChain()));
    await fixture.found('', '47');
    await fixture.found('47', '47130');
    return fixture;
  }

  /** Founds an authority of the same officers. */
  async found(authority: string, region: string): Promise<void> {
    await this.act('found_authority', { authority, region, officers: crew(), thresholds });
  }

  close(): Promise<void> {
    return this.chain.close();
  }

  /** Calldata of an act that the officers in charge have signed. */
  signedAct<K extends ActKind>(kind: K, args: ActArguments[K]): Hex {
    const { target, call } = encodeAct(kind, withConsents(this.domain, kind, args));
    const act = {
      authority: args.authority,
      target: actTargetAddress(target, this.chain.deployment),
      call,
      nonce: this.actNonce,
      deadline: this.chain.next() + DAY_SECONDS,
    };
    this.actNonce += 1n;
    const digest = actDigest(authoritiesDomain(this.chain.deployment), act);
    const { role, officers: fixed, atLeast } = actRoleAndAmount(kind, args);
    // A freeze of more than three days needs two.
    const registrars = (fixed ?? atLeast) > 1 || kind === 'freeze_accounts' ? [5, 6] : [5];
    const ids = { governor: [1, 2], treasurer: [3, 4], registrar: registrars }[role];
    const approvals = officers
      .filter(({ id }) => ids.includes(id))
      .map(({ id, wallet }) => ({
        officer: id,
        signature: walletSignature(wallet.signingKey.sign(digest).serialized),
      }));
    return encodeExecute(act, approvals);
  }

  act<K extends ActKind>(kind: K, args: ActArguments[K]): Promise<TransactionReceipt> {
    return this.chain.send(this.chain.deployment.authorities, this.signedAct(kind, args));
  }

  /** Calldata to Vouchers. */
  send(data: Hex, from?: Wallet): Promise<TransactionReceipt> {
    return this.chain.send(this.chain.deployment.vouchers, data, from);
  }

  /** The events of a transaction, ERC-1155's left out. */
  events(receipt: TransactionReceipt): ContractEvent[] {
    return receipt.logs.map(decodeLog).filter((event) => event !== null);
  }

  /** What a call of Vouchers answers as of the newest block; its results by place and name. */
  async call(method: string, data: Hex): Promise<Result> {
    const answer = await this.chain.provider.call({ to: this.chain.deployment.vouchers, data });
    return vouchersInterface.decodeFunctionResult(method, answer);
  }

  /** All results of a view. */
  readAll(method: string, args: readonly unknown[]): Promise<Result> {
    return this.call(method, vouchersInterface.encodeFunctionData(method, args));
  }

  /** The only result of a view. */
  async read(method: string, args: readonly unknown[]): Promise<unknown> {
    return (await this.readAll(method, args))[0];
  }

  /** The fields of a struct that a view answers; ethers has no types for them. */
  async readStruct(method: string, args: readonly unknown[]): Promise<Result> {
    const answer = await this.read(method, args);
    if (!(answer instanceof Result)) throw new Error(`${method} answers no struct`);
    return answer;
  }

  /** Publishes series 1, 2 …: PLAIN_TERMS, changed as said. */
  async publish(terms: Partial<ChainSeriesTerms> = {}, authority = '47130'): Promise<void> {
    await this.act('publish_series', { authority, terms: { ...PLAIN_TERMS, ...terms } });
  }

  register(shops: readonly Recipient[]): Promise<TransactionReceipt> {
    return this.act('set_merchants', {
      authority: '47130',
      entries: shops.map(({ address }) => ({ merchant: address, region: '47130', category: 3, size: 1 })),
    });
  }

  attest(residents: readonly Recipient[], tier = 2, company = false): Promise<TransactionReceipt> {
    return this.act('attest_accounts', {
      authority: '47130',
      entries: residents.map(({ address }) => ({ account: address, home: '47130', tier, company })),
    });
  }

  /** Approves a list and submits its first chunk; the receipt is the chunk's. */
  async give(residents: readonly Recipient[], amount: bigint, series = 1): Promise<TransactionReceipt> {
    const list = buildIssueList(residents.map(({ address }) => ({ account: address, amount })));
    await this.act('approve_issue', { authority: '47130', series, total: list.total, root: list.root });
    const [chunk] = list.chunks;
    if (chunk === undefined || list.chunks.length > 1) throw new Error('expected one chunk');
    return this.send(encodeIssue(this.nextIssueOrder(), chunk));
  }

  /** The number that the last approved issue order got; call once for each approval. */
  nextIssueOrder(): number {
    this.issueOrders += 1;
    return this.issueOrders;
  }

  payment(payer: Person, shop: Recipient, words: Omit<OrderWords, 'series'>, series = [1]): StoredTransfer {
    const item = { ...filled(words), payer: payer.address, merchant: shop.address, series };
    const { payer: account, merchant: recipient, ...rest } = item;
    return storeTransfer({ ...rest, account, recipient }, payer.prove(paymentDigest(this.domain, item)));
  }

  voiding(shop: Person, payer: Recipient, payment: Hex, words: OrderWords): StoredTransfer {
    const terms = filled(words);
    const item = { ...terms, payment, merchant: shop.address };
    return stored(shop, payer.address, terms, voidDigest(this.domain, item));
  }

  gift(giver: Person, receiver: Recipient, words: OrderWords): StoredTransfer {
    const terms = filled(words);
    const item = { ...terms, giver: giver.address, receiver: receiver.address };
    return stored(giver, receiver.address, terms, giftDigest(this.domain, item));
  }

  circulation(shop: Person, recipient: Recipient, words: OrderWords): StoredTransfer {
    const terms = filled(words);
    const item = { ...terms, merchant: shop.address, recipient: recipient.address };
    return stored(shop, recipient.address, terms, circulationDigest(this.domain, item));
  }

  redemption(shop: Person, words: OrderWords): StoredTransfer {
    const terms = filled(words);
    return stored(
      shop,
      ZERO_ADDRESS,
      terms,
      redemptionDigest(this.domain, { ...terms, merchant: shop.address }),
    );
  }

  /** Cancels as many nonces as the amount says. */
  cancellation(holder: Person, words: OrderWords): StoredTransfer {
    const { amount, ...terms } = filled(words);
    const count = Number(amount);
    const digest = cancellationDigest(this.domain, { ...terms, count, account: holder.address });
    return stored(holder, ZERO_ADDRESS, { ...terms, amount }, digest);
  }

  /** The same of a merchant balance. */
  merchantCancellation(shop: Person, words: OrderWords): StoredTransfer {
    const { amount, ...terms } = filled(words);
    const count = Number(amount);
    const digest = merchantCancellationDigest(this.domain, { ...terms, count, merchant: shop.address });
    return stored(shop, ZERO_ADDRESS, { ...terms, amount }, digest);
  }

  refund(holder: Person, words: OrderWords): StoredTransfer {
    const terms = filled(words);
    return stored(
      holder,
      ZERO_ADDRESS,
      terms,
      refundDigest(this.domain, { ...terms, account: holder.address }),
    );
  }
}

function filled({ amount, nonce, series = 1, deadline = DEADLINE, order = NO_ORDER }: OrderWords) {
  return { amount, nonce, series, deadline, order };
}

function stored(
  signer: Person,
  recipient: Hex,
  terms: ReturnType<typeof filled>,
  digest: Hex,
): StoredTransfer {
  const fields = { ...terms, account: signer.address, recipient, series: [terms.series] };
  return storeTransfer(fields, signer.prove(digest));
}

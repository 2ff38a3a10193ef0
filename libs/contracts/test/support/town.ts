import { keccak256, SigningKey, toUtf8Bytes, computeAddress, type TransactionReceipt } from 'ethers';
import { packScopeRule } from '#domain';
import {
  actDigest,
  actTargetAddress,
  authoritiesDomain,
  buildIssueList,
  encodeAct,
  encodeExecute,
  encodeIssue,
  actRoleAndAmount,
  packPayment,
  packRedemption,
  paymentDigest,
  redemptionDigest,
  vouchersDomain,
  type ActArguments,
  type ActKind,
  type Hex,
  type PackedTransfer,
} from '../../src/index.js';
import { CHAIN_START, crew, officers, openEdrChain, thresholds, type EdrChain } from './edr-chain.js';

/** Someone with a key. */
export interface Person {
  readonly key: SigningKey;
  readonly address: Hex;
}

const DEADLINE = CHAIN_START + 30 * 86_400;
const NO_ORDER = `0x${'00'.repeat(32)}`;

/** People of one kind, the same in every run. */
export function people(kind: string, count: number): Person[] {
  return Array.from({ length: count }, (_unused, index) => {
    const key = new SigningKey(keccak256(toUtf8Bytes(`${kind} ${index}`)));
    return { key, address: computeAddress(key).toLowerCase() };
  });
}

/** A city (47130) in a province (47) on a chain of its own, and short words to act in it. */
export class Town {
  private actNonce = 0n;
  private issueOrders = 0;

  private constructor(readonly chain: EdrChain) {}

  static async open(): Promise<Town> {
    const town = new Town(await openEdrChain());
    await town.found('', '47');
    await town.found('47', '47130');
    return town;
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
    const { target, call } = encodeAct(kind, args);
    const act = {
      authority: args.authority,
      target: actTargetAddress(target, this.chain.deployment),
      call,
      nonce: this.actNonce,
      deadline: DEADLINE,
    };
    this.actNonce += 1n;
    const digest = actDigest(authoritiesDomain(this.chain.deployment), act);
    const ids = { governor: [1, 2], treasurer: [3, 4], registrar: [5] }[actRoleAndAmount(kind, args).role];
    const approvals = officers
      .filter(({ id }) => ids.includes(id))
      .map(({ id, wallet }) => ({ officer: id, signature: wallet.signingKey.sign(digest).serialized }));
    return encodeExecute(act, approvals);
  }

  act<K extends ActKind>(kind: K, args: ActArguments[K]): Promise<TransactionReceipt> {
    return this.chain.send(this.chain.deployment.authorities, this.signedAct(kind, args));
  }

  /** Publishes series 1, 2 …: a year from yesterday, in the city, every category, no caps. */
  async publish(): Promise<void> {
    const everyCategory = 2n ** 128n - 1n;
    await this.act('publish_series', {
      authority: '47130',
      terms: {
        validFrom: CHAIN_START - 86_400,
        validUntil: CHAIN_START + 365 * 86_400,
        paymentCap: 0n,
        dailyCap: 0n,
        holdingCap: 0n,
        budget: 10n ** 12n,
        funding: [9_000, 300, 200, 500],
        flags: 0,
        document: keccak256('0x01'),
        rules: [packScopeRule({ area: '47130', categories: everyCategory, maxSize: 255 })],
      },
    });
  }

  register(shops: readonly Person[]): Promise<TransactionReceipt> {
    return this.act('set_merchants', {
      authority: '47130',
      entries: shops.map(({ address }) => ({ merchant: address, region: '47130', category: 3, size: 1 })),
    });
  }

  /** Approves a list and brings its first chunk; the receipt is the chunk's. */
  async give(residents: readonly Person[], amount: bigint): Promise<TransactionReceipt> {
    const list = buildIssueList(residents.map(({ address }) => ({ account: address, amount })));
    await this.act('approve_issue', { authority: '47130', series: 1, total: list.total, root: list.root });
    this.issueOrders += 1;
    const [chunk] = list.chunks;
    if (chunk === undefined || list.chunks.length > 1) throw new Error('expected one chunk');
    return this.chain.send(this.chain.deployment.vouchers, encodeIssue(this.issueOrders, chunk));
  }

  payment(payer: Person, shop: Person, amount: bigint, nonce: number): PackedTransfer {
    const payment = {
      payer: payer.address,
      merchant: shop.address,
      series: 1,
      amount,
      nonce,
      deadline: DEADLINE,
      order: NO_ORDER,
    };
    const digest = paymentDigest(vouchersDomain(this.chain.deployment), payment);
    return packPayment(payment, payer.key.sign(digest).serialized);
  }

  redemption(shop: Person, amount: bigint, nonce: number): PackedTransfer {
    const redemption = {
      merchant: shop.address,
      series: 1,
      amount,
      nonce,
      deadline: DEADLINE,
      order: NO_ORDER,
    };
    const digest = redemptionDigest(vouchersDomain(this.chain.deployment), redemption);
    return packRedemption(redemption, shop.key.sign(digest).serialized);
  }
}

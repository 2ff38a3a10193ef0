import { keccak256 } from 'ethers';
import {
  judgeCancellation,
  judgeCirculation,
  judgeGift,
  judgeRefund,
  judgeVoid,
  koreanMonthIndex,
  matchSeries,
  packRegion,
  type Ruling,
  type MerchantBalanceState,
} from '#domain';
import {
  cancellationDigest,
  encodeCancel,
  encodeCancelAsMerchant,
  encodeCirculate,
  encodeGive,
  encodeRefund,
  encodeVoidPayments,
  circulationDigest,
  giftDigest,
  merchantCancellationDigest,
  refundDigest,
  storeTransfer,
  voidDigest,
  vouchersDomain,
  type Hex,
  type Receipt,
  type StoredTransfer,
} from '../../src/index.js';
import { readHolding, type Market, type MarketSeries } from './market.js';
import { proofFor, signedBy, type Spoil } from './probe.js';

/** One order, as calldata and as #domain judges it from the contract's views. */
export interface Probe {
  readonly method: 'give' | 'circulate' | 'refund' | 'voidPayments' | 'cancel' | 'cancelAsMerchant';
  readonly data: Hex;
  readonly ruling: Ruling;
}

/** A payment that a void may take back. */
export interface PaidBefore {
  readonly payer: Hex;
  readonly merchant: Hex;
  readonly series: number;
  readonly receipt: Receipt;
}

interface Words {
  readonly amount: bigint;
  readonly series: number;
  readonly nonce: number;
  readonly deadline: number;
  readonly order: Hex;
  readonly spoil: Spoil | undefined;
}

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;
const SPOILS: readonly Spoil[] = ['other account', 'amount', 'noise', 'cut', 'longer'];

/** Mostly what may settle, with an edge here and there. */
function wordsOf(market: Market, now: number, series: number, top: number, edges: readonly bigint[]): Words {
  const { chance } = market;
  const edge = chance.pick(edges);
  const near = edge + BigInt(chance.whole(-1, 1));
  const amount = chance.percent(60) ? edge : chance.percent(50) ? near : chance.amount(0n, edge);
  return {
    amount: amount < 0n ? 0n : amount,
    series: chance.percent(3) ? chance.pick([0, market.series.length + 1]) : series,
    nonce: chance.percent(90) ? top + 1 : Math.max(0, top + chance.pick([0, -1, -64, 63, 64])),
    deadline: chance.percent(95) ? now + 10 : now - chance.whole(0, 1),
    order: keccak256(Buffer.of(chance.whole(0, 255))),
    spoil: chance.percent(5) ? chance.pick(SPOILS) : undefined,
  };
}

function packed(words: Words, account: Hex, recipient: Hex, proof: Hex): StoredTransfer {
  return storeTransfer({ ...words, series: [words.series], account, recipient }, proof);
}

/** Draws orders of the other kinds; all state comes from the contract's views. */
export class OtherOrders {
  /** Merchants that will hold circulated won once the circulation is submitted. */
  private readonly receivers: Pick<PaidBefore, 'merchant' | 'series'>[];

  constructor(
    private readonly market: Market,
    private readonly paid: readonly PaidBefore[],
  ) {
    this.receivers = paid.slice(0, 1);
  }

  private get now(): number {
    return this.market.fixture.chain.now();
  }

  private get domain() {
    return vouchersDomain(this.market.fixture.chain.deployment);
  }

  async gift(): Promise<Probe> {
    const { market, now } = this;
    const { chance, residents, shops, fixture } = market;
    const giver = chance.pick(residents).address;
    const drawn = this.seriesOf(giver, ({ flags }) => (flags & 1) !== 0);
    const receiver = chance.percent(85)
      ? chance.pick(residents).address
      : chance.pick([giver, ZERO_ADDRESS, chance.pick(shops).address]);
    const there = await readHolding(fixture, drawn, giver);
    const cap = market.series[drawn - 1]?.giftCap ?? 0n;
    const words = wordsOf(market, now, drawn, there.window.top, [1_000n, 20_000n, there.balance, cap]);
    const { series: seriesId } = words;
    const digest = giftDigest(this.domain, { ...words, giver, receiver });
    const stored = packed(words, giver, receiver, this.prove(giver, digest, words.spoil));
    const purchases = await fixture.readAll('purchases', [packRegion('47'), receiver]);
    const ruling = judgeGift({
      ...words,
      now,
      seriesId,
      series: market.series[seriesId - 1],
      giver,
      receiver,
      account: market.account(giver),
      holding: await readHolding(fixture, seriesId, giver),
      to: {
        frozenUntil: market.account(receiver).frozenUntil,
        isContract: false,
        company: market.account(receiver).company,
        merchantStatus: market.merchants.get(receiver)?.status ?? 0,
        balance: (await readHolding(fixture, seriesId, receiver)).balance,
        gifts: { month: koreanMonthIndex(now), amount: BigInt(purchases.giftsInMonth) },
      },
      signedBy: this.signed(stored, digest, giver),
    });
    return { method: 'give', data: encodeGive([stored]), ruling };
  }

  async circulation(): Promise<Probe> {
    const { market, now } = this;
    const { chance, shops } = market;
    const { merchant, series: had } = chance.pick(chance.percent(60) ? this.paid : this.receivers);
    const sender = chance.percent(90) ? merchant : chance.pick(shops).address;
    const circulating = this.paid.filter(({ series }) => (market.series[series - 1]?.hops ?? 0) > 0);
    const hopping = chance.percent(70) ? circulating.filter((paid) => paid.merchant === sender) : [];
    const drawn = hopping.length > 0 ? chance.pick(hopping).series : had;
    const fitting = shops.filter(({ address }) => {
      const shop = market.merchants.get(address);
      return (
        shop?.status === 1 &&
        matchSeries({ id: drawn, rules: market.series[drawn - 1]?.rules ?? [] }, shop).ok
      );
    });
    const candidates = chance.percent(80) && fitting.length > 0 ? fitting : shops;
    const recipient = chance.percent(95) ? chance.pick(candidates).address : sender;
    const there = await this.merchantBalance(drawn, sender);
    const whole = there.byHop.reduce((sum, part) => sum + part, there.balance);
    const edges = [there.balance / 2n, there.balance, whole, whole, 1n];
    const words = wordsOf(market, now, drawn, there.window.top, edges);
    const { series: seriesId } = words;
    const digest = circulationDigest(this.domain, { ...words, merchant: sender, recipient });
    const stored = packed(words, sender, recipient, this.prove(sender, digest, words.spoil));
    const ruling = judgeCirculation({
      ...words,
      now,
      seriesId,
      series: market.series[seriesId - 1],
      sender,
      recipient,
      account: market.account(sender),
      senderMerchant: market.merchants.get(sender),
      recipientMerchant: market.merchants.get(recipient),
      merchantBalance: await this.merchantBalance(seriesId, sender),
      signedBy: this.signed(stored, digest, sender),
    });
    if (ruling.ok) this.receivers.push({ merchant: recipient, series: seriesId });
    return { method: 'circulate', data: encodeCirculate([stored]), ruling };
  }

  async refund(): Promise<Probe> {
    const { market, now } = this;
    const account = market.chance.pick(market.residents).address;
    const drawn = this.seriesOf(account, () => true);
    const there = await readHolding(market.fixture, drawn, account);
    const words = wordsOf(market, now, drawn, there.window.top, [there.balance]);
    const { series: seriesId } = words;
    const digest = refundDigest(this.domain, { ...words, account });
    const stored = packed(words, account, ZERO_ADDRESS, this.prove(account, digest, words.spoil));
    const ruling = judgeRefund({
      ...words,
      now,
      seriesId,
      series: market.series[seriesId - 1],
      account: market.account(account),
      holding: await readHolding(market.fixture, seriesId, account),
      signedBy: this.signed(stored, digest, account),
    });
    return { method: 'refund', data: encodeRefund([stored]), ruling };
  }

  async voiding(): Promise<Probe> {
    const { market, now } = this;
    const { chance, fixture } = market;
    const { payer, merchant, series: paidIn, receipt } = chance.pick(this.paid);
    const there = await this.merchantBalance(paidIn, merchant);
    const edges = [receipt.amount, receipt.amount / 2n, there.balance];
    const words = wordsOf(market, now, paidIn, there.window.top, edges);
    const { series: seriesId } = words;
    const claimed = chance.percent(90) ? receipt : this.spoiltReceipt(receipt);
    const digest = voidDigest(this.domain, { ...words, payment: claimed.id, merchant });
    const stored = packed(words, merchant, payer, this.prove(merchant, digest, words.spoil));
    const ruling = judgeVoid({
      ...words,
      now,
      seriesId,
      seriesKnown: market.series[seriesId - 1] !== undefined,
      receipt: {
        batch: Number(claimed.batch),
        proven: claimed === receipt && seriesId === paidIn,
        amount: claimed.amount,
        day: claimed.day,
        voided: BigInt(String(await fixture.read('voided', [claimed.id, seriesId]))),
      },
      merchantBalance: await this.merchantBalance(seriesId, merchant),
      signedBy: this.signed(stored, digest, merchant),
    });
    return { method: 'voidPayments', data: encodeVoidPayments([{ stored, receipt: claimed }]), ruling };
  }

  /** Of a holding, or of a merchant balance. */
  async cancellation(): Promise<Probe> {
    const { market, now } = this;
    const { chance } = market;
    const asMerchant = chance.percent(50);
    const paid = chance.pick(this.paid);
    const account = asMerchant ? paid.merchant : paid.payer;
    const { top } = await this.windowOf(asMerchant, paid.series, account);
    const drawn = wordsOf(market, now, paid.series, top, [1n, 5n, 64n]);
    // Now and then the one that was used last.
    const again = chance.percent(15);
    const nonce = again ? top : Math.max(0, top + chance.whole(-70, 66));
    const words = { ...drawn, nonce, amount: again ? 1n : drawn.amount };
    const { series: seriesId, amount: count } = words;
    const digest = asMerchant
      ? merchantCancellationDigest(this.domain, { ...words, count: Number(count), merchant: account })
      : cancellationDigest(this.domain, { ...words, count: Number(count), account });
    const stored = packed(words, account, ZERO_ADDRESS, this.prove(account, digest, words.spoil));
    const ruling = judgeCancellation({
      ...words,
      count,
      now,
      seriesId,
      seriesKnown: market.series[seriesId - 1] !== undefined,
      window: await this.windowOf(asMerchant, seriesId, account),
      signedBy: this.signed(stored, digest, account),
    });
    return asMerchant
      ? { method: 'cancelAsMerchant', data: encodeCancelAsMerchant([stored]), ruling }
      : { method: 'cancel', data: encodeCancel([stored]), ruling };
  }

  private async windowOf(asMerchant: boolean, series: number, account: Hex) {
    if (asMerchant) return (await this.merchantBalance(series, account)).window;
    return (await readHolding(this.market.fixture, series, account)).window;
  }

  private spoiltReceipt(receipt: Receipt): Receipt {
    return this.market.chance.pick([
      { ...receipt, amount: receipt.amount + 1n },
      { ...receipt, day: receipt.day + 1 },
      { ...receipt, batch: receipt.batch + 1_000n },
      { ...receipt, branch: receipt.branch.slice(1) },
      { ...receipt, id: `0x${'11'.repeat(32)}` },
    ]);
  }

  /** A series of which this resident has something, most often one of those that fit. */
  private seriesOf(account: Hex, fits: (series: MarketSeries) => boolean): number {
    const { chance, series } = this.market;
    const held = this.market.seriesHeldBy(account);
    const fitting = held.filter(fits);
    if (fitting.length > 0 && chance.percent(85)) return chance.pick(fitting).id;
    return held.length > 0 ? chance.pick(held).id : chance.pick(series).id;
  }

  private async merchantBalance(series: number, merchant: Hex): Promise<MerchantBalanceState> {
    const taken = await this.market.fixture.readStruct('merchantBalance', [series, merchant]);
    const [one, two, three] = [...taken.byHop].map((part) => BigInt(part));
    return {
      balance: BigInt(taken.balance),
      byHop: [one ?? 0n, two ?? 0n, three ?? 0n],
      window: { top: Number(taken.top), bitmap: BigInt(taken.window) },
    };
  }

  /** With 'amount' the key signs something else. */
  private prove(account: Hex, digest: Hex, spoil: Spoil | undefined): Hex {
    return proofFor(this.market, account, spoil === 'amount' ? keccak256(digest) : digest, spoil);
  }

  private signed(stored: StoredTransfer, digest: Hex, account: Hex) {
    return signedBy(this.market, digest, account, stored, this.now);
  }
}

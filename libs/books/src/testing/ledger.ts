import { koreanDayIndex } from '#domain';
import type { IndexedEvent } from '#indexer';

/** Won of a merchant by hops: 0 = taken from residents. */
type ByHop = [bigint, bigint, bigint, bigint];

export interface ModelHolding {
  balance: bigint;
  received: bigint;
  top: number;
  bits: bigint;
  day: number;
  spentToday: bigint;
  receivedDay: number;
}
export interface ModelMerchantBalance {
  byHop: ByHop;
  top: number;
  bits: bigint;
}
export interface ModelSeries {
  readonly dailyCaps: readonly [bigint, bigint, bigint];
  readonly hops: number;
}
type Body = Record<string, unknown> & { readonly name: string };
interface Part {
  readonly payment: string;
  readonly series: number;
  readonly payer: string;
  readonly merchant: string;
  readonly day: number;
  left: bigint;
}

const ZERO_HASH = `0x${'00'.repeat(32)}`;
const WINDOW = 2n ** 64n - 1n;

/** A hash that no other number gives. */
export const hashOf = (number: number | bigint): string => `0x${number.toString(16).padStart(64, '0')}`;
export const addressOf = (number: number): string => `0x${number.toString(16).padStart(40, '0')}`;

/**
 * Event by event what the contracts keep (packed holdings and merchant balances, allowances, hops), so that the tables can be
 * compared with it without a chain. It emits events; the caller decides which.
 */
export class ModelLedger {
  readonly events: IndexedEvent[] = [];
  readonly blocks: { number: bigint; timestamp: number }[] = [];
  readonly holdings = new Map<string, ModelHolding>();
  readonly merchantBalances = new Map<string, ModelMerchantBalance>();
  readonly parts: Part[] = [];
  readonly redemptions: { id: string; series: number; merchant: string; amount: bigint }[] = [];
  private readonly tiers = new Map<string, number>();
  private readonly changes = new Map<string, number>();
  private ids = 1_000n;
  private logIndex = 0;
  private batches = 0;

  constructor(
    private readonly series: ReadonlyMap<number, ModelSeries>,
    private timestamp: number,
  ) {}

  get day(): number {
    return koreanDayIndex(this.timestamp);
  }

  nextBlock(seconds: number): void {
    this.timestamp += seconds;
    this.logIndex = 0;
    this.blocks.push({ number: BigInt(this.blocks.length + 1), timestamp: this.timestamp });
  }

  emit(body: Body): void {
    const place = {
      blockNumber: BigInt(this.blocks.length),
      logIndex: this.logIndex++,
      txHash: hashOf(this.blocks.length),
      timestamp: this.timestamp,
    };
    // The names and fields are those of the contracts' events; the tables would miss a wrong one.
    this.events.push({ ...body, ...place } as unknown as IndexedEvent);
  }

  holding(series: number, account: string): ModelHolding {
    const key = `${series} ${account}`;
    const known = this.holdings.get(key);
    if (known) return known;
    const fresh = { balance: 0n, received: 0n, top: 0, bits: 0n, day: 0, spentToday: 0n, receivedDay: 0 };
    this.holdings.set(key, fresh);
    return fresh;
  }

  merchantBalance(series: number, merchant: string): ModelMerchantBalance {
    const key = `${series} ${merchant}`;
    const known = this.merchantBalances.get(key);
    if (known) return known;
    const fresh: ModelMerchantBalance = { byHop: [0n, 0n, 0n, 0n], top: 0, bits: 0n };
    this.merchantBalances.set(key, fresh);
    return fresh;
  }

  attest(account: string, tier: number, company: boolean): void {
    this.tiers.set(account, company ? 2 : tier);
    this.emit({ name: 'AccountAttested', account, authority: '47130', home: '47130', tier, company });
  }

  changeKeys(account: string, keys: string): void {
    const change = (this.changes.get(account) ?? 0) + 1;
    this.changes.set(account, change);
    this.emit({ name: 'KeysChanged', account, change, keys });
  }

  issue(series: number, account: string, amount: bigint): void {
    this.receive(series, account, amount);
    this.emit({ name: 'Issued', issueOrder: series, series, account, amount });
  }

  /** @param parts series with the won that each gives; the first one's holding counts the nonce */
  pay(parts: readonly (readonly [number, bigint])[], payer: string, merchant: string): void {
    const payment = this.id();
    let nonce = 0;
    parts.forEach(([series, amount], index) => {
      const held = this.holding(series, payer);
      held.balance -= amount;
      if (index === 0) nonce = this.use(held);
      this.spend(series, payer, amount);
      this.merchantBalance(series, merchant).byHop[0] += amount;
      this.emit({ name: 'Paid', payment, series, payer, merchant, amount, ...this.signed(nonce) });
      this.parts.push({ payment, series, payer, merchant, day: this.day, left: amount });
    });
    this.storeReceipts();
  }

  takeBack(part: Part, amount: bigint): void {
    const { payment, series, payer, merchant } = part;
    part.left -= amount;
    const taken = this.merchantBalance(series, merchant);
    taken.byHop[0] -= amount;
    const nonce = this.use(taken);
    const held = this.holding(series, payer);
    held.balance += amount;
    if (held.received < held.balance) held.received = held.balance;
    if (part.day === this.day) {
      const spent = held.day === this.day ? held.spentToday : 0n;
      held.spentToday = spent > amount ? spent - amount : 0n;
      held.day = this.day;
    }
    const shared = { series, payer, merchant, amount, ...this.signed(nonce) };
    this.emit({ name: 'Voided', voidId: this.id(), payment, ...shared });
  }

  give(series: number, giver: string, receiver: string, amount: bigint): void {
    const held = this.holding(series, giver);
    held.balance -= amount;
    held.received -= amount;
    const nonce = this.use(held);
    this.spend(series, giver, amount);
    this.receive(series, receiver, amount);
    this.emit({ name: 'Given', gift: this.id(), series, giver, receiver, amount, nonce, order: ZERO_HASH });
  }

  circulate(series: number, merchant: string, recipient: string, amount: bigint): void {
    const hops = this.series.get(series)?.hops ?? 0;
    const from = this.merchantBalance(series, merchant);
    const to = this.merchantBalance(series, recipient);
    let rest = amount;
    for (let hop = hops - 1; hop >= 0; hop--) {
      const part = least(from.byHop[hop] ?? 0n, rest);
      from.byHop[hop] = (from.byHop[hop] ?? 0n) - part;
      to.byHop[hop + 1] = (to.byHop[hop + 1] ?? 0n) + part;
      rest -= part;
    }
    const nonce = this.use(from);
    const shared = { series, merchant, recipient, amount, ...this.signed(nonce) };
    this.emit({ name: 'Circulated', circulation: this.id(), ...shared });
  }

  redeem(series: number, merchant: string, amount: bigint, byRun: boolean): void {
    const taken = this.merchantBalance(series, merchant);
    let rest = amount;
    for (let hop = 3; hop >= 0; hop--) {
      const part = least(taken.byHop[hop] ?? 0n, rest);
      taken.byHop[hop] = (taken.byHop[hop] ?? 0n) - part;
      rest -= part;
    }
    const redemption = this.id();
    const nonce = byRun ? 0 : this.use(taken);
    this.emit({ name: 'Redeemed', redemption, series, merchant, amount, nonce, order: ZERO_HASH });
    this.redemptions.push({ id: redemption, series, merchant, amount });
    this.storeReceipts();
  }

  giveBackRedemption(at: number): void {
    const [redemption] = this.redemptions.splice(at, 1);
    if (!redemption) return;
    const { id, series, merchant, amount } = redemption;
    this.merchantBalance(series, merchant).byHop[0] += amount;
    this.emit({ name: 'RedemptionReturned', redemption: id, series, merchant, amount });
  }

  refund(series: number, account: string, shareBp: bigint): void {
    const held = this.holding(series, account);
    const amount = held.balance;
    held.received = 0n;
    held.balance = 0n;
    const nonce = this.use(held);
    const own = (amount * shareBp) / 10_000n;
    const shared = { series, account, amount, own, nonce, order: ZERO_HASH };
    this.emit({ name: 'Refunded', refund: this.id(), ...shared });
  }

  /** Uses up the `count` nonces that end `ahead` above the highest one; of a holding, or of a merchant balance. */
  cancel(series: number, who: string, asMerchant: boolean, ahead: number, count: number): void {
    const window = asMerchant ? this.merchantBalance(series, who) : this.holding(series, who);
    const nonce = Math.max(1, window.top + ahead);
    const top = Math.max(window.top, nonce);
    const range = (1n << BigInt(Math.min(count, nonce, 64))) - 1n;
    window.bits = ((window.bits << BigInt(top - window.top)) | (range << BigInt(top - nonce))) & WINDOW;
    window.top = top;
    const shared = { series, count: BigInt(Math.min(count, nonce)), nonce, order: ZERO_HASH };
    const cancellation = this.id();
    if (asMerchant) this.emit({ name: 'MerchantCancelled', cancellation, merchant: who, ...shared });
    else this.emit({ name: 'Cancelled', cancellation, account: who, ...shared });
  }

  expire(series: number, account: string): void {
    const held = this.holding(series, account);
    this.emit({ name: 'Expired', series, account, amount: held.balance });
    held.received -= held.balance;
    held.balance = 0n;
  }

  id(): string {
    return hashOf(this.ids++);
  }

  /** Some by device keys. */
  private signed(nonce: number) {
    return { nonce, byDevice: nonce % 3 === 0, order: ZERO_HASH };
  }

  private receive(series: number, account: string, amount: bigint): void {
    const held = this.holding(series, account);
    held.balance += amount;
    held.received += amount;
    held.receivedDay = this.day;
  }

  private spend(series: number, account: string, amount: bigint): void {
    const cap = this.series.get(series)?.dailyCaps[this.tiers.get(account) ?? 0] ?? 0n;
    if (cap === 0n) return;
    const held = this.holding(series, account);
    held.spentToday = (held.day === this.day ? held.spentToday : 0n) + amount;
    held.day = this.day;
  }

  /** Some nonces come late, some leave a gap. */
  private use(window: { top: number; bits: bigint }): number {
    const late = window.top - 3;
    if (this.ids % 5n === 0n && late > 0 && ((window.bits >> 3n) & 1n) === 0n) {
      window.bits |= 8n;
      return late;
    }
    const step = this.ids % 7n === 0n ? 63n : 1n + (this.ids % 3n);
    window.top += Number(step);
    window.bits = ((window.bits << step) & WINDOW) | 1n;
    return window.top;
  }

  private storeReceipts(): void {
    this.emit({ name: 'ReceiptsStored', batch: ++this.batches, root: hashOf(this.batches) });
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

import { Wallet, getCreateAddress, id as keccakOf, type TransactionLike } from 'ethers';
import type { Dice } from './dice.js';
import { BIRTHS, CONTRACT, DEEDS, ENDINGS, inputOf } from './strangers-contract.js';

const GAS_MAX = 16_000_000;
/** The largest number of a precompile before Osaka's P256VERIFY, which is at 0x100. */
const PRECOMPILES = 0x11;
/** History of block hashes, beacon roots, withdrawals, consolidations: code or not, anybody may call them. */
const SYSTEM = [
  '0x0000f90827f1c53a10cb7a02335b175320002935',
  '0x000f3df6d732807ef1319fb7b8bb8522d0beac02',
  '0x00000961ef480eb55e80d19ad83579a64c007002',
  '0x0000bbddc7ce488642fb579f8b00f3a590007251',
];

/** What the strangers send. */
export interface Sent {
  readonly raw: string;
  readonly what: string;
}

/**
 * People who use the chain for themselves: whatever a transaction without a price can do, as a seed decides. They
 * have no coins, since the chain has none.
 */
export class Strangers {
  private readonly wallets: readonly Wallet[];
  private readonly nonces = new Map<Wallet, number>();
  /** Nonces that were left out, to be filled later. */
  private readonly gaps: { wallet: Wallet; nonce: number }[] = [];
  /** Contracts of theirs, some of which never came to be. */
  private readonly contracts: string[] = [];

  constructor(
    private readonly dice: Dice,
    private readonly chainId: number,
    /** Contracts of others that they know of. */
    private readonly known: readonly string[] = [],
    count = 6,
  ) {
    this.wallets = Array.from(
      { length: count },
      (_, index) => new Wallet(keccakOf(`stranger ${dice.next()} ${index}`)),
    );
  }

  /** The first transactions: contracts for the others to use. */
  async settle(): Promise<Sent[]> {
    const sent: Sent[] = [];
    for (const wallet of this.wallets.slice(0, 3)) {
      const nonce = this.take(wallet);
      this.contracts.push(getCreateAddress({ from: wallet.address, nonce }));
      sent.push(await this.sign(wallet, { nonce, data: `0x${CONTRACT}` }, 'deploys'));
    }
    return sent;
  }

  /** Who they are. */
  get addresses(): readonly string[] {
    return this.wallets.map(({ address }) => address);
  }

  /**
   * What the chain says of their nonces: an authorisation that did not count, or a refused transaction, leaves theirs
   * wrong, and everything after that would wait for ever.
   */
  learn(address: string, nonce: number): void {
    const wallet = this.wallets.find((one) => one.address === address);
    if (wallet === undefined || this.gaps.some((gap) => gap.wallet === wallet)) return;
    this.nonces.set(wallet, nonce);
  }

  /** The next transactions, usually one. */
  async next(): Promise<Sent[]> {
    const { dice } = this;
    const gap = this.gaps.length > 0 && dice.percent(30) ? this.gaps.shift() : undefined;
    if (gap !== undefined)
      return [await this.sign(gap.wallet, { nonce: gap.nonce, to: this.anybody() }, 'fills a gap')];
    const wallet = dice.pick(this.wallets);
    if (dice.percent(8)) {
      this.gaps.push({ wallet, nonce: this.take(wallet) });
      const nonce = this.take(wallet);
      return [await this.sign(wallet, { nonce, to: this.anybody() }, 'leaves a gap')];
    }
    const wish = this.wish(wallet);
    // It is refused, so its nonce stays free.
    const nonce = wish.tx.value === undefined ? this.take(wallet) : (this.nonces.get(wallet) ?? 0);
    if (wish.tx.to === undefined) this.contracts.push(getCreateAddress({ from: wallet.address, nonce }));
    const sent = [await this.sign(wallet, { ...wish.tx, nonce }, wish.what)];
    // The same place twice: one of them is refused.
    if (dice.percent(5))
      sent.push(await this.sign(wallet, { nonce, to: this.anybody() }, 'competes with itself'));
    return sent;
  }

  /** Transactions that use all the gas that one may have: time for the node, now and in every replay. */
  async exhaust(count: number): Promise<Sent[]> {
    const wallet = this.dice.pick(this.wallets);
    const data = `0x${inputOf('loop', 0n, 0n, 'stop')}`;
    const sent: Sent[] = [];
    for (let index = 0; index < count; index += 1) {
      const tx = { to: this.contracts[0], data, gasLimit: GAS_MAX, nonce: this.take(wallet) };
      sent.push(await this.sign(wallet, tx, 'runs out of gas'));
    }
    return sent;
  }

  private wish(wallet: Wallet): { tx: TransactionLike; what: string } {
    const { dice } = this;
    switch (dice.whole(0, 8)) {
      case 0:
        return { tx: { to: dice.percent(30) ? wallet.address : this.anybody() }, what: 'transfers nothing' };
      case 1:
        return { tx: { to: this.anybody(), value: 1n }, what: 'transfers what it has not' };
      case 2:
        return { tx: { data: `0x${dice.pick(BIRTHS)}`, gasLimit: this.gas(5_000_000) }, what: 'creates' };
      case 3:
        return { tx: { to: this.precompile(), data: this.bytes() }, what: 'calls a precompile' };
      case 4:
        return this.authorises(wallet);
      case 5: {
        // A list warms accounts and slots, which reads them.
        const address = this.anybody();
        const storageKeys = [this.slot(), this.slot()];
        const accessList = [{ address, storageKeys }];
        return { tx: { ...this.call(), type: dice.pick([1, 2]), accessList }, what: 'calls with a list' };
      }
      default:
        return { tx: this.call(), what: 'calls' };
    }
  }

  private authorises(wallet: Wallet): { tx: TransactionLike; what: string } {
    const { dice } = this;
    const authorizationList = Array.from({ length: dice.between(1, 2) }, () => {
      const authority = dice.pick(this.wallets);
      const next = this.nonces.get(authority) ?? 0;
      // Who sends it as well has used one more nonce by then.
      const own = authority === wallet ? 1 : 0;
      const isRight = dice.percent(75);
      const nonce = isRight ? next + own : dice.whole(0, 5);
      if (isRight && authority !== wallet) this.nonces.set(authority, next + 1);
      return authority.authorizeSync({
        address: dice.pick([
          ...this.contracts,
          ...this.known,
          this.precompile(),
          this.random(),
          `0x${'0'.repeat(40)}`,
        ]),
        nonce: BigInt(nonce),
        chainId: BigInt(dice.pick([this.chainId, this.chainId, 0, 5])),
      });
    });
    return { tx: { ...this.call(), type: 4, authorizationList }, what: 'authorises' };
  }

  /** A call of one of their contracts, or of anybody in the same way. */
  private call(): TransactionLike {
    const { dice } = this;
    const to = dice.percent(70) ? dice.pick(this.contracts) : this.anybody();
    return { to, data: `0x${this.input(2)}`, gasLimit: this.gas(1_000_000) };
  }

  private input(depth: number): string {
    const { dice } = this;
    const deed = dice.pick(DEEDS);
    const isCall = deed === 'call' || deed === 'delegate' || deed === 'static';
    const target = isCall && depth > 0 && dice.percent(60) ? dice.pick(this.contracts) : this.anybody();
    const first = isCall || deed === 'look' || deed === 'destroy' ? target : this.slot();
    // How many blocks ago, which salt, or what value.
    const second = deed === 'remember' ? dice.between(0, 300) : dice.whole(0, 3);
    const ending = dice.percent(40) ? 'stop' : dice.pick(ENDINGS);
    const rest = deed.startsWith('create')
      ? dice.pick(BIRTHS)
      : isCall && depth > 0
        ? this.input(depth - 1)
        : '';
    return inputOf(deed, BigInt(first), BigInt(second), ending, rest);
  }

  private anybody(): string {
    const { dice } = this;
    const one = dice.pick(this.wallets).address;
    return dice.pick([
      this.random(),
      this.random(),
      one,
      dice.pick([...this.contracts, ...this.known, one]),
      this.precompile(),
      dice.pick(SYSTEM),
    ]);
  }

  private precompile(): string {
    const number = this.dice.percent(15) ? 0x100 : this.dice.between(0, PRECOMPILES + 1);
    return `0x${number.toString(16).padStart(40, '0')}`;
  }

  /** Few, so that they are met again. */
  private random(): string {
    return `0x${keccakOf(`stranger ${this.dice.whole(0, 60)}`).slice(-40)}`;
  }

  private slot(): string {
    const { dice } = this;
    return dice.percent(50)
      ? `0x${dice.whole(0, 12).toString(16).padStart(64, '0')}`
      : keccakOf(`slot ${dice.whole(0, 60)}`);
  }

  private bytes(): string {
    const text = keccakOf(String(this.dice.next())).slice(2).repeat(this.dice.between(0, 7));
    return `0x${text.slice(0, this.dice.between(0, text.length / 2) * 2)}`;
  }

  /** Now and then so little that it runs out. */
  private gas(enough: number): number {
    return this.dice.percent(15)
      ? this.dice.between(21_000, 60_000)
      : this.dice.percent(3)
        ? GAS_MAX
        : enough;
  }

  private take(wallet: Wallet): number {
    const nonce = this.nonces.get(wallet) ?? 0;
    this.nonces.set(wallet, nonce + 1);
    return nonce;
  }

  private async sign(wallet: Wallet, tx: TransactionLike, what: string): Promise<Sent> {
    const type = tx.type ?? 0;
    const price = type === 2 || type === 4 ? { maxFeePerGas: 0, maxPriorityFeePerGas: 0 } : { gasPrice: 0 };
    const raw = await wallet.signTransaction({
      gasLimit: 2_000_000,
      ...tx,
      ...price,
      type,
      chainId: this.chainId,
    });
    return { raw, what };
  }
}

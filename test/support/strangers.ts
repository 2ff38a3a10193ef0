import { Wallet, getCreateAddress, id as keccakOf, type TransactionLike } from 'ethers';
import { assemble, deploying } from './assembler.js';
import type { Dice } from './dice.js';

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

/** What the strangers' contract does; the first word of its input. */
const DEEDS = [
  'read',
  'write',
  'look',
  'remember',
  'call',
  'create',
  'create2',
  'destroy',
  'loop',
  'log',
  'delegate',
  'static',
] as const;
type Deed = (typeof DEEDS)[number];
/** How it ends; the fourth word. */
const ENDINGS = ['stop', 'revert', 'invalid'] as const;

const word = (index: number) => [index * 32, 'CALLDATALOAD'] as const;
/** What follows the fourth word lies at 0 in memory; its length is on the stack. */
const REST = [128, 'CALLDATASIZE', 'SUB'] as const;
const copyRest = [...REST, 128, 0, 'CALLDATACOPY'] as const;

/** Runtime of a contract that does what its caller wants: (deed, a, b, ending, rest…). */
const CONTRACT = assemble(
  ...DEEDS.flatMap((deed, index) => [...word(0), index, 'EQ', `@${deed}`, 'JUMPI']),
  ':end',
  ...[...word(3), 1, 'EQ', '@revert', 'JUMPI', ...word(3), 2, 'EQ', '@invalid', 'JUMPI', 'STOP'],
  ...[':revert', 0, 0, 'REVERT', ':invalid', 'INVALID'],
  ...[':read', ...word(1), 'SLOAD', 'POP', ...word(2), 'SLOAD', 'POP', ...word(1), 'TLOAD', 'POP'],
  ...['@end', 'JUMP'],
  ...[':write', ...word(2), ...word(1), 'SSTORE', ...word(2), ...word(1), 'TSTORE', '@end', 'JUMP'],
  ...[
    ':look',
    ...word(1),
    'EXTCODESIZE',
    'POP',
    ...word(1),
    'EXTCODEHASH',
    'POP',
    ...word(1),
    'BALANCE',
    'POP',
  ],
  ...['@end', 'JUMP'],
  ':remember',
  ...[...word(2), 'NUMBER', 'SUB', 'BLOCKHASH', ...word(1), 'SSTORE'],
  ...[
    'PREVRANDAO',
    'TIMESTAMP',
    'XOR',
    'BASEFEE',
    'XOR',
    'BLOBBASEFEE',
    'XOR',
    'COINBASE',
    'XOR',
    'GASLIMIT',
    'XOR',
  ],
  ...['CHAINID', 'XOR', 'SELFBALANCE', 'XOR', 1, ...word(1), 'ADD', 'SSTORE', '@end', 'JUMP'],
  ...[':call', ...copyRest, 0, 0, ...REST, 0, 0, ...word(1), 'GAS', 'CALL', 'POP', '@end', 'JUMP'],
  ...[':create', ...copyRest, ...REST, 0, 0, 'CREATE', 'POP', '@end', 'JUMP'],
  ...[':create2', ...copyRest, ...word(2), ...REST, 0, 0, 'CREATE2', 'POP', '@end', 'JUMP'],
  ...[':destroy', ...word(1), 'SELFDESTRUCT'],
  ...[':loop', '@loop', 'JUMP'],
  ...[':log', ...word(2), 0, 'MSTORE', ...word(1), 32, 0, 'LOG1', '@end', 'JUMP'],
  ...[':delegate', ...copyRest, 0, 0, ...REST, 0, ...word(1), 'GAS', 'DELEGATECALL', 'POP', '@end', 'JUMP'],
  ...[':static', ...copyRest, 0, 0, ...REST, 0, ...word(1), 'GAS', 'STATICCALL', 'POP', '@end', 'JUMP'],
);

/** Init codes that fail, leave something odd, or end themselves. */
const BIRTHS = [
  deploying(CONTRACT),
  deploying(''),
  deploying('ef00'),
  deploying('00'.repeat(25_000)),
  assemble(0, 0, 'REVERT'),
  'fe',
  '',
  assemble('CALLER', 'SELFDESTRUCT'),
  assemble('ADDRESS', 'SELFDESTRUCT'),
  assemble(1, 7, 'SSTORE', 'CALLER', 'SELFDESTRUCT'),
  assemble(1, 7, 'SSTORE', 9, 'SLOAD', 'POP', 0, 0, 'REVERT'),
  assemble(5, 8, 'SSTORE', 0, 8, 'SSTORE', 3, 'SLOAD', 'POP'),
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
      sent.push(await this.sign(wallet, { nonce, data: `0x${deploying(CONTRACT)}` }, 'deploys'));
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
    const deed: Deed = dice.pick(DEEDS);
    const nested = deed === 'call' || deed === 'delegate' || deed === 'static';
    const target = nested && depth > 0 && dice.percent(60) ? dice.pick(this.contracts) : this.anybody();
    const first = ['look', 'destroy', 'call', 'delegate', 'static'].includes(deed) ? target : this.slot();
    const second =
      deed === 'remember' ? dice.between(0, 300) : deed === 'create2' ? dice.between(0, 3) : dice.whole(0, 3);
    const ending = dice.pick([0, 0, 1, 1, 2]);
    const words = [DEEDS.indexOf(deed), BigInt(first), second, ending % ENDINGS.length];
    const rest =
      nested && depth > 0 ? this.input(depth - 1) : deed.startsWith('create') ? dice.pick(BIRTHS) : '';
    return words.map((value) => BigInt(value).toString(16).padStart(64, '0')).join('') + rest;
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
    return `0x${keccakOf(`nobody ${this.dice.whole(0, 60)}`).slice(-40)}`;
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

import { keccak256, toUtf8Bytes, type TransactionReceipt } from 'ethers';
import { FIRST_KEYS_MAX, OPENED_MAX } from '#domain';
import {
  BATCH_MAX,
  consentBytes,
  consentDigest,
  encodeCirculate,
  encodeKeyRing,
  encodeGive,
  encodePay,
  encodeRedeem,
  encodeRefund,
  encodeVoidPayments,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  RING_KEYS_MAX,
  vouchersDomain,
  walletKeyId,
  type Consent,
  type Hex,
  type StoredTransfer,
} from '../../src/index.js';
import {
  keylessAccount,
  device,
  passkey,
  people,
  ringAccount,
  wallet,
  type Person,
} from '../../../../test/support/signing-keys.js';
import { receiptsOf } from './receipts.js';
import { ContractsFixture, DEADLINE } from './contracts-fixture.js';
import { CHAIN_START } from './test-chain.js';

/** Gas of one transaction, calldata included, and its share per item (rounded up). */
export interface GasFigure {
  readonly gas: number;
  readonly items: number;
  readonly perItem: number;
  /** what an item should cost at most, where there is a target (onchain design) */
  readonly target?: number;
  /** by how much the target is missed */
  readonly above?: number;
}

export type GasSnapshot = Record<string, GasFigure>;

const HALF = BATCH_MAX / 2;
/** Longest batches with longer proofs that fit a transaction. */
const VOIDS = 150;
const PASSKEYS = 150;
/** Series of the fixture. CAPPED gives 1,000 won to a payment at most, LATER expires after it. */
const SERIES = { plain: 1, capped: 2, later: 3, sold: 4 } as const;
const FUND = 500_000n;
const PRICE = 5_000n;
const withoutKeys = (role: 'merchant' | 'resident') =>
  Array.from({ length: OPENED_MAX }, (_unused, index) =>
    keylessAccount({ authority: '47130', role, salt: keccak256(toUtf8Bytes(`${role} ${index}`)) }),
  );
const KEYLESS = withoutKeys('merchant');
const OPENED = withoutKeys('resident');

/** A ring of so many wallets' keys, all of them owners. */
function ringOf(keys: number): Hex {
  const owners = people('first key', keys).map(({ address }) => ({
    right: 'owner' as const,
    id: walletKeyId(address),
  }));
  return encodeKeyRing({ dailyLimit: 0n, keys: owners });
}

function figure({ gasUsed }: TransactionReceipt, items: number, target?: number): GasFigure {
  const gas = Number(gasUsed);
  const perItem = Math.ceil(gas / items);
  if (target === undefined) return { gas, items, perItem };
  return { gas, items, perItem, target, ...(perItem > target && { above: perItem - target }) };
}

/** Real transactions on an in-process chain with Osaka's rules, each in a block of its own. */
export async function measureGas(): Promise<GasSnapshot> {
  const fixture = await ContractsFixture.open();
  try {
    return await new Measurement(fixture).run();
  } finally {
    await fixture.close();
  }
}

/** One fixture for all measurements; every account's nonces count on through all of them. */
class Measurement {
  private readonly residents = people('resident', BATCH_MAX);
  private readonly shops = people('shop', BATCH_MAX);
  private readonly shop = wallet('shop 0');
  private nonce = 0;

  constructor(private readonly fixture: ContractsFixture) {}

  async run(): Promise<GasSnapshot> {
    const { fixture } = this;
    await fixture.publish({ flags: 1, hops: 3 });
    await fixture.publish({ paymentCap: 1_000n });
    await fixture.publish();
    await fixture.publish({ flags: 2, monthCap: 10n ** 9n, yearCap: 10n ** 10n });
    return {
      ...(await this.acts()),
      ...(await this.issue()),
      ...(await this.pay()),
      ...(await this.payFromTwo()),
      ...(await this.payWithKeys()),
      ...(await this.merchantBalance()),
      ...(await this.residentsOnly()),
      ...(await this.moves()),
    };
  }

  private async acts(): Promise<GasSnapshot> {
    const { fixture, shops } = this;
    const budget = await fixture.act('set_budget', {
      authority: '47130',
      series: 1,
      budget: 2n * 10n ** 12n,
    });
    const registered = await fixture.register(shops.slice(0, OPENED_MAX));
    await fixture.register(shops.slice(OPENED_MAX));
    const without = await fixture.register(KEYLESS);
    const again = await fixture.register(shops);
    const attested = await fixture.attest(OPENED);
    const firstKeys = (accounts: readonly { readonly address: Hex }[], keys: number) =>
      fixture.act('set_first_keys', {
        authority: '47130',
        entries: accounts.map(({ address }) => ({ account: address, keys: ringOf(keys) })),
      });
    const ofResidents = await firstKeys(OPENED.slice(0, FIRST_KEYS_MAX), 1);
    const few = OPENED_MAX - FIRST_KEYS_MAX;
    const ofMerchants = await firstKeys(KEYLESS.slice(0, few), 1);
    const longest = await firstKeys(KEYLESS.slice(few), RING_KEYS_MAX);
    const paused = await fixture.act('pause_series', { authority: '47130', series: 1, until: 0 });
    const extended = await fixture.act('extend_series', {
      authority: '47130',
      series: 1,
      from: CHAIN_START + 365 * 86_400,
      until: CHAIN_START + 2 * 365 * 86_400,
    });
    return {
      'act of two officers: set_budget': figure(budget, 1),
      'act of two officers: pause_series': figure(paused, 1),
      'act of two officers: extend_series': figure(extended, 1),
      'act of one officer: set_merchants, per new merchant': figure(registered, OPENED_MAX),
      'act of one officer: set_merchants, per new merchant without keys': figure(without, OPENED_MAX),
      'act of one officer: set_merchants, per known merchant': figure(again, BATCH_MAX),
      'act of one officer: attest_accounts, per new account without keys': figure(attested, OPENED_MAX),
      'act of two officers: set_first_keys, per resident': figure(ofResidents, FIRST_KEYS_MAX),
      'act of two officers: set_first_keys, per merchant': figure(ofMerchants, few),
      'act of two officers: set_first_keys, per merchant, longest ring': figure(longest, FIRST_KEYS_MAX),
    };
  }

  private async issue(): Promise<GasSnapshot> {
    const { fixture, residents } = this;
    const first = await fixture.give(residents, FUND, SERIES.plain);
    const again = await fixture.give(residents, FUND, SERIES.plain);
    // Two new slots each, so four hundred are above what one transaction may use.
    const sold = await fixture.give(residents.slice(0, HALF), FUND, SERIES.sold);
    await fixture.give(residents.slice(HALF), FUND, SERIES.sold);
    await fixture.give(residents, FUND, SERIES.capped);
    await fixture.give(residents, FUND, SERIES.later);
    return {
      'issue, granted, new holder': figure(first, BATCH_MAX, 27_000),
      'issue, granted, known holder': figure(again, BATCH_MAX),
      'issue, sold, new holder and first purchase': figure(sold, HALF),
    };
  }

  /** Payments of these people, the n-th at `shopOf(n)`. */
  private payments(payers: readonly Person[], shopOf: (index: number) => Person, series?: number[]) {
    this.nonce += 1;
    const words = { amount: PRICE, nonce: this.nonce };
    return payers.map((payer, index) => this.fixture.payment(payer, shopOf(index), words, series));
  }

  private everyShop = (index: number): Person => this.shops[index] ?? this.shop;
  private oneShop = (): Person => this.shop;

  private send(items: readonly StoredTransfer[]): Promise<TransactionReceipt> {
    return this.fixture.send(encodePay(items));
  }

  private async pay(): Promise<GasSnapshot> {
    const { residents, everyShop, oneShop } = this;
    const newcomers = this.payments(residents, everyShop);
    // A merchant's first payment writes a new slot: four hundred of them are above what one transaction may use.
    const first = await this.send(newcomers.slice(0, HALF));
    await this.send(newcomers.slice(HALF));
    const different = await this.send(this.payments(residents, everyShop));
    const warm = await this.send(this.payments(residents, oneShop));
    this.nonce -= 1;
    const replayed = await this.send(this.payments(residents, oneShop));
    const single = await this.send(this.payments(residents.slice(0, 1), oneShop));
    return {
      'pay, one merchant': figure(warm, BATCH_MAX, 18_000),
      'pay, every merchant different': figure(different, BATCH_MAX, 24_000),
      "pay, every merchant's first payment in the series": figure(first, HALF),
      'pay, refused as replay': figure(replayed, BATCH_MAX),
      'pay, alone in its transaction': figure(single, 1),
    };
  }

  private async payFromTwo(): Promise<GasSnapshot> {
    const { residents, everyShop, oneShop } = this;
    const both = [SERIES.capped, SERIES.later];
    const first = this.payments(residents, everyShop, both);
    for (let at = 0; at < BATCH_MAX; at += HALF / 2) await this.send(first.slice(at, at + HALF / 2));
    const warm = await this.send(this.payments(residents.slice(0, HALF), oneShop, both));
    const different = await this.send(this.payments(residents.slice(0, HALF), everyShop, both));
    return {
      'pay from two series, one merchant': figure(warm, HALF),
      'pay from two series, every merchant different': figure(different, HALF),
    };
  }

  /** Accounts of a passkey and a device; what they paid before on the same day is not the first time any more. */
  private async payWithKeys(): Promise<GasSnapshot> {
    const accounts = Array.from({ length: HALF }, (_unused, index) =>
      ringAccount(200_000n, [
        { right: 'owner', key: passkey(`passkey ${index}`) },
        { right: 'device', key: device(`device ${index}`) },
      ]),
    );
    await this.fixture.give(accounts, FUND, SERIES.plain);
    const by = (position: number) => accounts.map((account) => account.by(position));
    const first = await this.send(this.payments(by(1), this.oneShop));
    const devices = await this.send(this.payments(by(1), this.oneShop));
    const passkeys = await this.send(this.payments(by(0).slice(0, PASSKEYS), this.oneShop));
    return {
      "pay, device key's first ever, one merchant": figure(first, HALF),
      'pay, device key, one merchant': figure(devices, HALF, 29_000),
      'pay, passkey, one merchant': figure(passkeys, PASSKEYS, 40_000),
    };
  }

  private async merchantBalance(): Promise<GasSnapshot> {
    const { fixture, shops, everyShop } = this;
    const series = SERIES.plain;
    const paid = await this.send(this.payments(this.residents, everyShop));
    const receipts = receiptsOf(paid, fixture.chain.now()).slice(0, VOIDS);
    const voids = receipts.map((receipt, index) => {
      const words = { series, amount: PRICE, nonce: 1 };
      const payer = this.residents[index] ?? this.shop;
      return { receipt, stored: fixture.voiding(everyShop(index), payer, receipt.id, words) };
    });
    const voided = await fixture.send(encodeVoidPayments(voids));

    const circulations = (nonce: number) =>
      shops.map((shop, index) =>
        fixture.circulation(shop, everyShop(index + 1), { series, amount: 100n, nonce }),
      );
    const first = circulations(2);
    await fixture.send(encodeCirculate(first.slice(0, HALF)));
    await fixture.send(encodeCirculate(first.slice(HALF)));
    const circulated = await fixture.send(encodeCirculate(circulations(3).slice(0, HALF)));
    const redeem = shops.map((shop) => fixture.redemption(shop, { series, amount: PRICE, nonce: 4 }));
    const redeemed = await fixture.send(encodeRedeem(redeem));
    const lines = shops.map(({ address }) => ({ merchant: address, series: SERIES.later, amount: 1_000n }));
    const settled = await fixture.act('settle', { authority: '47130', run: `0x${'01'.repeat(32)}`, lines });
    return {
      'void, every merchant different': figure(voided, VOIDS),
      'circulate, every merchant different': figure(circulated, HALF),
      'redeem, every merchant different': figure(redeemed, BATCH_MAX),
      'settle, per line of a run': figure(settled, BATCH_MAX),
    };
  }

  /** To another city: residents of wallets and of passkeys by their own consent, merchants as handed over. */
  private async moves(): Promise<GasSnapshot> {
    const { fixture, shops } = this;
    const [from, to] = ['47130', '47190'];
    await fixture.found('47', to);
    const passkeys = Array.from({ length: PASSKEYS }, (_unused, index) =>
      ringAccount(0n, [{ right: 'owner', key: passkey(`moving passkey ${index}`) }], {
        authority: from,
        role: 'resident',
      }).by(0),
    );
    const wallets = people('moving resident', OPENED_MAX);
    await fixture.attest(wallets);
    await fixture.attest(passkeys);
    const accounts = shops.map(({ address }) => address);
    const proposed = await fixture.act('propose_hand_over', { authority: from, to, accounts });
    const consenting = (movers: readonly Person[]) =>
      fixture.act('take_accounts', {
        authority: to,
        entries: movers.map(({ address, prove }) => ({
          account: address,
          place: to,
          consent: this.consent({ account: address, from, to, number: 0, deadline: DEADLINE }, prove),
        })),
      });
    const byWallet = await consenting(wallets);
    const byPasskey = await consenting(passkeys);
    fixture.chain.at(fixture.chain.now() + HAND_OVER_DELAY_SECONDS_DEFAULT);
    const handedOver = shops.map(({ address }) => ({ account: address, place: to }));
    const taken = await fixture.act('take_accounts', { authority: to, entries: handedOver });
    return {
      'act of two officers: propose_hand_over, per merchant': figure(proposed, BATCH_MAX),
      'act of two officers: take_accounts, per merchant that was handed over': figure(taken, BATCH_MAX),
      "act of two officers: take_accounts, per wallet's consent": figure(byWallet, OPENED_MAX),
      "act of two officers: take_accounts, per passkey's consent": figure(byPasskey, PASSKEYS),
    };
  }

  private consent(words: Consent, prove: (digest: Hex) => Hex): Hex {
    return consentBytes(
      words.deadline,
      prove(consentDigest(vouchersDomain(this.fixture.chain.deployment), words)),
    );
  }

  private async residentsOnly(): Promise<GasSnapshot> {
    const { fixture, residents } = this;
    const gifts = residents.map((giver, index) => {
      const receiver = residents[(index + 1) % BATCH_MAX] ?? giver;
      const nonce = this.nonce + 1;
      return fixture.gift(giver, receiver, { series: SERIES.plain, amount: 1_000n, nonce });
    });
    const given = await fixture.send(encodeGive(gifts));
    const refunds = residents.map((holder) =>
      fixture.refund(holder, { series: SERIES.sold, amount: FUND, nonce: 1 }),
    );
    const refunded = await fixture.send(encodeRefund(refunds));
    return {
      'gift, known receiver': figure(given, BATCH_MAX),
      'refund of an untouched holding': figure(refunded, BATCH_MAX),
    };
  }
}

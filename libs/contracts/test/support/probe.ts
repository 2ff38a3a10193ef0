import { keccak256, toUtf8Bytes } from 'ethers';
import secp256k1 from 'secp256k1';
import { dailyCapLeft, explainPayment, koreanDayIndex, matchScope, use, type PaymentRefusal } from '#domain';
import { fromHex } from '../../src/bytes.js';
import {
  packPayment,
  paymentDigest,
  recoverSigner,
  unpackPayment,
  unpackSignature,
  vouchersDomain,
  type PackedTransfer,
  type PaymentAuthorisation,
} from '../../src/index.js';
import type { Chance } from './chance.js';
import type { Market } from './market.js';
import type { Person } from './town.js';

/** What contract and explanation say of one payment; code 0 = it settles. */
export interface Verdict {
  readonly code: number;
  readonly a: bigint;
  readonly b: bigint;
}

type Twist = (payment: PaymentAuthorisation, market: Market, now: number, chance: Chance) => Partial<Spoilt>;
/** A payment, and whether the signature is spoilt afterwards. */
interface Spoilt extends PaymentAuthorisation {
  readonly spoil: 'other key' | 'amount' | 'high s' | 'zero' | 'noise' | 'parity';
}

const near = (value: bigint, chance: Chance) => value + BigInt(chance.whole(-1, 1));
const clamp = (amount: bigint) => (amount < 0n ? 0n : amount > 2n ** 64n - 1n ? 2n ** 64n - 1n : amount);

function edgesOfAmount(payment: PaymentAuthorisation, market: Market, now: number): bigint[] {
  const series = market.series[payment.series - 1];
  const holding = market.holding(payment.series, payment.payer);
  const left = dailyCapLeft(series?.dailyCap ?? 0n, holding, now);
  const others = [holding.balance, series?.paymentCap ?? 0n, holding.balance / 2n];
  return left === undefined ? others : [...others, left, left];
}

/** Each puts one field where a check may trip over it: on the edge, one beside it, or far away. */
const TWISTS: readonly Twist[] = [
  (payment, market, now, chance) => ({
    amount: clamp(near(chance.pick(edgesOfAmount(payment, market, now)), chance)),
  }),
  (_payment, _market, _now, chance) => ({
    amount: chance.pick([0n, 1n, 2n ** 32n, 2n ** 56n, 2n ** 64n - 1n]),
  }),
  (payment, market, _now, chance) => {
    const { top } = market.holding(payment.series, payment.payer).window;
    const wanted = top + chance.pick([0, -1, -2, -62, -63, -64, -65, 1_000_000, 1_000_001, 2 ** 32]);
    return { nonce: Math.min(Math.max(wanted, 0), 2 ** 32 - 1) };
  },
  (_payment, _market, now, chance) => ({
    deadline: chance.pick([0, now - 1, now, now + 1, 2 ** 40 - 1]),
  }),
  (_payment, market, _now, chance) => ({ merchant: chance.pick(market.shops).address }),
  (_payment, market, _now, chance) => ({ merchant: chance.pick(market.shops.slice(0, 60)).address }),
  (payment) => ({ merchant: payment.payer }),
  (_payment, market, _now, chance) => ({ merchant: chance.pick(market.shops.slice(-20)).address }),
  (_payment, market, _now, chance) => ({ payer: chance.pick(market.residents.slice(0, 4)).address }),
  (_payment, market, _now, chance) => ({
    series: chance.pick([0, market.series.length, market.series.length + 1, 2 ** 32 - 1]),
  }),
  (_payment, market, _now, chance) => ({ series: chance.pick(market.series).id }),
  (_payment, _market, _now, chance) => ({
    spoil: chance.pick(['other key', 'amount', 'high s', 'zero', 'noise', 'parity']),
  }),
];

/** A payment that would settle unless the series or the payer forbids it, with up to two twists. */
export function randomPayment(market: Market, now: number, chance: Chance): Spoilt | PaymentAuthorisation {
  const payer = chance.pick(market.residents).address;
  const held = market.seriesHeldBy(payer);
  const series = held.length > 0 ? chance.pick(held) : chance.pick(market.series);
  const { balance, window } = market.holding(series.id, payer);
  const caps = [balance, series.paymentCap || balance, series.dailyCap || balance];
  const most = caps.reduce((least, cap) => (cap < least ? cap : least));
  const fitting = market.shops.filter(({ address }) => {
    const shop = market.merchants.get(address);
    return shop !== undefined && shop.status === 1 && matchScope(series.rules, shop).ok;
  });
  let payment: Spoilt | PaymentAuthorisation = {
    payer,
    merchant: chance.pick(fitting.length > 0 ? fitting : market.shops).address,
    series: series.id,
    amount: chance.amount(1n, chance.percent(70) ? 1n + most / 8n : most),
    nonce: market.freshNonce(window),
    deadline: now + chance.whole(0, 1_000),
    order: keccak256(toUtf8Bytes(String(chance.whole(0, 2 ** 40)))),
  };
  for (let left = chance.pick([0, 1, 1, 1, 2]); left > 0; left -= 1) {
    payment = { ...payment, ...chance.pick(TWISTS)(payment, market, now, chance) };
  }
  return payment;
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** Signed by the payer, or spoilt as the payment says. */
export function signed(market: Market, payment: Spoilt | PaymentAuthorisation): PackedTransfer {
  const domain = vouchersDomain(market.town.chain.deployment);
  const spoil = 'spoil' in payment ? payment.spoil : undefined;
  const keyOf = (address: string): Person | undefined =>
    [...market.residents, ...market.shops].find((person) => person.address === address);
  const signer = spoil === 'other key' ? market.residents[5] : keyOf(payment.payer);
  if (signer === undefined) throw new Error('nobody has this key');
  const told = spoil === 'amount' ? { ...payment, amount: payment.amount ^ 1n } : payment;
  const { signature, recid } = secp256k1.ecdsaSign(
    fromHex(paymentDigest(domain, told)),
    fromHex(signer.key.privateKey),
  );
  const packed = Buffer.from(packPayment(payment, Buffer.concat([signature, Buffer.from([recid])])));
  const s = word(ORDER - BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`));
  if (spoil === 'high s') packed.set(s, 128);
  if (spoil === 'zero') packed.fill(0, 96);
  if (spoil === 'noise') packed.set(fromHex(keccak256(packed)), 96);
  if (spoil === 'parity') packed.writeUInt8(packed.readUInt8(128) ^ 0x80, 128);
  return packed;
}

/** What #domain says of a packed payment at `now`, from the market's own books. */
export function explain(market: Market, packed: PackedTransfer, now: number): PaymentRefusal | null {
  const payment = unpackPayment(packed);
  const digest = paymentDigest(vouchersDomain(market.town.chain.deployment), payment);
  return explainPayment({
    ...payment,
    payee: payment.merchant,
    seriesId: BigInt(payment.series),
    now,
    series: market.series[payment.series - 1],
    merchant: market.merchants.get(payment.merchant),
    holding: market.holding(payment.series, payment.payer),
    payerFrozen: market.frozen.has(payment.payer),
    signatureValid: recoverSigner(digest, unpackSignature(packed)) === payment.payer,
  });
}

/** Writes into the market's books what a settled payment changes. */
export function settle(market: Market, packed: PackedTransfer, now: number): void {
  const { series, payer, amount, nonce } = unpackPayment(packed);
  const held = market.holding(series, payer);
  const capped = (market.series[series - 1]?.dailyCap ?? 0n) > 0n;
  const today = koreanDayIndex(now);
  const spent = held.day === today ? held.spentToday : 0n;
  market.holdings.set(`${series} ${payer}`, {
    balance: held.balance - amount,
    window: use(held.window, nonce),
    day: capped ? today : held.day,
    spentToday: capped ? spent + amount : held.spentToday,
  });
}

export function verdictOf(refusal: PaymentRefusal | null): Verdict {
  return refusal === null ? { code: 0, a: 0n, b: 0n } : { code: refusal.number, a: refusal.a, b: refusal.b };
}

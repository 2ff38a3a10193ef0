import { createPrivateKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import {
  accountOf,
  deviceKeyId,
  deviceSignature,
  encodeKeyRing,
  foundingBytes,
  normaliseP256,
  pointOfSpki,
  proofWithRing,
  walletKeyId,
} from '#contracts';
import { getBytes } from 'ethers';
import { ActRunner } from './acts.js';
import { readWallets } from './holdings.js';
import type { Http } from './http.js';
import { addressOfKey, demoKey } from './keys.js';
import { demoOfficers } from './officers.js';
import type { DemoPlan } from './plan.js';
import { pause } from './pool.js';
import {
  shopRefusal,
  spendable,
  takeNonce,
  type LiveSeries,
  type SpendableHolding,
  type ResidentHoldings,
} from './spendable.js';
import { NO_ORDER, type Pen } from './signing.js';
import { outcomeOf } from './till.js';

export interface ShowcaseOptions {
  readonly http: Http;
  readonly pen: Pen;
  readonly plan: DemoPlan;
  readonly series: readonly LiveSeries[];
  /** Residents looked at. */
  readonly width: number;
}

const DEADLINE_SECONDS = 300;
const ACT_SECONDS = 3_600;
const EXTENSION_MS = 30 * 86_400_000;
const FINAL_MAX_MS = 30_000;
const GIFT = 20_000n;
const PRICE = 6_000n;
const DEVICE_LIMIT = 50_000n;

interface Person extends ResidentHoldings {
  readonly own: SpendableHolding;
}

/**
 * What happens seldom, once: a gift, a payment taken back, a payment out of two series, the refund of an untouched
 * holding, a phone whose key lives in the device and pays out of an account that was never registered, and a voucher that
 * may be spent for a month more.
 */
export class Showcase {
  constructor(private readonly options: ShowcaseOptions) {}

  /** @returns what did not end as it had to */
  async run(): Promise<string[]> {
    const [giver, receiver, refunding] = await this.people();
    if (giver === undefined || receiver === undefined || refunding === undefined) return [];
    const wrong = [
      ...(await this.gift(giver, receiver.resident.address)),
      ...(await this.voidedPayment(giver)),
      ...(await this.twoSeries(giver)),
      ...(await this.refund(refunding)),
      ...(await this.device(giver)),
    ];
    await this.extend(giver.own.series);
    return wrong.map((line) => `showcase: ${line}`);
  }

  /** Residents of one city with its voucher and the allowance. */
  private async people(): Promise<Person[]> {
    const { http, plan, series, width } = this.options;
    for (const city of plan.cities.filter(({ rule }) => rule !== undefined)) {
      const buyers = city.residents
        .filter(({ bought, frozen }) => bought >= 100_000n && !frozen)
        .slice(0, 10);
      const wallets = await readWallets(http, buyers, series, width);
      const found = wallets.flatMap((wallet): Person[] => {
        const own = wallet.holdings.find((holding) => holding.series.authority === city.code);
        return own !== undefined && own.nextNonce === 1 && spendable(own) >= 100_000n
          ? [{ ...wallet, own }]
          : [];
      });
      if (found.length >= 3) return found.slice(0, 3);
    }
    return [];
  }

  private async gift(giver: Person, receiver: string): Promise<string[]> {
    const { own } = giver;
    const signed = this.options.pen.other('Gift', keyOf(this.options.plan, giver), {
      giver: giver.resident.address,
      receiver,
      ...terms(own, GIFT, this.options.http.now()),
    });
    return this.expect('gift', '/v1/gifts', signed);
  }

  private async voidedPayment(payer: Person): Promise<string[]> {
    const { pen, plan } = this.options;
    const shop = this.shopFor(payer.own);
    if (shop === undefined) return [];
    const { nonce, ...order } = terms(payer.own, PRICE, this.options.http.now());
    const merchant = shop.address;
    const paid = pen.payment(keyOf(plan, payer), {
      payer: payer.resident.address,
      merchant,
      ...order,
      nonce,
      series: [order.series],
    });
    const wrong = await this.expect('payment', '/v1/payments', paid);
    const balances = await this.options.http.get(`/v1/merchants/${merchant}/balance`);
    const balance = balances
      .at('balances')
      .list()
      .find((one) => one.at('series').integer() === order.series);
    const back = pen.other('Void', demoKey(plan.seed, 'merchant', shop.city, shop.index), {
      payment: paid.id,
      merchant,
      ...order,
      nonce: balance?.at('nextNonce').integer() ?? 1,
    });
    return [...wrong, ...(await this.expect('void', '/v1/voids', back))];
  }

  /** The allowance ends first; what it does not have comes from the city's own voucher. */
  private async twoSeries(payer: Person): Promise<string[]> {
    const { pen, plan } = this.options;
    const allowance = payer.holdings.find(
      ({ series, balance }) =>
        series.terms.kind === 'granted' && balance > PRICE && !isOver(series, this.options.http.now()),
    );
    const shop = allowance && this.shopFor(payer.own, allowance);
    if (allowance === undefined || shop === undefined) return [];
    const signed = pen.payment(keyOf(plan, payer), {
      payer: payer.resident.address,
      merchant: shop.address,
      ...terms(allowance, allowance.balance + PRICE, this.options.http.now()),
      series: [allowance.series.id, payer.own.series.id],
    });
    return this.expect('payment out of two series', '/v1/payments', signed);
  }

  private async refund(resident: Person): Promise<string[]> {
    const signed = this.options.pen.other('Refund', keyOf(this.options.plan, resident), {
      account: resident.resident.address,
      ...terms(resident.own, resident.own.balance, this.options.http.now()),
    });
    return this.expect('refund', '/v1/refunds', signed);
  }

  private async device(giver: Person): Promise<string[]> {
    const { pen, plan } = this.options;
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const point = pointOfSpki(pair.publicKey.export({ type: 'spki', format: 'der' }));
    const owner = addressOfKey(demoKey(plan.seed, 'unregistered', giver.resident.city, 2));
    const ring = encodeKeyRing({
      dailyLimit: DEVICE_LIMIT,
      keys: [
        { right: 'owner', id: walletKeyId(owner) },
        { right: 'device', id: deviceKeyId(point) },
      ],
    });
    const founding = { authority: giver.resident.city, role: 'resident' } as const;
    const account = accountOf(founding, ring);
    const shop = this.shopFor(giver.own);
    if (shop === undefined) return [];
    const wrong = await this.gift(giver, account);
    const payment = {
      payer: account,
      merchant: shop.address,
      ...terms({ ...giver.own, nextNonce: 1 }, PRICE, this.options.http.now()),
      series: [giver.own.series.id],
    };
    const id = pen.paymentDigest(payment);
    const der = signBytes(
      'sha256',
      getBytes(id),
      createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    );
    const signature = deviceSignature({ ...normaliseP256(der), ...point });
    const body = {
      authorisation: payment,
      proof: proofWithRing(signature, 1, ring, foundingBytes(founding)),
    };
    return [...wrong, ...(await this.expect('payment by a device', '/v1/payments', { id, body }))];
  }

  /** Officers extend the validity of a city's own voucher. */
  private async extend({ id, authority }: LiveSeries): Promise<void> {
    const { http, plan } = this.options;
    const end = (await http.get(`/v1/series/${id}`)).at('validUntil').text();
    const until = new Date(Date.parse(end) + EXTENSION_MS).toISOString();
    const runner = new ActRunner(http, `${plan.seed}/showcase`, http.now() + ACT_SECONDS);
    const wanted = { key: `extend/${id}`, kind: 'extend_series', authority, args: { series: id, until } };
    await runner.execute(wanted, demoOfficers(plan.seed, authority));
  }

  private shopFor(...holdings: readonly SpendableHolding[]) {
    const near = this.options.plan.cities.flatMap(({ merchants }) => merchants);
    return near.find((shop) => holdings.every(({ series }) => shopRefusal(series, shop) === null));
  }

  /** Sends an order and waits until it is final. */
  private async expect(
    what: string,
    path: string,
    { id, body }: { id: string; body: object },
  ): Promise<string[]> {
    const { http } = this.options;
    const refused = outcomeOf(await http.send('POST', path, body));
    if (refused !== null) return [`${what} ${id}: expected accepted, got ${refused}`];
    const until = Date.now() + FINAL_MAX_MS;
    for (;;) {
      const state = (await http.get(`${path}/${id}`)).at('state').text();
      if (state === 'final') return [];
      if (state !== 'accepted' || Date.now() > until) return [`${what} ${id}: expected final, got ${state}`];
      await pause(50);
    }
  }
}

function keyOf({ seed }: DemoPlan, { resident }: ResidentHoldings): string {
  return demoKey(seed, 'resident', resident.city, resident.index);
}

function isOver({ terms: { validUntil } }: LiveSeries, now: number): boolean {
  return Date.parse(validUntil) / 1_000 <= now;
}

/** What every order about one series says; takes the holding's next nonce. */
function terms(holding: SpendableHolding, amount: bigint, now: number) {
  return {
    series: holding.series.id,
    amount: String(amount),
    nonce: takeNonce(holding),
    deadline: now + DEADLINE_SECONDS,
    order: NO_ORDER,
  };
}

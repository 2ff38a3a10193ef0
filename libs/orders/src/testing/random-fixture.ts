import { encodeChangeKeys, keyChangeDigest, vouchersDomain, type Hex } from '#contracts';
import { ALL_CATEGORIES, categorySet, packScopeRule, type RegionCode } from '#domain';
import { Dice } from '../../../../test/support/dice.js';
import { device, passkey, ringAccount, wallet, type Person } from '../../../../test/support/signing-keys.js';
import { CITY, PROVINCE, World } from '../../../../test/support/world.js';

/** Noon in Korea, 1 June 2026. */
export const FIXTURE_START = Date.UTC(2026, 5, 1, 3) / 1_000;
export const DAY = 86_400;
/** Won that the devices of an account may move in a day. */
export const DEVICE_LIMIT = 15_000n;
const WALLETS = 26;
const RINGS = 10;
const REKEYED = 2;
const SERIES = 16;
const SHOPS = 40;
const HOLDERS = 24;
const KEY_CHANGE_UNTIL = FIXTURE_START + 365 * DAY;

const PLACES: readonly RegionCode[] = ['47130', '47130101', '4713010100', '47111', '4711125000', '47190'];
const AREAS: readonly RegionCode[] = ['', '47', '47130', '47130101', '47111'];

export interface FixtureSeries {
  readonly id: number;
  readonly validFrom: number;
  /** Some are extended. */
  readonly validUntil: number;
  readonly originalUntil: number;
  /** 0 = never paused */
  readonly pausedUntil: number;
  readonly paymentCap: bigint;
  readonly dailyCaps: readonly [bigint, bigint, bigint];
}

/** An account and everybody who may sign for it. */
export interface Payer {
  readonly address: Hex;
  readonly signers: readonly Person[];
}

/** A world in which a payment can meet everything that may refuse it. */
export class RandomFixture {
  readonly payers: Payer[] = [];
  readonly shops: readonly Person[];
  readonly series: FixtureSeries[] = [];

  private constructor(
    readonly world: World,
    readonly dice: Dice,
  ) {
    this.shops = Array.from({ length: SHOPS }, (_unused, index) => wallet(`shop of the fixture ${index}`));
  }

  static async open(seed: number): Promise<RandomFixture> {
    const world = await World.create({ timestamp: FIXTURE_START });
    const fixture = new RandomFixture(world, new Dice(seed));
    try {
      fixture.settleIn();
      while (fixture.series.length < SERIES) await fixture.addSeries();
      await fixture.addShops();
      // After the issue: what a company may buy is not the question here.
      await fixture.attest();
      await fixture.changeKeys();
      return fixture;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  private settleIn(): void {
    for (let index = 0; index < WALLETS; index += 1) {
      const person = wallet(`payer of the fixture ${index}`);
      this.payers.push({ address: person.address, signers: [person] });
    }
    for (let index = 0; index < RINGS; index += 1) this.payers.push(payerOf(ringOf(`${index}`)));
  }

  private async addSeries(): Promise<void> {
    const { dice, world } = this;
    const cap = (share: number, most: number) => (dice.percent(share) ? BigInt(dice.between(1, most)) : 0n);
    const validFrom = FIXTURE_START + dice.between(-10, 6) * DAY + dice.between(0, DAY);
    const end = Math.max(validFrom, FIXTURE_START + DAY) + dice.between(2, 25) * DAY;
    const [before] = await world.read('seriesCount', []);
    const paused = (Number(before) + 1) % 5 === 0;
    // A pause lasts a tenth of the validity at most.
    const originalUntil = paused ? Math.max(end, validFrom + 90 * DAY) : end;
    const validUntil = originalUntil + (Number(before) % 3 === 0 ? dice.between(1, 25 * DAY) : 0);
    const terms = {
      validFrom,
      paymentCap: cap(35, 60_000),
      dailyCaps: [cap(50, 60_000), cap(50, 60_000), cap(50, 60_000)] as const,
    };
    const everywhere = { area: '', categories: ALL_CATEGORIES, maxSize: 255 };
    const narrow = () => ({
      area: dice.pick(AREAS),
      categories: dice.percent(50) ? ALL_CATEGORIES : categorySet([1, 2, 3, dice.between(4, 8)]),
      maxSize: dice.pick([1, 2, 3, 255]),
    });
    const rules = dice.percent(60) ? [everywhere] : dice.percent(60) ? [narrow()] : [narrow(), narrow()];
    const id = await world.publishSeries(CITY, {
      ...terms,
      validUntil: originalUntil,
      rules: rules.map(packScopeRule),
    });
    if (validUntil > originalUntil) {
      const extension = { series: id, from: originalUntil, until: validUntil };
      await world.executeAct('extend_series', { authority: CITY, ...extension });
    }
    const pausedUntil = paused ? FIXTURE_START + dice.between(3, 6) * DAY : 0;
    this.series.push({ id, pausedUntil, validUntil, originalUntil, ...terms });
    const holders = dice.some(this.payers, HOLDERS);
    await world.issueTo(
      id,
      holders.map(({ address }) => ({ account: address, amount: BigInt(dice.between(1, 300_000)) })),
    );
    if (pausedUntil > 0) {
      await world.executeAct('pause_series', { authority: CITY, series: id, until: pausedUntil });
    }
  }

  /** Some of the shops stay unknown, some are suspended or closed. */
  private async addShops(): Promise<void> {
    const { dice, world } = this;
    const entries = this.shops.slice(4).map(({ address }) => ({
      merchant: address,
      region: dice.pick(PLACES),
      category: dice.between(1, 8),
      size: dice.between(0, 3),
    }));
    await world.executeAct('set_merchants', { authority: PROVINCE, entries });
    for (const [status, first] of [
      [2, 4],
      [3, 7],
    ] as const) {
      const merchants = this.shops.slice(first, first + 3).map(({ address }) => address);
      await world.executeAct('set_merchant_status', { authority: PROVINCE, merchants, status });
    }
  }

  private async attest(): Promise<void> {
    const { dice, world } = this;
    const entries = this.payers
      .filter((_payer, index) => index % 5 !== 4)
      .map(({ address, signers }) => ({
        account: address,
        home: dice.pick(PLACES).slice(0, 5),
        tier: dice.pick([0, 1, 2] as const),
        // The id of an account with a ring says that it is a resident's.
        company: signers.length === 1 && dice.percent(15),
      }));
    await world.executeAct('attest_accounts', { authority: PROVINCE, entries });
    const accounts = dice.some(entries, 3).map(({ account }) => account);
    await world.executeAct('freeze_accounts', {
      authority: PROVINCE,
      accounts,
      until: (await world.now()) + 300 * 86_400,
    });
  }

  /** The last ones have other keys than those that their address is made of. */
  private async changeKeys(): Promise<void> {
    const { deployment } = this.world;
    for (let index = this.payers.length - REKEYED; index < this.payers.length; index += 1) {
      const old = this.payers[index];
      if (old === undefined) throw new Error(`no payer ${index}`);
      const account = ringOf(`new ${index}`, old.address);
      const change = { account: old.address, keys: account.ring, change: 1, deadline: KEY_CHANGE_UNTIL };
      // The second key of a ring is its owner.
      const proof = old.signers[1]?.prove(keyChangeDigest(vouchersDomain(deployment), change));
      if (proof === undefined) throw new Error('a ring has two keys');
      const data = encodeChangeKeys(old.address, account.ring, KEY_CHANGE_UNTIL, proof);
      await this.world.send({ to: deployment.vouchers, data });
      this.payers[index] = { address: old.address, signers: [...payerOf(account).signers, ...old.signers] };
    }
  }

  async close(): Promise<void> {
    await this.world.close();
  }
}

function ringOf(name: string, address?: Hex) {
  return ringAccount(
    DEVICE_LIMIT,
    [
      { right: 'device', key: device(`device of the fixture ${name}`) },
      { right: 'owner', key: passkey(`passkey of the fixture ${name}`) },
    ],
    address,
  );
}

function payerOf(account: ReturnType<typeof ringOf>): Payer {
  return { address: account.address, signers: [account.by(0), account.by(1)] };
}

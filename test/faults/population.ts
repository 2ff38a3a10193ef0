import type { HDNodeWallet } from 'ethers';
import type { OfficerKey, OutsideClient } from '../support/outside-client.js';
import { GYEONGBUK, GYEONGJU, keysOf, POHANG_NAM, Province } from '../support/province.js';
import { Dice } from '../support/dice.js';
import type { Entry } from './journal.js';
import { type Market, type OnOddity, Shopper } from './shopper.js';

export interface PopulationOptions {
  /** Decides every key. */
  readonly seed: number;
  /** Default 12. */
  readonly residents?: number;
  /** Won that each resident gets; default 5 million. */
  readonly each?: bigint;
}

const RESIDENTS = 12;
const SHOPS = 5;
const EACH = 5_000_000n;

/** A province with a city, merchants in it and one elsewhere, and residents who hold vouchers of the city. */
export class Population {
  private constructor(
    readonly market: Market,
    readonly residents: readonly HDNodeWallet[],
    /** Won that each resident got. Addresses are lower case. */
    readonly issued: ReadonlyMap<string, bigint>,
  ) {}

  /** Founds it over HTTP alone. */
  static async found(
    client: OutsideClient,
    state: readonly OfficerKey[],
    wish: PopulationOptions,
  ): Promise<Population> {
    const { seed, residents: count = RESIDENTS, each = EACH } = wish;
    const province = await Province.found(client, state);
    const [elsewhere, ...shops] = keysOf(`shops ${seed}`, 1 + SHOPS);
    if (elsewhere === undefined) throw new Error('no keys');
    const stall = { category: 'market_stall', size: 0 };
    await province.register(
      GYEONGJU,
      shops.map((wallet) => ({ wallet, region: GYEONGJU, ...stall })),
    );
    await province.register(GYEONGBUK, [{ wallet: elsewhere, region: POHANG_NAM, ...stall }]);
    const series = await province.publish({ authority: GYEONGJU, budget: BigInt(count) * each });
    const residents = keysOf(`residents ${seed}`, count);
    const items = residents.map(({ address }) => ({ account: address.toLowerCase(), amount: each }));
    await province.issue(GYEONGJU, series, items);
    const market = {
      series,
      shops: shops.map(({ address }) => address.toLowerCase()),
      elsewhere: elsewhere.address.toLowerCase(),
    };
    return new Population(market, residents, new Map(items.map(({ account, amount }) => [account, amount])));
  }

  get merchants(): readonly string[] {
    return [...this.market.shops, this.market.elsewhere];
  }

  /** One shopper for each resident, or for some of them; `clientOf` chooses the API that one uses. */
  shoppers(
    clientOf: (index: number) => OutsideClient,
    dice: Dice,
    journal: Entry[],
    onOddity: OnOddity,
    who: readonly HDNodeWallet[] = this.residents,
  ): Shopper[] {
    return who.map((wallet, index) => {
      const own = new Dice(dice.whole(0, 2 ** 31));
      return new Shopper(clientOf(index), wallet, this.market, own, journal, onOddity);
    });
  }
}

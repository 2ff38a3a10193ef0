import { HDNodeWallet, Wallet, type BaseWallet } from 'ethers';
import { inventedBusinessNumber } from '#domain';
import { consenting } from './consents.js';
import type { ActWish, OfficerKey, OutsideClient } from './outside-client.js';
import { Json } from './json.js';

export const GYEONGBUK = '47';
export const GYEONGJU = '47130';
/** A ward of Pohang. */
export const POHANG_NAM = '47111';

export interface Shop {
  readonly wallet: BaseWallet;
  readonly region: string;
  /** Key of a category. */
  readonly category: string;
  /** Size class. */
  readonly size: number;
}

export interface SeriesWish {
  readonly authority: string;
  readonly area?: string;
  readonly categories?: 'all' | readonly string[];
  readonly maxSize?: number | 'any';
  readonly paymentCap?: bigint;
  readonly dailyCap?: bigint;
  readonly holdingCap?: bigint;
  readonly budget?: bigint;
  /** Seconds from now; default a year. */
  readonly validFor?: number;
  /** A voucher that residents buy, give away and get refunds of, and that merchants spend; default a plain grant. */
  readonly sold?: boolean;
}

/** Thresholds of every authority that tests found. */
export const TWO_OF_THREE = { governors: 2, registrars: 1, bands: [{ upTo: null, officers: 2 }] };

/** Officers as acts name them, each in every role with the own wallet. */
export function inEveryRole(officers: readonly OfficerKey[]) {
  return officers.map(({ id, wallet }) => ({
    id,
    keys: [wallet.address.toLowerCase()],
    roles: ['governor', 'treasurer', 'registrar'],
  }));
}

/** The state's officers, whose keys an embedded platform keeps in its home. */
export function stateOfficers(genesis: string): OfficerKey[] {
  return new Json(JSON.parse(genesis)).list().map((officer) => ({
    id: officer.at('id').number(),
    wallet: new Wallet(officer.at('privateKey').text()),
  }));
}

/** Keys that are the same in every run with the same seed. */
export function keysOf(seed: string, count: number): HDNodeWallet[] {
  const root = HDNodeWallet.fromSeed(Buffer.from(seed.padEnd(32, '.')));
  return Array.from({ length: count }, (_unused, index) => consenting(root.deriveChild(index)));
}

/** A province and one of its cities, with officers who act over HTTP alone. */
export class Province {
  private readonly officers = new Map<string, OfficerKey[]>();
  private businesses = 0;

  private constructor(private readonly client: OutsideClient) {}

  /** Nothing but the state. */
  static of(client: OutsideClient, state: readonly OfficerKey[]): Province {
    const province = new Province(client);
    province.officers.set('', [...state]);
    return province;
  }

  /** The state founds Gyeongbuk, which founds Gyeongju. */
  static async found(client: OutsideClient, state: readonly OfficerKey[]): Promise<Province> {
    const province = Province.of(client, state);
    await province.foundOne('', GYEONGBUK);
    await province.foundOne(GYEONGBUK, GYEONGJU);
    return province;
  }

  officersOf(authority: string): readonly OfficerKey[] {
    const officers = this.officers.get(authority);
    if (officers === undefined) throw new Error(`${authority} was not founded`);
    return officers;
  }

  act(wish: ActWish): Promise<Json> {
    return this.client.act(wish, this.officersOf(wish.authority));
  }

  /** Publishes a series. @returns its number */
  async publish(wish: SeriesWish): Promise<number> {
    const { authority } = wish;
    const known = new Set((await this.seriesOf(authority)).map(String));
    await this.act({ kind: 'publish_series', authority, attachment: { terms: termsOf(wish) } });
    const found = (await this.seriesOf(authority)).find((id) => !known.has(String(id)));
    if (found === undefined) throw new Error('the series is not listed');
    return found;
  }

  async register(authority: string, shops: readonly Shop[]): Promise<void> {
    await this.act({
      kind: 'set_merchants',
      authority,
      args: {
        entries: shops.map(({ wallet, region, category, size }) => ({
          merchant: wallet.address.toLowerCase(),
          region,
          category,
          size,
        })),
      },
      attachment: {
        profiles: shops.map(({ wallet, region }) => ({
          merchant: wallet.address.toLowerCase(),
          name: `가게 ${++this.businesses}`,
          businessNumber: inventedBusinessNumber(this.businesses),
          address: `${region} 시장길 ${this.businesses}`,
        })),
      },
    });
  }

  /** Issues a list and waits until every recipient has it. @returns the finished list */
  async issue(
    authority: string,
    series: number,
    items: readonly { readonly account: string; readonly amount: bigint }[],
  ): Promise<Json> {
    const done = await this.act({
      kind: 'approve_issue',
      authority,
      args: { series },
      attachment: {
        items: items.map(({ account, amount }) => ({
          account: account.toLowerCase(),
          amount: String(amount),
        })),
      },
    });
    return this.client.until(
      () => this.client.get(`/v1/issue-lists/${done.at('id').text()}`),
      (list) => list.at('state').text() === 'done',
    );
  }

  private async seriesOf(authority: string): Promise<number[]> {
    const items = await this.client.all(`/v1/series?authority=${authority}&limit=100`);
    return items.map((item) => item.at('id').number());
  }

  async foundOne(founder: string, region: string): Promise<void> {
    await this.act(this.foundingOf(founder, region, this.prepareOfficers(region)));
  }

  /** Keys of the officers that an authority is to have. */
  prepareOfficers(region: string): readonly OfficerKey[] {
    const officers = keysOf(`officers of ${region}`, 3).map((wallet, index) => ({ id: index + 1, wallet }));
    this.officers.set(region, officers);
    return officers;
  }

  foundingOf(founder: string, region: string, officers: readonly OfficerKey[]): ActWish {
    return {
      kind: 'found_authority',
      authority: founder,
      args: {
        region,
        officers: inEveryRole(officers),
        thresholds: TWO_OF_THREE,
      },
    };
  }
}

function termsOf(wish: SeriesWish): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  const { authority, validFor = 365 * 86_400, paymentCap = 0n, dailyCap = 0n, holdingCap = 0n } = wish;
  return {
    schema: 'jangteo.terms/1',
    authority,
    programme: { ko: '시험 상품권', en: 'Voucher under test' },
    validFrom: isoOf(now - 3_600),
    validUntil: isoOf(now + validFor),
    rules: [
      {
        area: wish.area ?? authority,
        categories: wish.categories ?? 'all',
        maxSize: wish.maxSize ?? 'any',
      },
    ],
    caps: { payment: String(paymentCap), daily: String(dailyCap), holding: String(holdingCap) },
    budget: String(wish.budget ?? 1_000_000_000n),
    ...(wish.sold === true ? SOLD : GRANTED),
  };
}

const GRANTED = {
  kind: 'granted',
  funding: { resident: 0, state: 3_333, province: 3_333, city: 3_334 },
} as const;

/** Ten per cent below its value; what is left is refunded once 60 % are spent, or untouched within a week. */
const SOLD = {
  kind: 'sold',
  funding: { resident: 9_000, state: 300, province: 200, city: 500 },
  flags: { gift: true },
  circulation: 1,
  refund: { thresholdPercent: 60, unusedDays: 7 },
} as const;

function isoOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

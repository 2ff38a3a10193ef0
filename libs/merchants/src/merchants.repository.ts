import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { handOverOf, newestHandOver, type HandOverRow } from '#access';
import { SEARCH_IGNORES, type FormerPlace, type HandOver } from '#domain';
import { Database, type Transaction, toBytes, toHex } from '#persistence';
import { placesMeant } from '#platform';
import { MerchantProfileEntity } from './merchant-profile.entity.js';

/** A merchant as the chain has it now, with what the register shows. */
export interface MerchantRow {
  readonly merchant: string;
  readonly region: string;
  readonly category: number;
  readonly size: number;
  /** MERCHANT_STATUS number. */
  readonly status: number;
  /** Unix seconds; payouts are kept back until then. */
  readonly heldUntil: bigint;
  /** Places before reforms of the codes, the newest first. */
  readonly formerly: readonly FormerPlace[];
  /** Who answers for it. */
  readonly authority: string;
  /** It was registered without keys and has none yet. */
  readonly keyless: boolean;
  readonly handOver: HandOver;
  readonly name: string | null;
  readonly businessNumber: string | null;
  readonly address: string | null;
  readonly demo: boolean;
  /** Unix seconds of the newest payment it took; null = none yet. */
  readonly lastPaidAt: bigint | null;
}

export interface MerchantFilter {
  /** Prefix of the merchant's region. */
  readonly region?: string;
  readonly category?: number;
  readonly status?: number;
  /** Part of the name, or a whole business number; see searchKeyOf. */
  readonly text?: string;
  /** Address of the last merchant of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface MerchantProfile {
  readonly merchant: string;
  readonly name: string;
  /** Ten digits. */
  readonly businessNumber: string;
  readonly address: string;
}

type Row = Omit<MerchantRow, 'merchant' | 'handOver'> & HandOverRow & { merchant: Buffer };

const MERCHANTS = `
  SELECT v.merchant, v.region, v.category, v.size, v.status, v.held_until AS "heldUntil", v.formerly, v.authority,
         v.keyless AND NOT EXISTS (SELECT FROM chain.account_keys k WHERE k.account = v.merchant) AS keyless,
         h."to", h."readyAt", h.number, h.moves, p.name, p.business_number AS "businessNumber",
         p.street_address AS address, coalesce(p.demo, false) AS demo, last.timestamp AS "lastPaidAt"
    FROM (SELECT DISTINCT ON (merchant) merchant, region, category, size, status, held_until, formerly, authority, keyless
            FROM chain.merchant_version
           WHERE ($1::bytea IS NULL OR merchant > $1) AND ($2::bytea IS NULL OR merchant = $2)
           ORDER BY merchant, block_number DESC, log_index DESC) v
    ${newestHandOver('v.merchant')}
    LEFT JOIN LATERAL (SELECT p.name, p.business_number, p.street_address, p.demo
                         FROM app.merchant_profile p JOIN chain.act_executed x ON x.act = p.act
                        WHERE p.merchant = v.merchant
                        ORDER BY x.block_number DESC, x.log_index DESC LIMIT 1) p ON true
    LEFT JOIN LATERAL (SELECT b.timestamp FROM chain.payment y JOIN chain.block b ON b.number = y.block_number
                        WHERE y.merchant = v.merchant
                        ORDER BY y.block_number DESC, y.log_index DESC LIMIT 1) last ON true`;

@Injectable()
export class MerchantsRepository {
  constructor(
    private readonly db: Database,
    @InjectRepository(MerchantProfileEntity) private readonly profiles: Repository<MerchantProfileEntity>,
  ) {}

  /** In the order of their addresses. */
  async list({ region, category, status, text, after, limit }: MerchantFilter): Promise<MerchantRow[]> {
    const rows = await this.db.query<Row>(
      `${MERCHANTS}
        WHERE ($3::text[] IS NULL OR v.region ^@ ANY ($3)) AND ($4::int IS NULL OR v.category = $4)
          AND ($5::int IS NULL OR v.status = $5)
          AND ($6::text IS NULL OR strpos(translate(lower(normalize(p.name, NFKC)), $8, ''), $6) > 0
               OR p.business_number = $6)
        ORDER BY v.merchant LIMIT $7`,
      [
        after === undefined ? null : toBytes(after),
        null,
        region === undefined ? null : placesMeant(region),
        category ?? null,
        status ?? null,
        text ?? null,
        limit,
        SEARCH_IGNORES,
      ],
    );
    return rows.map(merchantOf);
  }

  async find(merchant: string): Promise<MerchantRow | undefined> {
    const [row] = await this.db.query<Row>(MERCHANTS, [null, toBytes(merchant)]);
    return row && merchantOf(row);
  }

  /** Unredeemed won of a merchant by series; `own` of it taken from residents. */
  async balances(
    merchant: string,
  ): Promise<{ readonly series: number; readonly balance: bigint; readonly own: bigint }[]> {
    return this.db.query<{ series: number; balance: bigint; own: bigint }>(
      `SELECT series, balance + hop1 + hop2 + hop3 AS balance, balance AS own
         FROM chain.merchant_balance WHERE merchant = $1 ORDER BY series`,
      [toBytes(merchant)],
    );
  }

  /** Stores what an act says about merchants; it shows once the act is executed. */
  async putProfiles(
    tx: Transaction,
    act: string,
    profiles: readonly MerchantProfile[],
    demo: boolean,
  ): Promise<void> {
    const rows = profiles.map(({ address, ...profile }) => ({
      ...profile,
      streetAddress: address,
      actId: act,
      demo,
    }));
    await tx.of(this.profiles).createQueryBuilder().insert().values(rows).orIgnore().execute();
  }
}

function merchantOf(row: Row): MerchantRow {
  const { merchant, to, readyAt, number, moves, ...rest } = row;
  return { ...rest, merchant: toHex(merchant), handOver: handOverOf({ to, readyAt, number, moves }) };
}

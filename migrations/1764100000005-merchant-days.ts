import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which merchants took payments on a day, as bits: how many different ones did in any period, series, place and
 * category is a union of a few thousand rows instead of a count over all payments (ADR 16).
 */
export class MerchantDays1764100000005 implements MigrationInterface {
  name = 'MerchantDays1764100000005';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- A merchant at the place and with the category at which it first took a payment so; one that moves gets another
      -- number. In the order of the chain, without gaps.
      CREATE TABLE chain.merchant_place (
        no integer PRIMARY KEY CHECK (no >= 0),
        merchant app.address NOT NULL,
        region app.region_code NOT NULL,
        category smallint NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        UNIQUE (merchant, region, category)
      );
      -- Bit i of a part: merchant place 4096 * part + i took a payment of the series on that Korean day.
      CREATE TABLE chain.merchant_day (
        day date NOT NULL,
        series integer NOT NULL,
        part integer NOT NULL CHECK (part >= 0),
        merchants bit(4096) NOT NULL,
        PRIMARY KEY (day, series, part)
      );
      INSERT INTO chain.merchant_place (no, merchant, region, category, block_number, log_index)
      SELECT row_number() OVER (ORDER BY block_number, log_index) - 1, merchant, region, category, block_number, log_index
        FROM (SELECT DISTINCT ON (merchant, region, category) merchant, region, category, block_number, log_index
                FROM chain.payment ORDER BY merchant, region, category, block_number, log_index) first;
      INSERT INTO chain.merchant_day (day, series, part, merchants)
      SELECT day, series, no / 4096, bit_or(set_bit(B'0'::bit(4096), no % 4096, 1))
        FROM (SELECT DISTINCT date '1970-01-01' + ((b.timestamp + 32400) / 86400)::integer AS day, p.series, m.no
                FROM chain.payment p JOIN chain.block b ON b.number = p.block_number
                JOIN chain.merchant_place m USING (merchant, region, category)) taken
       GROUP BY 1, 2, 3;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

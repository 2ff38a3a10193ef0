import type { MigrationInterface, QueryRunner } from 'typeorm';
import { regions } from '#platform';

/** Public region data (see data/ATTRIBUTION.md) and the value types that every later table uses. */
export class Regions1764100000000 implements MigrationInterface {
  name = 'Regions1764100000000';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE SCHEMA app;    -- what people and the platform store
      CREATE SCHEMA chain;  -- copies of what the chain decided; written by the indexer alone
      CREATE SCHEMA books;  -- double entry derived from the chain; written by the indexer alone

      CREATE DOMAIN app.address AS bytea CHECK (octet_length(VALUE) = 20);
      CREATE DOMAIN app.hash32 AS bytea CHECK (octet_length(VALUE) = 32);
      -- '' is the state, which contains every region.
      CREATE DOMAIN app.region_code AS text COLLATE "C" CHECK (VALUE ~ '^([0-9]{2,10})?$');
      -- Won of face value. A holding counts in 48 bits on chain.
      CREATE DOMAIN app.won AS bigint CHECK (VALUE >= 0 AND VALUE < 281474976710656);
      -- Won that moved, added up: paying and taking back again and again passes what was ever issued.
      CREATE DOMAIN app.won_sum AS bigint CHECK (VALUE >= 0);
      -- Kind of a signed order, as the contracts call it: libs/orders/src/kinds.
      CREATE DOMAIN app.order_kind AS text COLLATE "C" CHECK (VALUE ~ '^[a-z_]+$');
      CREATE DOMAIN app.unix_seconds AS bigint CHECK (VALUE >= 0 AND VALUE < 1099511627776);

      CREATE TYPE app.region_level AS ENUM
        ('state', 'province', 'city', 'county', 'autonomous_gu', 'general_gu');
      CREATE TABLE app.region (
        code app.region_code PRIMARY KEY,
        level app.region_level NOT NULL,
        parent app.region_code REFERENCES app.region (code),
        name_ko text NOT NULL CHECK (name_ko <> ''),
        name_en text NOT NULL CHECK (name_en <> ''),
        -- Registered residents, see data/ATTRIBUTION.md.
        population integer NOT NULL CHECK (population >= 0),
        former_code app.region_code,
        -- First legal day of the code; NULL when it was in use before 2012.
        valid_from date,
        CHECK ((parent IS NULL) = (code = '')),
        CHECK (starts_with(code, parent))
      );
    `);
    await q.query(
      `INSERT INTO app.region (code, level, parent, name_ko, name_en, population)
       VALUES ('', 'state', NULL, '대한민국', 'the Republic of Korea', 0)`,
    );
    // Parents first: a region's code is longer than its parent's.
    const rows = regions().rows.toSorted((one, other) => one.code.length - other.code.length);
    await q.query(
      `INSERT INTO app.region (code, level, parent, name_ko, name_en, population, former_code, valid_from)
       SELECT code, level::app.region_level, parent, name_ko, name_en, population, nullif(former, ''), nullif(day, '')::date
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[])
              AS i(code, level, parent, name_ko, name_en, population, former, day)`,
      [
        rows.map(({ code }) => code),
        rows.map(({ level }) => level),
        rows.map(({ parent }) => parent),
        rows.map(({ name }) => name),
        rows.map(({ nameEn }) => nameEn),
        rows.map(({ population }) => population),
        rows.map(({ formerCode }) => formerCode),
        rows.map(({ validFrom }) => validFrom),
      ],
    );
    await q.query(
      `UPDATE app.region SET population = (SELECT sum(population) FROM app.region WHERE level = 'province') WHERE code = ''`,
    );
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

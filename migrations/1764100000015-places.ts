import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Places change: areas that authorities answer for, reforms of the codes that governors declared, and the places that
 * merchants had before. Append-only like all of the schema chain.
 */
export class Places1764100000015 implements MigrationInterface {
  name = 'Places1764100000015';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- The newest row of an authority and an area counts.
      CREATE TABLE chain.authority_area (
        authority app.region_code NOT NULL,
        area app.region_code NOT NULL,
        -- Who granted it or handed it over; null: it was given up.
        granted_by app.region_code,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, area, block_number, log_index)
      );
      CREATE INDEX authority_area_area ON chain.authority_area (area);

      -- Names of the authorities that these codes mean: as they were founded, or what they answer for.
      CREATE FUNCTION chain.authorities_meant(codes text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT codes || coalesce((
          SELECT array_agg(DISTINCT p.authority::text)
            FROM (SELECT DISTINCT ON (authority, area) authority, granted_by FROM chain.authority_area
                   WHERE area = ANY (codes) ORDER BY authority, area, block_number DESC, log_index DESC) p
           WHERE p.granted_by IS NOT NULL AND p.authority <> ALL (codes)), '{}')
      $$;

      -- What these authorities answer for now.
      CREATE FUNCTION chain.areas_meant(codes text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT coalesce(array_agg(p.area::text), '{}')
          FROM (SELECT DISTINCT ON (authority, area) area, granted_by FROM chain.authority_area
                 WHERE authority = ANY (chain.authorities_meant(codes))
                 ORDER BY authority, area, block_number DESC, log_index DESC) p
         WHERE p.granted_by IS NOT NULL
      $$;

      -- Governors may propose an area for another authority (area_to), or to give one up (area_to is the authority).
      ALTER TABLE chain.officer_change
        ADD COLUMN area app.region_code, ADD COLUMN area_to app.region_code,
        DROP CONSTRAINT officer_change_check,
        ADD CONSTRAINT officer_change_check
          CHECK (num_nonnulls(officers, thresholds, area) = 1 AND (area IS NULL) = (area_to IS NULL));

      -- An authority's name is the code that it was founded with, which may have been one of before a reform: the table
      -- of regions has the present ones.
      ALTER TABLE app.terms_document DROP CONSTRAINT terms_document_authority_fkey;
      ALTER TABLE app.act DROP CONSTRAINT act_authority_fkey;
      ALTER TABLE app.job DROP CONSTRAINT job_authority_fkey;
      ALTER TABLE app.stored_file DROP CONSTRAINT stored_file_authority_fkey;

      CREATE TABLE chain.reform (
        from_region app.region_code NOT NULL,
        to_region app.region_code NOT NULL,
        authority app.region_code NOT NULL,
        -- Series up to it go on to honour the former codes.
        last_series bigint NOT NULL CHECK (last_series >= 0),
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (from_region, to_region)
      );

      -- Places before reforms, the newest first: [{"region": "47720", "lastSeries": 3}].
      ALTER TABLE chain.merchant_version ADD COLUMN formerly jsonb NOT NULL DEFAULT '[]';
      ALTER TABLE chain.merchant_version ALTER COLUMN formerly DROP DEFAULT;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that people hand in or are given: what is known of each; its content lies outside (ADR 26). */
export class StoredFiles1764100000010 implements MigrationInterface {
  name = 'StoredFiles1764100000010';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE app.stored_file (
        -- Of the content as it was handed in.
        sha256 app.hash32 NOT NULL,
        authority app.region_code NOT NULL REFERENCES app.region (code),
        type text NOT NULL CHECK (type ~ '^[a-z]+/[a-z0-9.+-]+$'),
        size integer NOT NULL CHECK (size > 0),
        stored_by text NOT NULL CHECK (stored_by <> ''),
        stored_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        PRIMARY KEY (sha256, authority)
      );
      COMMENT ON TABLE app.stored_file IS 'authority: t.authority';`);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

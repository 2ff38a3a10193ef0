import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roots of documents that authorities anchored, by kind. Append-only like all of the schema chain. */
export class Anchors1764100000033 implements MigrationInterface {
  name = 'Anchors1764100000033';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE chain.anchor (
        authority app.region_code NOT NULL,
        -- Of the contract's list; see libs/domain/src/anchor.ts.
        kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 255),
        -- Counts the roots of the authority and the kind, from 1.
        number bigint NOT NULL CHECK (number > 0),
        root app.hash32 NOT NULL,
        block_number bigint NOT NULL, log_index integer NOT NULL,
        PRIMARY KEY (authority, kind, number)
      );
      CREATE UNIQUE INDEX anchor_position ON chain.anchor (block_number DESC, log_index DESC);
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

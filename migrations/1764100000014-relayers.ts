import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whose transactions may refuse an order that was promised. */
export class Relayers1764100000014 implements MigrationInterface {
  name = 'Relayers1764100000014';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Keys that relayed for this platform at any time. What the contract refuses in somebody else's transaction says
      -- nothing about an order: the copy may be forged, or submitted at a moment at which it could not settle. A first-hand
      -- record, written before the key's first transaction, so that a rebuild reads the same.
      CREATE TABLE app.relayer (
        address app.address PRIMARY KEY,
        since timestamptz NOT NULL DEFAULT app.now_stamp()
      );
      COMMENT ON TABLE app.relayer IS 'authority: none: work of the relayer';
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

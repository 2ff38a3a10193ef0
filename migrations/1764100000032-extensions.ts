import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of a series' validity as officers extended it; chain.series.valid_until is the one that it was published with. */
export class Extensions1764100000032 implements MigrationInterface {
  name = 'Extensions1764100000032';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE chain.series_version ADD COLUMN valid_until app.unix_seconds;
      UPDATE chain.series_version v SET valid_until = s.valid_until FROM chain.series s WHERE s.id = v.series;
      ALTER TABLE chain.series_version ALTER COLUMN valid_until SET NOT NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose record a row is: for each table of the schema app an SQL expression over its row `t` that gives the authority
 * which answers for it, or `none` with the reason. Whoever reads in somebody's name filters by it, and a table without
 * one fails a test.
 */
const RULES: Readonly<Record<string, string>> = {
  'app.act': 't.authority',
  'app.act_approval': '(SELECT a.authority FROM app.act a WHERE a.id = t.act)',
  'app.audit_entry': 't.authority',
  'app.clock': 'none: one clock for all',
  'app.deployment': 'none: one deployment for all',
  'app.issue_chunk': '(SELECT a.authority FROM app.act a WHERE a.id = t.act)',
  'app.issue_list': '(SELECT a.authority FROM app.act a WHERE a.id = t.act)',
  'app.merchant_profile': '(SELECT a.authority FROM app.act a WHERE a.id = t.act)',
  'app.outbox': 'none: work of the relayer; the submitted order, act or list has its authority',
  'app.refused_payment': '(SELECT s.authority FROM chain.series s WHERE s.id = t.series)',
  'app.region': 'none: public data',
  'app.relay_transaction': 'none: work of the relayer',
  'app.signed_order': '(SELECT s.authority FROM chain.series s WHERE s.id = t.series[1])',
  'app.terms_document': 't.authority',
};

export class RecordAuthority1764100000008 implements MigrationInterface {
  name = 'RecordAuthority1764100000008';

  async up(q: QueryRunner): Promise<void> {
    for (const [table, rule] of Object.entries(RULES)) {
      await q.query(`COMMENT ON TABLE ${table} IS 'authority: ${rule.replaceAll("'", "''")}'`);
    }
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

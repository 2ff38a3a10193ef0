import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that came again after a refusal whose reason had passed, and were refused for another one. */
export class LaterRefusals1764100000013 implements MigrationInterface {
  name = 'LaterRefusals1764100000013';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- The API refused an order of app.signed_order again, for another reason or with other values than before. The
      -- newest row counts; the first refusal is in app.signed_order.
      CREATE TABLE app.later_refusal (
        id app.hash32 NOT NULL REFERENCES app.signed_order (id),
        seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        code smallint NOT NULL,
        a numeric(78) NOT NULL,
        b numeric(78) NOT NULL,
        refused_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        PRIMARY KEY (id, seq)
      );
      COMMENT ON TABLE app.later_refusal IS 'authority: (SELECT s.authority FROM app.signed_order o JOIN chain.series s ON s.id = o.series[1] WHERE o.id = t.id)';
      CREATE FUNCTION app.refuse_later_refusal_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'what an order was refused for is never changed or deleted'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'later_refusal_append_only';
      END $$;
      CREATE TRIGGER later_refusal_unchanged BEFORE UPDATE OR DELETE ON app.later_refusal
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_later_refusal_change();

      -- Reports count a refused payment by its newest code. With the owner's rights, because the API may not update
      -- app.refused_payment; one that the contract refused keeps the contract's code.
      CREATE FUNCTION app.note_later_refusal() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN
        UPDATE app.refused_payment r SET code = n.code
          FROM (SELECT DISTINCT ON (id) id, code FROM added ORDER BY id, seq DESC) n
         WHERE r.id = n.id AND NOT EXISTS (SELECT FROM chain.order_refused c WHERE c.id = n.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER later_refusal_noted AFTER INSERT ON app.later_refusal
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.note_later_refusal();
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What holders sign and submit: one table for all kinds of orders. */
export class Orders1764100000006 implements MigrationInterface {
  name = 'Orders1764100000006';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- Submitted authorisations. The row never changes; what became of it: the outbox (accepted, not decided yet), the
      -- kind's table of settled ones (final), chain.order_refused, or refusal_code (the API refused it). An order that
      -- somebody else submitted to the contract has no row here.
      CREATE TABLE app.signed_order (
        id app.hash32 PRIMARY KEY,
        kind app.order_kind NOT NULL,
        -- Whose value moves and who signs: payer, giver, resident; the merchant of voids, circulations and redemptions.
        holder app.address NOT NULL,
        -- The merchant of a payment, the payer of a void, the receiver of a gift, the recipient of a circulation.
        other app.address,
        -- The payment that a void takes back.
        payment app.hash32 CHECK ((payment IS NOT NULL) = (kind = 'void')),
        -- In the order in which they are to be spent; the first one's replay window counts the nonce.
        series bigint[] NOT NULL CHECK (cardinality(series) BETWEEN 1 AND 8),
        amount numeric(20) NOT NULL CHECK (amount >= 0),
        nonce bigint NOT NULL,
        deadline app.unix_seconds NOT NULL,
        order_ref app.hash32 NOT NULL,
        -- Signature, and the key ring where the account has one.
        proof bytea NOT NULL CHECK (octet_length(proof) BETWEEN 65 AND 2048),
        -- A device key signed, and the kind counts against the limit of device keys.
        by_device boolean NOT NULL,
        refusal_code smallint, refusal_a numeric(78), refusal_b numeric(78),
        received_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        CHECK ((refusal_code IS NULL) = (refusal_a IS NULL) AND (refusal_code IS NULL) = (refusal_b IS NULL))
      );
      CREATE INDEX signed_order_holder ON app.signed_order (holder, received_at DESC);
      CREATE INDEX signed_order_other ON app.signed_order (other, received_at DESC) WHERE other IS NOT NULL;
      CREATE INDEX signed_order_refused ON app.signed_order (kind, received_at) WHERE refusal_code IS NOT NULL;
      CREATE FUNCTION app.refuse_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'a signed order is never changed or deleted'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_order_append_only';
      END $$;
      CREATE TRIGGER signed_order_unchanged BEFORE UPDATE OR DELETE ON app.signed_order
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_order_change();

      -- Payments that were submitted here and refused, by the API or by the contract (its newest refusal), and are not
      -- final: what reports count. Series is the first listed. The API's come with the row of app.signed_order, the
      -- contract's from the indexer, which also takes away what has become final.
      CREATE TABLE app.refused_payment (
        id app.hash32 PRIMARY KEY REFERENCES app.signed_order (id),
        code smallint NOT NULL,
        series bigint NOT NULL,
        payer app.address NOT NULL,
        merchant app.address NOT NULL,
        amount numeric(20) NOT NULL,
        received_at timestamptz NOT NULL
      );
      CREATE INDEX refused_payment_received ON app.refused_payment (received_at, id);
      CREATE FUNCTION app.keep_refused_payment() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO app.refused_payment (id, code, series, payer, merchant, amount, received_at)
        SELECT id, refusal_code, series[1], holder, other, amount, received_at
          FROM added a
         WHERE kind = 'payment' AND refusal_code IS NOT NULL
           AND NOT EXISTS (SELECT FROM chain.payment p WHERE p.id = a.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER refused_payment_kept AFTER INSERT ON app.signed_order
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.keep_refused_payment();
      -- A payment that was refused for a reason that passed, and accepted when it came again, has an outbox row. With the
      -- owner's rights, because the API may not delete here; it takes away nothing else.
      CREATE FUNCTION app.forget_superseded_refusals(ids bytea[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
          DELETE FROM app.refused_payment r
           WHERE r.id::bytea = ANY (ids) AND EXISTS (SELECT FROM app.outbox o WHERE o.id = r.id)
        $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

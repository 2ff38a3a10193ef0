import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people submit and what the platform does with it until the chain has decided. */
export class App1764100000004 implements MigrationInterface {
  name = 'App1764100000004';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE app.deployment (
        id smallint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        chain_id bigint NOT NULL,
        authorities app.address NOT NULL,
        vouchers app.address NOT NULL UNIQUE,
        salt app.hash32 NOT NULL UNIQUE,
        block_number bigint NOT NULL,
        block_hash app.hash32 NOT NULL
      );

      -- Submitted authorisations. The row never changes; what became of it: the outbox (accepted, not decided yet),
      -- chain.payment (final), chain.payment_refused, or refusal_code (refused at the door).
      CREATE TABLE app.payment (
        id app.hash32 PRIMARY KEY,
        payer app.address NOT NULL,
        merchant app.address NOT NULL,
        -- In the order in which they are to be spent; the first one's holding counts the nonce.
        series bigint[] NOT NULL CHECK (cardinality(series) BETWEEN 1 AND 8),
        amount numeric(20) NOT NULL CHECK (amount >= 0),
        nonce bigint NOT NULL,
        deadline app.unix_seconds NOT NULL,
        order_ref app.hash32 NOT NULL,
        -- Signature, and the key ring where the account has one.
        proof bytea NOT NULL CHECK (octet_length(proof) BETWEEN 65 AND 2048),
        refusal_code smallint, refusal_a numeric(78), refusal_b numeric(78),
        received_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((refusal_code IS NULL) = (refusal_a IS NULL) AND (refusal_code IS NULL) = (refusal_b IS NULL))
      );
      CREATE INDEX payment_payer ON app.payment (payer, (series[1]));
      CREATE INDEX payment_merchant ON app.payment (merchant, received_at DESC);
      CREATE INDEX payment_refused_at_door ON app.payment (received_at) WHERE refusal_code IS NOT NULL;
      CREATE TABLE app.redemption (
        id app.hash32 PRIMARY KEY,
        merchant app.address NOT NULL,
        series bigint NOT NULL,
        amount numeric(20) NOT NULL CHECK (amount >= 0),
        nonce bigint NOT NULL,
        deadline app.unix_seconds NOT NULL,
        order_ref app.hash32 NOT NULL,
        -- Signature, and the key ring where the account has one.
        proof bytea NOT NULL CHECK (octet_length(proof) BETWEEN 65 AND 2048),
        refusal_code smallint, refusal_a numeric(78), refusal_b numeric(78),
        received_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((refusal_code IS NULL) = (refusal_a IS NULL) AND (refusal_code IS NULL) = (refusal_b IS NULL))
      );
      CREATE INDEX redemption_merchant ON app.redemption (merchant, received_at DESC);

      -- The other orders that people sign; they come seldom.
      CREATE TYPE app.signed_order_kind AS ENUM ('void', 'gift', 'circulation', 'refund');
      CREATE TABLE app.signed_order (
        id app.hash32 PRIMARY KEY,
        kind app.signed_order_kind NOT NULL,
        -- Who signed: the merchant of voids and circulations, the giver, the resident who wants a refund.
        holder app.address NOT NULL,
        -- The payer of a void, the receiver of a gift, the recipient of a circulation.
        other app.address CHECK ((other IS NULL) = (kind = 'refund')),
        payment app.hash32 CHECK ((payment IS NOT NULL) = (kind = 'void')),
        series bigint NOT NULL,
        amount numeric(20) NOT NULL CHECK (amount >= 0),
        nonce bigint NOT NULL,
        deadline app.unix_seconds NOT NULL,
        order_ref app.hash32 NOT NULL,
        proof bytea NOT NULL CHECK (octet_length(proof) BETWEEN 65 AND 2048),
        refusal_code smallint, refusal_a numeric(78), refusal_b numeric(78),
        received_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((refusal_code IS NULL) = (refusal_a IS NULL) AND (refusal_code IS NULL) = (refusal_b IS NULL))
      );
      CREATE INDEX signed_order_holder ON app.signed_order (holder, received_at DESC);
      CREATE INDEX signed_order_other ON app.signed_order (other, received_at DESC) WHERE other IS NOT NULL;

      -- One transaction of a relayer key, stored before it is sent. (key, nonce) can be taken once.
      CREATE TABLE app.relay_transaction (
        relayer app.address NOT NULL,
        nonce bigint NOT NULL CHECK (nonce >= 0),
        hash app.hash32 NOT NULL UNIQUE,
        raw bytea NOT NULL,
        items integer NOT NULL CHECK (items >= 0),
        signed_at timestamptz NOT NULL DEFAULT now(),
        sent_at timestamptz,
        mined_block bigint,
        PRIMARY KEY (relayer, nonce)
      );
      CREATE INDEX relay_transaction_open ON app.relay_transaction (relayer, nonce) WHERE mined_block IS NULL;

      -- What has to be carried to the chain, in order. relay_hash is set while a transaction carries it; the
      -- indexer sets decided_block when the chain has decided it, and takes both back when that block is lost.
      CREATE TYPE app.outbox_kind AS ENUM ('payment', 'redemption', 'issue_chunk', 'act', 'call');
      CREATE TABLE app.outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        id app.hash32 PRIMARY KEY,
        kind app.outbox_kind NOT NULL,
        -- payment, redemption: the packed item (four words) and its proof; issue_chunk, act, call: target (20 bytes)
        -- and call data. A call is what somebody signed that travels alone: void, gift, circulation, refund, change of
        -- keys, issue by quota, expiry.
        payload bytea NOT NULL,
        -- Whose value a payment, redemption or call reserves while it is undecided; NULL for the other kinds.
        holder app.address,
        relay_hash app.hash32,
        failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0),
        -- After a failure: not carried again before this moment.
        retry_at timestamptz,
        -- -1: left the outbox without the chain (the contract would refuse it, or it can't be packed).
        decided_block bigint CHECK (decided_block >= -1),
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK (kind = 'call' OR (holder IS NOT NULL) = (kind IN ('payment', 'redemption')))
      );
      CREATE INDEX outbox_waiting ON app.outbox (kind, seq) WHERE relay_hash IS NULL AND decided_block IS NULL;
      CREATE INDEX outbox_carried ON app.outbox (relay_hash) WHERE relay_hash IS NOT NULL AND decided_block IS NULL;
      CREATE INDEX outbox_reserved ON app.outbox (holder) WHERE holder IS NOT NULL AND decided_block IS NULL;
      CREATE INDEX outbox_decided ON app.outbox (decided_block) WHERE decided_block IS NOT NULL;

      -- The canonical terms of a series; its hash is pinned on chain.
      CREATE TABLE app.terms_document (
        hash app.hash32 PRIMARY KEY,
        authority app.region_code NOT NULL REFERENCES app.region (code),
        canonical text NOT NULL,
        demo boolean NOT NULL DEFAULT false,
        stored_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TYPE app.act_state AS ENUM ('open', 'executing', 'failed', 'withdrawn');
      CREATE TABLE app.act (
        id app.hash32 PRIMARY KEY,
        authority app.region_code NOT NULL REFERENCES app.region (code),
        kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
        target app.address NOT NULL,
        call bytea NOT NULL,
        nonce numeric(78) NOT NULL,
        deadline app.unix_seconds NOT NULL,
        -- What belongs to the act but not on chain (terms text, shop names, recipients); its hash is the nonce.
        attachment jsonb,
        state app.act_state NOT NULL DEFAULT 'open',
        failure jsonb,
        proposed_by bigint NOT NULL,
        proposed_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((state = 'failed') = (failure IS NOT NULL))
      );
      CREATE INDEX act_authority ON app.act (authority, proposed_at DESC);
      CREATE TABLE app.act_approval (
        act app.hash32 NOT NULL REFERENCES app.act (id),
        officer bigint NOT NULL,
        signature bytea NOT NULL CHECK (octet_length(signature) BETWEEN 65 AND 2048),
        signed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (act, officer)
      );

      CREATE TABLE app.issue_list (
        root app.hash32 NOT NULL,
        act app.hash32 PRIMARY KEY REFERENCES app.act (id),
        series integer NOT NULL,
        total app.won NOT NULL,
        recipients integer NOT NULL CHECK (recipients > 0),
        chunks integer NOT NULL CHECK (chunks > 0)
      );
      CREATE INDEX issue_list_root ON app.issue_list (root);
      CREATE TABLE app.issue_chunk (
        act app.hash32 NOT NULL REFERENCES app.issue_list (act),
        index integer NOT NULL,
        items bytea NOT NULL,
        proof app.hash32[] NOT NULL,
        PRIMARY KEY (act, index)
      );

      -- What a register of merchants shows; place, category, size and status are the chain's. Said by an act, and
      -- shown once that act is executed; the newest counts.
      CREATE TABLE app.merchant_profile (
        merchant app.address NOT NULL,
        name text NOT NULL CHECK (name <> ''),
        business_number text NOT NULL CHECK (business_number ~ '^[0-9]{10}$'),
        street_address text NOT NULL DEFAULT '',
        act app.hash32 NOT NULL REFERENCES app.act (id),
        demo boolean NOT NULL DEFAULT false,
        stored_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (merchant, act)
      );
      CREATE INDEX merchant_profile_business ON app.merchant_profile (business_number);

      -- Every privileged act, append-only.
      CREATE TABLE app.audit_entry (
        seq bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT now(),
        authority app.region_code NOT NULL,
        officer bigint,
        action text NOT NULL CHECK (action ~ '^[a-z_]+:[a-z_.]+$'),
        subject text NOT NULL,
        request_id text,
        detail jsonb NOT NULL DEFAULT '{}'
      );
      CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit trail is append-only'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_append_only';
      END $$;
      CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON app.audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
      CREATE TRIGGER payment_unchanged BEFORE UPDATE OR DELETE ON app.payment
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
      CREATE TRIGGER redemption_unchanged BEFORE UPDATE OR DELETE ON app.redemption
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
      CREATE TRIGGER signed_order_unchanged BEFORE UPDATE OR DELETE ON app.signed_order
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people submit and what the platform does with it until the chain has decided. */
export class App1764100000005 implements MigrationInterface {
  name = 'App1764100000005';

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
        -- The block that the transaction was in when a reorg dropped it last; NULL for one that was never dropped.
        lost_block bigint CHECK (lost_block >= 0),
        -- Its place in that block, or in mined_block.
        block_place integer CHECK (block_place >= 0),
        -- What it may use at most.
        gas bigint NOT NULL CHECK (gas > 0),
        PRIMARY KEY (relayer, nonce)
      );
      CREATE INDEX relay_transaction_open ON app.relay_transaction (relayer, nonce) WHERE mined_block IS NULL;

      -- What has to be submitted to the chain, in order. relay_hash is set while it is in a transaction; the indexer sets
      -- decided_block when the chain has decided it, and takes both back when a reorg drops that block.
      CREATE TYPE app.outbox_kind AS ENUM ('payment', 'redemption', 'issue_chunk', 'act', 'call');
      CREATE TABLE app.outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        id app.hash32 PRIMARY KEY,
        kind app.outbox_kind NOT NULL,
        -- payment, redemption: the packed item (four words) and its proof; issue_chunk, act, call: target (20 bytes)
        -- and call data. A call is what somebody signed that is sent alone: void, gift, circulation, refund, change of
        -- keys, issue by quota, expiry.
        payload bytea NOT NULL,
        -- Whose value a payment, redemption or call reserves while it is undecided; NULL for the other kinds.
        holder app.address,
        relay_hash app.hash32,
        failures smallint NOT NULL DEFAULT 0 CHECK (failures >= 0),
        -- After a failure: not submitted again before this moment.
        retry_at timestamptz,
        -- -1: left the outbox without the chain (the contract would refuse it, or it can't be packed).
        decided_block bigint CHECK (decided_block >= -1),
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK (kind = 'call' OR (holder IS NOT NULL) = (kind IN ('payment', 'redemption')))
      );
      CREATE INDEX outbox_waiting ON app.outbox (kind, seq) WHERE relay_hash IS NULL AND decided_block IS NULL;
      CREATE INDEX outbox_relayed ON app.outbox (relay_hash) WHERE relay_hash IS NOT NULL AND decided_block IS NULL;
      CREATE INDEX outbox_reserved ON app.outbox (holder) WHERE holder IS NOT NULL AND decided_block IS NULL;
      CREATE INDEX outbox_decided ON app.outbox (decided_block) WHERE decided_block IS NOT NULL;

      -- The canonical terms of a series; its hash is pinned on chain.
      CREATE TABLE app.terms_document (
        hash app.hash32 PRIMARY KEY,
        authority app.region_code NOT NULL REFERENCES app.region (code),
        canonical text NOT NULL,
        demo boolean NOT NULL DEFAULT false,
        stored_at timestamptz NOT NULL DEFAULT app.now_stamp()
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
        proposed_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        CHECK ((state = 'failed') = (failure IS NOT NULL))
      );
      CREATE INDEX act_authority ON app.act (authority, proposed_at DESC);
      CREATE TABLE app.act_approval (
        act app.hash32 NOT NULL REFERENCES app.act (id),
        officer bigint NOT NULL,
        signature bytea NOT NULL CHECK (octet_length(signature) BETWEEN 65 AND 2048),
        signed_at timestamptz NOT NULL DEFAULT app.now_stamp(),
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
        stored_at timestamptz NOT NULL DEFAULT app.now_stamp(),
        PRIMARY KEY (merchant, act)
      );
      CREATE INDEX merchant_profile_business ON app.merchant_profile (business_number);

      -- Every privileged act, append-only.
      CREATE TABLE app.audit_entry (
        seq bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        at timestamptz NOT NULL DEFAULT app.now_stamp(),
        authority app.region_code NOT NULL,
        officer bigint,
        action text NOT NULL CHECK (action ~ '^[a-z_]+:[a-z_.]+$'),
        subject text NOT NULL,
        request_id text,
        detail jsonb NOT NULL DEFAULT '{}'
      );
      CREATE FUNCTION app.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit trail is append-only'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_append_only';
      END $$;
      CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON app.audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_audit_change();
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

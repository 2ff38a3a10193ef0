import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The clock that everything that promises is judged by can lead the real time on test installations. */
export class Clock1764100000001 implements MigrationInterface {
  name = 'Clock1764100000001';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      -- No row: the real time. app.lead_clock alone writes it.
      CREATE TABLE app.clock (
        id boolean PRIMARY KEY DEFAULT true CHECK (id),
        lead_seconds bigint NOT NULL CHECK (lead_seconds >= 0)
      );

      -- Blocks and deadlines have the times that were, so the lead never shrinks.
      CREATE FUNCTION app.keep_clock_forward() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' THEN
          IF NEW.lead_seconds >= OLD.lead_seconds THEN
            RETURN NEW;
          END IF;
        END IF;
        RAISE EXCEPTION 'the clock does not go back'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'clock_forward';
      END $$;
      CREATE TRIGGER clock_forward BEFORE UPDATE OR DELETE ON app.clock
        FOR EACH ROW EXECUTE FUNCTION app.keep_clock_forward();
      CREATE TRIGGER clock_stays BEFORE TRUNCATE ON app.clock
        FOR EACH STATEMENT EXECUTE FUNCTION app.keep_clock_forward();

      CREATE FUNCTION app.lead_clock(seconds bigint) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF current_setting('jangteo.test_clock', true) IS DISTINCT FROM 'on' THEN
          RAISE EXCEPTION 'the clock may lead on a test installation alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'clock_of_tests';
        END IF;
        INSERT INTO app.clock (lead_seconds) VALUES (seconds)
          ON CONFLICT (id) DO UPDATE SET lead_seconds = excluded.lead_seconds;
        PERFORM pg_notify('jangteo_clock', seconds::text);
      END $$;
      REVOKE ALL ON FUNCTION app.lead_clock(bigint) FROM PUBLIC;

      -- What people do is stamped with the time that it is judged by.
      CREATE FUNCTION app.now_stamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$
        SELECT now() + coalesce((SELECT lead_seconds FROM app.clock), 0) * interval '1 second'
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations go forward only; restore a backup instead');
  }
}

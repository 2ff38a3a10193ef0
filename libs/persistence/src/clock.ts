import { Injectable } from '@nestjs/common';
import { koreanDayIndex } from '#domain';
import { OperatorError } from '#platform';
import { Database, type Queryable } from './database.js';

/** SQL: seconds by which a test installation leads the real time; 0 elsewhere. */
const LEAD = 'coalesce((SELECT lead_seconds FROM app.clock), 0)';

/**
 * SQL of the moment at which everything that promises is judged, in Unix seconds. Processes run on several machines
 * whose clocks may be minutes apart; the database has one clock, and where that is behind, the newest indexed block has
 * the time that the contract will go by. Both sub-selects run once per statement, so that a statement that is sent
 * anyway can return the time as well.
 */
export const NOW_SECONDS = `greatest(floor(extract(epoch FROM clock_timestamp()))::bigint + ${LEAD},
  (SELECT b.timestamp FROM chain.cursor c JOIN chain.block b ON b.number = c.block_number))`;

/** SQL of the moment that rows are stamped with (timestamptz): the transaction's, led like NOW_SECONDS. */
export const NOW_STAMP = `(now() + ${LEAD} * interval '1 second')`;

/** A moment that Clock.recent() returns is at most so much older than the reading that it is derived from. */
const RECENT_MS = 1_000;

/** Channel that says that the lead has changed. */
export const CLOCK_CHANNEL = 'jangteo_clock';

/** Reads the time from a row of which NOW_SECONDS is the column `time`. */
export function timeOf(row: { readonly time: bigint } | undefined): number {
  if (row === undefined) throw new Error('there is no row with the time');
  return Number(row.time);
}

/** The moment at which promises are judged, in Unix seconds; see NOW_SECONDS. */
export async function currentTime(db: Queryable): Promise<number> {
  const [row] = await db.query<{ time: bigint }>(`SELECT ${NOW_SECONDS} AS time`);
  return timeOf(row);
}

interface Reading {
  readonly seconds: number;
  /** Of performance.now(). */
  readonly at: number;
}

/**
 * The one clock of the platform: deadlines, validity, expiry, holds and calendars are judged by it, in every process
 * alike. Durations, timeouts, retries and logs keep the process's own clock.
 */
@Injectable()
export class Clock {
  private reading: Reading | undefined;
  private pending: Promise<Reading> | undefined;

  constructor(private readonly db: Database) {}

  /** Unix seconds, read now; inside the transaction `tx` if one is given. */
  async now(tx: Queryable = this.db): Promise<number> {
    return currentTime(tx);
  }

  /** Today in Korea as a day index (see koreanDayIndex), read now. */
  async today(tx: Queryable = this.db): Promise<number> {
    return koreanDayIndex(await this.now(tx));
  }

  /**
   * Unix seconds for views, mostly without asking the database: never ahead of `now()`, and behind it by less than two
   * seconds (one for the age of the reading, one for whole seconds). A move of the lead shows within one second. What is
   * accepted or refused is judged by `now()`.
   */
  async recent(): Promise<number> {
    const { reading } = this;
    const isFresh = reading !== undefined && performance.now() - reading.at < RECENT_MS;
    const { seconds, at } = isFresh ? reading : await this.read();
    return seconds + Math.floor((performance.now() - at) / 1_000);
  }

  /** Requests at the same time share one reading. */
  private read(): Promise<Reading> {
    this.pending ??= this.readOnce().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  private async readOnce(): Promise<Reading> {
    const seconds = await this.now();
    this.reading = { seconds, at: performance.now() };
    return this.reading;
  }
}

/** Seconds by which this database's clock leads the real time; 0 also before the first migration. */
export async function clockLead(db: Queryable): Promise<number> {
  const [found] = await db.query<{ there: boolean }>(`SELECT to_regclass('app.clock') IS NOT NULL AS there`);
  if (found?.there !== true) return 0;
  const [row] = await db.query<{ lead: bigint }>(`SELECT ${LEAD}::bigint AS lead`);
  return Number(row?.lead ?? 0n);
}

/**
 * Moves the clock of a test installation: all processes follow at once, and the embedded chain with its next block.
 *
 * @param seconds ahead of the real time, at least the present lead
 * @throws OperatorError for a smaller lead: blocks and signed deadlines can't go back
 */
export async function leadClock(db: Database, seconds: number): Promise<void> {
  await db.transaction(async (tx) => {
    // Processes that lead at the same time wait for each other, so that none moves the clock back.
    await tx.query('LOCK TABLE app.clock IN SHARE ROW EXCLUSIVE MODE');
    const lead = await clockLead(tx);
    if (seconds < lead)
      throw new OperatorError(
        `The clock is ${lead} s ahead already and can't go back to ${seconds} s: blocks have those times.`,
      );
    await tx.query(`SET LOCAL jangteo.test_clock = 'on'`);
    await tx.query('SELECT app.lead_clock($1)', [seconds]);
  });
}

/** @throws OperatorError when the clock of this database is led and the process is not declared a test installation */
export async function requireRealClock(db: Queryable, isTestClock: boolean): Promise<void> {
  if (isTestClock) return;
  const lead = await clockLead(db);
  if (lead > 0)
    throw new OperatorError(
      `The clock of this database is ${lead} s ahead of the real time, as test installations alone may be. ` +
        'Set TEST_CLOCK=on if this is one.',
    );
}

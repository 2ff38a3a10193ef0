import { appendFileSync } from 'node:fs';
import type { Shot } from './open-load.js';

/** One second of a run, by the time at which its payments had to leave. */
export interface Second {
  /** Wall clock, so that it can be laid beside the logs. */
  readonly at: string;
  readonly payments: number;
  /** Milliseconds, the slowest of this second. */
  readonly accepted_max: number;
  readonly final_max: number;
}

/**
 * A run second by second: percentiles over a minute say that there is a tail, this says when, and the logs say what
 * happened then.
 *
 * @param finalAt by shot; undefined = never final
 */
export function timelineOf(shots: readonly Shot[], finalAt: readonly (number | undefined)[]): Second[] {
  const seconds = new Map<number, { payments: number; accepted: number; final: number }>();
  shots.forEach((shot, index) => {
    const second = Math.floor((performance.timeOrigin + shot.dueAt) / 1000);
    const row = seconds.get(second) ?? { payments: 0, accepted: 0, final: 0 };
    row.payments += 1;
    row.accepted = Math.max(row.accepted, shot.answeredAt - shot.dueAt);
    row.final = Math.max(row.final, (finalAt[index] ?? shot.dueAt) - shot.dueAt);
    seconds.set(second, row);
  });
  return [...seconds].map(([second, { payments, accepted, final }]) => ({
    at: new Date(second * 1000).toISOString(),
    payments,
    accepted_max: Math.round(accepted),
    final_max: Math.round(final),
  }));
}

/** One line of JSON for each second. */
export function appendTimeline(file: string, seconds: readonly Second[]): void {
  appendFileSync(file, seconds.map((second) => `${JSON.stringify(second)}\n`).join(''));
}

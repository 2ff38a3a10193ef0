import { BATCH_MAX } from '#contracts';
import { koreanIsoDateTime, latestPause } from '#domain';
import { ActRunner } from './acts.js';
import { ApiError, type Http } from './http.js';
import { demoOfficers } from './officers.js';
import type { DemoPlan } from './plan.js';
import { chunksOf, inParallel } from './pool.js';
import type { LiveSeries } from './spendable.js';

export interface RemoveContext {
  readonly http: Http;
  readonly plan: DemoPlan;
  readonly series: readonly LiveSeries[];
  readonly say: (line: string) => void;
}

const CITIES_AT_ONCE = 8;
const ACT_SECONDS = 3_600;

/**
 * Takes a demo out of use as far as a chain allows: nothing that happened can be deleted. Shops are closed for good,
 * so that no demo voucher can be spent anywhere, and the series are paused for as long as may be: seven days, and a tenth
 * of the validity in all.
 * Merchants keep the right to redeem what they have taken.
 */
export async function removeDemo({ http, plan, series, say }: RemoveContext): Promise<void> {
  const now = http.now();
  // Another removal is another act: a pause that has run out can be renewed.
  const runner = new ActRunner(http, `${plan.seed}/${now}`, now + ACT_SECONDS);
  await inParallel(plan.cities, CITIES_AT_ONCE, async ({ code, merchants }) => {
    const open = await stillOpen(
      http,
      merchants.map(({ address }) => address),
    );
    for (const [index, part] of chunksOf(open, BATCH_MAX).entries()) {
      await runner.execute(
        {
          key: `close/${code}/${index}`,
          kind: 'set_merchant_status',
          authority: code,
          args: { merchants: part, status: 'closed' },
        },
        demoOfficers(plan.seed, code),
      );
    }
  });
  say('demo: all shops are closed');
  let paused = 0;
  for (const { id, authority, terms } of series) {
    const from = Date.parse(terms.validFrom) / 1_000;
    // Officers may have extended it.
    const end = Date.parse((await http.get(`/v1/series/${id}`)).at('validUntil').text()) / 1_000;
    if (end < now) continue;
    const unused = { validFrom: from, validUntil: end, pausedUntil: 0, pauseUsed: 0 };
    const until = koreanIsoDateTime(latestPause(unused, now) - ACT_SECONDS);
    try {
      await runner.execute(
        { key: `pause/${id}`, kind: 'pause_series', authority, args: { series: id, until } },
        demoOfficers(plan.seed, authority),
      );
      paused += 1;
    } catch (error) {
      // An earlier removal used its pauses up.
      if (!(error instanceof ApiError) || error.code !== 'pause_too_long') throw error;
    }
  }
  say(`demo: ${paused} series are paused`);
}

/** Closed is for good, and closing again would be refused. */
async function stillOpen(http: Http, merchants: readonly string[]): Promise<string[]> {
  const states = await inParallel(merchants, CITIES_AT_ONCE, async (address) => {
    try {
      return (await http.get(`/v1/merchants/${address}`)).at('status').text() === 'closed' ? [] : [address];
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    }
  });
  return states.flat();
}

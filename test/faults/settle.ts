import { setTimeout as sleep } from 'node:timers/promises';
import type { OutsideClient } from '../support/outside-client.js';
import type { Entry } from './journal.js';
import { meaningOf } from './shopper.js';

const SETTLE_MS_MAX = 60_000;
const POLL_MS = 50;
/** The one end of a promise without a settlement: the chain's clock, which the API's may be behind. */
const TOO_LATE = 'refused:deadline_passed';

/**
 * Gets an answer for every payment that has none, and waits until every accepted one is decided.
 *
 * @returns what took too long, and promises that were broken
 */
export async function settle(client: OutsideClient, journal: readonly Entry[]): Promise<string[]> {
  const wrong: string[] = [];
  const until = Date.now() + SETTLE_MS_MAX;
  for (const entry of journal) {
    while (entry.reported === undefined || entry.reported === 'accepted') {
      const asked =
        entry.reported === undefined
          ? client.pay(entry.order)
          : client.send('GET', `/v1/payments/${entry.order.id}`);
      const answer = await asked.catch(() => undefined);
      const reported = answer && meaningOf(answer);
      if (entry.reported === 'accepted' && reported?.startsWith('refused') && reported !== TOO_LATE) {
        // It stays promised in the journal, so that the comparison misses it too.
        wrong.push(`${entry.order.id}: accepted, and later ${reported}`);
        break;
      }
      if (reported !== undefined) entry.reported = reported;
      if (reported === 'final' || reported?.startsWith('refused')) break;
      if (Date.now() > until) {
        wrong.push(`${entry.order.id}: ${entry.reported ?? 'unanswered'} for too long`);
        break;
      }
      await sleep(POLL_MS);
    }
  }
  return wrong;
}

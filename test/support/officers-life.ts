import type { OutsideClient } from './outside-client.js';
import { GYEONGBUK, GYEONGJU, inEveryRole, type Province, TWO_OF_THREE } from './province.js';

const DAY_SECONDS = 86_400;
/** Beyond the last moment that counts. */
const A_MINUTE = 60;

/**
 * Everything that officers may decide about officers of a city, who stay the same: a change that is stopped, one that
 * ends with a removal, one that comes into force, a reseat that is rejected and one that is not. Until `inForce` has led
 * the clock no governors may act, or they would reject it.
 */
export async function decideAboutOfficers(client: OutsideClient, province: Province): Promise<void> {
  const officers = inEveryRole(province.officersOf(GYEONGJU));
  const act = (kind: string, args: Readonly<Record<string, unknown>>, authority = GYEONGJU) =>
    province.act({ kind, authority, args });
  const proposeReseat = () =>
    act('propose_reseat', { region: GYEONGJU, officers, thresholds: TWO_OF_THREE }, GYEONGBUK);
  await act('set_thresholds', { thresholds: TWO_OF_THREE });
  const waiting = await client.until(
    () => client.get(`/v1/authorities/${GYEONGJU}`),
    (authority) => authority.at('changes').list().length === 1,
  );
  await act('stop_change', { change: waiting.at('changes', 0, 'id').text() });
  await act('set_officers', { officers });
  await act('remove_officers', { officers: [officers.at(-1)?.id] });
  await act('set_officers', { officers });
  await proposeReseat();
  await act('reject_reseat', {});
  await proposeReseat();
}

/**
 * Leads the clock until both are in force.
 * @param lead makes it lead by so many seconds in all
 * @returns by how many it leads at last
 */
export async function inForce(
  client: OutsideClient,
  lead: (seconds: number) => Promise<void>,
): Promise<number> {
  const authority = () => client.get(`/v1/authorities/${GYEONGJU}`);
  await lead(2 * DAY_SECONDS + A_MINUTE);
  await client.until(authority, (now) => now.at('changes').list().length === 0);
  const all = 30 * DAY_SECONDS + A_MINUTE;
  await lead(all);
  await client.until(authority, (now) => !now.at('reseat').present);
  return all;
}

import type { OutsideClient } from './outside-client.js';
import { GYEONGBUK, GYEONGJU, type Province } from './province.js';

/** A county of the province that no one founded. */
const YEONGYANG = '47760';

/** The city is to answer for a second area, from the day on that `recodePlaces` needs it. */
export async function grantPlaces(province: Province): Promise<void> {
  const args = { to: GYEONGJU, area: YEONGYANG };
  await province.act({ kind: 'grant_area', authority: GYEONGBUK, args });
}

/** A reform as none ever was: the city's places get the county's codes. Series until now go on to be spent there. */
export async function recodePlaces(
  client: OutsideClient,
  province: Province,
  { merchant, account }: { readonly merchant: string; readonly account: string },
): Promise<void> {
  const act = (kind: string, args: Readonly<Record<string, unknown>>) =>
    province.act({ kind, authority: GYEONGJU, args });
  await client.until(
    () => client.get(`/v1/authorities/${GYEONGJU}`),
    (authority) => authority.at('areas').list().length === 2,
  );
  const reform = { from: GYEONGJU, to: YEONGYANG };
  await act('declare_reform', reform);
  await act('recode_merchants', { ...reform, entries: [{ merchant, region: YEONGYANG }] });
  await act('recode_homes', { ...reform, entries: [{ account, home: YEONGYANG }] });
  // It waits, as no one leads the clock once more.
  await act('give_up_area', { area: YEONGYANG });
}

import { ACCOUNT_TIER, type AccountTier } from '../account.js';
import { MERCHANT_STATUS } from '../merchant.js';
import { areasContain, type AreaHolder } from '../regions/areas.js';
import { regionContains, type RegionCode } from '../regions/region.js';
import type { ActRefusalKey, ItemRefusalKey } from '../refusals/table.js';
import { isFrozen } from './state.js';

// The contract's rules about entries of officers' lists (Registry.sol), and about pauses (SeriesBook.sol).

const DAY_SECONDS = 86_400;

/** A single registrar's freeze lasts until two could meet; that of two until a court has decided (project rules). */
export const FREEZE_SECONDS_OF_ONE = 3 * DAY_SECONDS;
export const FREEZE_SECONDS_MAX = 365 * DAY_SECONDS;
/** Payouts are held until an audit has looked (project rule). */
export const HOLD_SECONDS_MAX = 30 * DAY_SECONDS;
/** One pause, and all pauses of a series as a part of its validity: 1/10 (project rules). */
export const PAUSE_SECONDS_MAX = 7 * DAY_SECONDS;
export const PAUSE_SHARE = 10;

/** As many reforms of the codes a merchant's record keeps. */
export const FORMER_PLACES_MAX = 3;

/** Why an entry of a list is skipped: a code of the refusal table with its values. */
export interface EntryRefusal {
  readonly code: ActRefusalKey | ItemRefusalKey;
  readonly args: Readonly<Record<string, string | number>>;
}

/** A merchant as the chain has it. `status` is a MERCHANT_STATUS number. */
export interface KnownMerchant {
  readonly region: RegionCode;
  readonly status: number;
  /** How many former places it has; see FORMER_PLACES_MAX. */
  readonly formerPlaces: number;
}

/** An attested account as the chain has it. */
export interface KnownAccount {
  readonly home: RegionCode;
  readonly tier: AccountTier;
  /** Unix seconds; 0 = not frozen. */
  readonly frozenUntil: number;
  /** A single registrar froze it, and two have not decided about it since. */
  readonly frozenByOne: boolean;
}

/** Only an authority that answers for a place registers it; the state answers for none. */
export function outside({ authority, areas }: AreaHolder, region: RegionCode): EntryRefusal | undefined {
  if (areasContain(areas, region)) return undefined;
  return { code: 'region_outside_authority', args: { authority, region } };
}

const onlyOne: EntryRefusal = { code: 'officers_too_few', args: { had: 1, needed: 2 } };

/** What setMerchants would say of an entry; undefined: it is done. */
export function refusalOfMerchant(
  by: AreaHolder,
  entry: { readonly merchant: string; readonly region: RegionCode },
  known: KnownMerchant | undefined,
): EntryRefusal | undefined {
  if (known?.status === MERCHANT_STATUS.closed)
    return { code: 'merchant_invalid', args: { merchant: entry.merchant } };
  return outside(by, entry.region) ?? (known && outside(by, known.region));
}

/** What holdPayouts would say of a merchant. */
export function refusalOfPlace(by: AreaHolder, known: KnownMerchant | undefined): EntryRefusal | undefined {
  return known === undefined ? { code: 'merchant_unknown', args: {} } : outside(by, known.region);
}

/** What setMerchantStatus would say of a merchant; `to` is a MERCHANT_STATUS number. */
export function refusalOfStatus(
  by: AreaHolder,
  merchant: string,
  known: KnownMerchant | undefined,
  to: number,
): EntryRefusal | undefined {
  const elsewhere = refusalOfPlace(by, known);
  if (elsewhere !== undefined || known === undefined) return elsewhere;
  if (known.status !== MERCHANT_STATUS.closed && known.status !== to) return undefined;
  return { code: 'merchant_move_illegal', args: { merchant, from: known.status, to } };
}

/** A reform of the codes that governors declared. */
export interface DeclaredReform {
  readonly from: RegionCode;
  readonly to: RegionCode;
}

/** What recodeMerchants would say of an entry. */
export function refusalOfRecoding(
  by: AreaHolder,
  reform: DeclaredReform,
  { merchant, region }: { readonly merchant: string; readonly region: RegionCode },
  known: KnownMerchant | undefined,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'merchant_unknown', args: {} };
  const places = { subject: merchant, former: known.region, place: region };
  return (
    outsideReform(by, reform, places) ??
    (known.formerPlaces < FORMER_PLACES_MAX ? undefined : { code: 'former_places_full', args: { merchant } })
  );
}

/** What recodeHomes would say of an entry. */
export function refusalOfNewHome(
  by: AreaHolder,
  reform: DeclaredReform,
  { account, home }: { readonly account: string; readonly home: RegionCode },
  known: Pick<KnownAccount, 'home'> | undefined,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return outsideReform(by, reform, { subject: account, former: known.home, place: home });
}

/** That the reform leads from the place on record to the new one, and that the authority answers for both. */
function outsideReform(
  by: AreaHolder,
  { from, to }: DeclaredReform,
  places: { readonly subject: string; readonly former: RegionCode; readonly place: RegionCode },
): EntryRefusal | undefined {
  const { former, place } = places;
  if (!regionContains(from, former) || regionContains(from, place) || !regionContains(to, place))
    return { code: 'place_outside_reform', args: places };
  return outside(by, former) ?? outside(by, place);
}

/**
 * What attestAccounts would say of an entry.
 *
 * @param merchant the merchant at the same address
 * @param byTwo two registrars sign
 */
export function refusalOfAttestation(
  by: AreaHolder,
  entry: { readonly home: RegionCode; readonly tier: number },
  known: KnownAccount | undefined,
  merchant: KnownMerchant | undefined,
  byTwo: boolean,
): EntryRefusal | undefined {
  const before = known?.home ?? merchant?.region;
  return (
    outside(by, entry.home) ??
    (before === undefined ? undefined : outside(by, before)) ??
    (lowersTier(entry, known) && !byTwo ? onlyOne : undefined)
  );
}

/** Whether two registrars must sign an attestation: who lowers a tier may lower what somebody can spend. */
export function lowersTier(entry: { readonly tier: number }, known: KnownAccount | undefined): boolean {
  return entry.tier < (known?.tier ?? ACCOUNT_TIER.none);
}

/** What freezeAccounts would say of an account; `until` and `now` in Unix seconds. */
export function refusalOfFreeze(
  by: AreaHolder,
  account: string,
  known: KnownAccount | undefined,
  { until, now, byTwo }: { readonly until: number; readonly now: number; readonly byTwo: boolean },
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return outside(by, known.home) ?? (!byTwo && needsTwoToFreeze(known, until, now) ? onlyOne : undefined);
}

/** One registrar may freeze an account that is not frozen, once, and lift that freeze; everything else takes two. */
export function needsTwoToFreeze(known: KnownAccount, until: number, now: number): boolean {
  const frozen = isFrozen(known, now);
  return until > now ? known.frozenByOne || frozen : frozen && !known.frozenByOne;
}

/** What is known of the pauses of a series; times in Unix seconds, `pauseUsed` in seconds. */
export interface Pauses {
  readonly validFrom: number;
  readonly validUntil: number;
  readonly pausedUntil: number;
  /** Of all pauses so far, the running one to its end. */
  readonly pauseUsed: number;
}

/** The moment until which a series may be paused at most. */
export function latestPause(series: Pauses, now: number): number {
  const used = series.pauseUsed - Math.max(0, series.pausedUntil - now);
  const left = Math.floor((series.validUntil - series.validFrom) / PAUSE_SHARE) - used;
  return now + Math.min(left, PAUSE_SECONDS_MAX);
}

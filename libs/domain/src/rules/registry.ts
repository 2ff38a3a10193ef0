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

/** A home is a district at the finest: a finer place would single people out. */
const HOME_DIGITS_MAX = 5;

/** As many reforms of the codes a merchant's record keeps. */
export const FORMER_PLACES_MAX = 3;

/** As many accounts as one transaction can open: 41,500 gas each with a wallet's consent, of 2^24 (EIP-7825). */
export const OPENED_MAX = 300;
/**
 * As many accounts as one transaction can give their first keys: 63,000 gas for a merchant's (contracts/gas-snapshot.json),
 * and more for rings of more keys.
 */
export const FIRST_KEYS_MAX = 200;

/** Why an entry of a list is skipped: a code of the refusal table with its values. */
export interface EntryRefusal {
  readonly code: ActRefusalKey | ItemRefusalKey;
  readonly args: Readonly<Record<string, string | number>>;
}

/** What the chain says of every account on record. */
export interface OnRecord {
  /** Who answers for it; no other authority has any power over it. */
  readonly authority: RegionCode;
  /** It was opened without keys, and has none until they are changed first. */
  readonly keyless: boolean;
}

/** A merchant as the chain has it. `status` is a MERCHANT_STATUS number. */
export interface KnownMerchant extends OnRecord {
  readonly region: RegionCode;
  readonly status: number;
  /** How many former places it has; see FORMER_PLACES_MAX. */
  readonly formerPlaces: number;
}

/** A resident's or company's account as the chain has it. */
export interface KnownAccount extends OnRecord {
  readonly home: RegionCode;
  readonly tier: AccountTier;
  readonly company: boolean;
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

/** Why an authority has no power over an account on record. */
export function notInCharge(
  { authority }: { readonly authority: RegionCode },
  account: string,
  known: OnRecord,
): EntryRefusal | undefined {
  if (known.authority === authority) return undefined;
  return { code: 'not_in_charge', args: { account, in_charge: known.authority } };
}

/** Why an account that is not on record can't be recorded by this authority. */
function notChosen(
  { authority }: AreaHolder,
  account: string,
  { chosen, elsewhere }: Recording,
): EntryRefusal | undefined {
  if (elsewhere) return { code: 'role_differs', args: { account } };
  return chosen ? undefined : { code: 'authority_not_chosen', args: { account, authority } };
}

/** What is known of an account besides its record in the role that an entry names. */
export interface Recording {
  /** Its claim shows that it chose the acting authority and the role. */
  readonly chosen: boolean;
  /** It is on record in another role: a resident or company as a merchant, or a merchant as one of them. */
  readonly elsewhere: boolean;
}

/** What setMerchants would say of an entry; undefined: it is done. */
export function refusalOfMerchant(
  by: AreaHolder,
  { merchant, region }: { readonly merchant: string; readonly region: RegionCode },
  known: KnownMerchant | undefined,
  recording: Recording,
): EntryRefusal | undefined {
  if (known?.status === MERCHANT_STATUS.closed) return { code: 'merchant_invalid', args: { merchant } };
  return (
    outside(by, region) ??
    (known === undefined ? notChosen(by, merchant, recording) : notInCharge(by, merchant, known))
  );
}

/** What holdPayouts would say of a merchant. */
export function refusalOfHold(
  by: AreaHolder,
  merchant: string,
  known: KnownMerchant | undefined,
): EntryRefusal | undefined {
  return known === undefined ? { code: 'merchant_unknown', args: {} } : notInCharge(by, merchant, known);
}

/** What setMerchantStatus would say of a merchant; `to` is a MERCHANT_STATUS number. */
export function refusalOfStatus(
  by: AreaHolder,
  merchant: string,
  known: KnownMerchant | undefined,
  to: number,
): EntryRefusal | undefined {
  const others = refusalOfHold(by, merchant, known);
  if (others !== undefined || known === undefined) return others;
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
    notInCharge(by, merchant, known) ??
    outsideReform(by, reform, places) ??
    (known.formerPlaces < FORMER_PLACES_MAX ? undefined : { code: 'former_places_full', args: { merchant } })
  );
}

/** What recodeHomes would say of an entry. */
export function refusalOfNewHome(
  by: AreaHolder,
  reform: DeclaredReform,
  { account, home }: { readonly account: string; readonly home: RegionCode },
  known: KnownAccount | undefined,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return (
    notInCharge(by, account, known) ??
    outsideReform(by, reform, { subject: account, former: known.home, place: home }) ??
    (isHome(home) ? undefined : { code: 'account_invalid', args: { account } })
  );
}

/** That the reform leads from the place on record to the new one, and that the authority answers for that. */
function outsideReform(
  by: AreaHolder,
  { from, to }: DeclaredReform,
  places: { readonly subject: string; readonly former: RegionCode; readonly place: RegionCode },
): EntryRefusal | undefined {
  const { former, place } = places;
  if (!regionContains(from, former) || regionContains(from, place) || !regionContains(to, place))
    return { code: 'place_outside_reform', args: places };
  return outside(by, place);
}

/** Whether people may be said to live there: no finer than a district, five digits. */
export function isHome(region: RegionCode): boolean {
  return region.length > 0 && region.length <= HOME_DIGITS_MAX;
}

/**
 * What attestAccounts would say of an entry.
 *
 * @param byTwo two registrars sign
 */
export function refusalOfAttestation(
  by: AreaHolder,
  entry: {
    readonly account: string;
    readonly home: RegionCode;
    readonly tier: number;
    readonly company: boolean;
  },
  known: KnownAccount | undefined,
  recording: Recording,
  byTwo: boolean,
): EntryRefusal | undefined {
  const { account, home, company } = entry;
  if (!isHome(home)) return { code: 'account_invalid', args: { account } };
  const elsewhere = outside(by, home);
  if (elsewhere !== undefined || known === undefined) return elsewhere ?? notChosen(by, account, recording);
  return (
    notInCharge(by, account, known) ??
    (company === known.company ? undefined : { code: 'role_differs', args: { account } }) ??
    (lowersTier(entry, known) && !byTwo ? onlyOne : undefined)
  );
}

/**
 * What setFirstKeys would say of an entry.
 *
 * @param changed its keys were changed: it has some
 */
export function refusalOfFirstKeys(
  by: AreaHolder,
  account: string,
  known: OnRecord | undefined,
  changed: boolean,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return (
    notInCharge(by, account, known) ??
    (known.keyless && !changed ? undefined : { code: 'keys_already_set', args: { account } })
  );
}

/** What replaceKeys would say of an account. */
export function refusalOfReplacement(
  by: AreaHolder,
  account: string,
  known: OnRecord | undefined,
): EntryRefusal | undefined {
  return known === undefined
    ? { code: 'account_unknown', args: { account } }
    : notInCharge(by, account, known);
}

/** Whether two registrars must sign an attestation: who lowers a tier may lower what somebody can spend. */
export function lowersTier(entry: { readonly tier: number }, known: KnownAccount | undefined): boolean {
  return entry.tier < (known?.tier ?? ACCOUNT_TIER.none);
}

/** What decides whether one registrar may freeze. */
export type FreezeState = Pick<KnownAccount, 'frozenUntil' | 'frozenByOne'>;
/** An account of any role that may be frozen: a merchant has no home. */
export type Freezable = OnRecord & FreezeState;

/** What freezeAccounts would say of an account; `until` and `now` in Unix seconds. */
export function refusalOfFreeze(
  by: AreaHolder,
  account: string,
  known: Freezable | undefined,
  { until, now, byTwo }: { readonly until: number; readonly now: number; readonly byTwo: boolean },
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return (
    notInCharge(by, account, known) ?? (!byTwo && needsTwoToFreeze(known, until, now) ? onlyOne : undefined)
  );
}

/** One registrar may freeze an account that is not frozen, once, and lift that freeze; everything else takes two. */
export function needsTwoToFreeze(known: FreezeState, until: number, now: number): boolean {
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

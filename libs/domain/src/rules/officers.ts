import type { OfficerRoleName } from '../officer-role.js';
import { OFFICER_ROLE, OFFICER_ROLES } from '../officer-role.js';
import type { RefusalKey } from '../refusals/table.js';
import type { RefusalArgs } from '../refusals/args.js';
import type { Won } from '../won.js';

/** An officer as the chain keeps one: `roles` a bit per role, 0 (and no keys) = leaves. */
export interface OfficerState {
  readonly id: number;
  readonly roles: number;
  readonly keys: readonly string[];
}

/** How many distinct officers an authority's acts need; bands ascend, the last one reaches 2^64-1. */
export interface ThresholdState {
  readonly governors: number;
  readonly registrars: number;
  readonly bands: readonly { readonly upTo: Won; readonly officers: number }[];
}

/** Why the contract would refuse officers or thresholds. */
export interface OfficersRefusal {
  readonly key: RefusalKey;
  readonly args: RefusalArgs;
}

/** Two people for money, and for what decides who they are. */
const OFFICERS_MIN = 2;
const BANDS_MAX = 8;
const KEYS_MAX = 4;
const ROLES_ALL = 7;
/** Upper end of the last band. */
export const BAND_END = 2n ** 64n - 1n;
const KEY_ZERO = /^0x0*$/;

/**
 * Seconds in which an act may be executed, counted back from its deadline, and in which a change or a reseat that is ready
 * may be finished: what somebody began and left lying has ended after that.
 */
export const OFFICERS_LIFE_SECONDS = 30 * 86_400;

/** How many officers in `role` an act over `amount` won needs; as Authorities.officersNeeded. */
export function officersNeeded(limits: ThresholdState, role: OfficerRoleName, amount: Won): number {
  if (role === 'governor') return limits.governors;
  if (role === 'registrar') return limits.registrars;
  const band = limits.bands.find(({ upTo }) => amount <= upTo);
  if (band === undefined) throw new Error(`no band for ${amount} won`);
  return band.officers;
}

/** Won that choose the band of an approval for issue: what the authority approved on the same Korean day counts as well. */
export function wonOfTheDay(approvedToday: Won, amount: Won): Won {
  const sum = approvedToday + amount;
  return sum > BAND_END ? BAND_END : sum;
}

/** What the contract says of thresholds by themselves; undefined = nothing against them. */
export function checkThresholds({
  governors,
  registrars,
  bands,
}: ThresholdState): OfficersRefusal | undefined {
  const last = bands.at(-1);
  const sound =
    governors >= OFFICERS_MIN &&
    registrars >= 1 &&
    bands.length <= BANDS_MAX &&
    last !== undefined &&
    last.upTo === BAND_END &&
    governors >= last.officers &&
    bands.every(({ upTo, officers }, index) => {
      const before = bands[index - 1];
      const ascends = before === undefined || (upTo > before.upTo && officers >= before.officers);
      return officers >= OFFICERS_MIN && ascends;
    });
  return sound ? undefined : { key: 'thresholds_invalid', args: [] };
}

/** What the contract says of an officer's entry by itself. */
export function checkOfficer({ id, roles, keys }: OfficerState): OfficersRefusal | undefined {
  const leaves = roles === 0;
  if (id === 0 || roles > ROLES_ALL || leaves !== (keys.length === 0) || keys.length > KEYS_MAX)
    return { key: 'officer_invalid', args: { officer: id } };
  const zero = keys.find((key) => KEY_ZERO.test(key));
  return zero === undefined ? undefined : { key: 'signer_already_used', args: { key: zero } };
}

/** Officers and thresholds of a new authority, or of one that gets others: every role has a person to spare. */
export function checkNewSeat(
  officers: readonly OfficerState[],
  limits: ThresholdState,
): OfficersRefusal | undefined {
  const unsound = checkThresholds(limits);
  if (unsound !== undefined) return unsound;
  const after = changed([], officers);
  if ('key' in after) return after;
  return checkSpare(after.officers, limits, undefined);
}

/** A change of officers as it would come into force now. */
export function checkOfficerChange(
  present: readonly OfficerState[],
  limits: ThresholdState,
  change: readonly OfficerState[],
): OfficersRefusal | undefined {
  const after = changed(present, change);
  if ('key' in after) return after;
  return checkSpare(after.officers, limits, spareOf(present, limits));
}

/** A change of thresholds as it would come into force now. */
export function checkThresholdChange(
  present: readonly OfficerState[],
  limits: ThresholdState,
  next: ThresholdState,
): OfficersRefusal | undefined {
  return checkThresholds(next) ?? checkSpare(present, next, spareOf(present, limits));
}

/** A removal, which is at once: every role keeps as many as its acts need. */
export function checkRemoval(
  present: readonly OfficerState[],
  limits: ThresholdState,
  removed: readonly number[],
): OfficersRefusal | undefined {
  const left = new Map(present.map((officer) => [officer.id, officer]));
  for (const id of removed) if (!left.delete(id)) return { key: 'officer_unknown', args: { officer: id } };
  const spare = spareOf([...left.values()], limits);
  const role = OFFICER_ROLES.find((name) => spare[name] < 0);
  return role && tooSmall(role, [...left.values()], limits, 0);
}

function changed(
  present: readonly OfficerState[],
  change: readonly OfficerState[],
): OfficersRefusal | { readonly officers: readonly OfficerState[] } {
  const officers = new Map(present.map((officer) => [officer.id, officer]));
  for (const next of change) {
    const invalid = checkOfficer(next);
    if (invalid !== undefined) return invalid;
    officers.delete(next.id);
    const taken = new Set([...officers.values()].flatMap(({ keys }) => keys));
    const twice = next.keys.find((key, index) => taken.has(key) || next.keys.indexOf(key) !== index);
    if (twice !== undefined) return { key: 'signer_already_used', args: { key: twice } };
    if (next.roles !== 0) officers.set(next.id, next);
  }
  return { officers: [...officers.values()] };
}

type Spare = Readonly<Record<OfficerRoleName, number>>;

/** By how many people each role is larger than the largest number that its acts need. */
function spareOf(officers: readonly OfficerState[], limits: ThresholdState): Spare {
  const spare = (role: OfficerRoleName) => countOf(officers, role) - officersNeeded(limits, role, BAND_END);
  return { governor: spare('governor'), treasurer: spare('treasurer'), registrar: spare('registrar') };
}

/**
 * With one person to spare no one vetoes alone, and whoever lost a key can be removed. A change that takes nothing from a
 * role without a spare person passes, so that it can be repaired. `before` undefined: there was nothing before.
 */
function checkSpare(
  officers: readonly OfficerState[],
  limits: ThresholdState,
  before: Spare | undefined,
): OfficersRefusal | undefined {
  const spare = spareOf(officers, limits);
  const role = OFFICER_ROLES.find(
    (name) => spare[name] < 1 && (before === undefined || spare[name] < before[name]),
  );
  return role && tooSmall(role, officers, limits, 1);
}

function tooSmall(
  role: OfficerRoleName,
  officers: readonly OfficerState[],
  limits: ThresholdState,
  more: number,
): OfficersRefusal {
  const needed = officersNeeded(limits, role, BAND_END) + more;
  return {
    key: 'officers_needed',
    args: { role: OFFICER_ROLE[role], had: countOf(officers, role), needed },
  };
}

function countOf(officers: readonly OfficerState[], role: OfficerRoleName): number {
  return officers.filter(({ roles }) => (roles >> OFFICER_ROLE[role]) & 1).length;
}

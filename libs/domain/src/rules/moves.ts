import { MERCHANT_STATUS } from '../merchant.js';
import type { AreaHolder } from '../regions/areas.js';
import type { RegionCode } from '../regions/region.js';
import {
  isHome,
  notInCharge,
  outside,
  type EntryRefusal,
  type FreezeState,
  type OnRecord,
} from './registry.js';
import { isFrozen } from './state.js';

// The contract's rules about another authority in charge of an account (HandOvers.sol).

/** A hand-over that the authority in charge proposed, and the moves so far. */
export interface HandOver {
  /** Who shall take the account on, and when the notice is over (Unix seconds); null: nothing is proposed. */
  readonly proposed: { readonly to: RegionCode; readonly readyAt: number } | null;
  /** Counts the proposals of the account; an objection names it. */
  readonly number: number;
  /** How often who answers for the account changed; a consent names it. */
  readonly moves: number;
}

/** Of an account that was never handed over and never moved. */
export const NEVER_MOVED: HandOver = { proposed: null, number: 0, moves: 0 };

/** What the chain says of an account of any role that may come to another authority. */
export interface Movable extends OnRecord, FreezeState {
  /** Of a merchant: its MERCHANT_STATUS number, and until when payouts are kept back (Unix seconds). */
  readonly shop?: { readonly status: number; readonly heldUntil: number };
  readonly handOver: HandOver;
}

/** What proposeHandOver would say of an account; `to` '' takes a proposal back. */
export function refusalOfHandOver(
  by: AreaHolder,
  to: RegionCode,
  account: string,
  known: Movable | undefined,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  return (
    notInCharge(by, account, known) ??
    (to === '' && known.handOver.proposed === null ? unknown(by, account) : undefined)
  );
}

/** How an authority takes an account on. */
export interface Taking {
  readonly account: string;
  /** The merchant's place, or the account's home, from now on. */
  readonly place: RegionCode;
  /** Whether an owner key consents to this very move; undefined: the entry has no consent, it was handed over. */
  readonly consented: boolean | undefined;
}

/** What takeAccounts would say of an entry at `now` (Unix seconds). */
export function refusalOfTaking(
  by: AreaHolder,
  { account, place, consented }: Taking,
  known: Movable | undefined,
  now: number,
): EntryRefusal | undefined {
  if (known === undefined) return { code: 'account_unknown', args: { account } };
  if (known.shop === undefined && !isHome(place)) return { code: 'account_invalid', args: { account } };
  return (
    outside(by, place) ??
    (consented === undefined
      ? notHandedOver(by, account, known.handOver, now)
      : notMoving(by, account, known, consented, now))
  );
}

function notHandedOver(
  by: AreaHolder,
  account: string,
  { proposed }: HandOver,
  now: number,
): EntryRefusal | undefined {
  if (proposed?.to !== by.authority) return unknown(by, account);
  if (now >= proposed.readyAt) return undefined;
  return { code: 'hand_over_too_early', args: { account, ready_at: proposed.readyAt } };
}

function notMoving(
  by: AreaHolder,
  account: string,
  known: Movable,
  consented: boolean,
  now: number,
): EntryRefusal | undefined {
  if (known.authority === by.authority || !consented)
    return { code: 'authority_not_chosen', args: { account, authority: by.authority } };
  return isBarred(known, now) ? { code: 'move_barred', args: { account } } : undefined;
}

/** What an authority stopped does not escape it by the holder's wish alone. */
function isBarred({ shop, frozenUntil }: Movable, now: number): boolean {
  if (isFrozen({ frozenUntil }, now)) return true;
  return shop !== undefined && (shop.status !== MERCHANT_STATUS.active || now < shop.heldUntil);
}

function unknown({ authority }: AreaHolder, account: string): EntryRefusal {
  return { code: 'hand_over_unknown', args: { account, authority } };
}

import type { AuthorityThresholds, ChainSeriesTerms, OfficerEntry } from './act-types.js';
import type { Hex } from './bytes.js';

/** A refused item of a batch: `code` and the meaning of `a`, `b` see the refusal table. */
export interface RefusedItem {
  readonly code: number;
  readonly a: bigint;
  readonly b: bigint;
}

/** What the events of signed orders share; `nonce` is the position in the holder's replay window. */
interface OrderEvent {
  readonly series: number;
  /** won */
  readonly amount: bigint;
  readonly nonce: number;
  /** the 32 bytes that the signer chose */
  readonly order: Hex;
}

/** Who signed what counts against the limit of an account's device keys. */
interface SignedEvent extends OrderEvent {
  /** a device key did, and no owner's */
  readonly byDevice: boolean;
}

/** What the events of cancellations share: the nonces that end at `nonce` were used up. */
interface CancellationEvent extends Omit<OrderEvent, 'amount'> {
  readonly count: bigint;
}

/** Decisions of authorities about themselves. */
type AuthorityEvent =
  | { readonly name: 'AuthorityFounded'; readonly authority: string; readonly founder: string }
  | {
      readonly name: 'OfficerSet';
      readonly authority: string;
      readonly officer: number;
      /** key ids, see walletKeyId; none of an officer who left */
      readonly keys: readonly Hex[];
      readonly roles: number;
    }
  | ({ readonly name: 'ThresholdsSet'; readonly authority: string } & AuthorityThresholds)
  | {
      readonly name: 'ActExecuted';
      readonly act: Hex;
      readonly authority: string;
      readonly target: Hex;
      readonly selector: Hex;
      /** everybody who approved it */
      readonly officers: readonly number[];
    }
  | {
      readonly name: 'ApprovalWithdrawn';
      readonly act: Hex;
      readonly authority: string;
      readonly officer: number;
    };

/** What an authority answers for. */
type AreaEvent =
  | { readonly name: 'AreaGranted'; readonly authority: string; readonly area: string; readonly by: string }
  | { readonly name: 'AreaGivenUp'; readonly authority: string; readonly area: string };

/** A root of documents outside of the chain. */
interface AnchorEvent {
  readonly name: 'Anchored';
  readonly authority: string;
  /** a number of ANCHOR_KIND */
  readonly kind: number;
  readonly root: Hex;
  /** how many roots of the kind the authority has anchored, this one included */
  readonly number: bigint;
}

/** How an authority's officers, thresholds and areas change. `readyAt` Unix seconds. */
type OfficerChangeEvent =
  | {
      readonly name: 'OfficersProposed';
      readonly authority: string;
      readonly change: Hex;
      readonly readyAt: number;
      /** no one can stop it */
      readonly firm: boolean;
      readonly officers: readonly OfficerEntry[];
    }
  | {
      readonly name: 'ThresholdsProposed';
      readonly authority: string;
      readonly change: Hex;
      readonly readyAt: number;
      readonly firm: boolean;
      readonly thresholds: AuthorityThresholds;
    }
  | {
      readonly name: 'AreaProposed';
      readonly authority: string;
      readonly change: Hex;
      readonly readyAt: number;
      readonly firm: boolean;
      /** who gets the area; the authority itself when it gives it up */
      readonly to: string;
      readonly area: string;
    }
  | { readonly name: 'ChangeStopped'; readonly authority: string; readonly change: Hex; readonly by: number }
  | { readonly name: 'ChangeFinished'; readonly authority: string; readonly change: Hex }
  /** somebody was removed: all changes under way have ended */
  | { readonly name: 'ChangesEnded'; readonly authority: string }
  | {
      readonly name: 'ReseatProposed';
      readonly authority: string;
      readonly founder: string;
      readonly readyAt: number;
      readonly officers: readonly OfficerEntry[];
      readonly thresholds: AuthorityThresholds;
    }
  | { readonly name: 'ReseatRejected'; readonly authority: string }
  /** all officers and thresholds until now have ended; the events of the new ones follow */
  | { readonly name: 'AuthorityReseated'; readonly authority: string };

type SeriesEvent =
  | {
      readonly name: 'SeriesPublished';
      readonly series: number;
      readonly authority: string;
      readonly terms: ChainSeriesTerms;
    }
  | { readonly name: 'BudgetSet'; readonly series: number; readonly budget: bigint }
  | {
      readonly name: 'BudgetDelegated';
      readonly series: number;
      readonly to: string;
      readonly left: bigint;
    }
  | {
      readonly name: 'SeriesPaused';
      readonly series: number;
      readonly until: number;
      /** seconds of all its pauses so far, this one to its end */
      readonly used: number;
    }
  | {
      readonly name: 'SeriesExtended';
      readonly series: number;
      /** the end of its validity from now on */
      readonly until: number;
    }
  | { readonly name: 'SeriesExpiring'; readonly series: number }
  | { readonly name: 'SeriesClosed'; readonly series: number };

type RegistryEvent =
  | {
      readonly name: 'MerchantSet';
      readonly merchant: Hex;
      readonly authority: string;
      readonly region: string;
      readonly category: number;
      readonly size: number;
    }
  /** a reform gave its place another code; series up to `lastSeries` honour the former one */
  | {
      readonly name: 'MerchantRecoded';
      readonly merchant: Hex;
      readonly authority: string;
      readonly region: string;
      readonly former: string;
      readonly lastSeries: number;
    }
  | { readonly name: 'HomeRecoded'; readonly account: Hex; readonly authority: string; readonly home: string }
  | {
      readonly name: 'ReformDeclared';
      readonly authority: string;
      readonly from: string;
      readonly to: string;
      readonly lastSeries: number;
    }
  | {
      readonly name: 'MerchantStatusSet';
      readonly merchant: Hex;
      readonly authority: string;
      readonly status: number;
    }
  | {
      readonly name: 'PayoutsHeld';
      readonly merchant: Hex;
      readonly authority: string;
      readonly until: number;
    }
  | {
      readonly name: 'AccountAttested';
      readonly account: Hex;
      readonly authority: string;
      readonly home: string;
      readonly tier: number;
      readonly company: boolean;
    }
  /** what was recorded just before was opened without keys */
  | { readonly name: 'OpenedWithoutKeys'; readonly account: Hex; readonly authority: string }
  | {
      readonly name: 'AccountFrozen';
      readonly account: Hex;
      readonly authority: string;
      /** Unix seconds; not after the block: it is not frozen any more */
      readonly until: number;
      /** a single registrar froze it, and two have not decided about it since */
      readonly byOne: boolean;
    }
  | {
      /** The entry of an act's list that could not be done; the others were. */
      readonly name: 'EntrySkipped';
      readonly authority: string;
      readonly subject: Hex;
      /** place in the list, from 0 */
      readonly index: number;
      /** the error with which it would have reverted alone, see decodeRevert */
      readonly reason: Hex;
    };

/** Who answers for an account changes. */
type MoveEvent =
  | {
      readonly name: 'HandOverProposed';
      readonly account: Hex;
      /** who answers for it */
      readonly authority: string;
      /** who shall; '' and `readyAt` 0: a proposal was taken back */
      readonly to: string;
      /** Unix seconds; when the notice is over */
      readonly readyAt: number;
      /** counts the proposals of this account, from 1 */
      readonly number: number;
    }
  /** an owner key objected */
  | { readonly name: 'HandOverStopped'; readonly account: Hex }
  | {
      readonly name: 'AccountTaken';
      readonly account: Hex;
      /** who answers for it from now on */
      readonly authority: string;
      readonly from: string;
      /** the merchant's place, or the account's home */
      readonly place: string;
      /** how often who answers for it changed so far */
      readonly moves: number;
    };

/** `keys` are whole rings, see decodeKeyRing. */
type KeyEvent =
  | { readonly name: 'KeysChanged'; readonly account: Hex; readonly change: number; readonly keys: Hex }
  | {
      readonly name: 'ReplacementProposed';
      readonly account: Hex;
      readonly authority: string;
      readonly keys: Hex;
      readonly readyAt: number;
      /** counts the proposals of this account, from 1 */
      readonly number: number;
      /** three registrars decided it after an objection: no key can object to it */
      readonly overruling: boolean;
    }
  | { readonly name: 'ReplacementStopped'; readonly account: Hex };

type IssueEvent =
  | {
      readonly name: 'IssueApproved';
      readonly issueOrder: number;
      readonly series: number;
      readonly by: string;
      readonly total: bigint;
      readonly root: Hex;
    }
  | {
      readonly name: 'QuotaApproved';
      readonly issueOrder: number;
      readonly series: number;
      readonly by: string;
      readonly total: bigint;
      readonly perDay: bigint;
      /** id of the key that may issue */
      readonly key: Hex;
    }
  | { readonly name: 'IssueOrderClosed'; readonly issueOrder: number; readonly unissued: bigint }
  /** `index` is a quota key's choice, so it may be any number of 256 bits. */
  | { readonly name: 'ChunkIssued'; readonly issueOrder: number; readonly index: bigint }
  | {
      readonly name: 'Issued';
      readonly issueOrder: number;
      readonly series: number;
      readonly account: Hex;
      readonly amount: bigint;
    }
  | ({
      readonly name: 'IssueRefused';
      readonly issueOrder: number;
      readonly account: Hex;
      readonly amount: bigint;
    } & RefusedItem);

type ValueEvent =
  | ({
      readonly name: 'Paid';
      readonly payment: Hex;
      readonly payer: Hex;
      readonly merchant: Hex;
    } & SignedEvent)
  | ({
      readonly name: 'Voided';
      readonly voidId: Hex;
      readonly payment: Hex;
      readonly payer: Hex;
      readonly merchant: Hex;
      /** won of it that count as received: the holding was refunded since the payment */
      readonly receivedAgain: bigint;
    } & SignedEvent)
  | ({
      readonly name: 'Given';
      readonly gift: Hex;
      readonly giver: Hex;
      readonly receiver: Hex;
    } & OrderEvent)
  | ({
      readonly name: 'Circulated';
      readonly circulation: Hex;
      readonly merchant: Hex;
      readonly recipient: Hex;
    } & SignedEvent)
  | ({ readonly name: 'Redeemed'; readonly redemption: Hex; readonly merchant: Hex } & OrderEvent)
  | {
      readonly name: 'RedemptionReturned';
      readonly redemption: Hex;
      readonly series: number;
      readonly merchant: Hex;
      readonly amount: bigint;
    }
  | ({
      readonly name: 'Refunded';
      readonly refund: Hex;
      readonly account: Hex;
      /** won owed to the resident; the rest of `amount` goes back to the funders */
      readonly own: bigint;
      /** won that the holding had received; it restarts at zero */
      readonly received: bigint;
    } & OrderEvent)
  | ({ readonly name: 'Cancelled'; readonly cancellation: Hex; readonly account: Hex } & CancellationEvent)
  | ({
      readonly name: 'MerchantCancelled';
      readonly cancellation: Hex;
      readonly merchant: Hex;
    } & CancellationEvent)
  | { readonly name: 'Expired'; readonly series: number; readonly account: Hex; readonly amount: bigint }
  | { readonly name: 'ReceiptsStored'; readonly batch: number; readonly root: Hex };

type RefusalEvent =
  | ({ readonly name: 'PaymentRefused'; readonly payment: Hex } & RefusedItem)
  | ({ readonly name: 'VoidRefused'; readonly voidId: Hex } & RefusedItem)
  | ({ readonly name: 'GiftRefused'; readonly gift: Hex } & RefusedItem)
  | ({ readonly name: 'CirculationRefused'; readonly circulation: Hex } & RefusedItem)
  | ({ readonly name: 'RedemptionRefused'; readonly redemption: Hex } & RefusedItem)
  | ({ readonly name: 'RefundRefused'; readonly refund: Hex } & RefusedItem)
  | ({ readonly name: 'CancellationRefused'; readonly cancellation: Hex } & RefusedItem)
  | ({ readonly name: 'MerchantCancellationRefused'; readonly cancellation: Hex } & RefusedItem);

/**
 * Every event of the contracts, by name. Regions as codes, amounts in won, addresses and hashes in lower case, times in
 * Unix seconds. `issueOrder` is the number of an approved list or quota.
 */
export type ContractEvent =
  | AuthorityEvent
  | AreaEvent
  | AnchorEvent
  | OfficerChangeEvent
  | SeriesEvent
  | RegistryEvent
  | MoveEvent
  | KeyEvent
  | IssueEvent
  | ValueEvent
  | RefusalEvent;

export type ContractEventName = ContractEvent['name'];

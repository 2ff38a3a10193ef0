/**
 * How one argument of a refusal is shown to people.
 * `time` is unix seconds (UTC), shown to the minute, `moment` the same to the second, `end` the same as the exclusive
 * end of a span, `region` a packed uint48 or a code, `category` and `size` are the small integers of the chain, `status`
 * a merchant status, `role` an officer's role, `refusal` the number of another refusal, `won` whole won.
 */
export type ArgType =
  | 'won'
  | 'count'
  | 'time'
  | 'moment'
  | 'end'
  | 'region'
  | 'category'
  | 'size'
  | 'status'
  | 'role'
  | 'refusal'
  | 'text';

/** `name:type`, in the order in which the chain gives the arguments. */
export type ArgSpec = `${string}:${ArgType}`;

/** `item` = code in a batch event; `act` = custom error that reverts; `api` = known to the servers only. */
export type RefusalPlace = 'item' | 'act' | 'api';

export interface RefusalWords {
  /** Says what happened, the same for every occurrence (RFC 9457 "title"). */
  readonly title: string;
  /** The rule with this occurrence's values, `{name}` placeholders; left out when a value is unknown. */
  readonly detail?: string;
  /** Instead of `detail` in the cases that refusalText distinguishes by the values. */
  readonly details?: Readonly<Record<string, string>>;
  /** What the reader can do now. */
  readonly next: string;
}

export interface RefusalEntry {
  /** uint8, stable for ever: 1–39 items, 40–99 and 200–255 acts, 100–199 API. */
  readonly number: number;
  /** Stable snake_case code, as in the API. */
  readonly key: string;
  /** Name in Solidity: enum member (items) or custom error (acts). */
  readonly solidity: string;
  readonly where: RefusalPlace;
  /** HTTP status when this refusal is the answer to a request. */
  readonly http: number;
  readonly args: readonly ArgSpec[];
  readonly ko: RefusalWords;
  readonly en: RefusalWords;
}

import { BlockList, isIP } from 'node:net';
import { sharedPrefix } from './ip-prefix.js';

/** More clients than this are not distinguished: whoever is forgotten begins with a whole allowance. */
const CLIENTS_MAX = 100_000;

/** A client may be so far ahead of its average: twice what a second allows. */
const BURST_MS = 2_000;

/** Whoever sends less than this part of the limit to each of 20 processes keeps to it in all. */
const SHARED_FROM = 1 / 20;

/** Wait of a client whose other requests are still under way: when they end is not known. */
const AT_ONCE_WAIT_MS = 1_000;

export interface ClientLimitOptions {
  /** Requests a second of one client, twice as many at once; 0 = any number. */
  readonly perSecond: number;
  /** Requests of one client that are under way in this process; 0 = any number. */
  readonly atOnce: number;
  /** Addresses or networks (CIDR) that are not limited. */
  readonly unlimited: readonly string[];
}

/** What a client sent since it was last asked. */
export interface ClientUse {
  readonly client: string;
  readonly requests: number;
}

/**
 * How much each client may ask for: so many requests a second on average and twice as many at once (a token bucket,
 * kept as the moment at which the client's allowance is whole again), and so many under way at a time. A client is an
 * IPv4 address, or the first 64 bits of an IPv6 one: a household or a server gets no less.
 *
 * Other processes of the same service are taken into account when `takeUse` of each reaches `add` of the others;
 * without it each counts for itself.
 */
export class ClientLimits {
  private readonly wholeAt = new Map<string, number>();
  private readonly underWay = new Map<string, number>();
  private used = new Map<string, number>();
  private readonly stepMs: number;
  private readonly unlimited = new BlockList();
  private readonly hasUnlimited: boolean;

  constructor(private readonly options: ClientLimitOptions) {
    this.stepMs = options.perSecond === 0 ? 0 : 1_000 / options.perSecond;
    this.hasUnlimited = options.unlimited.length > 0;
    for (const one of options.unlimited) {
      const [address = '', prefix] = one.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.unlimited.addAddress(address, family);
      else this.unlimited.addSubnet(address, Number(prefix), family);
    }
  }

  /** Whom an address counts for; undefined = not limited. */
  clientOf(address: string): string | undefined {
    if (this.options.perSecond === 0 && this.options.atOnce === 0) return undefined;
    const { client, family } = sharedPrefix(address);
    if (this.hasUnlimited && this.unlimited.check(family === 'ipv6' ? address : client, family))
      return undefined;
    return client;
  }

  /**
   * Counts one request; one that may pass has to be ended by `end`.
   *
   * @param nowMs of a clock that never goes back
   * @returns 0 when it may pass; else the milliseconds until one may
   */
  begin(client: string, nowMs: number): number {
    const { atOnce, perSecond } = this.options;
    const underWay = this.underWay.get(client) ?? 0;
    if (atOnce > 0 && underWay >= atOnce) return AT_ONCE_WAIT_MS;
    if (perSecond > 0) {
      const whole = Math.max(this.wholeAt.get(client) ?? 0, nowMs) + this.stepMs;
      const early = whole - nowMs - BURST_MS;
      if (early > 0) return early;
      this.note(client, whole, nowMs);
      this.used.set(client, (this.used.get(client) ?? 0) + 1);
    }
    this.underWay.set(client, underWay + 1);
    return 0;
  }

  /** A request that had passed is over. */
  end(client: string): void {
    const left = (this.underWay.get(client) ?? 1) - 1;
    if (left > 0) this.underWay.set(client, left);
    else this.underWay.delete(client);
  }

  /** Who used a considerable part of the limit since the last call, most first; `seconds` since then. */
  takeUse(seconds: number): ClientUse[] {
    const { used } = this;
    this.used = new Map();
    const least = this.options.perSecond * seconds * SHARED_FROM;
    return [...used]
      .filter(([, requests]) => requests >= least)
      .map(([client, requests]) => ({ client, requests }))
      .toSorted((one, other) => other.requests - one.requests);
  }

  /** Requests that another process let pass. */
  add({ client, requests }: ClientUse, nowMs: number): void {
    if (this.stepMs === 0) return;
    const whole = Math.max(this.wholeAt.get(client) ?? 0, nowMs) + requests * this.stepMs;
    this.note(client, whole, nowMs);
  }

  private note(client: string, whole: number, nowMs: number): void {
    if (this.wholeAt.size >= CLIENTS_MAX && !this.wholeAt.has(client)) this.forget(nowMs);
    this.wholeAt.set(client, whole);
  }

  private forget(nowMs: number): void {
    for (const [client, whole] of this.wholeAt) if (whole <= nowMs) this.wholeAt.delete(client);
    if (this.wholeAt.size >= CLIENTS_MAX) this.wholeAt.clear();
    if (this.used.size >= CLIENTS_MAX) this.used.clear();
  }
}

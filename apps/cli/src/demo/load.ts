import { categoryOfId, koreanIsoDateTime, OPENED_MAX, regionContains, termsHash, type Won } from '#domain';
import { ActRunner, type DemoOfficer, type WantedAct } from './acts.js';
import { ApiError, type Http } from './http.js';
import { DEMO_THRESHOLDS, demoOfficers } from './officers.js';
import { demoKey } from './keys.js';
import { sumOf, type DemoCity, type DemoPlan, type DemoResident } from './plan.js';
import { counterAccounts } from './counter.js';
import { chunksOf, inParallel, pause } from './pool.js';
import { Pen } from './signing.js';
import type { LiveSeries } from './spendable.js';
import { ALLOWANCE, FESTIVAL_WON, festivalSeries, type DemoSeries } from './series.js';

export interface LoadContext {
  readonly http: Http;
  readonly plan: DemoPlan;
  /** Shops and residents that were not there before; all of them in a new demo. */
  readonly added: DemoPlan;
  /** Number of this loading, from 1: a demo that grows is loaded again. */
  readonly wave: number;
  /** Residents who get festival coupons. */
  readonly guests: readonly DemoResident[];
  readonly createdAt: number;
  readonly stateOfficers: readonly DemoOfficer[];
  readonly say: (line: string) => void;
}

/** Keeps the body of an issue list below 1 MB. */
const LIST_MAX = 10_000;
const CITIES_AT_ONCE = 8;
/** Acts end at most 30 days ahead, and at the same moment at every try: twice this span from the beginning of the present one. */
const ACTS_SPAN_SECONDS = 14 * 86_400;
/** Frozen as long as the demo may be shown; two registrars may freeze for 365 days. */
const FREEZE_SECONDS = 300 * 86_400;
/** How long the festival lasts: publishing and issuing are two acts, a few seconds in all. */
export const FESTIVAL_SECONDS = 8;
const ISSUE_MAX_MS = 300_000;

const grantedTo = ({ granted }: DemoResident): Won => granted;
const boughtBy = ({ bought }: DemoResident): Won => bought;

/** Founds, publishes, registers and issues what the plan says. Every step can be repeated without a second effect. */
export class Loader {
  private readonly runner: ActRunner;
  /** Unix seconds; of all acts, and of the consents in them. */
  private readonly deadline: number;
  private readonly pen: Promise<Pen>;

  constructor(private readonly context: LoadContext) {
    const { http, plan, createdAt } = context;
    const spans = Math.floor((http.now() - createdAt) / ACTS_SPAN_SECONDS) + 2;
    this.deadline = createdAt + spans * ACTS_SPAN_SECONDS;
    this.runner = new ActRunner(http, plan.seed, this.deadline);
    this.pen = Pen.of(http);
    // Whoever needs it hears of a failure.
    this.pen.catch(() => undefined);
  }

  /** The province, then its cities, each by the officers of the authority above. */
  async found(): Promise<void> {
    const { plan, stateOfficers, say } = this.context;
    await this.foundOne('', plan.province.code, stateOfficers);
    const officers = this.officersOf(plan.province.code);
    await inParallel(plan.cities, CITIES_AT_ONCE, (city) =>
      this.foundOne(plan.province.code, city.code, officers),
    );
    say(`demo: founded ${plan.province.name} and ${plan.cities.length} cities and counties`);
  }

  /** Registers the shops, suspends those that the plan wants suspended, attests and freezes residents. */
  async register(): Promise<void> {
    const { added, say } = this.context;
    await inParallel(added.cities, CITIES_AT_ONCE, async (city) => {
      await this.registerShops(city);
      await this.registerResidents(city);
      await this.openAtCounter(city);
    });
    const shops = added.cities.reduce((sum, city) => sum + city.merchants.length, 0);
    say(`demo: registered ${shops} merchants`);
  }

  /** Publishes a series and finds its number. */
  async publish(series: DemoSeries): Promise<LiveSeries> {
    const { authority, key, terms } = series;
    await this.act({ key: `publish/${key}`, kind: 'publish_series', authority, attachment: { terms } });
    // The act is executed once the indexer has it, and the series came in the same block.
    const live = await this.locate(series);
    if (live === undefined) throw new Error(`series ${key} was published but is not listed`);
    return live;
  }

  /** The published series with exactly these terms; undefined when there is none. */
  async locate(series: DemoSeries): Promise<LiveSeries | undefined> {
    const hash = termsHash(series.terms);
    const page = await this.context.http.get(`/v1/series?authority=${series.authority}&limit=100`);
    for (const item of page.at('items').list()) {
      const id = item.at('id').integer();
      const detail = await this.context.http.get(`/v1/series/${id}`);
      if (detail.at('termsHash').text() === hash) return { ...series, id };
    }
    return undefined;
  }

  /** Has issuing to a list approved; the platform then issues by itself. */
  async issue(
    series: LiveSeries,
    residents: readonly DemoResident[],
    won: (one: DemoResident) => Won,
    key = series.key,
  ): Promise<void> {
    const recipients = residents.filter((one) => won(one) > 0n);
    for (const [index, part] of chunksOf(recipients, LIST_MAX).entries()) {
      await this.act({
        key: `issue/${this.context.wave}/${key}/${index}`,
        kind: 'approve_issue',
        authority: series.authority,
        args: { series: series.id },
        attachment: { items: part.map((one) => ({ account: one.address, amount: String(won(one)) })) },
      });
    }
  }

  /**
   * A series that is over soon after it was handed out.
   * @param until unix seconds
   * @returns undefined when the platform was too slow for that moment
   */
  async festival(until: number): Promise<LiveSeries | undefined> {
    const series = this.festivalOf(until);
    const key = `${series.key}-${until}`;
    try {
      const { id } = await this.publish({ ...series, key });
      const live = { ...series, id };
      await this.issue(live, this.context.guests, () => FESTIVAL_WON, key);
      await this.waitIssued(live, this.festivalTotal());
      return live;
    } catch (error) {
      const late =
        error instanceof ApiError && ['terms_invalid', 'expired', 'invalid_request'].includes(error.code);
      if (late && this.context.http.now() > until - FESTIVAL_SECONDS / 2) return undefined;
      throw error;
    }
  }

  /** The festival series of an earlier try, if all of it was handed out in time. */
  async pastFestival(until: number): Promise<LiveSeries | undefined> {
    const live = await this.locate(this.festivalOf(until));
    if (live === undefined) return undefined;
    const figures = (await this.context.http.get(`/v1/series/${live.id}`)).at('figures');
    return figures.at('issued').won() === this.festivalTotal() ? live : undefined;
  }

  private festivalOf(until: number): DemoSeries {
    const { plan, createdAt } = this.context;
    return festivalSeries(plan.province.code, createdAt, until);
  }

  private festivalTotal(): Won {
    return sumOf(this.context.guests, () => FESTIVAL_WON);
  }

  /** Publishes and issues everything but the festival. */
  async hand(): Promise<LiveSeries[]> {
    const { plan, added, say } = this.context;
    const live = await inParallel(plan.series, CITIES_AT_ONCE, async (series) => {
      const one = await this.publish(series);
      // The province's series is for everybody, a city's for its own residents.
      const isHere = ({ code }: DemoCity): boolean => regionContains(one.authority, code);
      const won = one.key === ALLOWANCE ? grantedTo : boughtBy;
      const news = added.cities.filter(isHere).flatMap((city) => city.residents);
      await this.issue(one, news, won);
      const all = plan.cities.filter(isHere).flatMap((city) => city.residents);
      await this.waitIssued(one, sumOf(all, won));
      return one;
    });
    say(
      `demo: published ${live.length} series and issued them to ${added.cities.reduce((sum, city) => sum + city.residents.length, 0)} residents`,
    );
    return live;
  }

  private officersOf(authority: string): readonly DemoOfficer[] {
    return demoOfficers(this.context.plan.seed, authority);
  }

  private async act(wanted: WantedAct): Promise<void> {
    await this.runner.execute(wanted, this.officersOf(wanted.authority));
  }

  private async foundOne(founder: string, region: string, founders: readonly DemoOfficer[]): Promise<void> {
    const officers = this.officersOf(region).map(({ id, address, roles }) => ({
      id,
      keys: [address],
      roles,
    }));
    const wanted = {
      key: `found/${region}`,
      kind: 'found_authority',
      authority: founder,
      args: { region, officers, thresholds: DEMO_THRESHOLDS },
    };
    try {
      await this.runner.execute(wanted, founders);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'authority_exists') throw error;
      await this.requireDemoOfficers(region);
    }
  }

  /** A second run finds the authority founded; one that others founded has other officers. */
  private async requireDemoOfficers(region: string): Promise<void> {
    const known = await this.context.http.get(`/v1/authorities/${region}`);
    const wallets = known
      .at('officers')
      .list()
      .flatMap((officer) => officer.at('keys').list())
      .map((key) => key.at('wallet').value);
    if (this.officersOf(region).every(({ address }) => wallets.includes(address))) return;
    throw new Error(
      `the authority of ${region} exists and has other officers: this platform is not a demo's`,
    );
  }

  private async registerShops({ code, merchants }: DemoCity): Promise<void> {
    const pen = await this.pen;
    const { seed } = this.context.plan;
    for (const [list, part] of chunksOf(merchants, OPENED_MAX).entries()) {
      await this.act({
        key: `merchants/${this.context.wave}/${code}/${list}`,
        kind: 'set_merchants',
        authority: code,
        args: {
          entries: part.map(({ index, address, region, category, size }) => ({
            merchant: address,
            region,
            category: categoryOfId(category)?.key,
            size,
            claim: pen.claim(demoKey(seed, 'merchant', code, index), address, code, this.deadline),
          })),
        },
        attachment: {
          demo: true,
          profiles: part.map(({ address, name, businessNumber, streetAddress }) => ({
            merchant: address,
            name,
            businessNumber,
            address: streetAddress,
          })),
        },
      });
    }
    const suspended = merchants.filter((shop) => shop.suspended).map(({ address }) => address);
    if (suspended.length === 0) return;
    await this.act({
      key: `suspend/${this.context.wave}/${code}`,
      kind: 'set_merchant_status',
      authority: code,
      args: { merchants: suspended, status: 'suspended' },
    });
  }

  private async registerResidents({ code, residents }: DemoCity): Promise<void> {
    const pen = await this.pen;
    const { seed } = this.context.plan;
    const attested = residents.filter(({ tier, frozen }) => tier > 0 || frozen);
    for (const [list, part] of chunksOf(attested, OPENED_MAX).entries()) {
      await this.act({
        key: `attest/${this.context.wave}/${code}/${list}`,
        kind: 'attest_accounts',
        authority: code,
        args: {
          entries: part.map(({ index, address, tier }) => ({
            account: address,
            home: code,
            tier: tier === 2 ? 'real_name' : 'phone',
            claim: pen.claim(demoKey(seed, 'resident', code, index), address, code, this.deadline),
          })),
        },
      });
    }
    const frozen = residents.filter((one) => one.frozen).map(({ address }) => address);
    if (frozen.length === 0) return;
    await this.act({
      key: `freeze/${this.context.wave}/${code}`,
      kind: 'freeze_accounts',
      authority: code,
      args: { accounts: frozen, until: koreanIsoDateTime(this.context.createdAt + FREEZE_SECONDS) },
    });
  }

  /** Accounts of people without a phone, opened at the city's counter without keys; the first gets a security key later. */
  private async openAtCounter({ code }: DemoCity): Promise<void> {
    if (this.context.wave > 1) return;
    const { accounts, firstKeys } = counterAccounts(this.context.plan.seed, code);
    await this.act({
      key: `counter/${code}`,
      kind: 'attest_accounts',
      authority: code,
      args: { entries: accounts.map((one) => ({ ...one, home: code, tier: 'real_name' })) },
    });
    try {
      await this.act({
        key: `first-keys/${code}`,
        kind: 'set_first_keys',
        authority: code,
        args: { entries: [firstKeys] },
      });
    } catch (error) {
      // At an earlier try.
      if (!(error instanceof ApiError) || error.code !== 'keys_already_set') throw error;
    }
  }

  private async waitIssued(series: LiveSeries, total: Won): Promise<void> {
    const until = Date.now() + ISSUE_MAX_MS;
    for (;;) {
      const figures = (await this.context.http.get(`/v1/series/${series.id}`)).at('figures');
      const issued = figures.at('issued').won();
      if (issued === total) return;
      const over = Date.parse(series.terms.validUntil) / 1_000 < this.context.http.now() - 5;
      if (over || Date.now() > until) {
        throw new ApiError(
          `issue of series ${series.id}`,
          0,
          over ? 'expired' : 'unavailable',
          `${issued} of ${total} won`,
        );
      }
      await pause(150);
    }
  }
}

import { OperatorError, regions } from '#platform';
import { planDay, type Visit } from './day.js';
import { writeDemoFile } from './demo-file.js';
import { Dice } from './dice.js';
import { participants, readWallets } from './holdings.js';
import { Http } from './http.js';
import { addressOfKey, demoKey } from './keys.js';
import { FESTIVAL_SECONDS, Loader } from './load.js';
import { buildPlan, grownBy, type DemoPlan, type DemoResident, type DemoSize } from './plan.js';
import { pause } from './pool.js';
import { Shops, type LiveSeries } from './spendable.js';
import { Counter } from './redeem.js';
import { removeDemo } from './remove.js';
import { compareDay, readFigures, tallyOf, type DayTally, type Figures } from './report.js';
import { FESTIVAL } from './series.js';
import { Showcase } from './showcase.js';
import { Pen } from './signing.js';
import { newState, readState, readStateOfficers, saveState, sizeOf, type DemoState } from './state.js';
import { Till, type DayResult } from './till.js';

export interface DemoOptions {
  readonly apiUrl: string;
  /** Folder of all state; demo.json goes here. */
  readonly home: string;
  /** At least so large; a smaller demo that exists grows. */
  readonly size: DemoSize;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A loaded demo, ready for days of payments. */
export interface LoadedDemo {
  readonly file: string;
  readonly plan: DemoPlan;
  readonly series: readonly LiveSeries[];
  /** Residents who got festival coupons. */
  readonly guests: readonly DemoResident[];
  /** False when it was there already. */
  readonly isNew: boolean;
}

export interface DayReport {
  readonly result: DayResult;
  readonly tally: DayTally;
  readonly figures: Figures;
  /** What differs from what had to be; empty when all is well. */
  readonly differences: readonly string[];
}

/** Tries to publish and issue the series that expires; each takes FESTIVAL_SECONDS. */
const FESTIVAL_TRIES = 3;
/** Residents who pay and shops that redeem at the same moment. */
const WIDTH = 32;

/** One demo on one platform, driven from outside over HTTP. */
export class DemoRun {
  private readonly http: Http;

  constructor(private readonly options: DemoOptions) {
    this.http = new Http(options.apiUrl, options.signal);
  }

  /**
   * Loads the demo, or what is missing of it: after an interruption, or because a larger one is wanted. A complete one
   * is only found again.
   * @throws OperatorError when this platform cannot have a demo
   */
  async load(): Promise<LoadedDemo> {
    const { home, apiUrl } = this.options;
    await this.http.readClock();
    const state = await this.stateToReach();
    const plan = this.planOf(state, state.waves.length);
    const stateOfficers = await readStateOfficers(home);
    const isNew = state.loaded < state.waves.length;
    const guests = this.planOf(state, 1)
      .cities.flatMap((city) => city.residents)
      .filter(({ festival }) => festival);
    const loader = new Loader({
      http: this.http,
      plan,
      added: grownBy(plan, state.loaded === 0 ? undefined : this.planOf(state, state.loaded)),
      wave: state.waves.length,
      guests,
      createdAt: state.createdAt,
      stateOfficers,
      say: this.options.say,
    });
    const series = isNew ? await this.fill(loader, state) : await this.find(loader, plan, state);
    const { chainId } = await Pen.of(this.http);
    const file = await writeDemoFile(home, { apiUrl, chainId, plan, series, stateOfficers });
    return { file, plan, series, guests, isNew };
  }

  /** The state on disk, a wave further when a larger demo is wanted; written before anything is done. */
  private async stateToReach(): Promise<DemoState> {
    const { home, size, say } = this.options;
    const known = await readState(home);
    if (known === undefined) {
      const state = newState(size, this.http.now());
      await saveState(home, state);
      return state;
    }
    if (known.removed) {
      throw new OperatorError(
        'The demo was removed: its shops are closed for good. `npm run reset` starts over.',
      );
    }
    if (known.loaded < known.waves.length) {
      say('demo: going on where the last attempt was interrupted');
      return known;
    }
    const { merchants, residents } = sizeOf(known);
    if (size.merchants <= merchants && size.residents <= residents) return known;
    const grown = {
      merchants: Math.max(size.merchants, merchants),
      residents: Math.max(size.residents, residents),
    };
    const state = { ...known, waves: [...known.waves, grown] };
    await saveState(home, state);
    return state;
  }

  /** A day: payments, then redemptions, every outcome compared with what it had to be. */
  async day(demo: LoadedDemo, payments: number): Promise<DayReport> {
    const { say } = this.options;
    const state = await this.beginDay();
    const { plan, series } = demo;
    const pen = await Pen.of(this.http);
    const seldom =
      state.days > 1 ? [] : await new Showcase({ http: this.http, pen, plan, series, width: WIDTH }).run();
    const before = await readFigures(this.http, plan);
    const dice = new Dice(`${plan.seed}/day/${state.days}`);
    const people = participants(plan, demo.guests, payments, dice);
    say(`demo: day ${state.days}: reading what ${people.length} residents have`);
    const wallets = await readWallets(this.http, people, series, WIDTH);
    const shops = plan.cities.flatMap((city) => city.merchants);
    const stranger = addressOfKey(demoKey(plan.seed, 'unregistered', plan.province.code, 1));
    const { visits, missing } = planDay({ dice, shops: new Shops(shops), stranger }, wallets, payments);
    for (const [scenario, count] of missing)
      say(`demo: day ${state.days}: ${count} × ${scenario} left out, no resident could`);
    const shared = { http: this.http, pen, seed: plan.seed, day: state.days, width: WIDTH };
    const onProgress = everyFewSeconds((done, all) =>
      say(`demo: day ${state.days}: ${done} of ${all} residents have paid`),
    );
    const till = new Till({ ...shared, onProgress });
    const [early, late] = [false, true].map((wanted) =>
      visits.filter((visit) => payExpired(visit) === wanted),
    );
    await till.serve(early ?? []);
    await this.waitForFestival(series);
    await till.serve(late ?? []);
    const result = await till.close();
    say(`demo: day ${state.days}: merchants redeem`);
    const ids = new Set(series.map(({ id }) => id));
    const redeemed = await new Counter({ ...shared, series: ids }).serve(shops);
    const tally = tallyOf(plan, result.receipts, redeemed);
    const figures = await readFigures(this.http, plan);
    const surprises = [...result.surprises, ...redeemed.surprises].map(
      ({ scenario, id, expected, got }) => `${scenario} ${id}: expected ${expected}, got ${got}`,
    );
    return {
      result,
      tally,
      figures,
      differences: [...seldom, ...surprises, ...compareDay(plan, before, figures, tally)],
    };
  }

  /** Takes the demo out of use, see removeDemo. */
  async remove(demo: LoadedDemo): Promise<void> {
    const { home, say } = this.options;
    await removeDemo({ http: this.http, plan: demo.plan, series: demo.series, say });
    const state = await readState(home);
    if (state !== undefined) await saveState(home, { ...state, removed: true });
  }

  /** The demo as it is after so many waves. */
  private planOf(state: DemoState, waves: number): DemoPlan {
    return buildPlan(
      regions(),
      state.seed,
      sizeOf({ ...state, waves: state.waves.slice(0, waves) }),
      state.createdAt,
    );
  }

  private async fill(loader: Loader, state: DemoState): Promise<LiveSeries[]> {
    if (state.loaded === 0) await loader.found();
    const [, series, festival] = await Promise.all([
      loader.register(),
      loader.hand(),
      this.festival(loader, state),
    ]);
    const now = (await readState(this.options.home)) ?? state;
    await saveState(this.options.home, { ...now, loaded: now.waves.length });
    return [...series, festival];
  }

  private async find(loader: Loader, plan: DemoPlan, state: DemoState): Promise<LiveSeries[]> {
    const found = await Promise.all(plan.series.map((series) => loader.locate(series)));
    const until = state.festivals.at(-1);
    const festival = until === undefined ? undefined : await loader.pastFestival(until);
    const live = [...found, festival].filter((one) => one !== undefined);
    if (live.length === plan.series.length + 1) return live;
    throw new OperatorError(
      'The demo of this home is on another platform: its series are not here. `npm run reset` starts over.',
    );
  }

  private async festival(loader: Loader, state: DemoState): Promise<LiveSeries> {
    const { home } = this.options;
    let known = state;
    const last = known.festivals.at(-1);
    const past = last === undefined ? undefined : await loader.pastFestival(last);
    if (past !== undefined) return past;
    for (let tries = 0; tries < FESTIVAL_TRIES; tries++) {
      const until = this.http.now() + FESTIVAL_SECONDS * (tries + 1);
      known = { ...known, festivals: [...known.festivals, until] };
      await saveState(home, known);
      const live = await loader.festival(until);
      if (live !== undefined) return live;
    }
    throw new OperatorError('The platform is too slow to publish and issue a series within a minute.');
  }

  private async beginDay(): Promise<DemoState> {
    const state = await readState(this.options.home);
    if (state === undefined) throw new Error('no demo to have a day in');
    const next = { ...state, days: state.days + 1 };
    await saveState(this.options.home, next);
    return next;
  }

  private async waitForFestival(series: readonly LiveSeries[]): Promise<void> {
    const festival = series.find(({ key }) => key === FESTIVAL);
    // A second more: the chain's clock may be a moment behind.
    const left =
      festival === undefined ? 0 : Date.parse(festival.terms.validUntil) + 1_000 - this.http.now() * 1_000;
    if (left <= 0) return;
    this.options.say(`demo: waiting ${Math.ceil(left / 1000)} s until the festival coupons have expired`);
    await pause(left);
  }
}

/** Whether somebody on this visit pays with festival coupons: they must have expired by then. */
function payExpired({ errands }: Visit): boolean {
  return errands.some(({ scenario }) => scenario === 'expired');
}

function everyFewSeconds(report: (done: number, all: number) => void): (done: number, all: number) => void {
  let next = performance.now() + 3_000;
  return (done, all) => {
    if (performance.now() < next) return;
    next = performance.now() + 3_000;
    report(done, all);
  };
}

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { rolesOfBits } from '#contracts';
import { OperatorError, readTextIfPresent, writeFileDurably } from '#platform';
import type { DemoOfficer } from './acts.js';
import { Json } from './json.js';
import { addressOfKey } from './keys.js';
import type { DemoSize } from './plan.js';

export type DemoPeople = Pick<DemoSize, 'merchants' | 'residents'>;

/** What a demo must remember to go on after an interruption: everything else follows from it. */
export interface DemoState {
  readonly seed: string;
  /** The size at each loading, the last one the present: a demo can grow. */
  readonly waves: readonly DemoPeople[];
  /** Unix seconds; first day of the series, and part of their terms. */
  readonly createdAt: number;
  /** Ends of validity of the festival series, one for each try to publish and issue it in time. */
  readonly festivals: readonly number[];
  /** How many of the waves are founded, registered and issued completely. */
  readonly loaded: number;
  /** Days of payments begun. */
  readonly days: number;
  /** Taken out of use: shops closed for good. */
  readonly removed: boolean;
}

const STATE_FILE = 'demo-state.json';
const GENESIS_FILE = 'genesis-officers.json';

/** A new demo with a seed of its own. `now` in unix seconds. */
export function newState({ merchants, residents }: DemoPeople, now: number): DemoState {
  return {
    seed: `0x${randomBytes(32).toString('hex')}`,
    waves: [{ merchants, residents }],
    createdAt: now,
    festivals: [],
    loaded: 0,
    days: 0,
    removed: false,
  };
}

/** On disk before it returns, readable by its owner alone: the seed is every demo key. */
export async function saveState(home: string, state: DemoState): Promise<void> {
  await writeFileDurably(path.join(home, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`, 0o600);
}

/** The demo of this home; undefined when there is none. @throws when the file is damaged */
export async function readState(home: string): Promise<DemoState | undefined> {
  const json = await readJson(path.join(home, STATE_FILE));
  if (json === undefined) return undefined;
  return {
    seed: json.at('seed').text(),
    waves: json
      .at('waves')
      .list()
      .map((size) => ({
        merchants: size.at('merchants').integer(),
        residents: size.at('residents').integer(),
      })),
    createdAt: json.at('createdAt').integer(),
    festivals: json
      .at('festivals')
      .list()
      .map((end) => end.integer()),
    loaded: json.at('loaded').integer(),
    days: json.at('days').integer(),
    removed: json.at('removed').flag(),
  };
}

/**
 * The state's officers with their keys, as `up` made them for an embedded platform.
 * @throws when there are none: on any other platform only the state's real officers can found a province.
 */
export async function readStateOfficers(home: string): Promise<DemoOfficer[]> {
  const file = path.join(home, GENESIS_FILE);
  const json = await readJson(file);
  if (json === undefined) {
    throw new OperatorError(
      `${file} is not there. The demo founds a province, which takes the keys of the state's first officers; ` +
        'only `npm start` on an embedded platform makes them.',
    );
  }
  return json.list().map((entry) => {
    const privateKey = entry.at('privateKey');
    if (!privateKey.present)
      throw new OperatorError(`${file} has no private keys: this platform's officers sign elsewhere`);
    return {
      id: entry.at('id').integer(),
      roles: rolesOfBits(entry.at('roles').integer()),
      privateKey: privateKey.text(),
      address: addressOfKey(privateKey.text()),
    };
  });
}

async function readJson(file: string): Promise<Json | undefined> {
  const text = await readTextIfPresent(file);
  if (text === undefined) return undefined;
  try {
    return new Json(JSON.parse(text));
  } catch (error) {
    throw new OperatorError(`${file} is damaged: ${String(error)}`, { cause: error });
  }
}

/** How large the demo is now, or will be when its loading is complete. */
export function sizeOf({ waves }: DemoState): DemoPeople {
  const last = waves.at(-1);
  if (last === undefined) throw new OperatorError('The demo remembers no size.');
  return last;
}

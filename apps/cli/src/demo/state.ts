import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { isRole, type DemoOfficer } from './acts.js';
import { Json } from './json.js';
import { addressOfKey } from './keys.js';
import type { DemoSize } from './plan.js';

/** What a demo must remember to go on after an interruption: everything else follows from it. */
export interface DemoState {
  readonly seed: string;
  readonly size: Pick<DemoSize, 'merchants' | 'residents'>;
  /** Unix seconds; first day of the series, and part of their terms. */
  readonly createdAt: number;
  /** Ends of validity of the festival series, one for each try to publish and issue it in time. */
  readonly festivals: readonly number[];
  /** Everything is founded, registered and issued. */
  readonly loaded: boolean;
  /** Days of payments begun. */
  readonly days: number;
}

const STATE_FILE = 'demo-state.json';
export const DEMO_FILE = 'demo.json';
const GENESIS_FILE = 'genesis-officers.json';

/** A new demo with a seed of its own. `now` in unix seconds. */
export function newState(size: Pick<DemoSize, 'merchants' | 'residents'>, now: number): DemoState {
  const { merchants, residents } = size;
  return {
    seed: `0x${randomBytes(32).toString('hex')}`,
    size: { merchants, residents },
    createdAt: now,
    festivals: [],
    loaded: false,
    days: 0,
  };
}

/** Written whole or not at all, readable by its owner alone: the seed is every demo key. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  const half = `${file}.half`;
  await writeFile(half, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await chmod(half, 0o600);
  await rename(half, file);
}

export async function saveState(home: string, state: DemoState): Promise<void> {
  await writePrivate(path.join(home, STATE_FILE), state);
}

/** The demo of this home; undefined when there is none. @throws when the file is damaged */
export async function readState(home: string): Promise<DemoState | undefined> {
  const json = await readJson(path.join(home, STATE_FILE));
  if (json === undefined) return undefined;
  const size = json.at('size');
  return {
    seed: json.at('seed').text(),
    size: { merchants: size.at('merchants').integer(), residents: size.at('residents').integer() },
    createdAt: json.at('createdAt').integer(),
    festivals: json
      .at('festivals')
      .list()
      .map((end) => end.integer()),
    loaded: json.at('loaded').flag(),
    days: json.at('days').integer(),
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
    throw new Error(
      `${file} is not there. The demo founds a province, which takes the keys of the state's first officers; ` +
        'only `npm start` on an embedded platform makes them.',
    );
  }
  return json.list().map((entry) => {
    const privateKey = entry.at('privateKey');
    if (!privateKey.present)
      throw new Error(`${file} has no private keys: this platform's officers sign elsewhere`);
    const bits = entry.at('roles').integer();
    return {
      id: entry.at('id').integer(),
      roles: ['governor', 'treasurer', 'registrar'].filter(isRole).filter((_role, bit) => (bits >> bit) & 1),
      privateKey: privateKey.text(),
      address: addressOfKey(privateKey.text()),
    };
  });
}

async function readJson(file: string): Promise<Json | undefined> {
  try {
    return new Json(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Error(`${file} is damaged: ${error.message}`, { cause: error });
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw error;
  }
}

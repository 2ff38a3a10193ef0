import path from 'node:path';
import { readTextIfPresent, writeFileDurably } from '#platform';
import type { DemoOfficer } from './acts.js';
import { demoKey, KEY_DERIVATION } from './keys.js';
import { demoOfficers } from './officers.js';
import type { DemoCity, DemoPlan } from './plan.js';
import type { LiveSeries } from './spendable.js';

const FILE = 'demo.json';
/** Shops and residents of each city that are written out with their keys; the rest can be derived. */
const WRITTEN_OUT = 5;

export interface DemoFileContent {
  readonly apiUrl: string;
  readonly chainId: number;
  readonly plan: DemoPlan;
  readonly series: readonly LiveSeries[];
  readonly stateOfficers: readonly DemoOfficer[];
}

export function demoFile(home: string): string {
  return path.join(home, FILE);
}

/**
 * Writes what an outside client needs to act as officer, merchant or resident of the demo. Readable by its owner
 * alone, although its keys guard nothing of worth: demo vouchers are worth nothing.
 */
export async function writeDemoFile(home: string, content: DemoFileContent): Promise<string> {
  const file = demoFile(home);
  await writeFileDurably(file, `${JSON.stringify(describe(content), null, 2)}\n`, 0o600);
  return file;
}

/** Sets the platform's address in the file of a demo. @returns the file; undefined when there is none to update */
export async function updateDemoFile(home: string, apiUrl: string): Promise<string | undefined> {
  const file = demoFile(home);
  const text = await readTextIfPresent(file);
  if (text === undefined) return undefined;
  const content: unknown = JSON.parse(text);
  if (typeof content !== 'object' || content === null || !('apiUrl' in content)) return undefined;
  if (content.apiUrl !== apiUrl) {
    await writeFileDurably(file, `${JSON.stringify({ ...content, apiUrl }, null, 2)}\n`, 0o600);
  }
  return file;
}

function describe({ apiUrl, chainId, plan, series, stateOfficers }: DemoFileContent): object {
  const { seed, province, cities } = plan;
  return {
    demo: true,
    about:
      'Invented people and shops of a demonstration. Their vouchers are worth nothing; never reuse these keys.',
    apiUrl,
    chainId,
    seed,
    keys: KEY_DERIVATION,
    try: [
      'GET /v1/chain says what to sign; GET /v1/accounts/{address}/holdings says nonce and balance',
      'POST /v1/payments { authorisation, proof } with a resident below; then another city’s shop',
      'npm run jangteo -- demo --pay   pays in region, then out of region, and shows requests and answers',
      'npm run jangteo -- demo --again   another day of payments',
    ],
    authorities: [
      { region: '', name: '대한민국', officers: stateOfficers },
      ...[province, ...cities].map(({ code, name }) => ({
        region: code,
        name,
        officers: demoOfficers(seed, code),
      })),
    ],
    series: series.map(({ id, key, authority, terms }) => ({
      id,
      key,
      authority,
      name: terms.programme,
      kind: terms.kind,
      validUntil: terms.validUntil,
    })),
    cities: cities.map((city) => describeCity(seed, city)),
  };
}

function describeCity(seed: string, { code, name, merchants, residents }: DemoCity): object {
  return {
    region: code,
    name,
    merchants: merchants.length,
    residents: residents.length,
    someMerchants: merchants.slice(0, WRITTEN_OUT).map((shop) => ({
      index: shop.index,
      name: shop.name,
      region: shop.region,
      category: shop.category,
      size: shop.size,
      suspended: shop.suspended,
      address: shop.address,
      privateKey: demoKey(seed, 'merchant', code, shop.index),
    })),
    someResidents: residents.slice(0, WRITTEN_OUT).map((one) => ({
      index: one.index,
      granted: String(one.granted),
      bought: String(one.bought),
      address: one.address,
      privateKey: demoKey(seed, 'resident', code, one.index),
    })),
  };
}

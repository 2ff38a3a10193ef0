import { packRegion, type FormerPlace } from '#domain';
import { toHex } from '#persistence';
import { contractCheck, type ContractCheck } from './contract-checks.js';

/** Reforms of the codes, and the places that merchants had before, against the contract's own. */
export const PLACE_CHECKS: readonly ContractCheck[] = [
  contractCheck<{ from_region: string; to_region: string; last_series: bigint }>({
    check: 'reform of the codes',
    sql: 'SELECT from_region, to_region, last_series FROM chain.reform ORDER BY from_region, to_region',
    probe: ({ from_region: from, to_region: to, last_series: last }) => ({
      key: `reform of ${from} to ${to}`,
      view: 'reform',
      args: [packRegion(from), packRegion(to)],
      stored: { declared: 'true', lastSeries: String(last) },
    }),
  }),
  contractCheck<{ merchant: Buffer; formerly: readonly FormerPlace[] }>({
    check: 'former places of a merchant',
    sql: `SELECT merchant, formerly FROM (SELECT DISTINCT ON (merchant) merchant, formerly FROM chain.merchant_version
                                           ORDER BY merchant, block_number DESC, log_index DESC) newest
           WHERE jsonb_array_length(formerly) > 0 ORDER BY merchant`,
    probe: ({ merchant, formerly }) => ({
      key: `merchant ${toHex(merchant)}`,
      view: 'formerPlaces',
      args: [toHex(merchant)],
      stored: {
        value: formerly.map(({ region, lastSeries }) => `${packRegion(region)},${lastSeries}`).join(),
      },
    }),
  }),
];

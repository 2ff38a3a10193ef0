import { keyRingHash } from '#contracts';
import { type FormerPlace, packRegion } from '#domain';
import { KOREAN_DAY } from '#indexer';
import { toHex } from '#persistence';
import { contractCheck, type ContractCheck, NOTHING, texts } from './contract-checks.js';

type MerchantRow = {
  merchant: Buffer;
  region: string;
  category: number;
  size: number;
  status: number;
  held_until: bigint;
  formerly: readonly FormerPlace[];
  authority: string;
  keyless: boolean;
};
type AccountRow = {
  account: Buffer;
  home: string;
  tier: number;
  frozen_until: bigint;
  frozen_by_one: boolean;
  company: boolean;
  authority: string;
  keyless: boolean;
};
type SpendingRow = { account: Buffer; day: number; spent: bigint };
type ReplacementRow = {
  account: Buffer;
  ring: Buffer | null;
  ready_at: bigint;
  number: bigint;
  objections: number;
  overruling: boolean;
};
type HandOverRow = { account: Buffer; to: string; ready_at: bigint; number: bigint; moves: bigint };

/** What device keys moved on the last Korean day on which they moved anything. */
const DEVICE_SPENDING = `
  SELECT account, day, sum(amount)::bigint AS spent
    FROM (SELECT m.account, m.amount, ${KOREAN_DAY}::integer AS day,
                 max(${KOREAN_DAY}::integer) OVER (PARTITION BY m.account) AS last_day
            FROM (SELECT payer AS account, amount, block_number FROM chain.payment WHERE by_device
                  UNION ALL SELECT merchant, amount, block_number FROM chain.void WHERE by_device
                  UNION ALL SELECT merchant, amount, block_number FROM chain.circulation WHERE by_device) m
            JOIN chain.block b ON b.number = m.block_number) d
   WHERE day = last_day GROUP BY account, day ORDER BY account`;

/** Newest proposal of each account for which there ever was one. */
const REPLACEMENTS = `
  SELECT DISTINCT ON (account) account, ring, coalesce(ready_at, 0)::bigint AS ready_at, number, objections, overruling
    FROM chain.key_replacement
   ORDER BY account, block_number DESC, log_index DESC`;

/** What is proposed for each account that was ever handed over or moved. */
const HAND_OVERS = `
  SELECT DISTINCT ON (account) account, coalesce(to_authority, '') AS "to", coalesce(ready_at, 0)::bigint AS ready_at,
         number, moves
    FROM chain.hand_over
   ORDER BY account, block_number DESC, log_index DESC`;

/** Merchants, accounts, their keys and who shall answer for them against the contract's own. */
export const ACCOUNT_CHECKS: readonly ContractCheck[] = [
  contractCheck<MerchantRow>({
    check: 'merchant',
    sql: `SELECT DISTINCT ON (merchant) * FROM chain.merchant_version
           ORDER BY merchant, block_number DESC, log_index DESC`,
    probe: ({ merchant, region, category, size, status, held_until: heldUntil, formerly, ...row }) => ({
      key: `merchant ${toHex(merchant)}`,
      view: 'merchant',
      args: [toHex(merchant)],
      stored: texts({
        region: packRegion(region),
        category,
        size,
        status,
        heldUntil,
        recoded: formerly.length > 0,
        authority: packRegion(row.authority),
        keyless: row.keyless,
      }),
    }),
  }),
  contractCheck<AccountRow>({
    check: 'account',
    sql: `SELECT DISTINCT ON (account) * FROM chain.account_version
           ORDER BY account, block_number DESC, log_index DESC`,
    probe: ({ account, home, tier, frozen_until: frozenUntil, frozen_by_one: frozenByOne, ...row }) => ({
      key: `account ${toHex(account)}`,
      view: 'account',
      args: [toHex(account)],
      stored: texts({
        home: packRegion(home),
        tier,
        frozenUntil,
        frozenByOne,
        company: row.company,
        authority: packRegion(row.authority),
        keyless: row.keyless,
      }),
    }),
  }),
  contractCheck<SpendingRow>({
    check: 'spending of device keys',
    sql: DEVICE_SPENDING,
    probe: ({ account, day, spent }) => ({
      key: `account ${toHex(account)}`,
      view: 'account',
      args: [toHex(account)],
      stored: texts({ day, spentByDevices: spent }),
    }),
  }),
  contractCheck<{ account: Buffer; ring: Buffer; change: bigint }>({
    check: 'keys of an account',
    sql: 'SELECT DISTINCT ON (account) account, ring FROM chain.account_keys ORDER BY account, change DESC',
    probe: ({ account, ring }) => ({
      key: `account ${toHex(account)}`,
      view: 'keysOf',
      args: [toHex(account)],
      stored: { value: keyRingHash(ring) },
    }),
  }),
  contractCheck<{ account: Buffer; changes: bigint }>({
    check: 'number of key changes',
    sql: 'SELECT account, max(change) AS changes FROM chain.account_keys GROUP BY account ORDER BY account',
    probe: ({ account, changes }) => ({
      key: `account ${toHex(account)}`,
      view: 'account',
      args: [toHex(account)],
      stored: { rekeyed: 'true', keyChanges: String(changes) },
    }),
  }),
  contractCheck<ReplacementRow>({
    check: 'proposed keys',
    sql: REPLACEMENTS,
    probe: ({ account, ring, ready_at: readyAt, number, objections, overruling }) => ({
      key: `account ${toHex(account)}`,
      view: 'replacement',
      args: [toHex(account)],
      stored: {
        keys: ring === null ? NOTHING : keyRingHash(ring),
        ...texts({ readyAt, number, objections, overruling }),
      },
    }),
  }),
  contractCheck<HandOverRow>({
    check: 'hand-over of an account',
    sql: HAND_OVERS,
    probe: ({ account, to, ready_at: readyAt, number, moves }) => ({
      key: `account ${toHex(account)}`,
      view: 'handOver',
      args: [toHex(account)],
      stored: texts({ to: packRegion(to), readyAt, number, moves }),
    }),
  }),
];

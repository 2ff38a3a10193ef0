import { packRegion } from '#domain';
import { type ActDescriptions, noWon } from './act-description.js';
import {
  readAttestation,
  readFirstKeys,
  readHome,
  readRegistration,
  readPlaceOfMerchant,
  readReturn,
  readSettlementLine,
  readTaking,
  readTerms,
} from './act-structs.js';
import type { VoucherActArguments } from './act-types.js';
import type { Hex } from './bytes.js';

/** The contract's MerchantStatus.Closed. */
const CLOSED = 3;

/** Known merchants and accounts have none. */
const claimIn = ({ claim = '0x' }: { readonly claim?: Hex }): Hex => claim;

/** Acts at Vouchers: about series, merchants and accounts. */
export const VOUCHER_ACTS: ActDescriptions<keyof VoucherActArguments> = {
  publish_series: {
    target: 'vouchers',
    method: 'publishSeries',
    role: 'treasurer',
    amount: (args) => args.terms.budget,
    toChain: (args) => [{ ...args.terms }],
    fromChain: (authority, values) => ({ authority, terms: readTerms(values.struct('terms')) }),
  },
  set_budget: {
    target: 'vouchers',
    method: 'setBudget',
    role: 'treasurer',
    amount: (args) => args.budget,
    toChain: (args) => [args.series, args.budget],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      budget: values.big('budget'),
    }),
  },
  delegate_budget: {
    target: 'vouchers',
    method: 'delegateBudget',
    role: 'treasurer',
    amount: (args) => args.left,
    toChain: (args) => [args.series, packRegion(args.to), args.left],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      to: values.region('to'),
      left: values.big('left'),
    }),
  },
  pause_series: {
    target: 'vouchers',
    method: 'pauseSeries',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.series, args.until],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      until: values.num('until'),
    }),
  },
  extend_series: {
    target: 'vouchers',
    method: 'extendSeries',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.series, args.from, args.until],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      from: values.num('from'),
      until: values.num('until'),
    }),
  },
  start_expiry: {
    target: 'vouchers',
    method: 'startExpiry',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.series],
    fromChain: (authority, values) => ({ authority, series: values.num('series') }),
  },
  close_series: {
    target: 'vouchers',
    method: 'closeSeries',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.series],
    fromChain: (authority, values) => ({ authority, series: values.num('series') }),
  },
  approve_issue: {
    target: 'vouchers',
    method: 'approveIssue',
    role: 'treasurer',
    ofDay: true,
    amount: (args) => args.total,
    toChain: (args) => [args.series, args.total, args.root],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      total: values.big('total'),
      root: values.hex('root'),
    }),
  },
  approve_quota: {
    target: 'vouchers',
    method: 'approveQuota',
    role: 'treasurer',
    ofDay: true,
    amount: (args) => args.total,
    toChain: (args) => [args.series, args.total, args.perDay, args.key],
    fromChain: (authority, values) => ({
      authority,
      series: values.num('series'),
      total: values.big('total'),
      perDay: values.big('perDay'),
      key: values.hex('key'),
    }),
  },
  close_issue_order: {
    target: 'vouchers',
    method: 'closeIssueOrder',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.issueOrder],
    fromChain: (authority, values) => ({ authority, issueOrder: values.num('order') }),
  },
  set_merchants: {
    target: 'vouchers',
    method: 'setMerchants',
    role: 'registrar',
    amount: noWon,
    toChain: (args) => [
      args.entries.map((entry) => ({ ...entry, region: packRegion(entry.region), claim: claimIn(entry) })),
    ],
    fromChain: (authority, values) => ({
      authority,
      entries: values.structs('entries').map(readRegistration),
    }),
  },
  set_merchant_status: {
    target: 'vouchers',
    method: 'setMerchantStatus',
    role: 'registrar',
    amount: noWon,
    // What can't be taken back needs two.
    atLeast: (args) => (args.status === CLOSED ? 2 : 1),
    toChain: (args) => [args.merchants, args.status],
    fromChain: (authority, values) => ({
      authority,
      merchants: values.hexes('merchants'),
      status: values.num('status'),
    }),
  },
  hold_payouts: {
    target: 'vouchers',
    method: 'holdPayouts',
    role: 'treasurer',
    amount: noWon,
    toChain: (args) => [args.merchants, args.until],
    fromChain: (authority, values) => ({
      authority,
      merchants: values.hexes('merchants'),
      until: values.num('until'),
    }),
  },
  attest_accounts: {
    target: 'vouchers',
    method: 'attestAccounts',
    role: 'registrar',
    amount: noWon,
    toChain: (args) => [
      args.entries.map((entry) => ({ ...entry, home: packRegion(entry.home), claim: claimIn(entry) })),
    ],
    fromChain: (authority, values) => ({
      authority,
      entries: values.structs('entries').map(readAttestation),
    }),
  },
  freeze_accounts: {
    target: 'vouchers',
    method: 'freezeAccounts',
    role: 'registrar',
    amount: noWon,
    toChain: (args) => [args.accounts, args.until],
    fromChain: (authority, values) => ({
      authority,
      accounts: values.hexes('accounts'),
      until: values.num('until'),
    }),
  },
  replace_keys: {
    target: 'vouchers',
    method: 'replaceKeys',
    role: 'registrar',
    amount: noWon,
    officers: (args) => (args.overruling ? 3 : 2),
    toChain: (args) => [args.account, args.keys, args.overruling],
    fromChain: (authority, values) => ({
      authority,
      account: values.hex('account'),
      keys: values.hex('keys'),
      overruling: values.bool('overruling'),
    }),
  },
  set_first_keys: {
    target: 'vouchers',
    method: 'setFirstKeys',
    role: 'registrar',
    amount: noWon,
    officers: () => 2,
    toChain: (args) => [args.entries],
    fromChain: (authority, values) => ({ authority, entries: values.structs('entries').map(readFirstKeys) }),
  },
  propose_hand_over: {
    target: 'vouchers',
    method: 'proposeHandOver',
    role: 'registrar',
    amount: noWon,
    officers: () => 2,
    toChain: (args) => [packRegion(args.to), args.accounts],
    fromChain: (authority, values) => ({
      authority,
      to: values.region('to'),
      accounts: values.hexes('accounts'),
    }),
  },
  take_accounts: {
    target: 'vouchers',
    method: 'takeAccounts',
    role: 'registrar',
    amount: noWon,
    officers: () => 2,
    toChain: (args) => [
      args.entries.map(({ account, place, consent = '0x' }) => [account, packRegion(place), consent]),
    ],
    fromChain: (authority, values) => ({ authority, entries: values.structs('entries').map(readTaking) }),
  },
  declare_reform: {
    target: 'vouchers',
    method: 'declareReform',
    role: 'governor',
    amount: noWon,
    toChain: (args) => [packRegion(args.from), packRegion(args.to)],
    fromChain: (authority, values) => ({ authority, from: values.region('from'), to: values.region('to') }),
  },
  recode_merchants: {
    target: 'vouchers',
    method: 'recodeMerchants',
    role: 'registrar',
    amount: noWon,
    toChain: (args) => [
      packRegion(args.from),
      packRegion(args.to),
      args.entries.map(({ merchant, region }) => [merchant, packRegion(region)]),
    ],
    fromChain: (authority, values) => ({
      authority,
      from: values.region('from'),
      to: values.region('to'),
      entries: values.structs('entries').map(readPlaceOfMerchant),
    }),
  },
  recode_homes: {
    target: 'vouchers',
    method: 'recodeHomes',
    role: 'registrar',
    amount: noWon,
    toChain: (args) => [
      packRegion(args.from),
      packRegion(args.to),
      args.entries.map(({ account, home }) => [account, packRegion(home)]),
    ],
    fromChain: (authority, values) => ({
      authority,
      from: values.region('from'),
      to: values.region('to'),
      entries: values.structs('entries').map(readHome),
    }),
  },
  settle: {
    target: 'vouchers',
    method: 'settle',
    role: 'treasurer',
    amount: (args) => args.lines.reduce((sum, { amount }) => sum + amount, 0n),
    toChain: (args) => [args.run, args.lines],
    fromChain: (authority, values) => ({
      authority,
      run: values.hex('run'),
      lines: values.structs('lines').map(readSettlementLine),
    }),
  },
  return_redemptions: {
    target: 'vouchers',
    method: 'returnRedemptions',
    role: 'treasurer',
    amount: (args) => args.entries.reduce((sum, { receipt }) => sum + receipt.amount, 0n),
    toChain: (args) => [args.entries],
    fromChain: (authority, values) => ({ authority, entries: values.structs('entries').map(readReturn) }),
  },
};

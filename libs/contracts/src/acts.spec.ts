import * as fc from 'fast-check';
import {
  ACT_KINDS,
  actRoleAndAmount,
  authoritiesInterface,
  BAND_END,
  decodeAct,
  encodeAct,
  encodeExecute,
  isActKind,
  roleBits,
  rolesOfBits,
  type ActArguments,
  type ActKind,
} from './index.js';
import { address, hexOf, regionCode, uint32, uint40, uint64 } from '../test/support/arbitraries.js';

const authority = fc.oneof(regionCode, fc.constant(''));
const uint8 = fc.integer({ min: 0, max: 255 });
const listOf = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 5 });
const officer = fc.record({ id: uint32, roles: uint8, keys: fc.array(hexOf(32), { maxLength: 4 }) });
const thresholds = fc.record({
  governors: uint8,
  registrars: uint8,
  bands: listOf(fc.record({ upTo: uint64, officers: uint8 })),
});
const terms = fc.record({
  validFrom: uint40,
  validUntil: uint40,
  flags: uint8,
  hops: uint8,
  refundPercent: uint8,
  refundDays: uint8,
  paymentCap: uint64,
  dailyCaps: fc.array(uint32.map(BigInt), { minLength: 3, maxLength: 3 }),
  holdingCap: uint64,
  monthCap: uint64,
  yearCap: uint64,
  giftCap: uint64,
  budget: uint64,
  funding: fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 4, maxLength: 4 }),
  document: hexOf(32),
  rules: listOf(fc.bigInt({ min: 0n, max: 2n ** 184n - 1n })),
});

/** With the claim of an account that is not on record yet, or without one. */
const claimed = <T extends object>(entry: T): fc.Arbitrary<T & { claim?: string }> =>
  fc.oneof(
    fc.constant<T & { claim?: string }>(entry),
    fc.oneof(hexOf(64), hexOf(70)).map((claim) => ({ ...entry, claim })),
  );

const receipt = fc.record({
  id: hexOf(32),
  amount: uint64,
  day: fc.integer({ min: 0, max: 65_535 }),
  batch: uint64,
  branch: listOf(hexOf(32)),
});

const ARGUMENTS: { [K in ActKind]: fc.Arbitrary<ActArguments[K]> } = {
  publish_series: fc.record({ authority, terms }),
  set_budget: fc.record({ authority, series: uint32, budget: uint64 }),
  delegate_budget: fc.record({ authority, series: uint32, to: regionCode, left: uint64 }),
  start_expiry: fc.record({ authority, series: uint32 }),
  close_series: fc.record({ authority, series: uint32 }),
  approve_quota: fc.record({ authority, series: uint32, total: uint64, perDay: uint64, key: hexOf(32) }),
  hold_payouts: fc.record({ authority, merchants: listOf(address), until: uint40 }),
  replace_keys: fc.record({
    authority,
    account: address,
    keys: fc.integer({ max: 270, min: 0 }).chain(hexOf),
    overruling: fc.boolean(),
  }),
  set_first_keys: fc.record({
    authority,
    entries: listOf(fc.record({ account: address, keys: fc.integer({ max: 270, min: 0 }).chain(hexOf) })),
  }),
  propose_hand_over: fc.record({
    authority,
    to: fc.oneof(regionCode, fc.constant('')),
    accounts: listOf(address),
  }),
  take_accounts: fc.record({
    authority,
    entries: listOf(
      fc
        .tuple(
          fc.record({ account: address, place: regionCode }),
          fc.integer({ max: 400, min: 70 }).chain(hexOf),
        )
        .chain(([entry, consent]) => fc.constantFrom(entry, { ...entry, consent })),
    ),
  }),
  settle: fc.record({
    authority,
    run: hexOf(32),
    lines: listOf(fc.record({ merchant: address, series: uint32, amount: uint64 })),
  }),
  return_redemptions: fc.record({
    authority,
    entries: listOf(fc.record({ merchant: address, series: uint32, receipt })),
  }),
  pause_series: fc.record({ authority, series: uint32, until: uint40 }),
  extend_series: fc.record({ authority, series: uint32, from: uint40, until: uint40 }),
  approve_issue: fc.record({ authority, series: uint32, total: uint64, root: hexOf(32) }),
  close_issue_order: fc.record({ authority, issueOrder: uint40 }),
  set_merchants: fc.record({
    authority,
    entries: listOf(
      fc.record({ merchant: address, region: regionCode, category: uint8, size: uint8 }).chain(claimed),
    ),
  }),
  set_merchant_status: fc.record({
    authority,
    merchants: listOf(address),
    status: fc.integer({ min: 0, max: 3 }),
  }),
  attest_accounts: fc.record({
    authority,
    entries: listOf(
      fc.record({ account: address, home: regionCode, tier: uint8, company: fc.boolean() }).chain(claimed),
    ),
  }),
  freeze_accounts: fc.record({ authority, accounts: listOf(address), until: uint40 }),
  found_authority: fc.record({ authority, region: regionCode, officers: listOf(officer), thresholds }),
  set_officers: fc.record({ authority, officers: listOf(officer) }),
  set_thresholds: fc.record({ authority, thresholds }),
  remove_officers: fc.record({ authority, officers: listOf(uint32) }),
  stop_change: fc.record({ authority, change: hexOf(32) }),
  propose_reseat: fc.record({ authority, region: regionCode, officers: listOf(officer), thresholds }),
  reject_reseat: fc.record({ authority }),
  grant_area: fc.record({ authority, to: regionCode, area: regionCode }),
  give_up_area: fc.record({ authority, area: regionCode }),
  anchor: fc.record({ authority, kind: uint8, root: hexOf(32) }),
  declare_reform: fc.record({ authority, from: regionCode, to: regionCode }),
  recode_merchants: fc.record({
    authority,
    from: regionCode,
    to: regionCode,
    entries: listOf(fc.record({ merchant: address, region: regionCode })),
  }),
  recode_homes: fc.record({
    authority,
    from: regionCode,
    to: regionCode,
    entries: listOf(fc.record({ account: address, home: regionCode })),
  }),
};

function shouldComeBack<K extends ActKind>(kind: K): void {
  fc.assert(
    fc.property(ARGUMENTS[kind], (args) => {
      const { target, call } = encodeAct(kind, args);
      expect(decodeAct(call, target)).toEqual({ kind, args });
      const other = target === 'vouchers' ? 'authorities' : 'vouchers';
      expect(decodeAct(call, other)).toBeNull();
    }),
    { numRuns: 40 },
  );
}

describe('an act', () => {
  it.each([...ACT_KINDS])('%s comes back from its calldata as it went in', (kind) => {
    shouldComeBack(kind);
  });

  it('has a kind for every entry point that only acts reach', () => {
    expect([...ACT_KINDS].toSorted()).toEqual(Object.keys(ARGUMENTS).toSorted());
    expect(isActKind('set_budget')).toBe(true);
    expect(isActKind('toString')).toBe(false);
  });

  it('is not read from other calldata', () => {
    const { call } = encodeAct('set_budget', { authority: '47', series: 1, budget: 5n });
    expect(decodeAct('0x', 'vouchers')).toBeNull();
    expect(decodeAct('0x12345678', 'vouchers')).toBeNull();
    expect(decodeAct(call.slice(0, -2), 'vouchers')).toBeNull();
    const execute = encodeExecute(
      { authority: '', target: `0x${'11'.repeat(20)}`, call, nonce: 0n, deadline: 1 },
      [],
    );
    expect(decodeAct(execute, 'authorities')).toBeNull();
  });

  it('is refused when a value does not fit', () => {
    expect(() => encodeAct('set_budget', { authority: '47', series: 1, budget: 2n ** 64n })).toThrow('value');
    expect(() => encodeAct('set_budget', { authority: '4x', series: 1, budget: 1n })).toThrow();
  });
});

describe('actRoleAndAmount', () => {
  it('weighs what can create value by its won, and nothing else', () => {
    const budget = { authority: '47', series: 1, budget: 9n };
    expect(actRoleAndAmount('set_budget', budget)).toEqual({
      role: 'treasurer',
      amount: 9n,
      ofDay: false,
      officers: null,
      atLeast: 1,
    });
    const issue = { authority: '47', series: 1, total: 7n, root: `0x${'00'.repeat(32)}` };
    expect(actRoleAndAmount('approve_issue', issue)).toEqual({
      role: 'treasurer',
      amount: 7n,
      ofDay: true,
      officers: null,
      atLeast: 1,
    });
    expect(actRoleAndAmount('pause_series', { authority: '47', series: 1, until: 0 })).toEqual({
      role: 'treasurer',
      amount: 0n,
      ofDay: false,
      officers: null,
      atLeast: 1,
    });
    expect(actRoleAndAmount('freeze_accounts', { authority: '47', accounts: [], until: 5 }).role).toBe(
      'registrar',
    );
    expect(actRoleAndAmount('set_officers', { authority: '47', officers: [] }).role).toBe('governor');
  });
});

describe('acts of several lines', () => {
  const one = `0x${'11'.repeat(20)}`;

  it('weigh the sum of their lines', () => {
    const lines = [3n, 4n].map((amount) => ({ merchant: one, series: 1, amount }));
    const settle = { authority: '47', run: `0x${'00'.repeat(32)}`, lines };
    expect(actRoleAndAmount('settle', settle).amount).toBe(7n);
    const entries = [5n, 6n].map((amount) => ({
      merchant: one,
      series: 1,
      receipt: { id: `0x${'00'.repeat(32)}`, amount, day: 1, batch: 1n, branch: [] },
    }));
    expect(actRoleAndAmount('return_redemptions', { authority: '47', entries }).amount).toBe(11n);
  });

  it('one governor stops a change, regardless of the thresholds', () => {
    const args = { authority: '47', change: `0x${'01'.repeat(32)}` };
    expect(actRoleAndAmount('stop_change', args)).toMatchObject({ role: 'governor', officers: 1 });
  });

  it('the kind of an anchor says whose it is', () => {
    const args = { authority: '47', root: `0x${'01'.repeat(32)}` };
    expect(actRoleAndAmount('anchor', { ...args, kind: 2 })).toMatchObject({ role: 'treasurer', amount: 0n });
    expect(actRoleAndAmount('anchor', { ...args, kind: 3 })).toMatchObject({ role: 'governor', amount: 0n });
  });

  it('two registrars give an account other keys, regardless of the thresholds', () => {
    const args = { authority: '47', account: one, keys: '0x', overruling: false };
    expect(actRoleAndAmount('replace_keys', args)).toMatchObject({ role: 'registrar', officers: 2 });
    const overruling = { ...args, overruling: true };
    expect(actRoleAndAmount('replace_keys', overruling)).toMatchObject({ role: 'registrar', officers: 3 });
  });
});

describe('acts that another authority may take part in', () => {
  it('are of two registrars on both sides, regardless of the thresholds', () => {
    const accounts = [`0x${'11'.repeat(20)}`];
    const handOver = { authority: '28', to: '28275', accounts };
    expect(actRoleAndAmount('propose_hand_over', handOver)).toMatchObject({ role: 'registrar', officers: 2 });
    const taking = { authority: '28275', entries: [{ account: accounts[0] ?? '', place: '28275' }] };
    expect(actRoleAndAmount('take_accounts', taking)).toMatchObject({ role: 'registrar', officers: 2 });
  });
});

describe('encodeExecute', () => {
  it('puts approvals in the order that the contract wants', () => {
    const act = { authority: '47130', target: `0x${'11'.repeat(20)}`, call: '0x12', nonce: 3n, deadline: 9 };
    const approvals = [3, 1, 2].map((number) => ({ officer: number, signature: `0x0${number}` }));
    const [decodedAct, decodedApprovals] = authoritiesInterface.decodeFunctionData(
      'execute',
      encodeExecute(act, approvals),
    );
    expect(decodedAct.toObject()).toMatchObject({
      authority: 0x4713000000_05n,
      call: '0x12',
      nonce: 3n,
      deadline: 9n,
    });
    expect(decodedApprovals.map((row: { officer: bigint }) => row.officer)).toEqual([1n, 2n, 3n]);
  });
});

describe('roles', () => {
  it('go to bits and back', () => {
    expect(roleBits(['governor', 'registrar'])).toBe(5);
    expect(rolesOfBits(7)).toEqual(['governor', 'treasurer', 'registrar']);
    expect(rolesOfBits(0)).toEqual([]);
    expect(BAND_END).toBe(0xffff_ffff_ffff_ffffn);
  });
});

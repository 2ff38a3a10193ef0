import {
  checkNewSeat,
  checkOfficer,
  checkOfficerChange,
  checkRemoval,
  checkThresholdChange,
  checkThresholds,
  officersNeeded,
  type OfficerState,
  wonOfTheDay,
} from './officers.js';

const WON_MAX = 2n ** 64n - 1n;
const limits = {
  governors: 3,
  registrars: 1,
  bands: [
    { upTo: 100n, officers: 2 },
    { upTo: WON_MAX, officers: 3 },
  ],
};
/** Four people with all roles: one to spare of governors and treasurers, three of registrars. */
const four: OfficerState[] = [1, 2, 3, 4].map((id) => ({ id, roles: 7, keys: [`0x0${id}`] }));
const leaves = (id: number): OfficerState => ({ id, roles: 0, keys: [] });

describe('rules of officers', () => {
  it('choose the band by the won, also of a day together', () => {
    expect([0n, 100n, 101n].map((won) => officersNeeded(limits, 'treasurer', won))).toEqual([2, 2, 3]);
    expect([officersNeeded(limits, 'governor', 0n), officersNeeded(limits, 'registrar', 0n)]).toEqual([3, 1]);
    expect([wonOfTheDay(60n, 41n), wonOfTheDay(WON_MAX, 1n)]).toEqual([101n, WON_MAX]);
  });

  it('want two people for money, bands that ascend to the end, and governors for the largest one', () => {
    expect(checkThresholds(limits)).toBeUndefined();
    const wrong = [
      { ...limits, governors: 2 },
      { ...limits, registrars: 0 },
      { ...limits, bands: [] },
      { ...limits, bands: [{ upTo: 100n, officers: 2 }] },
      { ...limits, bands: [{ upTo: WON_MAX, officers: 1 }] },
      { ...limits, bands: limits.bands.toReversed() },
    ];
    expect(wrong.map((one) => checkThresholds(one)?.key)).toEqual(wrong.map(() => 'thresholds_invalid'));
  });

  it('know what an officer is', () => {
    expect(checkOfficer(leaves(1))).toBeUndefined();
    expect(checkOfficer({ id: 1, roles: 1, keys: [] })?.key).toBe('officer_invalid');
    expect(checkOfficer({ id: 0, roles: 1, keys: ['0x01'] })?.key).toBe('officer_invalid');
    expect(checkOfficer({ id: 1, roles: 1, keys: ['0x00'] })?.key).toBe('signer_already_used');
  });

  it('leave every role a person to spare, and let a role without one be repaired', () => {
    expect(checkNewSeat(four, limits)).toBeUndefined();
    expect(checkNewSeat(four.slice(1), limits)).toEqual({
      key: 'officers_needed',
      args: { role: 0, had: 3, needed: 4 },
    });
    expect(checkOfficerChange(four, limits, [leaves(1)])?.key).toBe('officers_needed');
    const three = four.slice(1);
    expect(checkOfficerChange(three, limits, [{ id: 2, roles: 7, keys: ['0x09'] }])).toBeUndefined();
    expect(checkOfficerChange(three, limits, [{ id: 5, roles: 4, keys: ['0x09'] }])).toBeUndefined();
    expect(
      checkOfficerChange(three, limits, [leaves(2), { id: 5, roles: 7, keys: ['0x09'] }]),
    ).toBeUndefined();
    expect(checkOfficerChange(four, limits, [{ id: 5, roles: 1, keys: ['0x04'] }])?.key).toBe(
      'signer_already_used',
    );
    expect(checkThresholdChange(four, limits, { ...limits, registrars: 4 })?.key).toBe('officers_needed');
    expect(checkThresholdChange(three, limits, { ...limits, registrars: 2 })).toBeUndefined();
  });

  it('let a removal use up the spare person and no more', () => {
    expect(checkRemoval(four, limits, [1])).toBeUndefined();
    expect(checkRemoval(four, limits, [1, 2])).toEqual({
      key: 'officers_needed',
      args: { role: 0, had: 2, needed: 3 },
    });
    expect(checkRemoval(four, limits, [9])?.key).toBe('officer_unknown');
  });
});

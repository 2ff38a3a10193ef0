import * as fc from 'fast-check';
import { NEVER_MOVED, refusalOfHandOver, refusalOfTaking, type Movable } from './moves.js';

const NOW = 1_790_000_000;
const A = `0x${'0a'.repeat(20)}`;
/** Incheon and the district that is split off. */
const FROM = '28';
const TO = '28275';
const OTHER = '47130';
const GIVER = { authority: FROM, areas: [FROM] };
const TAKER = { authority: TO, areas: [TO] };
const resident: Movable = {
  authority: FROM,
  keyless: false,
  frozenUntil: 0,
  frozenByOne: false,
  handOver: NEVER_MOVED,
};
const shop: Movable = { ...resident, shop: { status: 1, heldUntil: 0 } };
const handedOver = (readyAt: number, to = TO): Movable => ({
  ...resident,
  handOver: { proposed: { to, readyAt }, number: 1, moves: 0 },
});
const unknown = (authority: string) => ({ code: 'hand_over_unknown', args: { account: A, authority } });
const notChosen = { code: 'authority_not_chosen', args: { account: A, authority: TO } };
const barred = { code: 'move_barred', args: { account: A } };

describe('a hand-over is proposed', () => {
  it.each([
    ['of the own account', GIVER, TO, resident, undefined],
    ['of the own shop, closed or not', GIVER, TO, { ...shop, shop: { status: 3, heldUntil: 0 } }, undefined],
    ['again, to whom ever', GIVER, OTHER, handedOver(NOW), undefined],
    ['and taken back', GIVER, '', handedOver(NOW), undefined],
    ['but not taken back when none is', GIVER, '', resident, unknown(FROM)],
    [
      'of another authority’s account',
      TAKER,
      OTHER,
      resident,
      { code: 'not_in_charge', args: { account: A, in_charge: FROM } },
    ],
    [
      'of an account that is not on record',
      GIVER,
      TO,
      undefined,
      { code: 'account_unknown', args: { account: A } },
    ],
  ] as const)('%s', (_what, by, to, known, wanted) => {
    expect(refusalOfHandOver(by, to, A, known)).toEqual(wanted);
  });
});

describe('an account is taken on', () => {
  const take = (known: Movable | undefined, consented?: boolean, place = TO, by = TAKER) =>
    refusalOfTaking(by, { account: A, place, consented }, known, NOW);

  it('as handed over, once the notice is over, of whatever state', () => {
    expect(take(handedOver(NOW))).toBeUndefined();
    expect(take({ ...handedOver(NOW), frozenUntil: NOW + 1 })).toBeUndefined();
    expect(take({ ...handedOver(NOW), shop: { status: 3, heldUntil: NOW + 1 } })).toBeUndefined();
    expect(take(handedOver(NOW + 1))).toEqual({
      code: 'hand_over_too_early',
      args: { account: A, ready_at: NOW + 1 },
    });
    expect(take(resident)).toEqual(unknown(TO));
    expect(take(handedOver(NOW, OTHER))).toEqual(unknown(TO));
  });

  it('with consent, at once, unless the one in charge stopped it', () => {
    expect(take(resident, true)).toBeUndefined();
    expect(take(shop, true)).toBeUndefined();
    expect(take(resident, false)).toEqual(notChosen);
    expect(take({ ...resident, authority: TO }, true)).toEqual(notChosen);
    expect(take({ ...resident, frozenUntil: NOW + 1 }, true)).toEqual(barred);
    expect(take({ ...resident, frozenUntil: NOW }, true)).toBeUndefined();
    expect(take({ ...shop, shop: { status: 2, heldUntil: 0 } }, true)).toEqual(barred);
    expect(take({ ...shop, shop: { status: 3, heldUntil: 0 } }, true)).toEqual(barred);
    expect(take({ ...shop, shop: { status: 1, heldUntil: NOW + 1 } }, true)).toEqual(barred);
    expect(take({ ...shop, shop: { status: 1, heldUntil: NOW } }, true)).toBeUndefined();
  });

  it('where the taker answers for the place, a home no finer than a district', () => {
    const outside = { code: 'region_outside_authority', args: { authority: TO, region: '28260' } };
    expect(take(resident, true, '28260')).toEqual(outside);
    expect(take(handedOver(NOW), undefined, '28260')).toEqual(outside);
    expect(take(resident, true, `${TO}101`)).toEqual({ code: 'account_invalid', args: { account: A } });
    expect(take(shop, true, `${TO}101`)).toBeUndefined();
    expect(take(undefined, true)).toEqual({ code: 'account_unknown', args: { account: A } });
  });

  it('only with a consent or as handed over', () => {
    const state = fc.record({
      frozenUntil: fc.constantFrom(0, NOW + 1),
      shop: fc.constantFrom(undefined, { status: 1, heldUntil: 0 }, { status: 2, heldUntil: 0 }),
      proposed: fc.option(
        fc.record({ to: fc.constantFrom(TO, OTHER), readyAt: fc.integer({ min: NOW - 2, max: NOW + 2 }) }),
      ),
      consented: fc.constantFrom(undefined, false),
    });
    fc.assert(
      fc.property(state, ({ frozenUntil, shop: at, proposed, consented }) => {
        const known = { ...resident, frozenUntil, shop: at, handOver: { proposed, number: 1, moves: 0 } };
        const over = proposed !== null && proposed.to === TO && proposed.readyAt <= NOW;
        expect(take(known, consented) === undefined).toBe(consented === undefined && over);
      }),
    );
  });
});

import { ITEM_REFUSALS } from '../refusals/items.js';
import { packRegion } from '../regions/region.js';
import { REFUSAL_SCREENS } from './refusal-screen.js';
import { isScreenKey, refusalScreen } from './refusal-values.js';

const MORE = {
  claim: { type: 'end', at: 1 },
  help: { type: 'text', text: '054-000-0000' },
  more: { type: 'money', amount: 1n },
  least: { type: 'money', amount: 1n },
} as const;

/** A value as the chain writes it. */
const valueOf = (spec: string) => (spec.endsWith(':region') ? packRegion('4711') : 5n);

describe('what residents and merchants read for refusals', () => {
  it('is written for every refusal of an item', () => {
    expect(ITEM_REFUSALS.map(({ key }) => key).filter((key) => !isScreenKey(key))).toEqual([]);
  });

  it.each(Object.keys(REFUSAL_SCREENS))('says every sentence of %s once its values are known', (key) => {
    if (!isScreenKey(key)) throw new Error(`not a key: ${key}`);
    const args = ITEM_REFUSALS.find((entry) => entry.key === key)?.args.map(valueOf) ?? [];
    const { text, values } = refusalScreen(key, args, MORE);
    const needed = [
      ...REFUSAL_SCREENS[key]
        .map(({ ko }) => ko)
        .join(' ')
        .matchAll(/\{(\w+)\}/g),
    ].map(([, name]) => name);
    // What is short needs an amount above the balance.
    const given = Object.keys(key === 'insufficient_balance' ? refusalScreen(key, [1n, 3n]).values : values);
    expect(needed.filter((name = '') => !given.includes(name))).toEqual([]);
    if (key !== 'insufficient_balance') expect(text).toEqual(REFUSAL_SCREENS[key]);
  });

  it('leaves out a sentence whose value is unknown, never the whole', () => {
    const known = ITEM_REFUSALS.filter(({ key }) => key !== 'amount_zero');
    for (const { key, args } of known)
      expect([key, refusalScreen(key, args.map(valueOf)).text.length]).not.toEqual([key, 0]);
    expect(refusalScreen('expired', [1_767_193_200n]).text).toEqual([REFUSAL_SCREENS.expired[0]]);
  });

  it('computes what is short, reads regions from the chain and by code', () => {
    expect(
      refusalScreen('insufficient_balance', { balance: '8500', amount: '12000' }).values['short'],
    ).toEqual({
      type: 'money',
      amount: 3500n,
    });
    const { values } = refusalScreen('wrong_region', [packRegion('47130'), packRegion('4711')]);
    expect([values['region'], values['allowed']]).toEqual([
      { type: 'region', code: '47130' },
      { type: 'region', code: '4711' },
    ]);
  });

  it('is short and in spoken form', () => {
    for (const { ko, en } of Object.values(REFUSAL_SCREENS).flat()) {
      expect(ko.length).toBeLessThanOrEqual(40);
      expect(ko).not.toMatch(/습니다|십시오|바랍니다|!/);
      expect(en.split(' ').length).toBeLessThanOrEqual(20);
      expect(en).not.toMatch(/!/);
    }
  });
});

import * as fc from 'fast-check';
import { DumpSplitter, withoutTraces } from './dump-splitter.js';

/** What the splitter makes of a text that comes in pieces of this length. */
function split(text: string, length: number): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const splitter = new DumpSplitter({
    onMember: (name, value) => found.set(name, JSON.parse(value.toString())),
    onItem: (name, value) => {
      const items = (found.get(name) ?? []) as unknown[];
      found.set(name, [...items, JSON.parse(value.toString())]);
    },
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) splitter.push(bytes.subarray(at, at + length));
  splitter.finish();
  return Object.fromEntries(found);
}

describe('dump splitter', () => {
  it('gives members and items of any object back, however its text is cut', () => {
    const name = fc.string().filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), fc.integer({ min: 1, max: 40 }), (object, length) => {
        const text = JSON.stringify(object);
        // An empty list has no item to emit.
        const filled = Object.entries(object).filter(([, value]) => JSON.stringify(value) !== '[]');
        expect(split(text, length)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(filled))));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['{"a":1', '{"a":[1,2', '{"a":"x', '{"a":{"b":1}'])('refuses %s, which is cut short', (text) => {
    expect(() => split(text, 3)).toThrow(/cut short/);
  });

  it('takes the traces out of a transaction and nothing else', () => {
    const info = { hash: '0x1', traces: [{ idx: 0, logs: [], children: [1] }, { idx: 1 }], exit: 'Return' };
    const transaction = { info, receipt: { logs: [{ data: '0x' }] } };
    const text = withoutTraces(Buffer.from(JSON.stringify(transaction))).toString();
    expect(JSON.parse(text)).toEqual({ ...transaction, info: { ...info, traces: [] } });
    const other = Buffer.from('{"something":"else"}');
    expect(withoutTraces(other)).toBe(other);
  });
});

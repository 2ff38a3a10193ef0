import { repeatedKey } from './json-keys.js';

describe('repeatedKey', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":{"b":1,"c":[{},{"d":1,"d":1}]}}', 'a.c[1].d'],
    ['[{"x":1},{"x":1,"y":2,"x":3}]', '[1].x'],
    [String.raw`{"b":1,"\u0062":2}`, 'b'],
    ['{"":1,"":2}', ''],
  ])('finds the key that %s has twice: %s', (text, path) => {
    expect(repeatedKey(text)).toBe(path);
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    String.raw`{"a":"\",\"a\":","b":"{\"a\":1}"}`,
    '"a"',
    'null',
    '[]',
    '{"a":[1,2,{"b":[]}],"b":true}',
  ])('finds none in %s', (text) => {
    expect(repeatedKey(text)).toBeUndefined();
  });

  it('reads as deep as JSON.parse does', () => {
    const deep = `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    expect(repeatedKey(deep)).toBeUndefined();
  });
});

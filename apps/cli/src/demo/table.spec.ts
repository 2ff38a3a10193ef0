import { textTable } from './table.js';

describe('a table in a terminal', () => {
  it('keeps columns straight although Hangul takes two places', () => {
    const text = textTable(['시군', 'won'], [['포항시', '1'], ['A', '12,000']]); // prettier-ignore
    expect(text.split('\n')).toEqual([
      '시군       won',
      '──────────────',
      '포항시       1',
      'A       12,000',
    ]);
  });

  it('puts texts to the left', () => {
    expect(textTable(['a', 'why'], [['1', 'x']], [0, 1]).split('\n')[2]).toBe('1  x');
  });
});

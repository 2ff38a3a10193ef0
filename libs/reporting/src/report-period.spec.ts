import { periodOf } from './report-period.js';

describe('the period of a report', () => {
  it.each([
    ['everything', undefined, undefined, [null, null], []],
    ['one whole month', '2026-02-01', '2026-02-28', ['2026-02-01', '2026-03-01'], []],
    [
      'part of a month',
      '2026-02-03',
      '2026-02-05',
      ['2026-02-03', '2026-02-03'],
      [['2026-02-03', '2026-02-06']],
    ],
    [
      'two parts of months',
      '2026-01-31',
      '2026-02-01',
      ['2026-02-01', '2026-02-01'],
      [['2026-01-31', '2026-02-02']],
    ],
    [
      'months with days on both sides',
      '2025-12-30',
      '2026-03-02',
      ['2026-01-01', '2026-03-01'],
      [
        ['2025-12-30', '2026-01-01'],
        ['2026-03-01', '2026-03-03'],
      ],
    ],
    ['an open start', undefined, '2026-03-02', [null, '2026-03-01'], [['2026-03-01', '2026-03-03']]],
    ['an open end', '2026-02-28', undefined, ['2026-03-01', null], [['2026-02-28', '2026-03-01']]],
    ['nothing', '2026-02-05', '2026-02-03', ['2026-02-05', '2026-02-05'], []],
  ])('splits %s', (_what, from, to, [first, next], days) => {
    const period = periodOf(from, to);
    const whole = period.months.from !== null && period.months.from === period.months.until;
    if (whole) expect(first).toBe(next);
    else expect(period.months).toEqual({ from: first, until: next });
    expect(period.days.map((span) => [span.from, span.until])).toEqual(days);
  });
});

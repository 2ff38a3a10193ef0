import { leadText, readLead } from './clock.js';

describe('the lead of a test installation’s clock', () => {
  it.each([
    ['30d', { seconds: 2_592_000, relative: false }],
    ['12h', { seconds: 43_200, relative: false }],
    ['90m', { seconds: 5_400, relative: false }],
    ['0s', { seconds: 0, relative: false }],
    ['+1d', { seconds: 86_400, relative: true }],
    ['36500d', { seconds: 3_153_600_000, relative: false }],
  ])('%s is read', (text, expected) => {
    expect(readLead(text)).toEqual(expected);
  });

  it.each(['', '30', 'd', '-1d', '1.5d', '1w', '36501d', '30 d', '1e3d', '9999999999d'])(
    '%p is refused',
    (text) => {
      expect(() => readLead(text)).toThrow('--lead must be');
    },
  );

  it.each([
    [3_456_000, '40 days'],
    [86_400 + 6 * 3_600, '1 day 6 hours'],
    [61, '1 minute 1 second'],
  ])('of %d s is shown as %p', (lead, expected) => {
    expect(leadText(lead)).toBe(expected);
  });
});

import * as fc from 'fast-check';
import { EXTENSION_SECONDS_MAX, refusalOfExtension, type Validity } from './validity.js';

const END = 1_800_000_000;
const DAY = 86_400;
const OPEN: Validity = { validUntil: END, originalUntil: END - DAY, expiring: false, closed: false };
const LATEST = OPEN.originalUntil + EXTENSION_SECONDS_MAX;

describe('an extension of the validity of a series', () => {
  it.each<[string, Validity, { from: number; until: number }, number, object | undefined]>([
    ['by a second', OPEN, { from: END, until: END + 1 }, END - DAY, undefined],
    ['after the end', OPEN, { from: END, until: END + DAY + 1 }, END + DAY, undefined],
    ['to the last moment', OPEN, { from: END, until: LATEST }, END, undefined],
    [
      'beyond it',
      OPEN,
      { from: END, until: LATEST + 1 },
      END,
      { code: 'extension_too_long', args: { until: LATEST + 1, latest: LATEST } },
    ],
    [
      'to the present end',
      OPEN,
      { from: END, until: END },
      END - DAY,
      { code: 'extension_too_short', args: { until: END, later_than: END } },
    ],
    [
      'to a moment that has passed',
      OPEN,
      { from: END, until: END + DAY },
      END + DAY,
      { code: 'extension_too_short', args: { until: END + DAY, later_than: END + DAY } },
    ],
    [
      'from the original end',
      OPEN,
      { from: END - DAY, until: END + DAY },
      END,
      { code: 'end_differs', args: { series: 7, valid_until: END } },
    ],
    [
      'of what expires',
      { ...OPEN, expiring: true },
      { from: END, until: END + DAY },
      END,
      { code: 'expiry_already_started', args: { series: 7 } },
    ],
    [
      'of what is closed',
      { ...OPEN, expiring: true, closed: true },
      { from: END, until: END + DAY },
      END,
      { code: 'series_already_closed', args: { series: 7 } },
    ],
  ])('%s', (_what, validity, extension, now, refusal) => {
    expect(refusalOfExtension(7, validity, extension, now)).toEqual(refusal);
  });

  it('never shortens one, and never ends in the past', () => {
    const moment = fc.integer({ min: 0, max: 2 ** 40 - 1 });
    const validity = fc.record({
      validUntil: moment,
      originalUntil: moment,
      expiring: fc.boolean(),
      closed: fc.boolean(),
    });
    fc.assert(
      fc.property(validity, moment, moment, moment, (known, from, until, now) => {
        if (refusalOfExtension(1, known, { from, until }, now) !== undefined) return;
        expect(until).toBeGreaterThan(Math.max(known.validUntil, now));
        expect(known.expiring || known.closed).toBe(false);
      }),
    );
    // Where nothing else is wrong, every later end is possible.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: EXTENSION_SECONDS_MAX - DAY }), (more) => {
        expect(refusalOfExtension(1, OPEN, { from: END, until: END + more }, END - 1)).toBeUndefined();
      }),
    );
  });
});

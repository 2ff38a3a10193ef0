/**
 * Sets the clock of the process that imports it before anything else: `node --import=.../skewed-clock.mjs?ms=600000`.
 * Timers keep the right pace, as on a machine whose clock is simply wrong.
 */
const offsetMs = Number(new URL(import.meta.url).searchParams.get('ms'));
if (!Number.isSafeInteger(offsetMs)) throw new RangeError('?ms= must be a whole number of milliseconds');
const RightDate = globalThis.Date;

globalThis.Date = class Date extends RightDate {
  constructor(...parts) {
    if (parts.length === 0) super(RightDate.now() + offsetMs);
    else super(...parts);
  }

  static now() {
    return RightDate.now() + offsetMs;
  }
};

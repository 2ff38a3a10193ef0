/**
 * Long spec files first, also in a fresh clone. Jest knows from its cache how long a file took last; without one it
 * starts with the largest, and the longest of all, which is small, was started last and ran alone for two minutes.
 */
import path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/** Seconds of spec files that are long for their size (measured on two idle processors, each file alone). */
export const LONG = {
  'test/stories/backup.spec.ts': 125,
  'libs/contracts/test/supply-law.spec.ts': 75,
  'test/pages/pages.spec.ts': 60,
  'test/stories/supervised.spec.ts': 59,
  'test/stories/several-processes.spec.ts': 52,
  'test/stories/kill-storm.spec.ts': 52,
  'test/stories/voucher-life.spec.ts': 52,
  'libs/jobs/src/jobs.spec.ts': 48,
  'libs/node/src/embedded/kill-resistance.spec.ts': 40,
  'libs/contracts/test/agreement-others.spec.ts': 37,
  'test/stories/worst-input.spec.ts': 33,
  'libs/contracts/test/agreement.spec.ts': 27,
  'libs/contracts/test/life.spec.ts': 27,
  'libs/contracts/test/deployment-check.spec.ts': 26,
  'test/stories/voucher-law.spec.ts': 22,
  'libs/node/src/embedded/chain-restore.spec.ts': 21,
};

/** Of the others: 7 kB are about right for a file of seven seconds. */
const MS_PER_BYTE = 1;

export default class Sequencer extends TestSequencer {
  /** @returns milliseconds that a file is expected to take */
  time(test) {
    const { config, hasteFS } = test.context;
    const name = path.relative(config.rootDir, test.path).split(path.sep).join('/');
    const seconds = LONG[name];
    return (
      super.time(test) ?? (seconds === undefined ? hasteFS.getSize(test.path) * MS_PER_BYTE : seconds * 1_000)
    );
  }
}

import type { Scenario } from '../scenario.js';
import { killStorm } from './kill-storm.js';
import { indexerSimulation } from './indexer-simulation.js';
import { lostTail } from './lost-tail.js';
import { nonceTrouble } from './nonce-trouble.js';
import { poisonedBatches } from './poisoned-batches.js';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  killStorm,
  lostTail,
  indexerSimulation,
  nonceTrouble,
  poisonedBatches,
];

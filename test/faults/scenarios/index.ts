import type { Scenario } from '../scenario.js';
import { clocks } from './clocks.js';
import { fullDisk } from './full-disk.js';
import { indexerSimulation } from './indexer-simulation.js';
import { killStorm } from './kill-storm.js';
import { reorg } from './reorg.js';
import { nonceTrouble } from './nonce-trouble.js';
import { overload } from './overload.js';
import { poisonedBatches } from './poisoned-batches.js';
import { postgresFailover } from './postgres-failover.js';
import { retryStorm } from './retry-storm.js';
import { soak } from './soak.js';
import { strangers } from './strangers.js';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  killStorm,
  reorg,
  indexerSimulation,
  nonceTrouble,
  poisonedBatches,
  retryStorm,
  overload,
  clocks,
  postgresFailover,
  soak,
  strangers,
  fullDisk,
];

/** After all specs: nothing of the run is left, neither a process nor a file. */
import process from 'node:process';
import { endRun } from './shared-home.mjs';

export default async function globalTeardown() {
  if (process.env.JANGTEO_TEST_HOME) await endRun(process.env.JANGTEO_TEST_HOME);
}

/** The thread behind Pings: workerData is the address; any message ends it, and the waits are its answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 10;

const waits: number[] = [];
let ended = false;
parentPort?.once('message', () => {
  ended = true;
});
while (!ended) {
  const startedAt = performance.now();
  const response = await fetch(String(workerData));
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${workerData} answered ${response.status}`);
  waits.push(performance.now() - startedAt);
  await sleep(EVERY_MS);
}
parentPort?.postMessage(waits);

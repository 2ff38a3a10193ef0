/** The thread behind Pings: workerData is the address; any message ends it, and the waits are its answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 10;

async function ask(): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(String(workerData));
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${workerData} answered ${response.status}`);
  return performance.now() - startedAt;
}

const ended = new AbortController();
const waits: number[] = [];
// The first time the client itself has to be loaded.
await ask();
parentPort?.once('message', () => ended.abort());
while (!ended.signal.aborted) {
  waits.push(await ask());
  await sleep(EVERY_MS);
}
parentPort?.postMessage(waits);

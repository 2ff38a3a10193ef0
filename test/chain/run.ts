/**
 * The whole platform against a node that it did not start.
 *
 *   npm run test:chain -- --rpc http://127.0.0.1:8545 [--json]
 *
 * The node needs what every node of the platform needs: standard eth_* calls, gas without a price, and a gas limit of
 * 30 million at least. Nothing is sent but signed transactions. Exit code 1 when a step fails, or when anything but
 * eth_* was asked.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '#platform';
import globalSetup from '../setup/global-setup.mjs';
import globalTeardown from '../setup/global-teardown.mjs';
import { Fleet } from '../support/fleet.js';
import { startRecordingProxy } from './recording-proxy.js';
import { chainSuite } from './suite.js';

const { values } = parseArgs({
  options: { rpc: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (values.rpc === undefined || !URL.canParse(values.rpc)) {
  process.stderr.write('npm run test:chain -- --rpc URL   (the node’s HTTP address)\n');
  process.exit(2);
}

const results: { step: string; ok: boolean; seen: string; ms: number }[] = [];
const say = (line: string) => process.stderr.write(`${line}\n`);

async function step(name: string, run: () => Promise<string>): Promise<boolean> {
  const startedAt = performance.now();
  const [ok, seen] = await run().then(
    (text) => [true, text] as const,
    (error: unknown) => [false, messageOf(error)] as const,
  );
  const ms = Math.round(performance.now() - startedAt);
  results.push({ step: name, ok, seen, ms });
  say(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${seen} (${ms} ms)`);
  return ok;
}

await globalSetup();
const proxy = await startRecordingProxy(values.rpc);
let fleet: Fleet | undefined;
try {
  const started = await step('API and worker start', async () => {
    fleet = await Fleet.start(1, 1, proxy.url);
    return fleet.chainUrl;
  });
  if (started && fleet !== undefined) {
    for (const { name, run } of chainSuite(fleet)) if (!(await step(name, run))) break;
  }
  await step('nothing but eth_* was asked', async () => {
    const others = proxy.methods().filter((name) => !name.startsWith('eth_'));
    if (others.length > 0) throw new Error(others.join(', '));
    return proxy.methods().join(', ');
  });
} finally {
  await fleet?.dispose();
  await proxy.close();
  await globalTeardown();
}
if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

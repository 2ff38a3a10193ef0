import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedChain, type EmbeddedChain } from '#node';
import { silentLog } from '#platform';
import { Fleet } from '../support/fleet.js';
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.js';
import { chainSuite } from './suite.js';

/** `npm run test:chain -- --rpc URL` runs the same against any node. */
describe('a node that the platform knows by its address alone', () => {
  let home: string;
  let chain: EmbeddedChain;
  let proxy: RecordingProxy;
  let fleet: Fleet | undefined;

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-node-'));
    chain = await startEmbeddedChain({ home, log: silentLog });
    proxy = await startRecordingProxy(chain.url);
    fleet = await Fleet.start(1, 1, proxy.url);
  });

  afterAll(async () => {
    await fleet?.dispose();
    await proxy?.close();
    await chain?.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('serves a voucher’s whole life, asked for standard methods alone', async () => {
    if (fleet === undefined) throw new Error('no fleet');
    const done: string[] = [];
    for (const { name, run } of chainSuite(fleet)) {
      await run();
      done.push(name);
    }
    expect(done.at(-1)).toMatch(/agree, and again after copying/);
    expect(proxy.methods()).toContain('eth_sendRawTransaction');
    expect(proxy.methods().filter((name) => !name.startsWith('eth_'))).toEqual([]);
  });
});

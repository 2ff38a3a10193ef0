import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnvilProcess } from './anvil-process.js';

const GONE_MS_MAX = 5_000;

const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

describe('a node that cannot be written down', () => {
  it('is ended: no later start would find it again, and it would keep its supervisor from ending', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'jangteo-anvil-'));
    try {
      const record = path.join(folder, 'node.json');
      await mkdir(record);
      const before = children();
      await expect(AnvilProcess.start({ chainId: 1, genesisTimestamp: 1 }, record)).rejects.toThrow(
        /EISDIR|ENOTEMPTY|EEXIST/,
      );
      for (let waited = 0; children() > before && waited < GONE_MS_MAX; waited += 20) await sleep(20);
      expect(children()).toBe(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

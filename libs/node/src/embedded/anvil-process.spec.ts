import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../../../test/support/until.js';
import { AnvilProcess } from './anvil-process.js';

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
      await until('the node has ended', () => children() <= before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

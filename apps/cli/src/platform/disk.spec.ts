import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../test/support/until.js';
import { freeBytes, watchDisk } from './disk.js';

const EVERY_MS = 10;

describe('the watch over the disk', () => {
  let folder = '';
  beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'jangteo-disk-watch-'))));
  afterAll(() => rm(folder, { recursive: true }));

  async function heard(
    room: { low: number; bad: number },
    { where = folder, something = true } = {},
  ): Promise<string[]> {
    const events: string[] = [];
    const log = (level: string, event: string) => void events.push(`${level} ${event}`);
    const unwatch = watchDisk({ folder: where, log, room, everyMs: EVERY_MS });
    if (something) await until('it has said something', () => events.length > 0);
    await sleep(5 * EVERY_MS);
    unwatch();
    const count = events.length;
    await sleep(3 * EVERY_MS);
    expect(events).toHaveLength(count);
    return events;
  }

  it('says once that the disk fills up, and nothing while there is room', async () => {
    const free = await freeBytes(folder);
    expect(await heard({ low: 2 * free, bad: 0 })).toEqual(['warn disk.fills_up']);
    expect(await heard({ low: 2 * free, bad: 2 * free })).toEqual(['warn disk.fills_up']);
    expect(await heard({ low: 0, bad: 0 }, { something: false })).toEqual([]);
  });

  it('says what it can not see', async () => {
    const events = await heard({ low: 0, bad: 0 }, { where: path.join(folder, 'gone') });
    expect(events).toEqual(['warn disk.unknown']);
  });
});

import { toBytes } from '#persistence';
import { Fleet, type Member } from '../../../test/support/fleet.js';
import { until } from '../../../test/support/until.js';

async function leads(worker: Member): Promise<boolean> {
  return (await worker.health('indexer'))?.at('leads').value === true;
}

async function untilLeads(worker: Member): Promise<void> {
  await until('the worker leads', () => leads(worker), { everyMs: 50 });
}

describe('a worker that cannot index', () => {
  let fleet: Fleet;

  beforeAll(async () => (fleet = await Fleet.start(0, 1)));
  afterAll(() => fleet?.dispose());

  /** Workers that start from now on look for the contracts on the chain with this block. */
  async function deployedAt(blockHash: string): Promise<void> {
    await fleet.db.query('UPDATE app.deployment SET block_hash = $1', [toBytes(blockHash)]);
  }

  it('ends with an error when it is to lead, and another worker leads', async () => {
    const [first] = fleet.workers;
    if (first === undefined) throw new Error('a fleet has a worker');
    await untilLeads(first);
    await deployedAt(`0x${'ab'.repeat(32)}`);
    const second = await fleet.launch('worker');
    await deployedAt(fleet.deployment.blockHash);

    expect(await first.stop()).toBe(0);
    fleet.forget(first);
    expect(await second.ended).toBe(1);
    fleet.forget(second);
    expect(second.words).toContain('indexer.failed');
    expect(second.words).toContain('another chain');

    await untilLeads(await fleet.launch('worker'));
  });
});

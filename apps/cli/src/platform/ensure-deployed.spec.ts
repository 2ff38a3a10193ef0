import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getCreateAddress } from 'ethers';
import { OperatorError } from '#platform';
import { loadDeployment } from '#node';
import { createMigratedDatabase, type MigratedDatabase } from '../../../../test/support/database.js';
import { keyOf, officerEntries } from '../../../../test/support/keys.js';
import { startTestNode, type TestNode } from '../../../../test/support/test-node.js';
import { STATE } from '../../../../test/support/world.js';
import { DeploymentsBegun } from './deployments-begun.js';
import { ensureDeployed } from './ensure-deployed.js';

describe('deploying for a database', () => {
  let home = '';
  let node: TestNode;
  const databases: MigratedDatabase[] = [];

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-deployed-'));
    node = await startTestNode();
    node.mineEvery(10);
  });
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.drop();
    await node.stop();
    await rm(home, { recursive: true });
  });

  const empty = async () => {
    const database = await createMigratedDatabase();
    databases.push(database);
    return database;
  };
  const deployFor = ({ db }: MigratedDatabase, ownHome?: string, officers = officerEntries(STATE)) =>
    ensureDeployed({
      db,
      provider: node.provider,
      officers: () => Promise.resolve(officers),
      ...(ownHome === undefined ? {} : { ownHome }),
    });
  const left = () => readdir(path.join(home, 'run'));

  it('happens once, and is found again', async () => {
    const database = await empty();
    const first = await deployFor(database, home);
    expect(first.isNew).toBe(true);
    expect(await deployFor(database, home)).toEqual({ deployment: first.deployment, isNew: false });
    expect(await left()).toEqual([]);
  });

  it('fixes the unit and the numbers at which it begins, and does not follow settings that change later', async () => {
    const { db } = await empty();
    const unit = { code: 'XJT', digits: 2, ko: '장터 포인트', en: 'market points' };
    const starts = { series: 12, issueOrders: 40n };
    const request = { db, provider: node.provider, officers: () => Promise.resolve(officerEntries(STATE)) };
    const made = await ensureDeployed({ ...request, unit, starts });
    expect(made).toMatchObject({ isNew: true, deployment: { unit, starts } });
    expect(await loadDeployment(db)).toEqual(made.deployment);
    expect(await ensureDeployed({ ...request, unit, starts })).toMatchObject({ isNew: false });
    const other = ensureDeployed({ ...request, unit: { ...unit, digits: 0 }, starts });
    await expect(other).rejects.toThrow(
      /count XJT .*2 digits, and the settings JANGTEO_UNIT_… say .*0 digits/,
    );
    await expect(other).rejects.toBeInstanceOf(OperatorError);
    const moved = ensureDeployed({ ...request, unit, starts: { ...starts, series: 0 } });
    await expect(moved).rejects.toThrow('begin after series 12 and issue order 40');
    // Tables that say another unit than the contracts.
    await db.query(`UPDATE app.deployment SET unit_code = 'XJU'`);
    await expect(ensureDeployed(request)).rejects.toThrow(
      'XJT, 2, 장터 포인트, market points instead of XJU',
    );
  });

  it('does not happen beside contracts of the home’s own chain that the database does not know', async () => {
    const { deployment } = await deployFor(await empty(), home);
    const other = await empty();
    const refused = deployFor(other, home);
    await expect(refused).rejects.toThrow(new RegExp(`${deployment.authorities}.*so nothing was deployed`));
    await expect(refused).rejects.toBeInstanceOf(OperatorError);
    expect(await loadDeployment(other.db)).toBe(null);
    expect(await left()).toEqual([]);
    // A node of others may serve other platforms as well.
    expect((await deployFor(other)).isNew).toBe(true);
  });

  it('happens again after a crash between deploying and storing, and nothing else passes for that', async () => {
    const [crashed, next, third] = [await empty(), await empty(), await empty()];
    // Stored nowhere, because the process ended; the home has written down what it began.
    const begun = new DeploymentsBegun(home);
    const lost = await deployFor(crashed);
    await begun.add(lost.deployment.authorities.toUpperCase().replace('0X', '0x'));
    await begun.add(getCreateAddress({ from: keyOf('never sent').address, nonce: 0 }));
    expect((await deployFor(next, home)).isNew).toBe(true);
    expect(await left()).toEqual([]);
    await expect(deployFor(third, home)).rejects.toThrow('so nothing was deployed');
  });

  it('is refused with one sentence for a database of another chain', async () => {
    const database = await empty();
    await deployFor(database);
    await node.stop();
    node = await startTestNode();
    await expect(deployFor(database, home)).rejects.toThrow(
      /^This database belongs to a chain that the node does not serve/,
    );
    process.kill(node.pid, 'SIGKILL');
    await expect(deployFor(database, home)).rejects.not.toThrow('belongs to a chain');
  });
});

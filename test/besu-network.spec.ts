import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { computeAddress, decodeRlp, SigningKey } from 'ethers';
import { projectRoot } from '#platform';
import { Json } from './support/json.js';

const run = promisify(execFile);
const script = path.join(projectRoot(), 'deploy', 'besu', 'network.mjs');

describe('the files of a Besu network', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'jangteo-besu-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (...names: string[]) => readFileSync(path.join(folder, ...names), 'utf8');

  it('name the four validators that have the keys, in a genesis without fees', async () => {
    await run(process.execPath, [script, 'local', folder], { env: { ...process.env, CHAIN_ID: '4711' } });
    const keys = [1, 2, 3, 4].map((index) => read(`validator-${index}`, 'key').trim());
    for (const index of [1, 2, 3, 4])
      expect(statSync(path.join(folder, `validator-${index}`, 'key')).mode & 0o077).toBe(0);
    const genesis = new Json(JSON.parse(read('genesis.json')));
    const [vanity, validators, vote, round, seals] = decodeRlp(genesis.at('extraData').text());
    expect({ vanity, vote, round, seals }).toEqual({
      vanity: `0x${'00'.repeat(32)}`,
      vote: [],
      round: '0x',
      seals: [],
    });
    expect(validators).toEqual(keys.map((key) => computeAddress(key).toLowerCase()).toSorted());
    expect(genesis.at('config').value).toMatchObject({
      chainId: 4711,
      zeroBaseFee: true,
      osakaTime: 0,
      qbft: { blockperiodseconds: 1, requesttimeoutseconds: 4 },
    });
    const enodes = new Json(JSON.parse(read('static-nodes.json'))).list().map((one) => one.text());
    expect(enodes.map((one) => one.slice(8, 136))).toEqual(
      keys.map((key) => new SigningKey(key).publicKey.slice(4)),
    );
  });

  it('are made from public addresses alone, for at least four validators, and never overwritten', async () => {
    await expect(run(process.execPath, [script, 'local', folder])).rejects.toThrow('EEXIST');
    const enodes: string[] = [];
    for (const index of [1, 2, 3, 4]) {
      const place = path.join(folder, `organisation-${index}`);
      const { stdout } = await run(process.execPath, [script, 'key', place, `10.0.0.${index}`, '30404']);
      enodes.push(stdout.trim());
    }
    const shared = path.join(folder, 'shared');
    await run(process.execPath, [script, 'genesis', shared, ...enodes]);
    expect(readdirSync(shared).toSorted()).toEqual(['genesis.json', 'static-nodes.json']);
    const one = enodes[0] ?? '';
    await expect(
      run(process.execPath, [script, 'genesis', path.join(folder, 'few'), one, one, one, one]),
    ).rejects.toThrow('at least 4');
  });

  it('hold no key in the repository', async () => {
    const { stdout } = await run('git', ['ls-files', 'deploy/besu'], { cwd: projectRoot() }).catch(() => ({
      stdout: '',
    }));
    expect(stdout).not.toMatch(/\/key$|genesis\.json/m);
  });
});

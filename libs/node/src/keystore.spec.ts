import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Transaction } from 'ethers';
import { Keystore } from './keystore.js';

describe('the keystore', () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'jangteo-keys-'));
  });

  afterAll(async () => {
    await rm(home, { recursive: true });
  });

  it('gives the same key for the same name, with a password of its own', async () => {
    const first = await (await Keystore.open({ home })).signer('relayer-1');
    const [second] = await (await Keystore.open({ home })).signers('relayer', 1);
    expect(second?.address).toBe(first.address);
    expect((await stat(path.join(home, 'keys', 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(home, 'keys', 'relayer-1.json'))).mode & 0o777).toBe(0o600);
    const wallet = await (await Keystore.open({ home })).wallet('relayer-1');
    expect(wallet.address.toLowerCase()).toBe(first.address);
    expect(await readFile(path.join(home, 'keys', 'relayer-1.json'), 'utf8')).not.toContain(
      wallet.privateKey.slice(2),
    );
  });

  it('makes one key and one password when several processes ask for it first at the same moment', async () => {
    const shared = path.join(home, 'shared');
    const asked = await Promise.all(
      Array.from({ length: 8 }, async () => (await Keystore.open({ home: shared })).signer('relayer-1')),
    );
    const stored = await (await Keystore.open({ home: shared })).signer('relayer-1');
    expect(new Set(asked.map(({ address }) => address))).toEqual(new Set([stored.address]));
  });

  it('opens no key with a wrong password, and no file outside', async () => {
    const stranger = await Keystore.open({ home, password: 'not this one' });
    await expect(stranger.signer('relayer-1')).rejects.toThrow('JANGTEO_KEYSTORE_PASSWORD');
    await expect(stranger.signer('../outside')).rejects.toThrow('not a name of a key');
  });

  it('signs transactions that a node reads back as its own', async () => {
    const signer = await (await Keystore.open({ home })).signer('relayer-1');
    const call = { chainId: 474_747, nonce: 3, gasLimit: 100_000, to: signer.address, data: '0x1234' };
    const { raw, hash } = await signer.signTransaction(call);
    const read = Transaction.from(raw);
    expect(read.from?.toLowerCase()).toBe(signer.address);
    expect(read.hash).toBe(hash);
    expect(read.toJSON()).toMatchObject({
      type: 0,
      nonce: 3,
      chainId: '474747',
      gasPrice: '0',
      data: '0x1234',
    });
  });
});

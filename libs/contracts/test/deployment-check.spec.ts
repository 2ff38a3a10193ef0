import { Wallet } from 'ethers';
import { WON } from '#domain';
import { deployContracts, type Fixed, verifyDeployment, vouchersInterface, type Hex } from '../src/index.js';
import { crew, openEdrChain, thresholds, type TestChain } from './support/test-chain.js';

const OTHER = `0x${'0d'.repeat(20)}`;

describe('the check of a deployment', () => {
  let chain: TestChain;
  let parts: Record<string, Hex>;

  beforeAll(async () => {
    chain = await openEdrChain();
    const { authorities, vouchers } = chain.deployment;
    const extension = await answer(vouchers, 'EXTENSION');
    const admin = await answer(extension, 'ADMIN');
    const registry = await answer(admin, 'REGISTRY');
    parts = {
      Authorities: authorities,
      Vouchers: vouchers,
      VouchersExtension: extension,
      VouchersAdmin: admin,
      VouchersRegistry: registry,
    };
  });
  afterAll(() => chain.close());

  async function answer(to: Hex, getter: string): Promise<Hex> {
    const data = vouchersInterface.encodeFunctionData(getter);
    return `0x${(await chain.provider.call({ to, data })).slice(-40)}`;
  }

  const check = (changes: object = {}, fixed: Fixed = {}) =>
    verifyDeployment(chain.provider, { ...chain.deployment, ...changes }, fixed);

  it('passes what was deployed', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  it.each(['Authorities', 'Vouchers', 'VouchersExtension', 'VouchersAdmin', 'VouchersRegistry'])(
    'names %s when one byte of its code is another',
    async (name) => {
      const address = parts[name] ?? '';
      const code = await chain.provider.getCode(address);
      const last = code.endsWith('00') ? '01' : '00';
      await chain.provider.send('hardhat_setCode', [address, code.slice(0, -2) + last]);
      try {
        await expect(check()).rejects.toThrow(`is not that of ${name} as it was built`);
      } finally {
        await chain.provider.send('hardhat_setCode', [address, code]);
      }
    },
  );

  it('refuses contracts that hold another address than that of their own part', async () => {
    const [extension, admin, registry] = ['VouchersExtension', 'VouchersAdmin', 'VouchersRegistry'].map(
      (name) => parts[name] ?? '',
    );
    // Where the admin's code has the registry's address it gets another one, whose code is the registry's as well.
    const code = await chain.provider.getCode(extension ?? '');
    const twin = code.replaceAll((admin ?? '').slice(2), OTHER.slice(2));
    expect(twin).not.toBe(code);
    await chain.provider.send('hardhat_setCode', [extension, twin]);
    try {
      await expect(check()).rejects.toThrow(`${OTHER} has no code, where VouchersAdmin was deployed`);
      await chain.provider.send('hardhat_setCode', [OTHER, await chain.provider.getCode(registry ?? '')]);
      await expect(check()).rejects.toThrow('is not that of VouchersAdmin as it was built');
    } finally {
      await chain.provider.send('hardhat_setCode', [OTHER, '0x']);
      await chain.provider.send('hardhat_setCode', [extension, code]);
    }
  });

  it('names what else was fixed: the unit and the numbers at which the deployment begins', async () => {
    for (const [part, text] of [
      [{ code: 'USD' }, 'USD, 0, 원, won'],
      [{ digits: 2 }, 'KRW, 2, 원, won'],
      [{ ko: '점' }, 'KRW, 0, 점, won'],
      [{ en: 'points' }, 'KRW, 0, 원, points'],
    ] as const)
      await expect(check({}, { unit: { ...WON, ...part } })).rejects.toThrow(
        `is KRW, 0, 원, won instead of ${text}`,
      );
    await expect(check({}, { starts: { series: 7, issueOrders: 0n } })).rejects.toThrow(
      'is 0, 0 instead of 7, 0',
    );
    await expect(check({}, { starts: { series: 0, issueOrders: 9n } })).rejects.toThrow(
      'is 0, 0 instead of 0, 9',
    );
  });

  it('passes another unit and other numbers where they were deployed', async () => {
    const unit = { code: 'XJT', digits: 2, ko: '장터 포인트', en: 'market points' };
    const starts = { series: 12, issueOrders: 2n ** 40n };
    const second = await deployContracts({
      provider: chain.provider,
      signer: Wallet.createRandom().connect(chain.provider),
      officers: crew(),
      thresholds,
      salt: `0x${'5b'.repeat(32)}`,
      unit,
      starts,
    });
    await expect(verifyDeployment(chain.provider, second, { unit, starts })).resolves.toBeUndefined();
    await expect(verifyDeployment(chain.provider, second)).rejects.toThrow(
      `unit of ${second.vouchers} is XJT, 2, 장터 포인트, market points instead of KRW, 0, 원, won`,
    );
  });

  it('refuses another salt, another delay, another chain and addresses without code', async () => {
    await expect(check({ salt: `0x${'11'.repeat(32)}` })).rejects.toThrow('SALT of');
    await expect(check({}, { keyDelaySeconds: 86_400 })).rejects.toThrow('KEY_DELAY of');
    await expect(check({}, { changeDelaySeconds: 0 })).rejects.toThrow('CHANGE_DELAY of');
    await expect(check({}, { reseatDelaySeconds: 1 })).rejects.toThrow('RESEAT_DELAY of');
    await expect(check({ chainId: 1 })).rejects.toThrow('the node serves chain 4747');
    await expect(check({ authorities: OTHER })).rejects.toThrow('has no code, where Authorities was');
    await expect(check({ vouchers: OTHER })).rejects.toThrow('has no code, where Vouchers was');
  });
});

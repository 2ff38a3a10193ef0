import { execFileSync } from 'node:child_process';
import { authoritiesInterface, authoritiesBytecode, vouchersBytecode, vouchersInterface } from './index.js';

/** What one contract of EIP-170 may measure. */
const CODE_MAX = 24_576;

describe('generated ABI and bytecode', () => {
  it('are those of the compiled contracts', () => {
    // Fails with the command that renews them.
    expect(() => execFileSync(process.execPath, ['scripts/generate-contracts.mjs', '--check'])).not.toThrow();
  });

  it('fit the size limit of a contract', () => {
    for (const code of [authoritiesBytecode, vouchersBytecode]) {
      expect(code).toMatch(/^0x[0-9a-f]+$/);
      expect((code.length - 2) / 2).toBeLessThanOrEqual(CODE_MAX);
    }
  });

  it('have no entry point that writes but the known ones', () => {
    const writers = (reader: typeof vouchersInterface) => {
      const names: string[] = [];
      reader.forEachFunction((fragment) => {
        if (!fragment.constant) names.push(fragment.name);
      });
      return names.toSorted();
    };
    // A new one needs its own act or signature check, its tests, and a line here.
    expect(writers(authoritiesInterface)).toEqual([
      'execute',
      'foundAuthority',
      'setOfficers',
      'setThresholds',
    ]);
    expect(writers(vouchersInterface)).toEqual([
      'approveIssue',
      'attestAccounts',
      'closeIssueOrder',
      'freezeAccounts',
      'issue',
      'pauseSeries',
      'pay',
      'publishSeries',
      'redeem',
      'setBudget',
      'setMerchantStatus',
      'setMerchants',
    ]);
  });
});

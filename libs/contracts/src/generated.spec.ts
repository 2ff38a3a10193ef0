import { execFileSync } from 'node:child_process';
import { authoritiesInterface, authoritiesBytecode, vouchersBytecode, vouchersInterface } from './index.js';

/** What one contract of EIP-170 may measure. */
const CODE_MAX = 24_576;

/**
 * Every entry point after which somebody may have more or less vouchers, or more may come to be: selector, what it
 * is, and why it may. A new one needs its own act or signature check, its tests, and a line here.
 */
const MOVES_VALUE = [
  [
    '0x3115c1b1',
    'issue(uint64,uint256,uint256[],bytes32[])',
    'creates vouchers; only a chunk of a list that treasurers approved, once, within its total',
  ],
  [
    '0x7f9a3e37',
    'pay((uint256,uint256,bytes32,bytes32,bytes32)[])',
    "moves from a resident to a merchant; only with the resident's signature over both, the amount and the nonce",
  ],
  [
    '0x7346c271',
    'redeem((uint256,uint256,bytes32,bytes32,bytes32)[])',
    "burns a merchant's takings, for which won is owed; only with the merchant's signature over the amount",
  ],
  [
    '0xe820cac3',
    'approveIssue(uint48,uint32,uint64,bytes32)',
    'lets a list be issued; only by treasurers in the band of its total, within the budget',
  ],
  [
    '0xe6cf1981',
    'closeIssueOrder(uint48,uint64)',
    'frees what a list left unissued in the budget; only by treasurers of that authority',
  ],
  [
    '0x7eedbf69',
    'setBudget(uint48,uint32,uint64)',
    'bounds what may be approved; only by treasurers in the band of the new budget, not below what is approved',
  ],
  [
    '0x4fa38f47',
    'publishSeries(uint48,(uint40,uint40,uint64,uint32,uint64,uint64,uint16[4],uint8,bytes32,uint256[]))',
    'begins a series with a budget; only by treasurers in the band of that budget',
  ],
  [
    '0xe8e7d1a2',
    'execute((uint48,address,bytes,uint256,uint40),(uint32,bytes)[])',
    'brings any of the acts above; only signed by enough officers, to our two contracts, once, in time',
  ],
] as const;

/** Every other entry point that writes, and what it decides. */
const MOVES_NONE = [
  [
    '0x828286af',
    'foundAuthority(uint48,uint48,(uint32,address,uint8)[],(uint8,uint8,(uint64,uint8)[]))',
    'who the officers of a new authority are; by governors of one around it, once',
  ],
  ['0xeb926a3c', 'setOfficers(uint48,(uint32,address,uint8)[])', 'who the officers are; by governors'],
  [
    '0xe6e34f9c',
    'setThresholds(uint48,(uint8,uint8,(uint64,uint8)[]))',
    'how many officers an act needs, two at least for money; by governors',
  ],
  ['0x51dfb85e', 'pauseSeries(uint48,uint32,uint40)', 'stops a series for seven days at most; by treasurers'],
  ['0xb056d46d', 'setMerchants(uint48,(address,uint48,uint8,uint8)[])', 'who takes vouchers; by registrars'],
  ['0x5d1a0098', 'setMerchantStatus(uint48,address[],uint8)', 'who takes vouchers now; by registrars'],
  ['0x5f93eba9', 'attestAccounts(uint48,(address,uint48,uint8)[])', 'who is identified; by registrars'],
  ['0x256467a5', 'freezeAccounts(uint48,address[],bool)', 'who may not pay for now; by registrars'],
] as const;

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

  it('have no entry point that writes but those listed with their reason', () => {
    const writers = [authoritiesInterface, vouchersInterface].flatMap((reader) => {
      const found: string[] = [];
      reader.forEachFunction((fragment) => {
        if (!fragment.constant) found.push(`${fragment.selector} ${fragment.format('sighash')}`);
      });
      return found;
    });
    const listed = [...MOVES_VALUE, ...MOVES_NONE].map(([selector, signature]) => `${selector} ${signature}`);
    expect(writers.toSorted()).toEqual(listed.toSorted());
  });

  it('take no ether, by no way', () => {
    for (const reader of [authoritiesInterface, vouchersInterface]) {
      expect(reader.fallback).toBeNull();
      expect(reader.receive).toBe(false);
      reader.forEachFunction((fragment) => expect(fragment.payable).toBe(false));
    }
  });
});

import { execFileSync } from 'node:child_process';
import {
  authoritiesBytecode,
  authoritiesInterface,
  vouchersBytecode,
  vouchersExtensionBytecode,
  vouchersInterface,
  vouchersAdminBytecode,
  vouchersRegistryBytecode,
} from './index.js';

/** What one contract of EIP-170 may measure. */
const CODE_MAX = 24_576;

/**
 * Every entry point that may change a balance or create vouchers: selector, signature, and what permits it. A new one
 * needs its own act or signature check, its tests, and a line here.
 */
const MOVES_VALUE = [
  [
    '0x3115c1b1',
    'issue(uint64,uint256,uint256[],bytes32[])',
    'creates vouchers; only a chunk of a list that treasurers approved, once, within its total',
  ],
  [
    '0x7a4780e4',
    'issueByQuota(uint64,uint256,uint256[],bytes)',
    "creates vouchers; only signed by the quota's key, each index once, within its total and its day",
  ],
  [
    '0xdb973879',
    'pay((uint256,uint256,uint256,bytes32)[],bytes)',
    "moves from a resident to a merchant; only with the signature of one of the resident's keys over both, the amount and the nonce",
  ],
  [
    '0xf0f0be0c',
    'voidPayments((uint256,uint256,uint256,bytes32)[],(bytes32,uint64,uint16,uint64,bytes32[])[],bytes)',
    'moves back to the resident what a receipt proves was paid; only signed by the merchant, never more than was paid',
  ],
  [
    '0xf96f27cf',
    'give((uint256,uint256,uint256,bytes32)[],bytes)',
    'moves from resident to resident where the series allows it; only signed by an owner key of the giver',
  ],
  [
    '0xb862d17e',
    'circulate((uint256,uint256,uint256,bytes32)[],bytes)',
    'moves merchant balances from merchant to merchant where the series allows it; only signed by the paying merchant',
  ],
  [
    '0x63c1e6a4',
    'redeem((uint256,uint256,uint256,bytes32)[],bytes)',
    "burns a merchant's balance, for which won is owed; only with the merchant's signature over the amount",
  ],
  [
    '0xfbb19f9a',
    'refund((uint256,uint256,uint256,bytes32)[],bytes)',
    'burns the whole rest of a holding by the statutory rule, for which won is owed; only signed by an owner key',
  ],
  [
    '0x3dac154e',
    'expire(uint32,address[])',
    'burns what is left for the funders; only in a series whose expiry treasurers started after its validity',
  ],
  [
    '0xf242432a',
    'safeTransferFrom(address,address,uint256,uint256,bytes)',
    "a payment or a gift by the holder's own transaction; only the holder, by the rules of pay and give",
  ],
  [
    '0x2eb2c2d6',
    'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)',
    'several of the same, each by its rules, all or nothing; only the holder',
  ],
  [
    '0x35967572',
    'settle(uint48,bytes32,(address,uint32,uint64)[])',
    'burns merchant balances, for which won is owed to them; only by treasurers in the band of the sum, own series',
  ],
  [
    '0xa28a2f12',
    'returnRedemptions(uint48,(address,uint32,(bytes32,uint64,uint16,uint64,bytes32[]))[])',
    'gives back merchant balances whose payout failed, each once against its receipt; only by treasurers in the band of the sum',
  ],
  [
    '0xe820cac3',
    'approveIssue(uint48,uint32,uint64,bytes32)',
    'lets a list be issued; only by treasurers in the band of its total, within the budget',
  ],
  [
    '0x0282bb7c',
    'approveQuota(uint48,uint32,uint64,uint64,bytes32)',
    'lets a key issue by the day; only by treasurers in the band of its total, within the budget',
  ],
  [
    '0xe6cf1981',
    'closeIssueOrder(uint48,uint64)',
    'frees what an order left unissued in the budget; only by treasurers of the authority that approved it',
  ],
  [
    '0x7eedbf69',
    'setBudget(uint48,uint32,uint64)',
    'bounds what may be approved; only by treasurers in the band of the new budget, not below what is approved',
  ],
  [
    '0xc130e280',
    'delegateBudget(uint48,uint32,uint48,uint64)',
    'lets an authority inside approve a part of the budget; only by treasurers in the band of that part',
  ],
  [
    '0x008963c7',
    'publishSeries(uint48,(uint40,uint40,uint8,uint8,uint8,uint8,uint64,uint32[3],uint64,uint64,uint64,uint64,uint64,uint16[4],bytes32,uint256[]))',
    'begins a series with a budget; only by treasurers in the band of that budget',
  ],
  [
    '0x55158522',
    'startExpiry(uint48,uint32)',
    'lets what is left be burned for the funders; only by treasurers, after validity',
  ],
  [
    '0x1009321d',
    'changeKeys(address,bytes,uint40,bytes)',
    'decides who signs for an account; only signed by one of its owner keys, each change once',
  ],
  [
    '0xe6f94ffe',
    'replaceKeys(uint48,address,bytes,bool)',
    'proposes who signs for an account; only by two registrars of whom it chose, three against an objection, in force after the delay',
  ],
  [
    '0x893f51b2',
    'setFirstKeys(uint48,(address,bytes)[])',
    'decides who signs for accounts that never had keys; only by two registrars of whom they chose',
  ],
  [
    '0x002d8269',
    'takeAccounts(uint48,(address,uint48,bytes)[])',
    'decides who answers for accounts, and so may replace their keys; only by two registrars who answer for their places, with the consent of an owner key or as handed over, after a notice in which one may object',
  ],
  [
    '0xc100ea44',
    'finishReplacement(address)',
    'puts proposed keys into force; by any address, only after the delay in which an owner key may object',
  ],
  [
    '0xe8e7d1a2',
    'execute((uint48,address,bytes,uint256,uint40),(uint32,bytes)[])',
    'executes any of the acts above; only signed by enough officers, on the two contracts, once, in time',
  ],
] as const;

/** Every other entry point that writes, and what it decides. */
const MOVES_NONE = [
  [
    '0xe85781b7',
    'grantArea(uint48,uint48,uint48)',
    'what an authority answers for is to be; by governors of the one nearest to the area, in force after the delay',
  ],
  [
    '0x3764e22c',
    'giveUpArea(uint48,uint48)',
    'an area is to fall to the authority around it; by governors of its holder, in force after the delay',
  ],
  [
    '0x3b8f0f69',
    'finishArea(uint48,uint48,uint48)',
    'puts a proposed change of areas into force; by any address, only after the delay in which a governor may stop it',
  ],
  [
    '0xe80b4120',
    'anchor(uint48,uint8,bytes32)',
    "which hash of documents an authority says is its own; by its treasurers or governors, as the hash's kind asks",
  ],
  [
    '0x2b27c5fe',
    'declareReform(uint48,uint48,uint48)',
    'which codes the law replaced, and the last series that the former ones count for; by governors who answer for both, once',
  ],
  [
    '0xe597df16',
    'recodeMerchants(uint48,uint48,uint48,(address,uint48)[])',
    'the code of a place after a declared reform; only by registrars who answer for both of its codes',
  ],
  [
    '0xf199ca0c',
    'recodeHomes(uint48,uint48,uint48,(address,uint48)[])',
    'the code of a home after a declared reform; only by registrars who answer for both of its codes',
  ],
  [
    '0xa0d391ef',
    'foundAuthority(uint48,uint48,(uint32,uint8,bytes32[])[],(uint8,uint8,(uint64,uint8)[]))',
    'who the officers of a new authority are; by governors of the nearest one around it, once',
  ],
  [
    '0x11975061',
    'setOfficers(uint48,(uint32,uint8,bytes32[])[])',
    'which change of officers waits; by governors',
  ],
  [
    '0xe6e34f9c',
    'setThresholds(uint48,(uint8,uint8,(uint64,uint8)[]))',
    'which change of the number of officers waits, two at least for money; by governors',
  ],
  [
    '0x0bb12ea9',
    'finishOfficers(uint48,(uint32,uint8,bytes32[])[])',
    'who the officers are; by any address, only a change that governors proposed and no one stopped during the delay',
  ],
  [
    '0x1b8ee395',
    'finishThresholds(uint48,(uint8,uint8,(uint64,uint8)[]))',
    'how many officers an act needs; by any address, only a change that governors proposed and no one stopped during the delay',
  ],
  [
    '0xb0741913',
    'removeOfficers(uint48,uint32[])',
    'who is no officer any more, at once, never below what a role needs; by governors',
  ],
  [
    '0xd2551e7f',
    'stopChange(uint48,bytes32)',
    'that a change does not come into force; by one governor, the same change once',
  ],
  [
    '0xa54f0670',
    'withdrawApproval(uint48,bytes32,uint32,bytes)',
    'that an approval does not count any more; signed by the officer who gave it',
  ],
  [
    '0x08085bc8',
    'proposeReseat(uint48,uint48,(uint32,uint8,bytes32[])[],(uint8,uint8,(uint64,uint8)[]))',
    "who the officers of an authority shall be whose own do nothing any more; by its founder's governors",
  ],
  ['0x386eb778', 'rejectReseat(uint48)', 'that the proposed officers are not seated; by governors'],
  [
    '0xdb21e810',
    'finishReseat(uint48)',
    'who the officers are; by any address, only those that the founder proposed, after the delay in which any act of the governors ends it',
  ],
  [
    '0xae288cd2',
    'requireAct(uint48,uint8,uint256)',
    'nothing but whether the act under execution may go on; for Vouchers alone',
  ],
  ['0x6c9ee280', 'requireActBy(uint48,uint8,uint256)', 'the same with a number of officers of its own'],
  ['0x8f83712b', 'requireActToIssue(uint48,uint64)', 'the same, and how much the authority approved today'],
  ['0x51dfb85e', 'pauseSeries(uint48,uint32,uint40)', 'stops a series for seven days at most; by treasurers'],
  [
    '0xe9ec192d',
    'extendSeries(uint48,uint32,uint40,uint40)',
    'lets a series end later, before what is left of it is burned; by treasurers',
  ],
  [
    '0x42337713',
    'closeSeries(uint48,uint32)',
    'closes a series of which nothing is outstanding; by treasurers',
  ],
  [
    '0x6f3ad98b',
    'setMerchants(uint48,(address,uint48,uint8,uint8,bytes)[])',
    'who takes vouchers; by registrars of whom the merchant chose',
  ],
  ['0x5d1a0098', 'setMerchantStatus(uint48,address[],uint8)', 'who takes vouchers now; by registrars'],
  [
    '0x46daafe7',
    'holdPayouts(uint48,address[],uint40)',
    'whose bank transfers wait, 30 days at most; by treasurers',
  ],
  [
    '0x830a9149',
    'attestAccounts(uint48,(address,uint48,uint8,bool,bytes)[])',
    'who is identified; by registrars of whom the account chose',
  ],
  [
    '0x68fe6364',
    'freezeAccounts(uint48,address[],uint40)',
    'who may not pay for now, three days by one registrar, 365 by two',
  ],
  [
    '0xa78ec143',
    'cancel((uint256,uint256,uint256,bytes32)[],bytes)',
    'that what was signed with some nonces of a holding does not settle any more; only signed by an owner key',
  ],
  [
    '0x7e438961',
    'cancelAsMerchant((uint256,uint256,uint256,bytes32)[],bytes)',
    'the same for nonces of a merchant balance; only signed by an owner key of the merchant',
  ],
  [
    '0xf4d68792',
    'proposeHandOver(uint48,uint48,address[])',
    'who shall take accounts on, after a notice; only by two registrars of whom their records name',
  ],
  [
    '0x2915b97c',
    'stopHandOver(address,uint40,bytes)',
    'that a hand-over does not come about; signed by an owner key of the account',
  ],
  [
    '0xaf7f0ff4',
    'stopReplacement(address,uint40,bytes)',
    'that proposed keys do not come into force; signed by an owner key of the account',
  ],
] as const;

describe('generated ABI and bytecode', () => {
  it('are those of the compiled contracts', () => {
    // Fails with the command that renews them.
    expect(() => execFileSync(process.execPath, ['scripts/generate-contracts.mjs', '--check'])).not.toThrow();
  });

  it('fit the size limit of a contract', () => {
    for (const code of [
      authoritiesBytecode,
      vouchersBytecode,
      vouchersExtensionBytecode,
      vouchersAdminBytecode,
      vouchersRegistryBytecode,
    ]) {
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

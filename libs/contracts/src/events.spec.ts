import * as fc from 'fast-check';
import { packRegion } from '#domain';
import {
  authoritiesInterface,
  decodeLog,
  topicsOfInterest,
  vouchersInterface,
  type ContractEvent,
  type ContractEventName,
} from './index.js';
import { address, hexOf, uint32, uint64 } from '../test/support/arbitraries.js';

const uint8 = fc.integer({ min: 0, max: 255 });
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const A = `0x${'ab'.repeat(20)}`;
const B = `0x${'cd'.repeat(20)}`;
const H = `0x${'ef'.repeat(32)}`;
const city = packRegion('47130');
const province = packRegion('47');

/** The log that ethers would make of these values. */
function logOf(name: ContractEventName, values: readonly unknown[]) {
  const reader = vouchersInterface.hasEvent(name) ? vouchersInterface : authoritiesInterface;
  return reader.encodeEventLog(name, values);
}

describe('events that come by the hundred are read as ethers would', () => {
  const refusedValues = fc.tuple(hexOf(32), uint8, uint256, uint256);

  it('Paid', () => {
    fc.assert(
      fc.property(
        hexOf(32),
        uint32,
        address,
        address,
        uint64,
        uint32,
        hexOf(32),
        (payment, series, payer, merchant, amount, nonce, order) => {
          expect(decodeLog(logOf('Paid', [payment, series, payer, merchant, amount, nonce, order]))).toEqual({
            name: 'Paid',
            payment,
            series,
            payer,
            merchant,
            amount,
            nonce,
            order,
          });
        },
      ),
    );
  });

  it('Issued', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 50 }),
        uint32,
        address,
        uint64,
        (issueOrder, series, account, amount) => {
          expect(decodeLog(logOf('Issued', [issueOrder, series, account, amount]))).toEqual({
            name: 'Issued',
            issueOrder,
            series,
            account,
            amount,
          });
        },
      ),
    );
  });

  it('Redeemed', () => {
    fc.assert(
      fc.property(
        hexOf(32),
        uint32,
        address,
        uint64,
        uint32,
        hexOf(32),
        (redemption, series, merchant, amount, nonce, order) => {
          expect(decodeLog(logOf('Redeemed', [redemption, series, merchant, amount, nonce, order]))).toEqual({
            name: 'Redeemed',
            redemption,
            series,
            merchant,
            amount,
            nonce,
            order,
          });
        },
      ),
    );
  });

  it('PaymentRefused and RedemptionRefused', () => {
    fc.assert(
      fc.property(refusedValues, ([id, code, a, b]) => {
        const event = { code, a, b };
        expect(decodeLog(logOf('PaymentRefused', [id, code, a, b]))).toEqual({
          name: 'PaymentRefused',
          payment: id,
          ...event,
        });
        expect(decodeLog(logOf('RedemptionRefused', [id, code, a, b]))).toEqual({
          name: 'RedemptionRefused',
          redemption: id,
          ...event,
        });
      }),
    );
  });
});

const terms = {
  validFrom: 1,
  validUntil: 2,
  paymentCap: 3n,
  dailyCap: 4n,
  holdingCap: 5n,
  budget: 6n,
  funding: [1000, 2000, 3000, 4000],
  flags: 3,
  document: H,
  rules: [7n, 8n],
};
const bands = [
  { upTo: 10n, officers: 2 },
  { upTo: 2n ** 64n - 1n, officers: 3 },
];

const SELDOM: readonly (readonly [ContractEvent, readonly unknown[]])[] = [
  [{ name: 'AuthorityFounded', authority: '47130', founder: '' }, [city, 0]],
  [{ name: 'OfficerSet', authority: '47', officer: 3, signer: A, roles: 7 }, [province, 3, A, 7]],
  [{ name: 'ThresholdsSet', authority: '47', governors: 2, registrars: 1, bands }, [province, 2, 1, bands]],
  [
    { name: 'ActExecuted', act: H, authority: '47', target: A, selector: '0x12345678', officers: [1, 4] },
    [H, province, A, '0x12345678', [1, 4]],
  ],
  [{ name: 'SeriesPublished', series: 9, authority: '47130', terms }, [9, city, terms]],
  [{ name: 'BudgetSet', series: 9, budget: 5n }, [9, 5n]],
  [{ name: 'SeriesPaused', series: 9, until: 1_800_000_000 }, [9, 1_800_000_000]],
  [
    { name: 'MerchantSet', merchant: A, authority: '47', region: '47130', category: 5, size: 2 },
    [A, province, city, 5, 2],
  ],
  [{ name: 'MerchantStatusSet', merchant: A, authority: '47', status: 2 }, [A, province, 2]],
  [{ name: 'AccountAttested', account: A, authority: '47', home: '47130', tier: 1 }, [A, province, city, 1]],
  [{ name: 'AccountFrozen', account: A, authority: '47', frozen: true }, [A, province, true]],
  [{ name: 'IssueApproved', issueOrder: 4, series: 9, total: 100n, root: H }, [4, 9, 100n, H]],
  [{ name: 'IssueOrderClosed', issueOrder: 4, unissued: 10n }, [4, 10n]],
  [{ name: 'ChunkIssued', issueOrder: 4, index: 2 }, [4, 2]],
  [
    { name: 'IssueRefused', issueOrder: 4, account: B, amount: 10n, code: 18, a: 1n, b: 2n },
    [4, B, 10n, 18, 1n, 2n],
  ],
];

describe('seldom events', () => {
  it.each(SELDOM.map(([event, values]) => [event.name, event, values] as const))(
    '%s',
    (name, event, values) => {
      expect(decodeLog(logOf(name, values))).toEqual(event);
    },
  );
});

describe('topicsOfInterest', () => {
  it('has every event of both contracts once', () => {
    expect(new Set(topicsOfInterest).size).toBe(topicsOfInterest.length);
    expect(topicsOfInterest).toHaveLength(SELDOM.length + 5);
  });
});

describe('a log that is none of ours', () => {
  it('is null', () => {
    expect(decodeLog({ topics: [], data: '0x' })).toBeNull();
    expect(decodeLog({ topics: [H], data: '0x' })).toBeNull();
  });
});

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
const I = `0x${'ba'.repeat(32)}`;
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
        fc.constantFrom(1n, 2n),
        hexOf(32),
        (payment, series, payer, merchant, amount, nonce, right, order) => {
          const signed = (right << 32n) | BigInt(nonce);
          const log = logOf('Paid', [payment, series, payer, merchant, amount, signed, order]);
          expect(decodeLog(log)).toEqual({
            name: 'Paid',
            payment,
            series,
            payer,
            merchant,
            amount,
            nonce,
            byDevice: right === 1n,
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
  flags: 3,
  hops: 1,
  refundPercent: 60,
  refundDays: 7,
  paymentCap: 3n,
  dailyCaps: [4n, 5n, 6n],
  holdingCap: 5n,
  monthCap: 7n,
  yearCap: 8n,
  giftCap: 9n,
  budget: 6n,
  funding: [1000, 2000, 3000, 4000],
  document: H,
  rules: [7n, 8n],
};
const order = { series: 9, amount: 12n, nonce: 3, order: I };
const bands = [
  { upTo: 10n, officers: 2 },
  { upTo: 2n ** 64n - 1n, officers: 3 },
];

const officer = { id: 3, roles: 7, keys: [H, I] };
const limits = { governors: 3, registrars: 1, bands };

const SELDOM: readonly (readonly [ContractEvent, readonly unknown[]])[] = [
  [{ name: 'AuthorityFounded', authority: '47130', founder: '' }, [city, 0]],
  [{ name: 'OfficerSet', authority: '47', officer: 3, keys: [H, I], roles: 7 }, [province, 3, [H, I], 7]],
  [{ name: 'ThresholdsSet', authority: '47', governors: 2, registrars: 1, bands }, [province, 2, 1, bands]],
  [
    { name: 'ActExecuted', act: H, authority: '47', target: A, selector: '0x12345678', officers: [1, 4] },
    [H, province, A, '0x12345678', [1, 4]],
  ],
  [{ name: 'ApprovalWithdrawn', act: H, authority: '47', officer: 4 }, [H, province, 4]],
  [
    { name: 'OfficersProposed', authority: '47', change: H, readyAt: 5, firm: true, officers: [officer] },
    [province, H, 5, true, [officer]],
  ],
  [
    { name: 'ThresholdsProposed', authority: '47', change: H, readyAt: 5, firm: false, thresholds: limits },
    [province, H, 5, false, limits],
  ],
  [
    {
      name: 'AreaProposed',
      authority: '47',
      change: H,
      readyAt: 5,
      firm: true,
      to: '47130',
      area: '47130',
    },
    [province, H, 5, true, city, city],
  ],
  [{ name: 'AreaGranted', authority: '47', area: '47130', by: '' }, [province, city, 0]],
  [{ name: 'AreaGivenUp', authority: '47', area: '47130' }, [province, city]],
  [{ name: 'Anchored', authority: '47', kind: 6, root: H, number: 2n }, [province, 6, H, 2]],
  [{ name: 'ChangeStopped', authority: '47', change: H, by: 2 }, [province, H, 2]],
  [{ name: 'ChangeFinished', authority: '47', change: H }, [province, H]],
  [{ name: 'ChangesEnded', authority: '47' }, [province]],
  [
    {
      name: 'ReseatProposed',
      authority: '47130',
      founder: '47',
      readyAt: 5,
      officers: [officer],
      thresholds: limits,
    },
    [city, province, 5, [officer], limits],
  ],
  [{ name: 'ReseatRejected', authority: '47130' }, [city]],
  [{ name: 'AuthorityReseated', authority: '47130' }, [city]],
  [{ name: 'SeriesPublished', series: 9, authority: '47130', terms }, [9, city, terms]],
  [{ name: 'BudgetSet', series: 9, budget: 5n }, [9, 5n]],
  [{ name: 'SeriesPaused', series: 9, until: 1_800_000_000, used: 60 }, [9, 1_800_000_000, 60]],
  [{ name: 'SeriesExtended', series: 9, until: 1_800_000_000 }, [9, 1_800_000_000]],
  [
    { name: 'MerchantSet', merchant: A, authority: '47', region: '47130', category: 5, size: 2 },
    [A, province, city, 5, 2],
  ],
  [
    {
      name: 'MerchantRecoded',
      merchant: A,
      authority: '47',
      region: '47130',
      former: '47',
      lastSeries: 9,
    },
    [A, province, city, province, 9],
  ],
  [{ name: 'HomeRecoded', account: A, authority: '47', home: '47130' }, [A, province, city]],
  [
    { name: 'ReformDeclared', authority: '47', from: '47130', to: '47', lastSeries: 9 },
    [province, city, province, 9],
  ],
  [{ name: 'MerchantStatusSet', merchant: A, authority: '47', status: 2 }, [A, province, 2]],
  [
    { name: 'AccountAttested', account: A, authority: '47', home: '47130', tier: 1, company: true },
    [A, province, city, 1, true],
  ],
  [{ name: 'OpenedWithoutKeys', account: A, authority: '47' }, [A, province]],
  [{ name: 'AccountFrozen', account: A, authority: '47', until: 7, byOne: true }, [A, province, 7, true]],
  [
    { name: 'HandOverProposed', account: A, authority: '47', to: '47130', readyAt: 6, number: 2 },
    [A, province, city, 6, 2],
  ],
  [{ name: 'HandOverStopped', account: A }, [A]],
  [
    { name: 'AccountTaken', account: A, authority: '47130', from: '47', place: '47130', moves: 1 },
    [A, city, province, city, 1],
  ],
  [
    { name: 'EntrySkipped', authority: '47', subject: A, index: 399, reason: '0x1234' },
    [province, A, 399, '0x1234'],
  ],
  [
    { name: 'IssueApproved', issueOrder: 4, series: 9, by: '47', total: 100n, root: H },
    [4, 9, province, 100n, H],
  ],
  [{ name: 'IssueOrderClosed', issueOrder: 4, unissued: 10n }, [4, 10n]],
  [{ name: 'ChunkIssued', issueOrder: 4, index: 2n ** 255n }, [4, 2n ** 255n]],
  [
    { name: 'IssueRefused', issueOrder: 4, account: B, amount: 10n, code: 18, a: 1n, b: 2n },
    [4, B, 10n, 18, 1n, 2n],
  ],
  [{ name: 'BudgetDelegated', series: 9, to: '47130', left: 5n }, [9, city, 5n]],
  [{ name: 'SeriesExpiring', series: 9 }, [9]],
  [{ name: 'SeriesClosed', series: 9 }, [9]],
  [{ name: 'PayoutsHeld', merchant: A, authority: '47', until: 5 }, [A, province, 5]],
  [{ name: 'KeysChanged', account: A, change: 2, keys: '0x1234' }, [A, 2, '0x1234']],
  [
    {
      name: 'ReplacementProposed',
      account: A,
      authority: '47',
      keys: '0x1234',
      readyAt: 6,
      number: 2,
      overruling: true,
    },
    [A, province, '0x1234', 6, 2, true],
  ],
  [{ name: 'ReplacementStopped', account: A }, [A]],
  [
    { name: 'QuotaApproved', issueOrder: 4, series: 9, by: '47', total: 100n, perDay: 10n, key: H },
    [4, 9, province, 100n, 10n, H],
  ],
  [
    {
      name: 'Voided',
      voidId: H,
      payment: I,
      payer: A,
      merchant: B,
      receivedAgain: 5n,
      byDevice: true,
      ...order,
    },
    [H, I, 9, A, B, 12n, 5n, 2n ** 32n + 3n, I],
  ],
  [{ name: 'VoidRefused', voidId: H, code: 34, a: 1n, b: 2n }, [H, 34, 1n, 2n]],
  [{ name: 'Given', gift: H, giver: A, receiver: B, ...order }, [H, 9, A, B, 12n, 3, I]],
  [{ name: 'GiftRefused', gift: H, code: 27, a: 1n, b: 2n }, [H, 27, 1n, 2n]],
  [
    { name: 'Circulated', circulation: H, merchant: A, recipient: B, byDevice: false, ...order },
    [H, 9, A, B, 12n, 2n ** 33n + 3n, I],
  ],
  [{ name: 'CirculationRefused', circulation: H, code: 30, a: 1n, b: 2n }, [H, 30, 1n, 2n]],
  [{ name: 'RedemptionReturned', redemption: H, series: 9, merchant: A, amount: 12n }, [H, 9, A, 12n]],
  [
    { name: 'Refunded', refund: H, account: A, own: 10n, received: 30n, ...order },
    [H, 9, A, 12n, 10n, 30n, 3, I],
  ],
  [{ name: 'RefundRefused', refund: H, code: 32, a: 1n, b: 2n }, [H, 32, 1n, 2n]],
  [
    { name: 'Cancelled', cancellation: H, account: A, count: 12n, series: 9, nonce: 3, order: I },
    [H, 9, A, 12n, 3, I],
  ],
  [{ name: 'CancellationRefused', cancellation: H, code: 39, a: 1n, b: 2n }, [H, 39, 1n, 2n]],
  [
    { name: 'MerchantCancelled', cancellation: H, merchant: A, count: 12n, series: 9, nonce: 3, order: I },
    [H, 9, A, 12n, 3, I],
  ],
  [{ name: 'MerchantCancellationRefused', cancellation: H, code: 39, a: 1n, b: 2n }, [H, 39, 1n, 2n]],
  [{ name: 'Expired', series: 9, account: A, amount: 12n }, [9, A, 12n]],
  [{ name: 'ReceiptsStored', batch: 8, root: H }, [8, H]],
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

describe('a log of no event that the indexer reads', () => {
  it('of ERC-1155 is a copy of another event and left out', () => {
    const copy = vouchersInterface.encodeEventLog('TransferSingle', [A, A, B, 9, 12n]);
    expect(decodeLog(copy)).toBeNull();
    expect(topicsOfInterest).not.toContain(copy.topics[0]);
  });

  it('is null', () => {
    expect(decodeLog({ topics: [], data: '0x' })).toBeNull();
    expect(decodeLog({ topics: [H], data: '0x' })).toBeNull();
  });
});

import * as fc from 'fast-check';
import { TypedDataEncoder, Wallet } from 'ethers';
import { packRegion } from '#domain';
import {
  ACT_TYPES,
  CONSENT_TYPES,
  consentDigest,
  actDigest,
  actMessage,
  authoritiesDomain,
  domainSeparator,
  PAYMENT_TYPES,
  paymentDigest,
  recoverSigner,
  CIRCULATION_TYPES,
  circulationDigest,
  GIFT_TYPES,
  HAND_OVER_OBJECTION_TYPES,
  handOverObjectionDigest,
  giftDigest,
  KEY_CHANGE_TYPES,
  keyChangeDigest,
  OBJECTION_TYPES,
  objectionDigest,
  QUOTA_ISSUE_TYPES,
  quotaIssueDigest,
  quotaIssueMessage,
  REDEMPTION_TYPES,
  redemptionDigest,
  CANCELLATION_TYPES,
  cancellationDigest,
  MERCHANT_CANCELLATION_TYPES,
  merchantCancellationDigest,
  REFUND_TYPES,
  refundDigest,
  VOID_TYPES,
  voidDigest,
  WITHDRAWAL_TYPES,
  withdrawalDigest,
  vouchersDomain,
} from './index.js';
import {
  address,
  hexOf,
  payment,
  redemption,
  regionCode,
  uint32,
  uint40,
} from '../test/support/arbitraries.js';
import {
  signAct,
  signCirculation,
  signGift,
  signKeyChange,
  signObjection,
  signQuotaIssue,
  signRefund,
  signVoid,
  signPayment,
  signRedemption,
} from '../../../test/support/signing.js';

const at = {
  chainId: 4_747,
  vouchers: '0x00000000000000000000000000000000000000aa',
  authorities: '0x00000000000000000000000000000000000000bb',
  salt: `0x${'11'.repeat(32)}`,
};
const domain = vouchersDomain(at);
const wallet = new Wallet(`0x${'42'.repeat(32)}`);
const signerAddress = wallet.address.toLowerCase();

const somePayment = {
  payer: signerAddress,
  merchant: '0x2222222222222222222222222222222222222222',
  series: [7, 9],
  amount: 12_000n,
  nonce: 3,
  deadline: 1_800_000_000,
  order: `0x${'00'.repeat(32)}`,
};

describe('digests equal what wallets compute from the published types', () => {
  it('payment', () => {
    fc.assert(
      fc.property(payment, (item) => {
        expect(paymentDigest(domain, item)).toBe(TypedDataEncoder.hash(domain, PAYMENT_TYPES, item));
      }),
    );
  });

  it('redemption', () => {
    fc.assert(
      fc.property(redemption, (item) => {
        expect(redemptionDigest(domain, item)).toBe(TypedDataEncoder.hash(domain, REDEMPTION_TYPES, item));
      }),
    );
  });

  it('void, gift, circulation, refund, cancellation', () => {
    fc.assert(
      fc.property(redemption, address, address, hexOf(32), (item, one, other, id) => {
        const { merchant: _merchant, ...rest } = item;
        const voided = { ...rest, payment: id, merchant: one };
        expect(voidDigest(domain, voided)).toBe(TypedDataEncoder.hash(domain, VOID_TYPES, voided));
        const gift = { ...rest, giver: one, receiver: other };
        expect(giftDigest(domain, gift)).toBe(TypedDataEncoder.hash(domain, GIFT_TYPES, gift));
        const circulation = { ...rest, merchant: one, recipient: other };
        expect(circulationDigest(domain, circulation)).toBe(
          TypedDataEncoder.hash(domain, CIRCULATION_TYPES, circulation),
        );
        const refund = { ...rest, account: one };
        expect(refundDigest(domain, refund)).toBe(TypedDataEncoder.hash(domain, REFUND_TYPES, refund));
        const { amount, ...unvalued } = rest;
        const count = Number(amount % 2n ** 32n);
        const cancelled = { ...unvalued, count, account: one };
        expect(cancellationDigest(domain, cancelled)).toBe(
          TypedDataEncoder.hash(domain, CANCELLATION_TYPES, cancelled),
        );
        const ofMerchant = { ...unvalued, count, merchant: one };
        expect(merchantCancellationDigest(domain, ofMerchant)).toBe(
          TypedDataEncoder.hash(domain, MERCHANT_CANCELLATION_TYPES, ofMerchant),
        );
      }),
    );
  });

  it('change of keys, objection', () => {
    const ring = fc.integer({ min: 0, max: 300 }).chain(hexOf);
    fc.assert(
      fc.property(address, ring, hexOf(32), uint32, uint40, (account, keys, hash, change, deadline) => {
        const keyChange = { account, keys, change, deadline };
        expect(keyChangeDigest(domain, keyChange)).toBe(
          TypedDataEncoder.hash(domain, KEY_CHANGE_TYPES, keyChange),
        );
        const objection = { account, keys: hash, number: change, deadline };
        expect(objectionDigest(domain, objection)).toBe(
          TypedDataEncoder.hash(domain, OBJECTION_TYPES, objection),
        );
      }),
    );
  });

  it('consent, objection to a hand-over', () => {
    const place = fc.oneof(regionCode, fc.constant(''));
    fc.assert(
      fc.property(address, place, place, uint32, uint40, (account, from, to, number, deadline) => {
        const consent = { account, from, to, number, deadline };
        expect(consentDigest(domain, consent)).toBe(
          TypedDataEncoder.hash(domain, CONSENT_TYPES, {
            ...consent,
            from: packRegion(from),
            to: packRegion(to),
          }),
        );
        const objection = { account, to, number, deadline };
        expect(handOverObjectionDigest(domain, objection)).toBe(
          TypedDataEncoder.hash(domain, HAND_OVER_OBJECTION_TYPES, { ...objection, to: packRegion(to) }),
        );
      }),
    );
  });

  it('issue within a quota', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), hexOf(32), (issueOrder, index, items) => {
        const issue = { issueOrder, index, items };
        expect(quotaIssueDigest(domain, issue)).toBe(
          TypedDataEncoder.hash(domain, QUOTA_ISSUE_TYPES, quotaIssueMessage(issue)),
        );
      }),
    );
  });

  it('act', () => {
    const act = fc.record({
      authority: fc.oneof(regionCode, fc.constant('')),
      target: address,
      call: fc.integer({ min: 0, max: 200 }).chain(hexOf),
      nonce: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      deadline: uint40,
    });
    const acts = authoritiesDomain(at);
    fc.assert(
      fc.property(act, (item) => {
        expect(actDigest(acts, item)).toBe(TypedDataEncoder.hash(acts, ACT_TYPES, actMessage(item)));
      }),
    );
  });

  it('withdrawal', () => {
    const acts = authoritiesDomain(at);
    fc.assert(
      fc.property(hexOf(32), (act) => {
        expect(withdrawalDigest(acts, act)).toBe(TypedDataEncoder.hash(acts, WITHDRAWAL_TYPES, { act }));
      }),
    );
  });
});

describe('a domain', () => {
  it('differs by chain, contract, salt and kind', () => {
    const others = [
      domain,
      vouchersDomain({ ...at, chainId: 1 }),
      vouchersDomain({ ...at, vouchers: at.authorities }),
      vouchersDomain({ ...at, salt: `0x${'12'.repeat(32)}` }),
      authoritiesDomain({ ...at, authorities: at.vouchers }),
    ];
    expect(new Set(others.map(domainSeparator)).size).toBe(others.length);
    expect(new Set(others.map((other) => paymentDigest(other, somePayment))).size).toBe(others.length);
  });
});

describe('signing', () => {
  it('each message yields a signature of the signer', async () => {
    const { payer, merchant, series: _series, ...terms } = somePayment;
    const rest = { merchant, ...terms, series: 7 };
    const own = { ...terms, series: 7 };
    const id = `0x${'33'.repeat(32)}`;
    const voided = { ...own, payment: id, merchant };
    const gift = { ...own, giver: payer, receiver: merchant };
    const circulation = { ...own, merchant, recipient: payer };
    const refund = { ...own, account: payer };
    const change = { account: payer, keys: '0x1234', change: 1, deadline: 5 };
    const objection = { account: payer, keys: id, number: 1, deadline: 5 };
    const issue = { issueOrder: 3, index: 4, items: id };
    const act = {
      authority: '47130',
      target: at.vouchers,
      call: '0x1234',
      nonce: 9n,
      deadline: 1_800_000_000,
    };
    const acts = authoritiesDomain(at);
    const signed = [
      [paymentDigest(domain, somePayment), await signPayment(wallet, domain, somePayment)],
      [redemptionDigest(domain, rest), await signRedemption(wallet, domain, rest)],
      [voidDigest(domain, voided), await signVoid(wallet, domain, voided)],
      [giftDigest(domain, gift), await signGift(wallet, domain, gift)],
      [circulationDigest(domain, circulation), await signCirculation(wallet, domain, circulation)],
      [refundDigest(domain, refund), await signRefund(wallet, domain, refund)],
      [keyChangeDigest(domain, change), await signKeyChange(wallet, domain, change)],
      [objectionDigest(domain, objection), await signObjection(wallet, domain, objection)],
      [quotaIssueDigest(domain, issue), await signQuotaIssue(wallet, domain, issue)],
      [actDigest(acts, act), await signAct(wallet, acts, act)],
    ] as const;
    for (const [digest, signature] of signed) expect(recoverSigner(digest, signature)).toBe(signerAddress);
  });
});

describe('a value that does not fit its type', () => {
  it.each([
    ['payer', '0x12'],
    ['payer', `0x${'zz'.repeat(20)}`],
    ['merchant', `${'00'.repeat(21)}`],
    ['series', [-1]],
    ['series', [1, 2 ** 32]],
    ['series', [1.5]],
    ['series', []],
    ['series', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['amount', -1n],
    ['amount', 2n ** 64n],
    ['nonce', Number.NaN],
    ['nonce', 2 ** 32],
    ['deadline', 2 ** 40],
    ['deadline', 0.1],
    ['order', '0x'],
    ['order', `0x${'0g'.repeat(32)}`],
  ])('%s %s is refused by name and leaves later digests right', (field, value) => {
    const before = paymentDigest(domain, somePayment);
    expect(() => paymentDigest(domain, { ...somePayment, [field]: value })).toThrow(new RegExp(`^${field}:`));
    expect(paymentDigest(domain, somePayment)).toBe(before);
  });
});

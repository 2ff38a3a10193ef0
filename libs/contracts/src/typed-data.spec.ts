import * as fc from 'fast-check';
import { TypedDataEncoder, Wallet } from 'ethers';
import {
  ACT_TYPES,
  actDigest,
  actMessage,
  authoritiesDomain,
  domainSeparator,
  PAYMENT_TYPES,
  paymentDigest,
  recoverSigner,
  REDEMPTION_TYPES,
  redemptionDigest,
  signAct,
  signPayment,
  signRedemption,
  vouchersDomain,
} from './index.js';
import { address, hexOf, payment, redemption, regionCode, uint40 } from '../test/support/arbitraries.js';

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
  series: 7,
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
  it('a payment, a redemption and an act yield signatures of the signer', async () => {
    const { payer: _payer, ...rest } = somePayment;
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
    ['series', -1],
    ['series', 2 ** 32],
    ['series', 1.5],
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

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { packRegion } from '../regions/region.js';
import { isRefusalKey, refusal, REFUSALS, refusalKeyOfError, refusalKeyOfNumber } from './table.js';
import { refusalArgs, refusalText } from './text.js';
import type { RefusalEntry, RefusalWords } from './types.js';

const entries: readonly RefusalEntry[] = REFUSALS;
const ranges = {
  item: [[1, 39]],
  act: [
    [40, 99],
    [200, 255],
  ],
  api: [[100, 199]],
} as const;

describe('refusal table', () => {
  it('has unique numbers, keys and names', () => {
    for (const field of ['number', 'key', 'solidity'] as const) {
      expect(new Set(entries.map((entry) => entry[field])).size).toBe(entries.length);
    }
  });

  it.each(entries.map((entry) => [entry.key, entry] as const))('%s is well formed', (_, entry) => {
    const { number, where } = entry;
    expect(ranges[where].some(([low, high]) => number >= low && number <= high)).toBe(true);
    expect(
      entry.key
        .split('_')
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join(''),
    ).toBe(entry.solidity);
    expect(entry.http).toBeGreaterThanOrEqual(400);
    const names = entry.args.map((arg) => arg.split(':')[0]);
    for (const lang of ['ko', 'en'] as const) {
      const words: RefusalWords = entry[lang];
      const { title, detail = '', details = {}, next } = words;
      expect(title.length * next.length).toBeGreaterThan(0);
      expect(title + next).not.toMatch(/[{}]/);
      for (const [, name] of [detail, ...Object.values(details)].join(' ').matchAll(/\{(\w+)\}/g))
        expect(names).toContain(name);
    }
    expect(entry.ko.detail === undefined).toBe(entry.en.detail === undefined);
  });

  it('items count from 1 without a gap, as a Solidity enum does', () => {
    const numbers = entries.filter((entry) => entry.where === 'item').map((entry) => entry.number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('is found by key, number and Solidity name', () => {
    expect(refusal('wrong_region').number).toBe(11);
    expect(refusalKeyOfNumber(21)).toBe('insufficient_merchant_balance');
    expect(refusalKeyOfNumber(0)).toBeUndefined();
    expect(refusalKeyOfError('OfficersTooFew')).toBe('officers_too_few');
    expect(refusalKeyOfError('Panic')).toBeUndefined();
    expect(isRefusalKey('toString')).toBe(false);
  });

  it.each(['IAuthorities', 'IVoucherEvents'])(
    'knows every custom error of %s and the names of its arguments',
    (name) => {
      const source = readFileSync(`contracts/src/interfaces/${name}.sol`, 'utf8');
      const errors = [...source.matchAll(/^\s*error (\w+)\(([^)]*)\);/gm)];
      expect(errors.length).toBeGreaterThan(5);
      for (const [, error = '', inputs = ''] of errors) {
        const key = refusalKeyOfError(error);
        const known = key === undefined ? [] : refusal(key).args.map((arg) => arg.split(':')[0]);
        const inSolidity = inputs
          .split(',')
          .flatMap((input) => input.trim().split(' ').slice(1))
          .map((input) => input.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
        // An entry that items share may say less than the error: their event has no room for an address.
        const shared = key !== undefined && refusal(key).where === 'item';
        expect({ error, key, args: known }).toEqual({
          error,
          key: expect.any(String),
          args: shared ? inSolidity.slice(0, known.length) : inSolidity,
        });
      }
    },
  );

  it('is what the contract’s enum was generated from', () => {
    expect(() =>
      execFileSync('node', ['scripts/generate-refusals.mjs', '--check'], { stdio: 'pipe' }),
    ).not.toThrow();
  });
});

describe('refusalText', () => {
  const names: Record<string, string> = { '47130': '경주시', '47': '경상북도' };
  const regionName = (code: string): string => names[code] ?? code;

  it('says both regions by name', () => {
    const text = refusalText('wrong_region', [packRegion('47130'), packRegion('47')], 'ko', regionName);
    expect(text.detail).toBe('가맹점 지역은 경주시, 이 상품권의 사용 지역은 경상북도입니다.');
  });

  it('writes won, times, sizes, statuses and categories for people', () => {
    expect(refusalText('insufficient_balance', { balance: 3000n, amount: '12000' }, 'ko').detail).toBe(
      '쓸 수 있는 잔액 3,000원, 요청 금액 12,000원.',
    );
    expect(refusalText('expired', [1_767_193_200n], 'en').detail).toBe(
      'It was valid until 31 December 2025.',
    );
    expect(refusalText('merchant_too_large', [5n, 4n], 'ko').detail).toBe(
      '가맹점 연 매출 30억 원 초과, 허용 연 매출 30억 원 이하.',
    );
    expect(refusalText('merchant_not_active', [2], 'en').detail).toBe('Merchant status: suspended.');
    expect(refusalText('officers_needed', { role: 1n, had: 1n, needed: 2n }, 'en').detail).toBe(
      'treasurer: 1; 2 needed.',
    );
    expect(refusalText('wrong_category', [9n], 'en').detail).toBe('Business category: Private academy.');
  });

  it('names the item refusal behind a custom error', () => {
    expect(refusalText('series_not_open', [3, 8], 'en').detail).toBe('Series 3: This voucher has expired.');
    expect(refusalText('transfer_refused', [27, 3n, 0n], 'ko').detail).toBe('선물할 수 없는 상품권입니다.');
    expect(refusalArgs('transfer_refused', [27, 3n, 0n])).toEqual({
      code: 'gift_not_allowed',
      a: '3',
      b: '0',
    });
    expect(refusalText('series_not_open', [3, 255], 'en').detail).toBe('Series 3: 255');
  });

  it('says of a payment number whether it was used, is too old for the window, too far ahead or none', () => {
    const detail = (nonce: bigint, top: bigint) => refusalText('replayed', [nonce, top], 'en').detail;
    expect(detail(100n, 100n)).toBe('Number 100 was used before; the latest one used is 100.');
    expect(detail(37n, 100n)).toContain('was used before');
    expect(detail(36n, 100n)).toContain('is too old');
    expect(detail(1_000_101n, 100n)).toContain('is too far ahead');
    expect(detail(0n, 100n)).toBe('Numbers begin at 1.');
    expect(refusalText('replayed', { nonce: 36, top: 100 }, 'ko').detail).toContain('너무 오래되었습니다');
    expect(refusalText('replayed', [], 'en').detail).toBe('');
  });

  it('says to the second how late an order is, and what it needs when it is not late yet', () => {
    const deadline = 1_767_193_200n;
    const detail = (now: bigint) => refusalText('deadline_passed', [deadline, now], 'en').detail;
    expect(detail(deadline + 1n)).toBe(
      'The approval was good until 1 January 2026, 00:00:00 KST; it is now 1 January 2026, 00:00:01 KST.',
    );
    expect(detail(deadline - 2n)).toMatch(/now 31 December 2025, 23:59:58 KST, and .* 3 seconds more/);
    expect(refusalText('deadline_passed', [deadline, deadline], 'ko').detail).toContain('3초가 더 필요');
  });

  it('distinguishes a payment that is not final from one that is not in the batch', () => {
    const detail = (batch: bigint) => refusalText('receipt_unknown', [batch], 'en').detail;
    expect([detail(0n), detail(4n)]).toEqual([
      'The payment is not final yet, or there is none.',
      'It is not in batch 4.',
    ]);
  });

  it.each([
    ...['signature_invalid', 'deadline_passed', 'replayed', 'amount_zero', 'series_unknown', 'series_paused'],
    ...['not_yet_valid', 'expired', 'merchant_unknown', 'merchant_not_active', 'insufficient_balance'],
    ...['daily_cap_exceeded', 'account_frozen', 'holding_cap_exceeded', 'insufficient_merchant_balance'],
    ...['device_limit_exceeded', 'owner_key_needed'],
  ])('speaks of no payment in %s, which gifts, redemptions and quota chunks get as well', (key) => {
    if (!isRefusalKey(key)) throw new Error(`no refusal ${key}`);
    const { ko, en } = refusal(key);
    expect(JSON.stringify([ko, en])).not.toMatch(/결제|\bpay(ment)?s?\b/i);
  });

  it('says of vouchers that no spending makes refundable that they never are, not that it is too early', () => {
    const detail = (needed: number) => refusalText('refund_not_due', [40, needed], 'en').detail;
    expect([detail(60), detail(0)]).toEqual([
      '40% is spent; a refund needs 60%.',
      'However much is spent, the rest of this voucher is not refunded.',
    ]);
    for (const lang of ['ko', 'en'] as const)
      expect(refusalText('refund_not_due', [], lang).title).not.toMatch(/아직|yet/);
  });

  it('leaves the detail out when a value is missing', () => {
    expect(refusalText('daily_cap_exceeded', { left: 5n }, 'ko').detail).toBe('');
    expect(refusalText('account_frozen', [], 'en')).toMatchObject({
      detail: '',
      title: 'This account is frozen.',
    });
  });

  it('gives programs plain values', () => {
    expect(refusalArgs('expired', [1_767_193_200n])).toEqual({ valid_until: '2026-01-01T00:00:00+09:00' });
    expect(refusalArgs('wrong_region', [packRegion('47130'), '47'])).toEqual({
      merchant_region: '47130',
      allowed_region: '47',
    });
    expect(refusalArgs('wrong_category', [9n])).toEqual({ category: 'academy' });
    expect(refusalArgs('insufficient_balance', [1n, 2n])).toEqual({ balance: '1', amount: '2' });
    expect(refusalArgs('wrong_region', [123n])).toEqual({ merchant_region: '123' });
  });
});

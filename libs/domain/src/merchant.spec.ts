import { isAccountTier } from './account.js';
import { MERCHANT_STATUS, merchantStatusName, merchantStatusText } from './merchant.js';

describe('merchant status', () => {
  it('has a name and words for each number', () => {
    expect(Object.values(MERCHANT_STATUS).map(merchantStatusName)).toEqual([
      'none',
      'active',
      'suspended',
      'closed',
    ]);
    expect(merchantStatusName(9)).toBeUndefined();
    expect(merchantStatusText(2, 'ko')).toBe('이용 정지');
    expect(merchantStatusText(9, 'en')).toBe('9');
  });
});

describe('account tier', () => {
  it('is 0, 1 or 2', () => {
    expect([-1, 0, 1, 2, 3, 1.5].filter(isAccountTier)).toEqual([0, 1, 2]);
  });
});

import { isAddress } from 'ethers';
import { wrongField } from '#platform';

/** The address of a path, in lower case. Throws invalid_request. */
export function addressOf(text: string): string {
  if (text.startsWith('0x') && isAddress(text)) return text.toLowerCase();
  throw wrongField('address', {
    ko: '0x로 시작하는 40자리 16진수 주소여야 합니다.',
    en: 'must be an address: 0x and 40 hex digits',
  });
}

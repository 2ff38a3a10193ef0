import { ITEM_REFUSALS, packRegion, refusalKeyOfError } from '#domain';
import { authoritiesInterface, decodeRevert, refusalOfItem, vouchersInterface } from './index.js';

describe('decodeRevert', () => {
  it('reads errors of both contracts with their arguments', () => {
    const few = authoritiesInterface.encodeErrorResult('OfficersTooFew', [1, 2]);
    expect(decodeRevert(few)).toEqual({
      name: 'OfficersTooFew',
      key: 'officers_too_few',
      args: { had: 1n, needed: 2n },
    });
    const outside = vouchersInterface.encodeErrorResult('RegionOutsideAuthority', [
      packRegion('47130'),
      packRegion('48'),
    ]);
    expect(decodeRevert(outside)).toEqual({
      name: 'RegionOutsideAuthority',
      key: 'region_outside_authority',
      args: { authority: packRegion('47130'), region: packRegion('48') },
    });
    const terms = vouchersInterface.encodeErrorResult('TermsInvalid', ['funding']);
    expect(decodeRevert(terms)).toEqual({
      name: 'TermsInvalid',
      key: 'terms_invalid',
      args: { field: 'funding' },
    });
    const used = authoritiesInterface.encodeErrorResult('SignerAlreadyUsed', [`0x${'ab'.repeat(32)}`]);
    expect(decodeRevert(used)?.args).toEqual({ key: `0x${'ab'.repeat(32)}` });
    const account = `0x${'AB'.repeat(20)}`.toLowerCase();
    const unknown = vouchersInterface.encodeErrorResult('AccountUnknown', [account]);
    expect(decodeRevert(unknown)?.args).toEqual({ account });
  });

  it('reads Solidity’s own errors', () => {
    expect(decodeRevert(`0x4e487b71${'11'.padStart(64, '0')}`)).toMatchObject({ name: 'Panic', key: null });
  });

  it.each(['0x', '0x1234', '0xdeadbeef', `0x${'00'.repeat(36)}`])('answers null for %s', (data) => {
    expect(decodeRevert(data)).toBeNull();
  });
});

describe('the refusal table', () => {
  it('names every item refusal by its number', () => {
    for (const { number, key } of ITEM_REFUSALS) expect(refusalOfItem(number)).toBe(key);
    expect(refusalOfItem(0)).toBeNull();
    // None has the last number of those that the servers give.
    expect(refusalOfItem(199)).toBeNull();
  });

  it('has words for every custom error of the contracts', () => {
    const unnamed: string[] = [];
    for (const reader of [authoritiesInterface, vouchersInterface]) {
      reader.forEachError(({ name }) => {
        if (refusalKeyOfError(name) === undefined) unnamed.push(name);
      });
    }
    // Errors of OpenZeppelin's Address, which no input of the platform can cause: both targets have code and their reasons
    // pass through.
    expect(unnamed.filter((name) => !['AddressEmptyCode', 'FailedCall'].includes(name))).toEqual([]);
  });
});

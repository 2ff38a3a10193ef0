import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const FILE = 'contracts/storage-layout.json';
const UPDATE = 'node scripts/storage-layout.mjs --write';

describe('the storage that four contracts share', () => {
  let layouts: Record<string, unknown>;

  beforeAll(() => {
    const options = { encoding: 'utf8', timeout: 120_000 } as const;
    layouts = JSON.parse(execFileSync(process.execPath, ['scripts/storage-layout.mjs'], options));
  });

  it('has the same place for everything in each of them', () => {
    expect(Object.keys(layouts)).toEqual([
      'Vouchers',
      'VouchersExtension',
      'VouchersAdmin',
      'VouchersRegistry',
    ]);
    expect(layouts.VouchersExtension).toEqual(layouts.Vouchers);
    expect(layouts.VouchersAdmin).toEqual(layouts.Vouchers);
    expect(layouts.VouchersRegistry).toEqual(layouts.Vouchers);
  });

  it(`is what ${FILE} says (a change belongs into the diff: ${UPDATE})`, () => {
    expect(layouts).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { measureGas, type GasSnapshot } from './support/measure-gas.js';

const FILE = 'contracts/gas-snapshot.json';
const UPDATE = 'UPDATE_GAS=1 npm run test:unit -- libs/contracts/test/gas';

describe('gas', () => {
  let measured: GasSnapshot;

  beforeAll(async () => {
    measured = await measureGas();
    if (process.env.UPDATE_GAS === '1') writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
  }, 300_000);

  it(`is what ${FILE} says (a change belongs into the diff: ${UPDATE})`, () => {
    expect(measured).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
  });

  it('of a full batch stays below what one transaction may use', () => {
    for (const { gas } of Object.values(measured)) expect(gas).toBeLessThan(2 ** 24);
  });
});

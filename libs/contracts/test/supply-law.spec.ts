import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

describe('the supply law', () => {
  // Three minutes of one processor; a busy machine takes several times as long.
  it('is proved for every sequence of calls, and a mistake in each part of it is found', () => {
    const options = { encoding: 'utf8', timeout: 1_200_000 } as const;
    const lines = execFileSync(process.execPath, ['scripts/prove.mjs'], options).trim().split('\n');
    const laws = [...readFileSync('contracts/proofs/SupplyLaw.sol', 'utf8').matchAll(/\(\) external view/g)];
    expect(lines.filter((line) => line.startsWith('ok') && line.endsWith(': proved'))).toHaveLength(
      laws.length,
    );
    expect(lines.at(-1)).toMatch(/^22 laws, 26 controls, 0 failed$/);
  }, 1_210_000);
});

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';

describe('the supply law', () => {
  // Three minutes of one processor; a busy machine takes several times as long.
  it('is proved for every sequence of calls, and a mistake in each part of it is found', () => {
    const options = { encoding: 'utf8', timeout: 1_200_000 } as const;
    const { status, stdout, stderr, error } = spawnSync(process.execPath, ['scripts/prove.mjs'], options);
    expect({ status, stderr, error: error?.message }).toMatchObject({ status: 0 });
    const lines = stdout.trim().split('\n');
    const models = globSync('contracts/proofs/*.sol').map((file) => readFileSync(file, 'utf8'));
    const laws = models.flatMap((model) => [...model.matchAll(/\(\) external view/g)]);
    expect(lines.filter((line) => line.startsWith('ok') && line.endsWith(': proved'))).toHaveLength(
      laws.length,
    );
    expect(lines.at(-1)).toMatch(/^22 laws, 27 controls, 0 failed$/);
  }, 1_210_000);
});

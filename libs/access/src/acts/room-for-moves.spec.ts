import { readFileSync } from 'node:fs';
import { gasOfMove, movesThatFit } from './room-for-moves.js';

const TRANSACTION_GAS = 2 ** 24;
/** Bytes of a consent by a wallet, and by a passkey that is an account's only key. */
const WALLET = 70;
const PASSKEY = 394;
const entry = (bytes: number) => ({
  account: `0x${'0a'.repeat(20)}`,
  place: '28275',
  ...(bytes > 0 && { consent: `0x${'00'.repeat(bytes)}` }),
});

describe('accounts that one act takes on', () => {
  it.each([
    [0, 'per merchant that was handed over'],
    [WALLET, "per wallet's consent"],
    [PASSKEY, "per passkey's consent"],
  ])('with a consent of %i bytes cost no more than was reckoned', (bytes, name) => {
    const snapshot = JSON.parse(readFileSync('contracts/gas-snapshot.json', 'utf8'));
    const { perItem } = snapshot[`act of two officers: take_accounts, ${name}`];
    expect(gasOfMove(entry(bytes))).toBeGreaterThanOrEqual(perItem);
    expect(gasOfMove(entry(bytes))).toBeLessThan(perItem * 1.4);
  });

  it('are as many as the contract takes, where none has a consent', () => {
    expect(movesThatFit(Array.from({ length: 400 }, () => entry(0)))).toBe(400);
  });

  it.each([[[WALLET]], [[PASSKEY]], [[0, WALLET]], [[0, PASSKEY, WALLET]], [[1_000]]])(
    'are so many that a transaction has room for them: %j',
    (kinds) => {
      const entries = Array.from({ length: 400 }, (_unused, index) =>
        entry(kinds[index % kinds.length] ?? 0),
      );
      const count = movesThatFit(entries);
      const gas = entries.slice(0, count).reduce((sum, one) => sum + gasOfMove(one), 0);
      expect(gas).toBeLessThan(TRANSACTION_GAS - 500_000);
      expect(count).toBeGreaterThan(80);
      expect(count).toBeLessThan(400);
    },
  );
});

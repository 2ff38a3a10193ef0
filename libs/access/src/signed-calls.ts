import { addToOutbox, callPayload, LEFT_WITHOUT_CHAIN } from '#relayer';
import type { Hex } from '#contracts';
import { type Queryable, toBytes, type Transaction } from '#persistence';
import { concat, keccak256, toBeHex } from 'ethers';

/**
 * Enqueues a signed call for the relayer. `id` is what was signed (32 bytes): the same again changes nothing,
 * unless the contract would not take it before (its day was full, the series paused); then it is tried once more.
 */
export async function enqueueCall(tx: Transaction, id: Hex, target: Hex, call: Hex): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const own = keccak256(concat([id, toBeHex(attempt, 32)]));
    const state = await outboxState(tx, own);
    if (state === 'waiting') return;
    if (state === 'refused') continue;
    await addToOutbox(tx, [{ id: own, kind: 'call', payload: callPayload(target, call) }]);
    return;
  }
}

async function outboxState(tx: Queryable, id: Hex): Promise<'absent' | 'waiting' | 'refused'> {
  const [row] = await tx.query<{ decided_block: bigint | null }>(
    'SELECT decided_block FROM app.outbox WHERE id = $1',
    [toBytes(id)],
  );
  if (row === undefined) return 'absent';
  return row.decided_block === LEFT_WITHOUT_CHAIN ? 'refused' : 'waiting';
}

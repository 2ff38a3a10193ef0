import { Wallet } from 'ethers';
import { ChainNode } from '#node';
import type { Database } from '#persistence';
import { registerRelayer } from '#relayer';
import { until } from './until.js';

const GAS_MAX = 2 ** 24;

/**
 * A relayer that lost its journal sends every transaction again, from an own address: whatever is refused item by item is
 * on chain then.
 */
export async function sendAgain(db: Database, url: string, chainId: number): Promise<void> {
  const node = ChainNode.connect({ url, chainId });
  const relayer = Wallet.createRandom();
  await registerRelayer(db, relayer.address);
  try {
    const { provider } = node;
    let nonce = 0;
    for (const name of await tablesWith(db, 'tx_hash')) {
      const rows = await db.query<{ tx: string }>(
        `SELECT DISTINCT '0x' || encode(tx_hash, 'hex') AS tx FROM ${name}`,
      );
      for (const { tx } of rows) {
        const known = await provider.getTransaction(tx);
        if (known === null) throw new Error(`${tx} is not on chain`);
        const { to, data } = known;
        const again = { type: 0, chainId, nonce: nonce++, to, data, gasPrice: 0, gasLimit: GAS_MAX };
        await provider.broadcastTransaction(await relayer.signTransaction(again));
      }
    }
    const all = async () => (await provider.getTransactionCount(relayer.address)) >= nonce;
    await until('all are sent again', all);
  } finally {
    node.close();
  }
}

async function tablesWith(db: Database, column: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.columns
      WHERE table_schema = 'chain' AND column_name = $1 ORDER BY 1`,
    [column],
  );
  return rows.map(({ name }) => name);
}

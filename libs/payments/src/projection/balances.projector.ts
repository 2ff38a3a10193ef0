import type { Queryable } from '#persistence';
import type { IndexedBatch, Projector } from '#indexer';
import { type RowsWanted, setHoldings, setMerchantBalance } from './balances.sql.js';

const IN_RANGE = 'block_number BETWEEN $1 AND $2';
const inRange: RowsWanted = () => `r.${IN_RANGE}`;

const ADD_TO_HOLDINGS = setHoldings({ rows: inRange, merge: true });
const ADD_TO_MERCHANT_BALANCE = setMerchantBalance({ rows: inRange, merge: true });
const HOLDINGS_AGAIN = setHoldings({
  rows: (who) => `r.block_number <= $1 AND (r.${who}, r.series) IN (TABLE lost_holding)`,
  merge: false,
});
const MERCHANT_BALANCE_AGAIN = setMerchantBalance({
  rows: (who) => `r.block_number <= $1 AND (r.${who}, r.series) IN (TABLE lost_merchant_balance)`,
  merge: false,
});

/** Holdings and merchant balances: kept from the rows of the batch, recomputed from rows after a rollback. */
export const balancesProjector: Projector = {
  name: 'balances',
  async apply(tx, batch) {
    const range = [batch.from, batch.to];
    if (movesHoldings(batch)) await tx.query(ADD_TO_HOLDINGS, range);
    if (movesMerchantBalance(batch)) await tx.query(ADD_TO_MERCHANT_BALANCE, range);
  },
  async rollback(tx, ancestor) {
    await recomputeHoldings(tx, ancestor);
    await recomputeMerchantBalances(tx, ancestor);
  },
  async truncate(tx) {
    await tx.query('TRUNCATE chain.holding, chain.merchant_balance');
  },
};

function movesHoldings(batch: IndexedBatch): boolean {
  return batch.has('Issued', 'Paid', 'Voided', 'Given', 'Refunded', 'Expired');
}

function movesMerchantBalance(batch: IndexedBatch): boolean {
  return batch.has('Paid', 'Voided', 'Redeemed', 'RedemptionReturned', 'Circulated');
}

/** Who moved in the lost blocks, as the statement that recomputes expects it. */
function lost(ancestor: bigint, columns: Readonly<Record<string, readonly string[]>>): string {
  // A statement that creates a table takes no parameters; the block number is a bigint of ours.
  return Object.entries(columns)
    .flatMap(([table, names]) =>
      names.map(
        (name) => `SELECT ${name}::bytea AS who, series FROM chain.${table} WHERE block_number > ${ancestor}`,
      ),
    )
    .join(' UNION ');
}

async function recomputeHoldings(tx: Queryable, ancestor: bigint): Promise<void> {
  const rows = lost(ancestor, {
    issued: ['account'],
    payment: ['payer'],
    void: ['payer'],
    gift: ['giver', 'receiver'],
    refund: ['account'],
    expired: ['account'],
  });
  await tx.query(`CREATE TEMP TABLE lost_holding ON COMMIT DROP AS ${rows}`);
  await tx.query('DELETE FROM chain.holding WHERE (account, series) IN (TABLE lost_holding)');
  await tx.query(HOLDINGS_AGAIN, [ancestor]);
}

async function recomputeMerchantBalances(tx: Queryable, ancestor: bigint): Promise<void> {
  const rows = lost(ancestor, {
    payment: ['merchant'],
    void: ['merchant'],
    redemption: ['merchant'],
    redemption_return: ['merchant'],
    circulation: ['merchant', 'recipient'],
  });
  await tx.query(`CREATE TEMP TABLE lost_merchant_balance ON COMMIT DROP AS ${rows}`);
  await tx.query(
    'DELETE FROM chain.merchant_balance WHERE (merchant, series) IN (TABLE lost_merchant_balance)',
  );
  await tx.query(MERCHANT_BALANCE_AGAIN, [ancestor]);
}

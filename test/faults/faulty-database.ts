import type { Database, Transaction } from '#persistence';
import type { Dice } from '../support/dice.js';

/** Where a connection can break: before anything, between two statements, or when the client can't know what was committed. */
export const DATABASE_FAULTS = ['before', 'within', 'unknown_commit', 'query'] as const;
export type DatabaseFault = (typeof DATABASE_FAULTS)[number];

/** What a broken connection looks like. */
class ConnectionLost extends Error {
  readonly code = '08006';
}

export interface FaultyDatabase {
  /** The same database; each call may break with the chance. */
  readonly db: Database;
  readonly done: Map<DatabaseFault, number>;
  chance: number;
}

/** A database whose connections break. What it says it did, it did. */
export function faultyDatabase(real: Database, dice: Dice): FaultyDatabase {
  const done = new Map<DatabaseFault, number>();
  const breakAt = (fault: DatabaseFault): never => {
    done.set(fault, (done.get(fault) ?? 0) + 1);
    throw new ConnectionLost(`connection terminated (${fault})`);
  };
  const happens = () => dice.next() < state.chance;
  const query: Database['query'] = async (sql, params) => {
    if (happens()) breakAt('query');
    return real.query(sql, params);
  };
  const transaction: Database['transaction'] = async (work) => {
    const fault = happens() ? dice.pick(['before', 'within', 'unknown_commit'] as const) : undefined;
    if (fault === 'before') breakAt(fault);
    let left = fault === 'within' ? dice.whole(0, 12) : Infinity;
    const result = await real.transaction((tx) => {
      const breaking: Transaction = {
        query: async (sql, params) => {
          if (left-- <= 0) breakAt('within');
          return tx.query(sql, params);
        },
        of: (repository) => tx.of(repository),
      };
      return work(breaking);
    });
    if (fault === 'unknown_commit') breakAt(fault);
    return result;
  };
  const db = new Proxy(real, {
    get(target, name) {
      if (name === 'query') return query;
      if (name === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const state: FaultyDatabase = { db, done, chance: 0 };
  return state;
}

import { readCursor } from '#indexer';
import { ChainError, type ChainNode, type CurrentDeployment } from '#node';
import { authoritiesInterface, vouchersInterface } from '#contracts';
import type { Database, Queryable } from '#persistence';
import { Result } from 'ethers';
import { ACCOUNT_CHECKS } from './account-checks.js';
import { AUTHORITY_CHECKS } from './authority-checks.js';
import { PLACE_CHECKS } from './place-checks.js';
import { CONTRACT_CHECKS, type Probe } from './contract-checks.js';
import type { Difference } from './difference.js';
import { TABLE_CHECKS } from './table-checks.js';

export interface ReconcileOptions {
  readonly db: Database;
  readonly node: ChainNode;
  readonly deployment: CurrentDeployment;
  /** Ask the contract for so many rows of each table, chosen by chance; without it for all. */
  readonly sampleRows?: number;
  /** Longest time for one statement; default half an hour. */
  readonly statementTimeoutMs?: number;
  /** Breaks the comparison off, statements that run included. */
  readonly signal?: AbortSignal;
  /** Called as it goes: which rule, and how many rows of it are compared. */
  readonly onProgress?: (check: string, rows: number) => void;
}

export interface ReconcileResult {
  /** The block whose state was compared. */
  readonly block: bigint;
  /** Rows of the contract's state that were compared. */
  readonly rows: number;
  /** Empty when chain, tables and books agree to the won. */
  readonly differences: readonly Difference[];
}

const STATEMENT_TIMEOUT_MS = 30 * 60_000;
const DIFFERENCES_MAX = 1_000;
const ATTEMPTS = 3;

/**
 * Compares the contract's state with the copy, the copy with itself, the books with the copy, and what was accepted
 * with what became of it. Others may go on working: the tables are read as they are at one moment, the contract at
 * the block of that moment. A node may have forgotten that state by the time a large table is through; the newest is
 * read then, and whatever differs is looked at once more.
 *
 * @throws ChainError when the node is away, Error when nothing is indexed yet
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileResult> {
  let suspects: ReadonlySet<string> | undefined;
  let rows = 0;
  for (let attempt = 1; ; attempt++) {
    const result = await compare(options, suspects);
    rows = Math.max(rows, result.rows);
    if (result.isExact || result.differences.length === 0 || attempt === ATTEMPTS) {
      const { block, differences } = result;
      return { block, rows, differences };
    }
    suspects = new Set(result.differences.map(identityOf));
  }
}

interface Comparison extends ReconcileResult {
  /** All answers are of the very block. */
  readonly isExact: boolean;
}

async function compare(options: ReconcileOptions, suspects?: ReadonlySet<string>): Promise<Comparison> {
  const { db, signal } = options;
  signal?.throwIfAborted();
  let cancel: (() => void) | undefined;
  try {
    return await db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const [session] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      cancel = () => void db.query('SELECT pg_cancel_backend($1)', [session?.pid]).catch(() => undefined);
      signal?.addEventListener('abort', cancel, { once: true });
      return compareIn(tx, options, suspects);
    });
  } finally {
    if (cancel) signal?.removeEventListener('abort', cancel);
  }
}

async function compareIn(
  tx: Queryable,
  options: ReconcileOptions,
  suspects?: ReadonlySet<string>,
): Promise<Comparison> {
  await tx.query(`SET LOCAL statement_timeout = ${options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS}`);
  const cursor = await readCursor(tx);
  if (cursor === null) throw new Error('nothing is indexed yet: start the worker first');
  const contract = new ContractReader(options.node, options.deployment, cursor.number);
  const differences: Difference[] = [];
  let rows = 0;
  for (const check of [...AUTHORITY_CHECKS, ...CONTRACT_CHECKS, ...ACCOUNT_CHECKS, ...PLACE_CHECKS]) {
    let compared = 0;
    // A suspect is looked for among all rows: another sample would not have it.
    for await (const probes of check.probes(tx, suspects ? undefined : options.sampleRows)) {
      options.signal?.throwIfAborted();
      const wanted = suspects ? probes.filter((probe) => suspects.has(identityOf(probe))) : probes;
      differences.push(...(await contract.differences(wanted)));
      compared += wanted.length;
      options.onProgress?.(check.check, compared);
    }
    rows += compared;
  }
  differences.push(...(await brokenRules(tx, options)));
  const block = cursor.number;
  return { block, rows, differences: differences.slice(0, DIFFERENCES_MAX), isExact: contract.isExact };
}

function identityOf({ check, key }: { readonly check: string; readonly key: string }): string {
  return `${check}: ${key}`;
}

async function brokenRules(tx: Queryable, { onProgress }: ReconcileOptions): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { check, sql } of TABLE_CHECKS) {
    const rows = await tx.query<{ key: string; expected: string; found: string }>(
      `SELECT * FROM (${sql}) broken LIMIT ${DIFFERENCES_MAX}`,
    );
    differences.push(...rows.map((row) => ({ check, ...row })));
    onProgress?.(check, rows.length);
  }
  return differences;
}

/** Asks the contracts at one block, or at the newest when the node has forgotten that one. */
class ContractReader {
  private at: bigint | 'latest';

  constructor(
    private readonly node: ChainNode,
    private readonly deployment: CurrentDeployment,
    block: bigint,
  ) {
    this.at = block;
  }

  get isExact(): boolean {
    return this.at !== 'latest';
  }

  async differences(probes: readonly Probe[]): Promise<Difference[]> {
    const answers = await this.ask(probes);
    return probes.flatMap((probe, index) => {
      const found = fieldsOf(probe, answers[index] ?? '0x');
      const names = Object.keys(probe.stored).filter((name) => probe.stored[name] !== found[name]);
      if (names.length === 0) return [];
      const show = (values: Readonly<Record<string, string>>): string =>
        names.map((name) => `${name} ${values[name]}`).join(', ');
      return [{ check: probe.check, key: probe.key, expected: show(found), found: show(probe.stored) }];
    });
  }

  private async ask(probes: readonly Probe[]): Promise<string[]> {
    try {
      return await this.askAt(this.at, probes);
    } catch (error) {
      if (this.at === 'latest' || !(error instanceof ChainError)) throw error;
      this.at = 'latest';
      return this.askAt('latest', probes);
    }
  }

  /** All probes of a check are of one contract. */
  private askAt(block: bigint | 'latest', probes: readonly Probe[]): Promise<string[]> {
    const [first] = probes;
    if (first === undefined) return Promise.resolve([]);
    const { authorities, vouchers } = this.deployment;
    const calls = probes.map(({ view, args }) => interfaceOf(first).encodeFunctionData(view, [...args]));
    return this.node.callAll(first.target === 'authorities' ? authorities : vouchers, calls, block);
  }
}

function interfaceOf({ target }: Probe): typeof vouchersInterface {
  return target === 'authorities' ? authoritiesInterface : vouchersInterface;
}

function fieldsOf(probe: Probe, answer: string): Record<string, string> {
  const { view, stored } = probe;
  const decoded = interfaceOf(probe).decodeFunctionResult(view, answer);
  const value: unknown = decoded.length === 1 ? decoded.at(0) : decoded;
  const read = (name: string): string =>
    String(value instanceof Result && name !== 'value' ? value.getValue(name) : value);
  return Object.fromEntries(Object.keys(stored).map((name) => [name, read(name)]));
}

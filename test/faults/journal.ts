import type { SignedOrder } from '../support/outside-client.js';

/** What the platform reported to the client: a promise, or a refusal with its code. */
export type Reported = 'accepted' | 'final' | `refused:${string}`;

/** One payment in the client's own book. */
export interface Entry {
  readonly order: SignedOrder;
  readonly payer: string;
  readonly merchant: string;
  /** won */
  readonly amount: bigint;
  /** What has to become of it: null = settled, else the code of the refusal. */
  readonly refused: string | null;
  /** The last definite answer; undefined while every try ended without one. */
  reported: Reported | undefined;
  /** Tries that ended without an answer, or with one that says nothing about the payment. */
  unknown: number;
}

/** A settled payment as the chain or the API has it. */
export interface Settled {
  readonly id: string;
  readonly payer: string;
  readonly merchant: string;
  readonly amount: bigint;
}

/** What was found after the storm. Addresses are lower case. */
export interface Evidence {
  /** Won that each resident got. */
  readonly issued: ReadonlyMap<string, bigint>;
  /** Events of the contract; twice if it settled twice. */
  readonly chain: readonly Settled[];
  /** Rows of the API's list. */
  readonly api: readonly Settled[];
  /** Won that the contract says each resident holds, and each merchant has taken. */
  readonly chainHoldings: ReadonlyMap<string, bigint>;
  readonly chainMerchantBalances: ReadonlyMap<string, bigint>;
  /** The same, as the API says. */
  readonly apiHoldings: ReadonlyMap<string, bigint>;
  readonly apiMerchantBalances: ReadonlyMap<string, bigint>;
}

/** Everything in which journal, chain and API contradict each other; empty when not a won is lost or doubled. */
export function contradictions(journal: readonly Entry[], evidence: Evidence): string[] {
  return [
    ...promises(journal, evidence.chain, 'chain'),
    ...promises(journal, evidence.api, 'api'),
    ...strangers(journal, evidence.chain),
    ...sums(journal, evidence),
  ];
}

/** Accepted = settled exactly once, with the amount that was signed; refused = never. */
function promises(journal: readonly Entry[], settled: readonly Settled[], source: string): string[] {
  const byId = Map.groupBy(settled, ({ id }) => id);
  return journal.flatMap(({ order: { id }, reported, amount, payer, merchant }) => {
    const found = byId.get(id) ?? [];
    const promised = reported === 'accepted' || reported === 'final';
    if (reported === undefined) return [`${id}: never answered`];
    if (found.length !== (promised ? 1 : 0))
      return [`${id}: reported ${reported}, ${found.length} times in ${source}`];
    const wrong = found.filter(
      (one) => one.amount !== amount || one.payer !== payer || one.merchant !== merchant,
    );
    return wrong.map(() => `${id}: other content in ${source} than what was signed`);
  });
}

/** Only what a client sent may settle. */
function strangers(journal: readonly Entry[], settled: readonly Settled[]): string[] {
  const known = new Set(journal.map(({ order }) => order.id));
  return settled.filter(({ id }) => !known.has(id)).map(({ id }) => `${id}: settled, but no client sent it`);
}

function sums(journal: readonly Entry[], evidence: Evidence): string[] {
  const promised = journal.filter(({ reported }) => reported === 'accepted' || reported === 'final');
  const spent = totals(promised.map(({ payer, amount }) => [payer, amount]));
  const taken = totals(promised.map(({ merchant, amount }) => [merchant, amount]));
  const left = new Map([...evidence.issued].map(([who, won]) => [who, won - (spent.get(who) ?? 0n)]));
  return [
    ...differing(left, evidence.chainHoldings, 'balance by chain'),
    ...differing(left, evidence.apiHoldings, 'balance by API'),
    ...differing(taken, evidence.chainMerchantBalances, 'merchant balances by chain'),
    ...differing(taken, evidence.apiMerchantBalances, 'merchant balances by API'),
  ];
}

function differing(
  expected: ReadonlyMap<string, bigint>,
  found: ReadonlyMap<string, bigint>,
  what: string,
): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((who) => (expected.get(who) ?? 0n) !== (found.get(who) ?? 0n))
    .map((who) => `${who}: ${what} is ${found.get(who) ?? 0n}, by journal ${expected.get(who) ?? 0n}`);
}

function totals(amounts: readonly (readonly [who: string, won: bigint])[]): Map<string, bigint> {
  const sum = new Map<string, bigint>();
  for (const [who, won] of amounts) sum.set(who, (sum.get(who) ?? 0n) + won);
  return sum;
}

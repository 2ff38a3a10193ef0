import { contradictions, type Entry, type Evidence } from '../faults/journal.js';
import { Storm, type StormResult } from '../faults/storm.js';
import { TestPlatform } from '../support/platform.js';

/** `npm run test:faults` runs more rounds; these are the ones that hurt most. */
const KILLS = { postgres: 1, worker: 1, api: 1, all: 1 };
const ROUNDS = 4;

describe('kill -9 under payments', () => {
  let platform: TestPlatform;
  let storm: Storm;
  let evidence: Evidence;
  let result: StormResult;

  beforeAll(async () => {
    const startedAt = Date.now();
    platform = await TestPlatform.start();
    storm = await Storm.begin(platform, { kills: KILLS, seed: 4 });
    await storm.rage();
    evidence = await storm.evidence();
    result = await storm.verdict(evidence, startedAt);
  });
  afterAll(() => platform?.dispose(), 60_000);

  it('loses and doubles nothing that was promised', () => {
    expect(result.wrong).toEqual([]);
    expect(result.reconcile).toContain('agree to the won');
    expect(result.rebuild).toContain('identical');
    process.stdout.write(
      `kill storm: ${JSON.stringify({ payments: result.payments, recoveryMs: result.recoveryMs })}\n`,
    );
  });

  it('was a storm: every victim died while people paid, and some tries had no answer', () => {
    expect(result.kills).toEqual(KILLS);
    expect(result.rounds).toBe(ROUNDS);
    expect(result.payments.settled).toBeGreaterThan(ROUNDS * 5);
    expect(result.payments.refused).toBeGreaterThan(0);
    expect(result.payments.tries).toBeGreaterThan(0);
  });

  it('would notice a payment that is lost, doubled, invented or changed', () => {
    const { journal } = storm;
    const settled = evidence.chain[0];
    const promised = journal.find(({ order }) => order.id === settled?.id);
    const refused = journal.find(({ reported }) => reported?.startsWith('refused'));
    if (settled === undefined || promised === undefined || refused === undefined) throw new Error('no storm');
    const { id } = settled;
    const others = evidence.chain.filter((one) => one !== settled);
    const faults = (change: Partial<Evidence>, book: readonly Entry[] = journal) =>
      contradictions(book, { ...evidence, ...change }).join('\n');
    expect(faults({})).toBe('');
    expect(faults({ chain: others })).toContain(`${id}: reported final, 0 times in chain`);
    expect(faults({ chain: [...evidence.chain, settled] })).toContain(
      `${id}: reported final, 2 times in chain`,
    );
    expect(faults({ api: evidence.api.filter((one) => one.id !== id) })).toContain('0 times in api');
    const changed = { ...settled, amount: settled.amount + 1n };
    expect(faults({ chain: [...others, changed] })).toContain('other content in chain');
    expect(
      faults(
        {},
        journal.filter((one) => one !== promised),
      ),
    ).toContain('no client sent it');
    const forgotten = journal.map((one) => (one === promised ? { ...one, reported: undefined } : one));
    expect(faults({}, forgotten)).toContain('never answered');
    const kept = { ...settled, id: refused.order.id };
    expect(faults({ chain: [...evidence.chain, kept] })).toContain('reported refused');
    const one = new Map(
      [...evidence.apiHoldings].map(([who, won], index) => [who, index === 0 ? won - 1n : won]),
    );
    expect(faults({ apiHoldings: one })).toContain('balance by API');
    const two = new Map([...evidence.chainMerchantBalances].map(([who, won]) => [who, won + 1n]));
    expect(faults({ chainMerchantBalances: two })).toContain('merchant balances by chain');
  });
});

import type { BaseWallet } from 'ethers';
import { Dice } from '../../support/dice.js';
import { contradictions, type Entry } from '../journal.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';
import { meaningOf } from '../shopper.js';
import { FaultFixture } from '../fixture.js';

const SKEW_S = 600;
const ROUNDS = { ci: 20, deep: 300 };
/** Seconds from now until an authorisation ends: long ago, soon, and far away even for a clock that is wrong. */
const DEADLINES = { expired: -300, soon: 300, late: 3_600 };
type Kind = keyof typeof DEADLINES;
const KINDS: readonly Kind[] = ['expired', 'soon', 'late'];
/** The right time, ten minutes ahead, ten minutes behind. */
const APIS = ['right', 'ahead', 'behind'] as const;

interface Sent {
  readonly entry: Entry;
  readonly kind: Kind;
  readonly api: (typeof APIS)[number];
  readonly first: Entry['reported'];
}

/** APIs and workers disagree about the time by up to twenty minutes; what database and chain say counts. */
export const clocks: Scenario = {
  name: 'clocks',
  about: 'clocks ten minutes ahead and behind: nothing expired settles, nothing valid is lost',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    const skew = [{}, { clockMs: SKEW_S * 1000 }, { clockMs: -SKEW_S * 1000 }];
    const fixture = await FaultFixture.start({ population: { seed }, apis: skew, workers: skew.slice(1) });
    try {
      const till = new Till(fixture, new Dice(seed));
      for (let round = 0; round < ROUNDS[size]; round++)
        for (const kind of KINDS) for (const api of APIS.keys()) await till.send(kind, api);
      const journal = till.sent.map(({ entry }) => entry);
      const { wrong, evidence } = await fixture.compare(journal);
      const settled = new Set(evidence.chain.map(({ id }) => id));
      const outcomes = outcomesOf(till.sent, settled);
      say(JSON.stringify(outcomes));
      const expired = till.sent.find(({ kind }) => kind === 'expired')?.entry;
      const forged = expired && { ...expired, id: expired.order.id };
      const control = forged && contradictions(journal, { ...evidence, chain: [...evidence.chain, forged] });
      return {
        wrong: [...wrong, ...till.oddities, ...broken(till.sent, settled)],
        control: control?.[0] ?? '',
        figures: { payments: journal.length, settled: settled.size, outcomes },
      };
    } finally {
      await fixture.dispose();
    }
  },
};

class Till {
  readonly sent: Sent[] = [];
  readonly oddities: string[] = [];
  private nonce = 0;

  constructor(
    private readonly fixture: FaultFixture,
    private readonly dice: Dice,
  ) {}

  async send(kind: Kind, api: number): Promise<void> {
    const { residents, market } = this.fixture.population;
    const wallet: BaseWallet = this.dice.pick(residents);
    const merchant = this.dice.pick(market.shops);
    const amount = BigInt(this.dice.whole(100, 2_000));
    const client = this.fixture.client(api);
    const deadline = Math.floor(Date.now() / 1000) + DEADLINES[kind];
    const wish = { merchant, series: market.series, amount, nonce: (this.nonce += 1), deadline };
    const order = await client.signPayment(wallet, wish);
    const answer = await client.pay(order);
    const reported = meaningOf(answer);
    if (reported === undefined) this.oddities.push(`${answer.status} for a payment`);
    const entry = {
      order,
      payer: wallet.address.toLowerCase(),
      merchant,
      amount,
      refused: null,
      reported,
      unknown: 0,
    };
    this.sent.push({ entry, kind, api: APIS[api] ?? 'right', first: reported });
  }
}

/** What must be, whatever the clocks say. */
function broken(sent: readonly Sent[], settled: ReadonlySet<string>): string[] {
  return sent.flatMap(({ entry, kind, api, first }) => {
    const isSettled = settled.has(entry.order.id);
    const what = `${kind} by the API that is ${api}: ${entry.order.id}`;
    if (kind !== 'expired' && !isSettled) return [`${what} was lost: ${first}, then ${entry.reported}`];
    if (kind === 'expired' && isSettled) return [`${what} settled`];
    if (kind === 'expired' && first !== 'refused:deadline_passed')
      return [`the API reported ${first} for ${what}`];
    return [];
  });
}

function outcomesOf(sent: readonly Sent[], settled: ReadonlySet<string>): Record<string, number> {
  const names = sent.map(
    ({ kind, api, first, entry }) =>
      `${kind}, ${api}: ${first}${settled.has(entry.order.id) ? ', settled' : `, ${entry.reported}`}`,
  );
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

import { decodeLog, type PaymentAuthorisation } from '#contracts';
import { toHex } from '#persistence';
import { idsOf, RelayFixture } from '../../../libs/relayer/src/testing/relay-fixture.js';
import { until } from '../../support/until.js';
import type { Signed } from '../../support/world.js';
import { Dice } from '../../support/dice.js';
import { Laboratory } from '../laboratory.js';
import { BAD_KINDS, type BadKind, Kitchen } from '../poison.js';
import type { Scenario, ScenarioOptions, ScenarioResult } from '../scenario.js';

const BATCH = 100;
const BAD_COUNTS = [1, 10, 50, 99];
/** A refused item may cost so many times what a settled one costs. */
const COST_MAX = 2;

type Payment = Signed<PaymentAuthorisation>;

interface Settled {
  readonly gas: number;
  readonly paid: ReadonlySet<string>;
  /** Number of the refusal by id. */
  readonly refused: ReadonlyMap<string, number>;
  /** Won and nonce window of everybody in the batch, as text, before and after. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/** Bad items of every kind share batches with good ones: by hand to measure them, then through the relayer. */
export const poisonedBatches: Scenario = {
  name: 'poisoned-batches',
  about:
    '1, 10, 50 and 99 bad payments of 100, of every kind: the good ones settle, the bad ones burn nothing',
  async run({ seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    return Laboratory.with(async (laboratory) => {
      const world = await laboratory.world();
      try {
        const dice = new Dice(seed);
        const kitchen = await Kitchen.open(world, BATCH);
        const price = await goodPrice(kitchen);
        const wrong: string[] = [];
        const costs: Record<string, number> = {};
        let control = '';
        for (const kind of BAD_KINDS) {
          for (const count of BAD_COUNTS) {
            const good = await kitchen.good(BATCH - count);
            const bad = await kitchen.bad(kind, count);
            const settled = await settle(kitchen, dice.shuffle([...good, ...bad]));
            wrong.push(...faultsOf(kind, good, bad, settled));
            const cost = (settled.gas - price.batch - good.length * price.item) / count;
            costs[kind.key] = Math.max(costs[kind.key] ?? 0, Math.round(cost));
            if (cost > COST_MAX * price.item) wrong.push(`${kind.key}: one of ${count} costs ${cost} gas`);
            control ||=
              faultsOf(kind, good, bad, { ...settled, paid: new Set([...settled.paid].slice(1)) })[0] ?? '';
          }
        }
        say(`a good payment costs ${price.item} gas; bad ones: ${JSON.stringify(costs)}`);
        wrong.push(...(await relayed(kitchen, dice, say)));
        return {
          wrong,
          control,
          figures: { good: price, bad: costs, batches: BAD_KINDS.length * BAD_COUNTS.length },
        };
      } finally {
        await world.close();
      }
    });
  },
};

/** Gas of one more good payment to a merchant who had some before, and of a batch around its items. */
async function goodPrice(kitchen: Kitchen): Promise<{ item: number; batch: number }> {
  await settle(kitchen, await kitchen.good(BATCH));
  const all = await settle(kitchen, await kitchen.good(BATCH));
  const half = await settle(kitchen, await kitchen.good(BATCH / 2));
  const item = Math.round((all.gas - half.gas) / (BATCH / 2));
  return { item, batch: all.gas - BATCH * item };
}

async function settle(kitchen: Kitchen, items: readonly Payment[]): Promise<Settled> {
  const { world } = kitchen;
  const before = await kitchen.holdings(items);
  const receipt = await world.pay(...items);
  const after = await kitchen.holdings(items);
  const paid = new Set<string>();
  const refused = new Map<string, number>();
  for (const { topics, data } of receipt.logs) {
    const event = decodeLog({ topics, data });
    if (event?.name === 'Paid') paid.add(event.payment);
    if (event?.name === 'PaymentRefused') refused.set(event.payment, event.code);
  }
  return { gas: Number(receipt.gasUsed), paid, refused, before, after };
}

function faultsOf(
  kind: BadKind,
  good: readonly Payment[],
  bad: readonly Payment[],
  { paid, refused, before, after }: Settled,
): string[] {
  const what = `${bad.length} × ${kind.key}`;
  const lost = good.filter(({ id }) => !paid.has(id)).length;
  const settled = bad.filter(({ id }) => paid.has(id) && !good.some((one) => one.id === id)).length;
  const unnamed = bad.filter(({ id }) => refused.get(id) !== kind.number).length;
  const payers = new Set(good.map(({ authorisation }) => authorisation.payer));
  const burnt = bad
    .map(({ authorisation }) => `${authorisation.payer} ${authorisation.series}`)
    .filter((key) => !payers.has(key.split(' ')[0] ?? '') && before.get(key) !== after.get(key)).length;
  return [
    lost > 0 ? `${what}: ${lost} good ones did not settle` : '',
    settled > 0 ? `${what}: ${settled} of them settled` : '',
    unnamed > 0 ? `${what}: ${unnamed} were not refused with their code` : '',
    burnt > 0 ? `${what}: ${burnt} burnt won or a number of their payer` : '',
  ].filter((text) => text !== '');
}

/** The same food through outbox and relayer, half of it bad, every kind in one batch. */
async function relayed(kitchen: Kitchen, dice: Dice, say: (line: string) => void): Promise<string[]> {
  const fixture = await RelayFixture.over(kitchen.world, kitchen.series, kitchen.shop, kitchen.villain);
  try {
    const good = await kitchen.good(BATCH / 2);
    const bad: { item: Payment; kind: BadKind }[] = [];
    // A replay has the id of what settled: the outbox itself has it once.
    for (const kind of BAD_KINDS.filter(({ key }) => key !== 'replayed'))
      for (const item of await kitchen.bad(kind, 3)) bad.push({ item, kind });
    await fixture.enqueue(dice.shuffle([...good, ...bad.map(({ item }) => item)]));
    const startedAt = Date.now();
    await fixture.start({ itemsMax: BATCH });
    const ids = [...idsOf(good), ...bad.map(({ item }) => item.id)];
    await until('every item is decided', async () =>
      (await fixture.rowsOf(ids)).every(({ decided_block: block }) => block !== null),
    );
    say(`relayed ${ids.length} items, ${bad.length} of them bad, in ${Date.now() - startedAt} ms`);
    const { db } = kitchen.world;
    const paid = new Set(
      (await db.query<{ id: Buffer }>('SELECT id FROM chain.payment')).map(({ id }) => toHex(id)),
    );
    const codes = new Map(
      (await db.query<{ id: Buffer; code: number }>('SELECT id, code FROM chain.order_refused')).map(
        ({ id, code }) => [toHex(id) as string, code],
      ),
    );
    return [
      ...good.filter(({ id }) => !paid.has(id)).map(({ id }) => `relayed: ${id} did not settle`),
      ...bad
        .filter(({ item, kind }) => codes.get(item.id) !== kind.number)
        .map(
          ({ item, kind }) =>
            `relayed: the API reported ${codes.get(item.id) ?? 'nothing'} for ${kind.key} ${item.id}`,
        ),
    ];
  } finally {
    await fixture.stopRelayers();
    await fixture.stopIndexing();
  }
}

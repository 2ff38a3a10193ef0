import { type HDNodeWallet, MaxUint256, toBeHex } from 'ethers';
import { reconcile } from '#books';
import { contradictions } from '../faults/journal.js';
import { Auditor } from '../faults/evidence.js';
import { Load } from '../faults/load.js';
import { Population } from '../faults/population.js';
import { Dice } from '../support/dice.js';
import { Fleet } from '../support/fleet.js';
import type { Json } from '../support/json.js';
import {
  codeOf,
  ORDER_PATHS,
  ORDER_TYPES,
  OutsideClient,
  type OrderPath,
  walletProver,
} from '../support/outside-client.js';
import { keysOf } from '../support/province.js';
import { until, untilRight } from '../support/until.js';

const SEED = 12;
const RATE = 50;
const HONEST_MIN = 400;
const WORST_MIN = 60;
const LOAD_MS_MAX = 60_000;
const HOUR_SECONDS = 3_600;
const ZERO = `0x${'00'.repeat(20)}`;

/** The edges of an unsigned integer, and of what columns of a database hold. */
function edgesOf(bits: number): bigint[] {
  const edges = [0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 48n - 1n, 2n ** 63n - 1n, 2n ** 63n, MaxUint256];
  const last = 2n ** BigInt(bits) - 1n;
  return [...edges.filter((edge) => edge < last), last];
}

/** A message of edges, signed rightly by its own sender: it gets as far as its batch. */
function worstMessage(fields: readonly Json[], wallet: HDNodeWallet, dice: Dice): Record<string, unknown> {
  const whole = (bits: number, text: boolean): unknown => {
    const value = dice.pick(edgesOf(bits));
    return text ? String(value) : Number(value);
  };
  const valueOf = (name: string, type: string): unknown => {
    const bits = Number(/^uint(\d+)/.exec(type)?.[1] ?? 0);
    if (type === 'address') return wallet.address.toLowerCase();
    if (type.endsWith('[]'))
      return Array.from({ length: dice.whole(1, 9) }, () => whole(bits, false)).filter(
        (one, at, all) => all.indexOf(one) === at,
      );
    if (type.startsWith('bytes')) return toBeHex(dice.pick([0n, MaxUint256]), 32);
    // Most deadlines lie ahead, so that the other edges count.
    if (name === 'deadline' && dice.next() < 0.8) return Math.floor(Date.now() / 1000) + HOUR_SECONDS;
    if (name === 'count') return whole(32, false);
    return whole(bits, name === 'amount' || bits > 48);
  };
  const message = Object.fromEntries(
    fields.map((field) => {
      const [name, type] = [field.at('name').text(), field.at('type').text()];
      return [name, valueOf(name, type)];
    }),
  );
  // The second party of a transfer is another account, or the zero address.
  const [, other] = fields.filter((field) => field.at('type').text() === 'address');
  if (other !== undefined) message[other.at('name').text()] = dice.pick([ZERO, `0x${'ff'.repeat(20)}`]);
  return message;
}

describe('clients that send the worst input of each batched route beside 50 payments a second', () => {
  let fleet: Fleet;
  let client: OutsideClient;
  let population: Population;
  const over = new AbortController();

  beforeAll(async () => {
    fleet = await Fleet.start(1, 1);
    client = new OutsideClient(fleet.apis[0]?.url ?? '');
    population = await Population.found(client, fleet.officers, { seed: SEED });
  });

  afterAll(async () => {
    over.abort();
    await fleet?.dispose();
  });

  /** Sends to one route until it is stopped. @returns what was answered, by status and code */
  async function attack(path: OrderPath, seed: number): Promise<Map<string, number>> {
    const dice = new Dice(seed);
    const chain = await client.get('/v1/chain');
    const fields = chain.at('types', ORDER_TYPES[path]).list();
    const wallets = keysOf(`worst ${path}`, 4);
    const seen = new Map<string, number>();
    while (!over.signal.aborted) {
      const wallet = dice.pick(wallets);
      const order = await client.sign(path, walletProver(wallet), worstMessage(fields, wallet, dice));
      const answer = await client.submit(path, order);
      const key = `${path} ${answer.status} ${codeOf(answer)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    return seen;
  }

  it('change none of the answers to those payments', async () => {
    const load = new Load(population, () => client, RATE, new Dice(SEED));
    const attacks = ORDER_PATHS.map((path, index) => attack(path, index + 1));
    await until('enough of both was sent', () => load.journal.length >= HONEST_MIN, {
      withinMs: LOAD_MS_MAX,
    });
    await load.stop();
    over.abort();
    const seen = (await Promise.all(attacks)).flatMap((one) => [...one]);
    for (const path of ORDER_PATHS) {
      const sent = seen.filter(([key]) => key.startsWith(path)).reduce((sum, [, count]) => sum + count, 0);
      expect([path, sent]).toEqual([path, expect.any(Number)]);
      expect(sent).toBeGreaterThan(WORST_MIN / ORDER_PATHS.length);
    }
    // Refused each for itself; nothing of it is a failure of the server.
    expect(seen.filter(([key]) => !/ 4\d\d \w+$/.test(key))).toEqual([]);
    expect(load.oddities).toEqual([]);
    expect(load.journal.filter(({ unknown }) => unknown > 0)).toEqual([]);
    for (const { order, reported } of load.journal) {
      if (reported !== 'accepted') continue;
      const state = await untilRight(
        'the payment is decided',
        async () => (await client.get(`/v1/payments/${order.id}`)).at('state').text(),
        (now) => now !== 'accepted',
      );
      expect(state).toBe('final');
    }
    const auditor = await Auditor.of(client, fleet.chainUrl, population.market.series);
    const evidence = await auditor.gather(population.issued, population.merchants);
    expect(contradictions(load.journal, evidence)).toEqual([]);
    const node = fleet.openChain();
    const { differences } = await reconcile({ db: fleet.db, node, deployment: fleet.deployment });
    node.close();
    expect(differences).toEqual([]);
    process.stdout.write(
      `${load.journal.length} honest payments; ${JSON.stringify(Object.fromEntries(seen))}\n`,
    );
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Wallet } from 'ethers';
import { LocalSigner } from '#node';
import type { RelayNode } from '#relayer';
import { toBytes } from '#persistence';
import { idsOf, RelayFixture } from '../../../libs/relayer/src/testing/relay-fixture.js';
import { Dice } from '../../support/dice.js';
import { Laboratory } from '../laboratory.js';
import { percentile, type Scenario, type ScenarioOptions, type ScenarioResult } from '../scenario.js';

const ROUNDS = { ci: 2, deep: 25 };
const HEAL_MS_MAX = 60_000;
const CONTROL_MS = 3_000;
/** Nonces that somebody else with the same key used below the stuck transaction, and took above it. */
const BURNED = 3;
const ABOVE = 4;

interface Healing {
  readonly trouble: string;
  readonly items: number;
  readonly settled: number;
  readonly healMs: number;
}

/** Whatever happens to a relayer key's nonces, what was accepted settles without a hand. */
export const nonceTrouble: Scenario = {
  name: 'nonce-trouble',
  about:
    'nonces burned below and taken above a stuck transaction, a dropped mempool, "already known", one key twice',
  async run({ size, seed, say }: ScenarioOptions): Promise<ScenarioResult> {
    return Laboratory.with(async (laboratory) => {
      const fixture = await RelayFixture.create(await laboratory.world());
      const dice = new Dice(seed);
      try {
        const healings: Healing[] = [];
        for (let round = 0; round < ROUNDS[size]; round++) {
          for (const trouble of [takenNonces, droppedMempool, alreadyKnown, oneKeyTwice]) {
            const healed = await trouble(fixture, dice);
            await fixture.stopRelayers();
            healings.push(healed);
            say(`${healed.trouble}: ${healed.settled} of ${healed.items} after ${healed.healMs} ms`);
          }
        }
        const times = healings.map(({ healMs }) => healMs);
        return {
          wrong: healings.filter((one) => !isHealed(one)).map((one) => `not healed: ${JSON.stringify(one)}`),
          control: await neverSent(fixture),
          figures: { healings, healMs: { p50: percentile(times, 50), max: Math.max(...times) } },
        };
      } finally {
        await fixture.stopRelayers();
        fixture.mine();
        await fixture.close();
      }
    });
  },
};

/** Somebody with a copy of the key uses nonces that the journal has given away: some mined, some in the pool. */
async function takenNonces(fixture: RelayFixture): Promise<Healing> {
  const wallet = fixture.world.wallet('shared relayer');
  const signer = new LocalSigner(wallet.privateKey);
  await fixture.holdBlocks();
  const items = await fixture.payments(BURNED + 1 + ABOVE);
  await fixture.enqueue(items);
  await fixture.start({ signers: [signer], node: mute(fixture), itemsMax: 1, inFlightMax: items.length });
  await whenJournalled(fixture, signer, items.length);
  await fixture.stopRelayers();
  for (let nonce = 0; nonce < BURNED; nonce++) await sendForeign(fixture, wallet, nonce);
  await fixture.world.node.mine();
  for (let nonce = BURNED + 1; nonce <= BURNED + ABOVE; nonce++) await sendForeign(fixture, wallet, nonce);
  await fixture.start({ signers: [signer], itemsMax: 1, inFlightMax: items.length });
  return healing('taken nonces', fixture, idsOf(items), () => fixture.mine());
}

/** The node forgets everything that waits, more than once. */
async function droppedMempool(fixture: RelayFixture, dice: Dice): Promise<Healing> {
  await fixture.holdBlocks();
  const items = await fixture.payments(8);
  const signer = fixture.newSigner();
  await fixture.start({ signers: [signer], itemsMax: 1 });
  await fixture.enqueue(items);
  await whenJournalled(fixture, signer, items.length);
  for (let times = dice.whole(1, 4); times > 0; times--) {
    await sleep(dice.whole(50, 300));
    await fixture.world.node.provider.send('anvil_dropAllTransactions', []);
  }
  return healing('dropped mempool', fixture, idsOf(items), () => fixture.mine());
}

/** The node claims to know what it does not have. */
async function alreadyKnown(fixture: RelayFixture, dice: Dice): Promise<Healing> {
  const real = fixture.nodeWith({});
  let lies = dice.whole(5, 20);
  const node = fixture.nodeWith({
    sendRaw: (raw) => (lies-- > 0 ? Promise.resolve({ kind: 'known' }) : real.sendRaw(raw)),
  });
  const items = await fixture.payments(12);
  await fixture.enqueue(items);
  await fixture.start({ node, itemsMax: 3 });
  return healing('already known', fixture, idsOf(items), () => fixture.mine());
}

/** Two relayers believe that the key is theirs: the connection that holds the lock breaks again and again. */
async function oneKeyTwice(fixture: RelayFixture, dice: Dice): Promise<Healing> {
  const wallet = fixture.world.wallet('contested relayer');
  fixture.mine();
  for (let twin = 0; twin < 2; twin++)
    await fixture.start({ signers: [new LocalSigner(wallet.privateKey)], itemsMax: 2, batchDelayMs: 1 });
  const items = await fixture.payments(120);
  const ids = idsOf(items);
  const theft = new AbortController();
  const stealing = (async () => {
    while (!theft.signal.aborted) {
      await sleep(dice.whole(20, 120));
      await fixture.world.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'jangteo-relayer' AND datname = current_database()`,
      );
    }
  })();
  for (let from = 0; from < items.length; from += 10) {
    await fixture.enqueue(items.slice(from, from + 10));
    await sleep(dice.whole(10, 120));
  }
  const result = healing('one key twice', fixture, ids, () => undefined);
  await sleep(1_000);
  theft.abort();
  await stealing;
  return result;
}

/** What the check says of a relayer that sends nothing. */
async function neverSent(fixture: RelayFixture): Promise<string> {
  fixture.mine();
  const items = await fixture.payments(3);
  await fixture.enqueue(items);
  await fixture.start({ node: mute(fixture) });
  const found = await healing('never sent', fixture, idsOf(items), () => undefined, CONTROL_MS);
  await fixture.stopRelayers();
  return isHealed(found) ? '' : `never sent: ${found.settled} of ${found.items} settled`;
}

async function healing(
  trouble: string,
  fixture: RelayFixture,
  ids: readonly string[],
  begin: () => void,
  msMax = HEAL_MS_MAX,
): Promise<Healing> {
  const startedAt = Date.now();
  begin();
  for (;;) {
    const [row] = await fixture.world.db.query<{ settled: bigint }>(
      `SELECT count(*) AS settled FROM chain.payment WHERE id = ANY ($1::bytea[])`,
      [ids.map(toBytes)],
    );
    const settled = Number(row?.settled ?? 0n);
    const healMs = Date.now() - startedAt;
    if (settled === ids.length || healMs > msMax) return { trouble, items: ids.length, settled, healMs };
    await sleep(20);
  }
}

function isHealed({ items, settled, healMs }: Healing): boolean {
  return settled === items && healMs <= HEAL_MS_MAX;
}

/** A node that says it took everything and took nothing. */
function mute(fixture: RelayFixture): RelayNode {
  return fixture.nodeWith({ sendRaw: () => Promise.resolve({ kind: 'sent' }) });
}

async function whenJournalled(
  fixture: RelayFixture,
  signer: { readonly address: string },
  count: number,
): Promise<void> {
  for (const until = Date.now() + 20_000; (await fixture.openTransactions(signer)) < count; await sleep(20))
    if (Date.now() > until) throw new Error('the relayer did not journal in time');
}

async function sendForeign(fixture: RelayFixture, wallet: Wallet, nonce: number): Promise<void> {
  const { chainId, provider } = fixture.world.node;
  const raw = await wallet.signTransaction({
    type: 0,
    chainId,
    nonce,
    to: wallet.address,
    gasPrice: 0,
    gasLimit: 21_000,
  });
  await provider.send('eth_sendRawTransaction', [raw]);
}

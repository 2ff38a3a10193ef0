/**
 * How fast the chain is copied: payments are put on a real node, then every table is built again from the first
 * block. Prints one line of JSON. Usage: npm run bench:indexer [-- number of payments]
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import secp256k1 from 'secp256k1';
import type { Wallet } from 'ethers';
import {
  encodePay,
  packPayment,
  paymentDigest,
  vouchersDomain,
  type StoredTransfer,
  walletSignature,
} from '#contracts';
import { createDatabase, Database, startEmbeddedPostgres } from '#persistence';
import { silentLog } from '#platform';
import { migrate } from '../test/support/database.js';
import { CITY, keyOf, World } from '../test/support/world.js';

const PAYERS = 1_000;
const MERCHANTS = 200;
const PAYMENTS_PER_CALL = 400;
const CALLS_PER_BLOCK = 10;
const ZERO_HASH = `0x${'00'.repeat(32)}`;

interface People {
  readonly payers: readonly Wallet[];
  readonly merchants: readonly string[];
  readonly series: number;
}

async function populate(world: World): Promise<People> {
  const series = await world.publishSeries(CITY, {
    dailyCaps: [4_000_000_000n, 4_000_000_000n, 4_000_000_000n],
  });
  const payers = Array.from({ length: PAYERS }, (_unused, index) => keyOf(`payer ${index}`));
  const merchants = Array.from({ length: MERCHANTS }, (_unused, index) =>
    keyOf(`shop ${index}`).address.toLowerCase(),
  );
  const entries = merchants.map((merchant, index) => ({
    merchant,
    region: CITY,
    category: index % 40,
    size: 0,
  }));
  await world.executeAct('set_merchants', { authority: CITY, entries });
  await world.issueTo(
    series,
    payers.map((account) => ({ account, amount: 10_000_000n })),
  );
  return { payers, merchants, series };
}

/** Signs natively: ethers takes about a millisecond each. */
function payments(
  world: World,
  { payers, merchants, series }: People,
  count: number,
  deadline: number,
): StoredTransfer[] {
  const domain = vouchersDomain(world.deployment);
  const keys = payers.map((payer) => Buffer.from(payer.privateKey.slice(2), 'hex'));
  return Array.from({ length: count }, (_unused, index) => {
    const who = index % payers.length;
    const payment = {
      payer: payers[who]?.address.toLowerCase() ?? '',
      merchant: merchants[(index * 7) % merchants.length] ?? '',
      series: [series],
      amount: BigInt(1 + (index % 9_000)),
      nonce: 1 + Math.floor(index / payers.length),
      deadline,
      order: ZERO_HASH,
    };
    const digest = Buffer.from(paymentDigest(domain, payment).slice(2), 'hex');
    const { signature, recid } = secp256k1.ecdsaSign(digest, keys[who] ?? new Uint8Array());
    return packPayment(payment, walletSignature(Buffer.concat([signature, Buffer.from([27 + recid])])));
  });
}

async function settle(world: World, items: readonly StoredTransfer[]): Promise<void> {
  const calls = [];
  for (let start = 0; start < items.length; start += PAYMENTS_PER_CALL) {
    calls.push({
      to: world.deployment.vouchers,
      data: encodePay(items.slice(start, start + PAYMENTS_PER_CALL)),
    });
  }
  for (let start = 0; start < calls.length; start += CALLS_PER_BLOCK) {
    await world.include(calls.slice(start, start + CALLS_PER_BLOCK));
  }
}

/** What Linux counts CPU time in. */
const TICKS_PER_SECOND = 100;

/** CPU seconds of a process and its threads; 0 where there is no /proc. */
function secondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [utime = '0', stime = '0'] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(utime) + Number(stime)) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** CPU time used so far by this process, by the database's sessions and by the node. */
async function cpuSeconds(world: World): Promise<Record<string, number>> {
  const sessions = await world.db.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database()',
  );
  const { user, system } = process.cpuUsage();
  return {
    indexer: (user + system) / 1e6,
    postgres: sessions.reduce((sum, { pid }) => sum + secondsOf(pid), 0),
    node: secondsOf(world.node.pid),
  };
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 40_000);
  const home = mkdtempSync(path.join(os.tmpdir(), 'jangteo-bench-'));
  // The database server runs under another account when we are root, and has to pass through.
  chmodSync(home, 0o711);
  const postgres = await startEmbeddedPostgres({ home, log: silentLog });
  const url = await createDatabase(postgres.url, 'bench');
  await migrate(url);
  const db = await Database.connect({ url });
  const world = await World.create({ database: { url, db, drop: () => db.close() } });
  try {
    const people = await populate(world);
    await world.index();
    await settle(world, payments(world, people, count, (await world.now()) + 86_400));
    const rebuilt = [];
    for (let round = 1; round <= 3; round++) {
      const indexer = world.indexer();
      await indexer.reset();
      const started = performance.now();
      const before = await cpuSeconds(world);
      let events = 0;
      await indexer.catchUp((step) => (events += step.events));
      const seconds = (performance.now() - started) / 1000;
      const after = await cpuSeconds(world);
      rebuilt.push({
        events,
        seconds: Number(seconds.toFixed(2)),
        events_per_second: Math.round(events / seconds),
        // What it costs, however busy the machine is with other things.
        cpu_seconds: Object.fromEntries(
          Object.entries(after).map(([name, used]) => [
            name,
            Number((used - (before[name] ?? 0)).toFixed(2)),
          ]),
        ),
      });
    }
    const rss = Math.round(process.memoryUsage().rss / 2 ** 20);
    console.log(JSON.stringify({ bench: 'indexer', payments: count, rebuilt, rss_mib: rss }));
  } finally {
    await world.close();
    await postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

await main();

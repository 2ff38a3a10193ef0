import { packPayment, paymentDigest, vouchersDomain } from '#contracts';
import { device, passkey, ringAccount, wallet, type Person } from '../../../test/support/signing-keys.js';
import { CITY, World } from '../../../test/support/world.js';
import { expectedGas, buildCall } from './batch-builder.js';

const COUNT = 60;
const YEAR_SECONDS = 365 * 86_400;
const LIMIT = 1_000_000n;

let world: World;
let series: number[];

beforeAll(async () => {
  world = await World.create();
  const now = await world.now();
  series = [];
  for (const years of [1, 2, 3]) {
    const terms = {
      validUntil: now + years * YEAR_SECONDS,
      dailyCaps: [500_000n, 500_000n, 500_000n] as const,
    };
    series.push(await world.publishSeries(CITY, terms));
  }
});

afterAll(async () => {
  await world?.close();
});

const owner = (name: string) => ({ right: 'owner' as const, key: passkey(name) });
const PEOPLE: Readonly<Record<string, (name: string) => Person>> = {
  wallet,
  device: (name) =>
    ringAccount(LIMIT, [{ right: 'device', key: device(name) }, owner(`${name} owner`)]).by(0),
  passkey: (name) => ringAccount(LIMIT, [owner(name)]).by(0),
};

/** Gas per payment of a batch, and what the relayer expected. */
async function measure(kind: string, of: readonly number[], shops: readonly string[]) {
  const make = PEOPLE[kind];
  if (make === undefined) throw new Error(`no person signs by ${kind}`);
  const payers = Array.from({ length: COUNT }, (_unused, at) =>
    make(`gas ${kind} ${of.length} ${shops.length} ${at}`),
  );
  for (const id of of)
    await world.issueTo(
      id,
      payers.map(({ address }) => ({ account: address, amount: 1_000n })),
    );
  const deadline = (await world.now()) + 3_600;
  const payloads = payers.map((payer, at) => {
    const merchant = shops[at % shops.length] ?? '';
    // A part stays in the last series, so that no slot becomes empty there; the others are used up.
    const amount = 1_000n * BigInt(of.length) - 500n;
    const item = {
      payer: payer.address,
      merchant,
      amount,
      series: of,
      nonce: 1,
      deadline,
      order: `0x${'00'.repeat(32)}`,
    };
    return packPayment(item, payer.prove(paymentDigest(vouchersDomain(world.deployment), item)));
  });
  const call = buildCall('payment', payloads, world.deployment.vouchers);
  const receipt = await world.send(call);
  // ReceiptsStored is the last; every part has an event of its own, and one of ERC-1155.
  expect(receipt.logs.length).toBe(1 + 2 * COUNT * of.length);
  return { used: Number(receipt.gasUsed), expected: expectedGas(payloads), limit: call.gasLimit };
}

describe('a batch uses less gas than its limit, and about what is expected', () => {
  it.each([
    ['wallet', 1],
    ['device', 1],
    ['passkey', 1],
    ['wallet', 3],
    ['passkey', 3],
  ])('%s, %i series', async (kind, count) => {
    const of = series.slice(0, count);
    const shop = (await world.registerMerchant(CITY)).address.toLowerCase();
    const { used, expected, limit } = await measure(kind, of, [shop]);
    expect(used).toBeLessThan(limit);
    // A device's first payment ever writes a new slot, which is not expected of most.
    expect((used - (kind === 'device' ? 20_000 * COUNT : 0)) / expected).toBeLessThan(1.1);
    expect(used / expected).toBeGreaterThan(0.8);
  });

  it('also when every payment is the first of its merchant', async () => {
    const shops = [];
    for (let at = 0; at < COUNT; at++) shops.push(world.wallet('first').address.toLowerCase());
    const entries = shops.map((merchant) => ({ merchant, region: CITY, category: 1, size: 0 }));
    await world.executeAct('set_merchants', { authority: CITY, entries });
    const { used, limit } = await measure('wallet', series.slice(0, 1), shops);
    expect(used).toBeLessThan(limit);
  });
});

/**
 * An outside wallet: knows `fetch`, `ethers` and the keys in demo.json, and nothing of this project's code.
 * A resident pays in the region, is refused outside it, is refused on replay, and finds the payment in the report.
 *
 *   node test/outside/pay.mjs [demo.json]        default: $JANGTEO_HOME/demo.json or .jangteo/demo.json
 *
 * Exit code 1 when anything ends otherwise than it must.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Wallet } from 'ethers';

const AMOUNT = 4_500n;
const FINAL_MS_MAX = 20_000;

const file = process.argv[2] ?? path.join(process.env.JANGTEO_HOME ?? '.jangteo', 'demo.json');
const demo = JSON.parse(await readFile(file, 'utf8'));

async function request(method, route, body) {
  const response = await fetch(new URL(route, demo.apiUrl), {
    method,
    headers: { 'accept-language': 'en', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(route) {
  const { status, body } = await request('GET', route);
  if (status !== 200) throw new Error(`GET ${route} → ${status} ${JSON.stringify(body)}`);
  return body;
}

function say(title, text) {
  process.stdout.write(`${title.padEnd(24)} ${text}\n`);
}

function expect(what, found, wanted) {
  if (found !== wanted)
    throw new Error(`${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
}

const won = (amount) => `${BigInt(amount).toLocaleString('en')} won`;

/** A resident with enough of a city's own voucher, a shop that takes it and one elsewhere that may not. */
async function findPeople() {
  const shops = demo.cities.flatMap((city) => city.someMerchants).filter((shop) => !shop.suspended);
  const accepted = new Map();
  for (const shop of shops) {
    const { accepts } = await get(`/v1/merchants/${shop.address}`);
    accepted.set(shop, new Set(accepts.map(({ id }) => id)));
  }
  for (const series of demo.series) {
    const near = shops.find(
      (shop) => shop.region.startsWith(series.authority) && accepted.get(shop).has(series.id),
    );
    const far = shops.find(
      (shop) => !shop.region.startsWith(series.authority) && !accepted.get(shop).has(series.id),
    );
    const city = demo.cities.find(({ region }) => region === series.authority);
    if (!near || !far || !city) continue;
    for (const resident of city.someResidents) {
      const { frozen, items } = await get(`/v1/accounts/${resident.address}/holdings`);
      const holding = items.find((item) => item.series.id === series.id);
      const left = [holding?.spendable ?? 0n, holding?.dailyCapLeft ?? AMOUNT].map(BigInt);
      if (!frozen && left.every((rest) => rest >= AMOUNT)) return { series, near, far, resident, holding };
    }
  }
  throw new Error('no resident in demo.json has enough of a city’s voucher left');
}

const chain = await get('/v1/chain');
say(
  'Chain',
  `${chain.chainId}, vouchers at ${chain.contracts.vouchers}, block ${chain.indexedBlock?.number}`,
);

const { series, near, far, resident, holding } = await findPeople();
const wallet = new Wallet(resident.privateKey);
say('Series', `${series.id}: ${series.name.en} of region ${series.authority}`);
say('Resident', `${resident.address} holds ${won(holding.balance)}`);

/** Signs with the domain and the types that GET /v1/chain gave, and submits. */
async function pay(merchant, nonce, amount = AMOUNT) {
  const authorisation = {
    payer: resident.address,
    merchant,
    series: [series.id],
    amount: String(amount),
    nonce,
    deadline: Math.floor(Date.now() / 1000) + 180,
    order: `0x${randomBytes(32).toString('hex')}`,
  };
  const { Payment } = chain.types;
  const proof = await wallet.signTypedData(chain.domains.vouchers, { Payment }, authorisation);
  const answer = await request('POST', '/v1/payments', { authorisation, proof });
  return { ...answer, submit: () => request('POST', '/v1/payments', { authorisation, proof }) };
}

const sentAt = performance.now();
const paid = await pay(near.address, holding.nextNonce);
expect('payment in the region', paid.status, 202);
const acceptedMs = performance.now() - sentAt;
let state = paid.body;
while (state.state === 'accepted' && performance.now() - sentAt < FINAL_MS_MAX) {
  await sleep(25);
  state = await get(`/v1/payments/${paid.body.id}`);
}
expect('state of the payment', state.state, 'final');
const seconds = ((performance.now() - sentAt) / 1000).toFixed(2);
say(
  'Pays in the region',
  `${won(AMOUNT)} at ${near.name} (${near.region}): accepted after ${acceptedMs.toFixed(0)} ms`,
);
say('', `final after ${seconds} s in block ${state.block.number}, payment ${state.id}`);

const outside = await pay(far.address, holding.nextNonce + 1);
expect('payment out of the region', outside.body.code, 'wrong_region');
say('Pays out of the region', `${outside.status} ${outside.body.code}: ${outside.body.detail}`);

const same = await paid.submit();
expect(
  'the same authorisation',
  [same.status, same.body.id, same.body.state].join(),
  [200, state.id, 'final'].join(),
);
say('Sends it again', `${same.status} ${same.body.state}: the same payment, paid once`);

const replay = await pay(near.address, holding.nextNonce, AMOUNT + 1n);
expect('the same nonce', replay.body.code, 'replayed');
say('Uses the nonce again', `${replay.status} ${replay.body.code}: ${replay.body.detail}`);

const report = await get(`/v1/reports/summary?group=series&series=${series.id}`);
const figure = report.total.paid;
let found;
for (let cursor = ''; cursor !== null && found === undefined;) {
  const page = await get(`${figure.href}&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
  found = page.items.find(({ id }) => id === state.id);
  cursor = page.next;
}
expect('the row behind the report', found?.amount, String(AMOUNT));
say(
  'Finds it in the report',
  `series ${series.id}: ${won(figure.amount)} in ${figure.count} payments; row ${found.id.slice(0, 18)}… at ${found.at}`,
);
const after = await get(`/v1/accounts/${resident.address}/holdings`);
const balance = after.items.find((item) => item.series.id === series.id)?.balance ?? '0';
expect('balance', BigInt(balance), BigInt(holding.balance) - AMOUNT);
say('Balance', `${won(holding.balance)} − ${won(AMOUNT)} = ${won(balance)}`);

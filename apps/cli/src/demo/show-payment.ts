import type { LoadedDemo } from './run.js';
import { participants, readWallets } from './holdings.js';
import { Dice } from './dice.js';
import type { Http } from './http.js';
import { demoKey } from './keys.js';
import type { DemoMerchant } from './plan.js';
import { pause } from './pool.js';
import { Shops, spendable, type SpendableHolding, type ResidentHoldings } from './spendable.js';
import { NO_ORDER, Pen } from './signing.js';

const FINAL_MAX_MS = 20_000;
const AMOUNT = 4_500n;

/**
 * One resident pays in region and then out of region; requests and answers are shown as any client would see them.
 * @returns whether both ended as they had to
 */
export async function showPayment(
  http: Http,
  demo: LoadedDemo,
  print: (text: string) => void,
): Promise<boolean> {
  const found = await payer(http, demo);
  if (found === undefined) {
    print('No demo resident has enough left of a city’s voucher.');
    return false;
  }
  const { wallet, holding, near, far } = found;
  const pen = await Pen.of(http);
  const key = demoKey(demo.plan.seed, 'resident', wallet.resident.city, wallet.resident.index);
  const pay = async (shop: DemoMerchant, nonce: number): Promise<{ id: string; state: string }> => {
    const signed = pen.payment(key, {
      payer: wallet.resident.address,
      merchant: shop.address,
      series: [holding.series.id],
      amount: String(AMOUNT),
      nonce,
      deadline: http.now() + 180,
      order: NO_ORDER,
    });
    print(`POST /v1/payments\n${JSON.stringify(signed.body, null, 2)}`);
    const { status, body } = await http.send('POST', '/v1/payments', signed.body);
    print(`→ ${status}\n${JSON.stringify(body.value, null, 2)}\n`);
    return { id: signed.id, state: status < 300 ? body.at('state').text() : body.at('code').text() };
  };
  print(`# ${holding.series.terms.programme.ko}: ${near.name} (${near.region}), in region\n`);
  const inside = await pay(near, holding.nextNonce);
  const settled = await final(http, inside.id, print);
  print(`\n# ${holding.series.terms.programme.ko}: ${far.name} (${far.region}), out of region\n`);
  const outside = await pay(far, holding.nextNonce + 1);
  return settled && outside.state === 'wrong_region';
}

async function final(http: Http, id: string, print: (text: string) => void): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < FINAL_MAX_MS) {
    const now = await http.get(`/v1/payments/${id}`);
    if (now.at('state').text() !== 'accepted') {
      const seconds = ((performance.now() - started) / 1000).toFixed(2);
      print(
        `GET /v1/payments/${id}\n→ ${now.at('state').text()} after ${seconds} s\n${JSON.stringify(now.value, null, 2)}`,
      );
      return now.at('state').text() === 'final';
    }
    await pause(50);
  }
  return false;
}

interface Found {
  readonly wallet: ResidentHoldings;
  readonly holding: SpendableHolding;
  readonly near: DemoMerchant;
  readonly far: DemoMerchant;
}

/** A resident of a city whose voucher is good at home only, with a shop that takes it and one that may not. */
async function payer(http: Http, { plan, series }: LoadedDemo): Promise<Found | undefined> {
  const people = participants(plan, [], 200, new Dice(`${plan.seed}/show/${Date.now()}`));
  const shops = new Shops(plan.cities.flatMap((city) => city.merchants));
  for (const resident of people.filter(({ bought, frozen }) => bought > 0n && !frozen)) {
    const [wallet] = await readWallets(http, [resident], series, 1);
    const holding = wallet?.holdings.find((one) => one.series.authority === resident.city);
    if (wallet === undefined || holding === undefined || spendable(holding) < AMOUNT) continue;
    const near = shops.that('ok', holding.series)[0];
    const far = shops.that('wrong_region', holding.series)[0];
    if (near !== undefined && far !== undefined) return { wallet, holding, near, far };
  }
  return undefined;
}

import { reconcile, rebuild } from '#books';
import { Indexer } from '#indexer';
import { ledgerProjectors } from '#ledger';
import type { Fleet } from '../support/fleet.js';
import { codeOf, OutsideClient, type PaymentWish } from '../support/outside-client.js';
import { GYEONGBUK, GYEONGJU, keysOf, POHANG_NAM, Province } from '../support/province.js';
import { lawSteps } from './law.js';
import { expectThat, type Step } from './step.js';

const EACH = 1_000_000n;
const RECIPIENTS = 40;
const PAYERS = 20;

/** The whole life of a voucher over HTTP, on whatever chain the fleet stands. */
export function chainSuite(fleet: Fleet): Step[] {
  const [api] = fleet.apis;
  if (api === undefined) throw new Error('the fleet has no API');
  const client = new OutsideClient(api.url);
  const residents = keysOf('chain suite residents', RECIPIENTS);
  const [shop, elsewhere, bakery] = keysOf('chain suite shops', 3);
  if (shop === undefined || elsewhere === undefined || bakery === undefined) throw new Error('no keys');
  const fixture = { series: 0, paid: 0n };
  let province: Province;

  const pay = async (payer: (typeof residents)[number], wish: Omit<PaymentWish, 'series'>) => {
    const order = await client.signPayment(payer, { series: fixture.series, ...wish });
    const answer = await client.pay(order);
    return { id: order.id, answer, order };
  };
  const [first] = residents;
  const [buyer, neighbour] = residents.slice(PAYERS);
  if (first === undefined || buyer === undefined || neighbour === undefined) throw new Error('no residents');

  return [
    {
      name: 'contracts are deployed',
      run: async () => `chain ${fleet.deployment.chainId}, block ${fleet.deployment.blockNumber}`,
    },
    {
      name: 'officers’ acts are executed',
      run: async () => {
        province = await Province.found(client, fleet.officers);
        const stall = { category: 'market_stall', size: 0 };
        await province.register(
          GYEONGJU,
          [shop, bakery].map((wallet) => ({ wallet, region: GYEONGJU, ...stall })),
        );
        await province.register(GYEONGBUK, [{ wallet: elsewhere, region: POHANG_NAM, ...stall }]);
        fixture.series = await province.publish({ authority: GYEONGJU });
        return `two authorities, three merchants, series ${fixture.series}`;
      },
    },
    {
      name: 'a list is issued',
      run: async () => {
        const items = residents.map(({ address }) => ({ account: address, amount: EACH }));
        await province.issue(GYEONGJU, fixture.series, items);
        return `${RECIPIENTS} recipients`;
      },
    },
    {
      name: 'payments become final',
      run: async () => {
        const startedAt = Date.now();
        const paid = await Promise.all(
          residents
            .slice(0, PAYERS)
            .map((payer, index) =>
              pay(payer, { merchant: shop.address, amount: BigInt(1_000 + index), nonce: 1 }),
            ),
        );
        for (const { id, answer } of paid) {
          expectThat(answer.status === 202, `accepted, not ${answer.status} ${codeOf(answer)}`);
          const view = await client.decided(id);
          expectThat(view.at('state').text() === 'final', 'a payment is final');
          fixture.paid += view.at('amount').won();
        }
        return `${paid.length} payments, all final after ${Date.now() - startedAt} ms`;
      },
    },
    {
      name: 'what the contract forbids is refused',
      run: async () => {
        const outside = await pay(first, { merchant: elsewhere.address, amount: 1_000n, nonce: 2 });
        expectThat(codeOf(outside.answer) === 'wrong_region', 'a payment outside the region is refused');
        const { order } = await pay(first, { merchant: shop.address, amount: 500n, nonce: 3 });
        await client.decided(order.id);
        fixture.paid += 500n;
        const again = await client.pay(order);
        expectThat(again.status === 200, 'the same authorisation has the same answer');
        return 'wrong_region; a repeated payment counts once';
      },
    },
    ...lawSteps({ client, province: () => province, stall: shop, bakery, neighbour, buyer }),
    {
      name: 'merchant balances are redeemed',
      run: async () => {
        const order = await client.signRedemption(shop, {
          series: fixture.series,
          amount: fixture.paid,
          nonce: 1,
        });
        await client.redeem(order);
        const view = await client.decided(order.id, 'redemptions');
        expectThat(view.at('state').text() === 'final', 'the redemption is final');
        return `${fixture.paid} won`;
      },
    },
    {
      name: 'chain, tables and books agree, and again after copying from the first block',
      run: async () => {
        const node = fleet.openChain();
        try {
          const options = { db: fleet.db, node, deployment: fleet.deployment };
          const { differences, rows } = await reconcile(options);
          expectThat(differences.length === 0, `no difference: ${JSON.stringify(differences.slice(0, 3))}`);
          for (const worker of [...fleet.workers])
            expectThat((await worker.stop()) === 0, 'the worker ends well');
          const indexer = new Indexer({
            ...options,
            databaseUrl: fleet.databaseUrl,
            projectors: ledgerProjectors(),
          });
          const { differing, events } = await rebuild({ db: fleet.db, indexer });
          expectThat(differing.length === 0, `the same to the byte: ${differing.join()}`);
          return `${rows} rows of the contracts’ state, ${events} events`;
        } finally {
          node.close();
        }
      },
    },
  ];
}

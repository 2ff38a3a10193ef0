import type { BaseWallet } from 'ethers';
import { walletProver, type OrderPath, type OutsideClient, type Prover } from '../support/outside-client.js';
import { GYEONGJU, type Province } from '../support/province.js';
import { device, passkey, ringAccount } from '../support/signing-keys.js';
import { expectThat, type Step } from './step.js';

const GIVEN = 50_000n;
const DEVICE_LIMIT = 10_000n;

/** Who plays: two registered merchants and two residents with wallets. */
export interface Players {
  readonly client: OutsideClient;
  readonly province: () => Province;
  readonly stall: BaseWallet;
  readonly bakery: BaseWallet;
  readonly neighbour: BaseWallet;
  readonly buyer: BaseWallet;
}

/** What may happen to a voucher besides being paid and redeemed, and keys that a node knows by a precompile. */
export function lawSteps({ client, province, stall, bakery, neighbour, buyer }: Players): Step[] {
  const family = ringAccount(DEVICE_LIMIT, [
    { right: 'owner', key: passkey('chain suite passkey') },
    { right: 'device', key: device('chain suite phone') },
  ]);
  const [owner, phone] = [family.by(0), family.by(1)];
  let series = 0;
  let payment = '';

  const order = async (path: OrderPath, signer: Prover, message: Readonly<Record<string, unknown>>) => {
    const signed = await client.sign(path, signer, message);
    const answer = await client.submit(path, signed);
    expectThat(answer.status === 202, `${path}: accepted, not ${JSON.stringify(answer.body.value)}`);
    const view = await client.decided(signed.id, path);
    expectThat(view.at('state').text() === 'final', `${path}: final, not ${JSON.stringify(view.value)}`);
    return signed.id;
  };
  const pay = (signer: Prover, amount: bigint, nonce: number) =>
    order('payments', signer, {
      payer: family.address,
      merchant: nameOf(stall),
      series: [series],
      amount: String(amount),
      nonce,
    });

  return [
    {
      name: 'a phone and a passkey pay (P-256)',
      run: async () => {
        series = await province().publish({ authority: GYEONGJU, sold: true });
        const accounts = [family.address, nameOf(buyer)];
        const items = accounts.map((account) => ({ account, amount: GIVEN }));
        await province().issue(GYEONGJU, series, items);
        payment = await pay(phone, 9_000n, 1);
        await pay(owner, 11_000n, 2);
        return '9000 won by phone, 11000 won by passkey';
      },
    },
    {
      name: 'a merchant takes a part of a payment back',
      run: async () => {
        await order('voids', walletProver(stall), {
          merchant: nameOf(stall),
          payment,
          series,
          amount: '4000',
          nonce: 1,
        });
        return '4000 won';
      },
    },
    {
      name: 'vouchers are given away, and merchant balances spent at another merchant’s',
      run: async () => {
        await order('gifts', owner, {
          giver: family.address,
          receiver: nameOf(neighbour),
          series,
          amount: '5000',
          nonce: 3,
        });
        await order('circulations', walletProver(stall), {
          merchant: nameOf(stall),
          recipient: nameOf(bakery),
          series,
          amount: '6000',
          nonce: 2,
        });
        return '5000 won given, 6000 won hopped';
      },
    },
    {
      name: 'an untouched holding is refunded',
      run: async () => {
        await order('refunds', walletProver(buyer), {
          account: nameOf(buyer),
          series,
          amount: String(GIVEN),
          nonce: 1,
        });
        return `${GIVEN} won`;
      },
    },
  ];
}

function nameOf(wallet: BaseWallet): string {
  return wallet.address.toLowerCase();
}

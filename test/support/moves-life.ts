import type { BaseWallet } from 'ethers';
import type { SigningDomain } from '#contracts';
import { moveConsentOf } from './consents.js';
import type { OutsideClient } from './outside-client.js';
import { GYEONGBUK, GYEONGJU, type Province } from './province.js';
import { signHandOverObjection } from './signing.js';

/** Two residents of the city: one without keys, who is handed over, and one who objects and moves by an own consent. */
export interface Movers {
  readonly handedOver: string;
  readonly moving: BaseWallet;
}

/** Whom the city hands over to the province: one proposal is taken back, one is stopped by its holder, one stands. */
export async function proposeHandOvers(
  client: OutsideClient,
  province: Province,
  domain: SigningDomain,
  { handedOver, moving }: Movers,
): Promise<void> {
  const account = moving.address.toLowerCase();
  const propose = (to: string | null, accounts: readonly string[]) =>
    province.act({ kind: 'propose_hand_over', authority: GYEONGJU, args: { to, accounts } });
  await propose(GYEONGBUK, [handedOver, account]);
  await propose(null, [account]);
  await propose(GYEONGBUK, [account]);
  await objectToHandOver(client, domain, moving);
}

/** Objects to the hand-over that an account shows, and waits until none is proposed. */
export async function objectToHandOver(
  client: OutsideClient,
  domain: SigningDomain,
  holder: BaseWallet,
): Promise<void> {
  const account = holder.address.toLowerCase();
  const view = () => client.get(`/v1/accounts/${account}/holdings`);
  const proposed = await client.until(view, (now) => now.at('handOver').present);
  const deadline = Math.floor(Date.now() / 1000) + client.ahead + 3_600;
  const words = {
    account,
    to: proposed.at('handOver', 'to').text(),
    number: proposed.at('handOver', 'number').number(),
    deadline,
  };
  const proof = await signHandOverObjection(holder, domain, words);
  await client.post(`/v1/accounts/${account}/hand-over-objections`, { deadline, proof });
  await client.until(view, (now) => !now.at('handOver').present);
}

/** Once the notice is over: the province answers for both. */
export async function takeOver(
  client: OutsideClient,
  province: Province,
  domain: SigningDomain,
  { handedOver, moving }: Movers,
): Promise<void> {
  const move = { from: GYEONGJU, to: GYEONGBUK, number: 0 };
  const entries = [
    { account: handedOver, place: GYEONGJU },
    {
      account: moving.address.toLowerCase(),
      place: GYEONGJU,
      consent: moveConsentOf(domain, moving.address, move),
    },
  ];
  await province.act({ kind: 'take_accounts', authority: GYEONGBUK, args: { entries } });
  for (const { account } of entries) {
    await client.until(
      () => client.get(`/v1/accounts/${account}/holdings`),
      (now) => now.at('authority').text() === GYEONGBUK,
    );
  }
}

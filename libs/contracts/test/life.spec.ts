import { startTestNode, type TestNode } from '../../../test/support/test-node.js';
import { Life, eventsOf } from './support/life.js';
import { CHAIN_ID, CHAIN_START, openChain, openEdrChain, type TestChain } from './support/test-chain.js';

async function openAnvil(): Promise<TestChain> {
  const node: TestNode = await startTestNode({ chainId: CHAIN_ID, timestamp: CHAIN_START });
  return openChain({
    provider: node.provider,
    include: async (raw, time) => {
      await node.provider.send('eth_sendRawTransaction', [raw]);
      await node.mine(time);
    },
    stop: () => node.stop(),
  });
}

/** Every step of the life, and the events that the contracts emit in it. */
const STORY = [
  ['merchants', 'MerchantSet', 'MerchantSet', 'MerchantSet', 'ActExecuted'],
  [
    ...['accounts', 'AccountAttested', 'AccountAttested', 'AccountAttested', 'AccountAttested'],
    ...['OpenedWithoutKeys', 'ActExecuted'],
  ],
  ['paused', 'SeriesPaused', 'ActExecuted'],
  ['extended', 'SeriesExtended', 'ActExecuted'],
  ['payouts held', 'PayoutsHeld', 'ActExecuted'],
  ['suspended', 'MerchantStatusSet', 'ActExecuted'],
  ['frozen', 'AccountFrozen', 'ActExecuted'],
  ['delegated', 'BudgetDelegated', 'ActExecuted'],
  ['budget', 'BudgetSet', 'ActExecuted'],
  ['list of the first series', 'Issued 100000', 'Issued 100000', 'Issued 100000', 'ChunkIssued'],
  ['list of the second series', 'Issued 50000', 'Issued 50000', 'ChunkIssued'],
  ['quota', 'QuotaApproved', 'ActExecuted'],
  ['issue by quota', 'Issued 50000', 'IssueRefused month_cap_exceeded', 'Issued 50000', 'ChunkIssued'],
  ['quota closed', 'IssueOrderClosed', 'ActExecuted'],
  [
    ...['pay', 'Paid 5000', 'Paid 95000', 'Paid 25000', 'Paid 70000', 'PaymentRefused replayed'],
    ...['PaymentRefused insufficient_balance', 'PaymentRefused merchant_unknown'],
    ...['PaymentRefused signature_invalid', 'ReceiptsStored'],
  ],
  [
    ...['pay with passkey and device', 'Paid 20000', 'Paid 9000', 'PaymentRefused device_limit_exceeded'],
    ...['Paid 1000', 'ReceiptsStored'],
  ],
  ['void', 'Voided 2000', 'VoidRefused void_exceeds_payment'],
  ['gift', 'Given 10000', 'GiftRefused owner_key_needed'],
  ['circulate', 'Circulated 40000'],
  ['circulate what hopped', 'CirculationRefused hop_limit_reached'],
  ['refund', 'Refunded 20000', 'RefundRefused refund_not_due', 'Refunded 50000'],
  ['cancel', 'Cancelled', 'CancellationRefused nothing_to_cancel'],
  ['cancel as merchant', 'MerchantCancelled', 'MerchantCancellationRefused nothing_to_cancel'],
  ['redeem', 'Redeemed 55000', 'RedemptionRefused insufficient_merchant_balance', 'ReceiptsStored'],
  [
    ...['settle', 'Redeemed 100000', 'RedemptionRefused insufficient_merchant_balance'],
    ...['RedemptionRefused insufficient_merchant_balance', 'ReceiptsStored', 'ActExecuted'],
  ],
  ['return', 'RedemptionReturned 100000', 'ActExecuted'],
  ['keys changed', 'KeysChanged'],
  ['pay with old and new key', 'PaymentRefused signature_invalid', 'Paid 1', 'ReceiptsStored'],
  ['replacement proposed', 'ReplacementProposed', 'ActExecuted'],
  ['replacement stopped', 'ReplacementStopped'],
  ['keys replaced', 'KeysChanged'],
  ['first keys', 'KeysChanged', 'ActExecuted'],
  ['hand-over proposed', 'HandOverProposed', 'HandOverProposed', 'ActExecuted'],
  ['hand-over stopped', 'HandOverStopped'],
  ['moved by consent', 'AccountTaken', 'EntrySkipped', 'ActExecuted'],
  ['taken as handed over', 'EntrySkipped', 'AccountTaken', 'EntrySkipped', 'ActExecuted'],
  ['token to a merchant', 'Paid 4000', 'ReceiptsStored'],
  ['token to a resident', 'Given 6000'],
  ['expiry started', 'SeriesExpiring', 'ActExecuted'],
  ['expire', 'Expired 25000', 'Expired 50000'],
  ['redeem the rest', 'Redeemed 25000', 'ReceiptsStored'],
  ['closed', 'SeriesClosed', 'ActExecuted'],
];

/** budget, approved, issued, redeemed, refunded and expired of each series in the end. */
const SUPPLIES = [
  [2_000_000n, 310_000n, 310_000n, 55_000n, 20_000n, 0n],
  [1_000_000n, 100_000n, 100_000n, 25_000n, 0n, 75_000n],
  [1_000_000n, 100_000n, 100_000n, 0n, 50_000n, 0n],
];

const lives = new Map<string, Life>();

describe.each([
  ['EDR', openEdrChain],
  ['anvil', openAnvil],
])('the whole life of a voucher on %s', (name, open) => {
  let life: Life;

  beforeAll(async () => {
    life = await Life.open(await open());
    lives.set(name, life);
    await life.live();
  });

  afterAll(() => lives.get(name)?.close());

  it('emits the expected events at every step', () => {
    expect(life.steps.map((step) => [step.name, ...eventsOf(step)])).toEqual(STORY);
  });

  it('leaves the supply that the steps say', () => {
    const state = life.steps.at(-1)?.state ?? {};
    expect([1, 2, 3].map((series) => state[`supply ${series}`])).toEqual(SUPPLIES);
    expect(state['seriesState 2']).toEqual([BigInt(CHAIN_START + 367 * 86_400), 0n, true, true, 0n]);
  });
});

describe('the lives on both chains', () => {
  it('agree in every event, byte for byte, and in all state after each step', () => {
    const [edr, anvil] = [lives.get('EDR'), lives.get('anvil')];
    expect(anvil?.steps).toHaveLength(STORY.length);
    for (const [index, step] of (anvil?.steps ?? []).entries()) expect(step).toEqual(edr?.steps[index]);
  });
});

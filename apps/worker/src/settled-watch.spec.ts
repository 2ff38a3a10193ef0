import type { IndexedBatch } from '#indexer';
import { refusal } from '#domain';
import { Log, Metrics } from '#platform';
import { SettledWatch } from './settled-watch.js';

const HASH = `0x${'ab'.repeat(32)}`;
const idOf = (digit: string) => `0x${digit.repeat(64)}`;
const place = { txHash: HASH, blockNumber: 7n };

/** Events as the indexer hands them on, with what the watch reads of them. */
function batchOf(...events: object[]): IndexedBatch {
  return { events: events.map((event) => ({ ...place, ...event })), blocks: [] } as unknown as IndexedBatch;
}

describe('what the chain decides', () => {
  let metrics: Metrics;
  let watch: SettledWatch;
  let lines: Record<string, unknown>[];

  beforeEach(() => {
    metrics = new Metrics();
    lines = [];
    const log = Log.create('worker', 'debug', { write: (line) => void lines.push(JSON.parse(line)) });
    watch = new SettledWatch(metrics, log);
  });

  const counted = async (name: string) =>
    (await metrics.registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => [
      ...Object.values(labels),
      value,
    ]);

  it('is counted by kind, a payment out of several series once', async () => {
    watch.applied(
      batchOf(
        { name: 'Paid', payment: idOf('1'), series: 1 },
        { name: 'Paid', payment: idOf('1'), series: 2 },
        { name: 'Redeemed', redemption: idOf('2') },
        { name: 'Voided', voidId: idOf('3') },
        { name: 'Given', gift: idOf('4') },
        { name: 'Circulated', circulation: idOf('5') },
        { name: 'Refunded', refund: idOf('6') },
        { name: 'ReceiptsStored', batch: 1n },
      ),
    );
    const kinds = ['payment', 'redemption', 'void', 'gift', 'circulation', 'refund'];
    expect(await counted('jangteo_orders_final_total')).toEqual(kinds.map((kind) => [kind, 1]));
    expect(lines).toEqual(
      kinds.map((kind, index) =>
        expect.objectContaining({
          event: `${kind}.final`,
          [`${kind}Id`]: idOf(String(index + 1)),
          txHash: HASH,
          blockNumber: 7,
        }),
      ),
    );
  });

  it('is counted by code when it is a refusal, whatever number a later contract may have', async () => {
    const { number } = refusal('refund_not_due');
    watch.applied(
      batchOf(
        { name: 'RefundRefused', refund: idOf('1'), code: number },
        { name: 'VoidRefused', voidId: idOf('2'), code: 250 },
      ),
    );
    expect(await counted('jangteo_orders_refused_on_chain_total')).toEqual([
      ['refund', 'refund_not_due', 1],
      ['void', 'unknown', 1],
    ]);
    expect(lines).toMatchObject([
      { event: 'refund.refused_on_chain', refundId: idOf('1'), code: 'refund_not_due' },
      { event: 'void.refused_on_chain', voidId: idOf('2'), code: 'unknown' },
    ]);
  });

  it('can be followed by its id from the transaction on, and so can an item that the contract would refuse', async () => {
    const transaction = { kind: 'call', hash: HASH, nonce: 3, relayer: idOf('9'), ids: [idOf('4')] } as const;
    watch.submitted(transaction);
    watch.left('call', idOf('5'), 'proof_missing', 'execution reverted');
    expect(lines).toMatchObject([
      { event: 'relayer.submitted', component: 'call', count: 1 },
      { event: 'call.submitted', orderId: idOf('4'), txHash: HASH },
      {
        event: 'relayer.refused',
        level: 'warn',
        component: 'call',
        orderId: idOf('5'),
        code: 'proof_missing',
      },
    ]);
    expect(await counted('jangteo_outbox_refused_total')).toEqual([['call', 'proof_missing', 1]]);
  });
});

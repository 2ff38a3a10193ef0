import { toBytes, toHex } from '#persistence';
import { createMigratedDatabase, type MigratedDatabase } from '../../../test/support/database.js';
import { IndexedBatch, type IndexedEvent } from '#indexer';
import { issueChunkId, relayProjector } from './relay.projector.js';
import { registerRelayer } from './relayers.repository.js';

const hash = (byte: string): string => `0x${byte.repeat(32)}`;
const HOLDER = `0x${'01'.repeat(20)}`;
const RELAYER = `0x${'0a'.repeat(20)}`;
const STRANGER = `0x${'0b'.repeat(20)}`;

describe('what the chain decided of the outbox', () => {
  let database: MigratedDatabase;
  beforeAll(async () => {
    database = await createMigratedDatabase();
    await registerRelayer(database.db, RELAYER);
  });
  afterAll(() => database.drop());
  afterEach(() => database.db.query('DELETE FROM app.outbox'));

  async function put(id: string, kind: string, relayHash: string | null = null): Promise<void> {
    await database.db.query(
      `INSERT INTO app.outbox (id, kind, payload, holder, relay_hash)
       VALUES ($1, $2::app.outbox_kind, '\\x00', $3, $4)`,
      [toBytes(id), kind, kind === 'issue_chunk' ? null : toBytes(HOLDER), relayHash && toBytes(relayHash)],
    );
  }

  const event = (body: { name: string } & Record<string, unknown>, txHash = hash('ee')): IndexedEvent =>
    // The fields are those of the contracts' events.
    ({ blockNumber: 5n, logIndex: 0, txHash, timestamp: 1, ...body }) as unknown as IndexedEvent;

  async function apply(events: IndexedEvent[], sender = RELAYER): Promise<void> {
    const block = {
      number: 5n,
      hash: hash('aa'),
      parentHash: hash('bb'),
      timestamp: 1,
      txHashes: [hash('ee')],
    };
    const senders = new Map([[hash('ee'), sender]]);
    await database.db.transaction((tx) =>
      relayProjector.apply(tx, new IndexedBatch([block], events, senders)),
    );
  }

  async function decided(): Promise<Record<string, bigint | null>> {
    const rows = await database.db.query<{ id: Buffer; decided_block: bigint | null }>(
      'SELECT id, decided_block FROM app.outbox',
    );
    return Object.fromEntries(rows.map((row) => [toHex(row.id), row.decided_block]));
  }

  it.each([
    { name: 'Voided', voidId: hash('01') },
    { name: 'VoidRefused', voidId: hash('01'), code: 1, a: 0n, b: 0n },
    { name: 'Given', gift: hash('01') },
    { name: 'GiftRefused', gift: hash('01'), code: 1, a: 0n, b: 0n },
    { name: 'Circulated', circulation: hash('01') },
    { name: 'CirculationRefused', circulation: hash('01'), code: 1, a: 0n, b: 0n },
    { name: 'Refunded', refund: hash('01') },
    { name: 'RefundRefused', refund: hash('01'), code: 1, a: 0n, b: 0n },
  ])('knows a call by the id in $name', async (body) => {
    await put(hash('01'), 'call');
    await put(hash('02'), 'call');
    await apply([event(body)]);
    expect(await decided()).toEqual({ [hash('01')]: 5n, [hash('02')]: null });
  });

  it('takes what a stranger settled as decided, and what the contract refused to a stranger as not', async () => {
    await put(hash('01'), 'call');
    await put(hash('02'), 'call');
    await put(hash('03'), 'payment');
    await put(hash('04'), 'redemption');
    await apply(
      [
        event({ name: 'Given', gift: hash('01') }),
        event({ name: 'GiftRefused', gift: hash('02'), code: 1, a: 0n, b: 0n }),
        event({ name: 'PaymentRefused', payment: hash('03'), code: 1, a: 0n, b: 0n }),
        event({ name: 'RedemptionRefused', redemption: hash('04'), code: 1, a: 0n, b: 0n }),
      ],
      STRANGER,
    );
    expect(await decided()).toEqual({
      [hash('01')]: 5n,
      [hash('02')]: null,
      [hash('03')]: null,
      [hash('04')]: null,
    });
  });

  it('knows a call that no event names by an event in its own transaction, and takes that back', async () => {
    await put(hash('01'), 'call', hash('ee'));
    await put(hash('02'), 'call', hash('dd'));
    await put(hash('03'), 'payment', hash('ee'));
    await apply([event({ name: 'ReplacementStopped', account: HOLDER })]);
    expect(await decided()).toEqual({ [hash('01')]: 5n, [hash('02')]: null, [hash('03')]: null });
    await database.db.transaction((tx) => relayProjector.rollback(tx, 4n));
    expect(await decided()).toEqual({ [hash('01')]: null, [hash('02')]: null, [hash('03')]: null });
  });

  it('knows a chunk of a quota whose number the key chose among 2^256', async () => {
    const index = 2n ** 256n - 1n;
    await put(issueChunkId(3, index), 'issue_chunk');
    await apply([event({ name: 'ChunkIssued', issueOrder: 3, index })]);
    expect(await decided()).toEqual({ [issueChunkId(3, index)]: 5n });
  });
});

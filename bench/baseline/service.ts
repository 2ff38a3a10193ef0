import { setTimeout as sleep } from 'node:timers/promises';
import { ChainNode, LocalSigner, type NodeLog, type SignedTransaction } from '#node';
import { paymentDigest, recoverSigner, type PaymentAuthorisation, type SigningDomain } from '#contracts';
import { Database, toBytes } from '#persistence';
import { Batcher, ProblemException } from '#platform';
import { tokenInterface } from './token.js';

export interface BaselineSettings {
  readonly databaseUrl: string;
  readonly chainUrl: string;
  readonly chainId: number;
  readonly token: string;
  readonly carrierKey: string;
  readonly domain: SigningDomain;
}

interface Accepted {
  readonly id: string;
  readonly payment: PaymentAuthorisation;
}

/** As ours, so that neither side gains by them. */
const BATCH = { sizeMax: 400, batchDelayMs: 2, spacingMs: 20, queueMax: 1_000 };
const GAS = 100_000;
const CALLS_PER_REQUEST = 100;
const POLL_MS = 100;

const SCHEMA = `
  CREATE SCHEMA baseline;
  CREATE TABLE baseline.payment (
    id bytea PRIMARY KEY, payer bytea NOT NULL, merchant bytea NOT NULL, amount bigint NOT NULL, nonce bigint NOT NULL,
    relay_nonce bigint NOT NULL UNIQUE, tx_hash bytea NOT NULL UNIQUE, raw bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE baseline.settled (
    id bytea PRIMARY KEY, payer bytea NOT NULL, merchant bytea NOT NULL, amount bigint NOT NULL,
    block_number bigint NOT NULL, log_index integer NOT NULL, UNIQUE (block_number, log_index));
  CREATE TABLE baseline.holding (account bytea PRIMARY KEY, balance bigint NOT NULL);
  CREATE TABLE baseline.cursor (block_number bigint NOT NULL)`;

/** Accepts, carries one by one, indexes. */
export class BaselineService {
  private readonly batcher: Batcher<Accepted, string>;
  private readonly unsent: SignedTransaction[] = [];
  private nonce = 0;
  private stopping = false;
  private loops: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly settings: BaselineSettings,
    private readonly db: Database,
    private readonly node: ChainNode,
    private readonly carrier: LocalSigner,
  ) {
    // One at a time: the carrier's nonces have to reach the node in order.
    this.batcher = new Batcher({ ...BATCH, run: (items) => this.store(items) });
  }

  static async start(settings: BaselineSettings): Promise<BaselineService> {
    const db = await Database.connect({ url: settings.databaseUrl, applicationName: 'baseline' });
    const node = ChainNode.connect({ url: settings.chainUrl, chainId: settings.chainId });
    await db.query(SCHEMA);
    await db.query('INSERT INTO baseline.cursor VALUES ($1)', [(await node.latest()).number]);
    const service = new BaselineService(settings, db, node, new LocalSigner(settings.carrierKey));
    service.loops = Promise.all([
      service.forever(() => service.send()),
      service.forever(() => service.index()),
    ]);
    return service;
  }

  async stop(): Promise<void> {
    await this.batcher.close();
    this.stopping = true;
    await this.loops;
    this.node.close();
    await this.db.close();
  }

  /** @returns the payment's id */
  async submit(payment: PaymentAuthorisation, signature: string): Promise<string> {
    const id = paymentDigest(this.settings.domain, payment);
    if (recoverSigner(id, signature) !== payment.payer) throw new ProblemException('invalid_request');
    return this.batcher.submit({ id, payment });
  }

  /** Signs a transaction for each and stores all before any is sent. */
  private async store(items: readonly Accepted[]): Promise<string[]> {
    const { token, chainId } = this.settings;
    const first = this.nonce;
    const signed: SignedTransaction[] = [];
    for (const [index, { payment }] of items.entries()) {
      const { payer, merchant, amount } = payment;
      signed.push(
        await this.carrier.signTransaction({
          chainId,
          nonce: first + index,
          gasLimit: GAS,
          to: token,
          data: transferData(payer, merchant, amount),
        }),
      );
    }
    await this.db.query(
      `INSERT INTO baseline.payment (id, payer, merchant, amount, nonce, relay_nonce, tx_hash, raw)
       SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[],
                            $7::bytea[], $8::bytea[])`,
      [
        items.map(({ id }) => toBytes(id)),
        items.map(({ payment }) => toBytes(payment.payer)),
        items.map(({ payment }) => toBytes(payment.merchant)),
        items.map(({ payment }) => payment.amount),
        items.map(({ payment }) => payment.nonce),
        items.map((_item, index) => first + index),
        signed.map(({ hash }) => toBytes(hash)),
        signed.map(({ raw }) => toBytes(raw)),
      ],
    );
    this.nonce += items.length;
    this.unsent.push(...signed);
    return items.map(({ id }) => id);
  }

  private async send(): Promise<boolean> {
    const some = this.unsent.splice(0, CALLS_PER_REQUEST);
    if (some.length === 0) return false;
    const calls = some.map(({ raw }, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'eth_sendRawTransaction',
      params: [raw],
    }));
    const response = await fetch(this.settings.chainUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(calls),
    });
    const text = await response.text();
    if (text.includes('"error"')) throw new Error(text.slice(0, 500));
    return true;
  }

  /** One range of blocks in one transaction with its cursor. */
  private async index(): Promise<boolean> {
    const [cursor] = await this.db.query<{ block: bigint }>(
      'SELECT block_number AS block FROM baseline.cursor',
    );
    const head = (await this.node.latest()).number;
    const from = (cursor?.block ?? 0n) + 1n;
    if (from > head) return false;
    const topic = tokenInterface.getEvent('Transfer')?.topicHash ?? '';
    const logs = await this.node.logs({ addresses: [this.settings.token], topics: [topic], from, to: head });
    await this.db.transaction(async (tx) => {
      await tx.query(
        `WITH added AS (
           INSERT INTO baseline.settled (id, payer, merchant, amount, block_number, log_index)
           SELECT p.id, i.payer, i.merchant, i.amount, i.block, i.place
             FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::int[])
               AS i(tx, payer, merchant, amount, block, place) JOIN baseline.payment p ON p.tx_hash = i.tx
           RETURNING payer, merchant, amount),
         moved AS (SELECT account, sum(amount)::bigint AS amount FROM (
           SELECT payer AS account, -amount AS amount FROM added UNION ALL SELECT merchant, amount FROM added) m
           GROUP BY account)
         INSERT INTO baseline.holding AS h SELECT account, amount FROM moved
         ON CONFLICT (account) DO UPDATE SET balance = h.balance + excluded.balance`,
        columnsOf(logs),
      );
      await tx.query('UPDATE baseline.cursor SET block_number = $1', [head]);
      await tx.query(`SELECT pg_notify('baseline_block', $1)`, [String(head)]);
    });
    return true;
  }

  private async forever(step: () => Promise<boolean>): Promise<void> {
    while (!this.stopping) if (!(await step())) await sleep(POLL_MS);
  }
}

const TRANSFER_FROM = tokenInterface.getFunction('transferFrom')?.selector ?? '';

/** By hand, as ours: ethers' coder would be a good part of the baseline. */
function transferData(payer: string, merchant: string, amount: bigint): string {
  const word = (hex: string) => hex.padStart(64, '0');
  return TRANSFER_FROM + word(payer.slice(2)) + word(merchant.slice(2)) + word(amount.toString(16));
}

function columnsOf(logs: readonly NodeLog[]): unknown[][] {
  const address = (topic: string | undefined) => toBytes(`0x${(topic ?? '').slice(26)}`);
  return [
    logs.map(({ txHash }) => toBytes(txHash)),
    logs.map(({ topics }) => address(topics[1])),
    logs.map(({ topics }) => address(topics[2])),
    logs.map(({ data }) => BigInt(data)),
    logs.map(({ blockNumber }) => blockNumber),
    logs.map(({ logIndex }) => logIndex),
  ];
}

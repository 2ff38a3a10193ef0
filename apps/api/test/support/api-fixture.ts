import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypedDataEncoder, type Wallet } from 'ethers';
import { ActRefusals, OfficerChangesService } from '#access';
import type { Indexer } from '#indexer';
import { LocalSigner } from '#node';
import { HttpRelayNode, Relayer } from '#relayer';
import { IssueListEnqueuer } from '#issuance';
import { Database } from '#persistence';
import { Log } from '#platform';
import { type SigningDomain, vouchersDomain } from '#contracts';
import { draftWithConsents } from '../../../../test/support/consents.js';
import { UNLIMITED } from '../../../../test/support/unlimited.js';
import { until } from '../../../../test/support/until.js';
import { keyOf, World } from '../../../../test/support/world.js';
import { createApi } from '../../src/create-api.js';

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** The API in this process, over a world with a running node, relayer and indexer: as in production, but smaller. */
export class ApiFixture {
  private constructor(
    readonly world: World,
    readonly app: NestFastifyApplication,
    readonly url: string,
    private readonly relayer: Relayer,
    private readonly indexer: Indexer,
  ) {}

  static async create(): Promise<ApiFixture> {
    const world = await World.create();
    const { databaseUrl } = world;
    const app = await createApi(
      { ...UNLIMITED, DATABASE_URL: databaseUrl, DATABASE_POOL_MAX: '8', CHAIN_RPC_URL: world.node.url },
      Log.silent(),
    );
    await app.listen(0, '127.0.0.1');
    const indexer = world.indexer();
    indexer.start();
    const refusals = app.get(ActRefusals, { strict: false });
    const relayer = new Relayer({
      databaseUrl,
      // The API's own: what became of an act is stored through entities, which its data source knows.
      db: app.get(Database, { strict: false }),
      node: new HttpRelayNode(world.node.url),
      signers: [new LocalSigner(keyOf('relayer').privateKey)],
      deployment: world.current,
      onRefused: (tx, refused) => (refused.kind === 'act' ? refusals.record(tx, refused) : Promise.resolve()),
    });
    await relayer.start();
    void world.node.mineEvery(100);
    const fixture = new ApiFixture(world, app, await app.getUrl(), relayer, indexer);
    await fixture.until('the world is indexed', async () => {
      const { status } = await fixture.get('/v1/authorities/47130');
      return status === 200;
    });
    return fixture;
  }

  async close(): Promise<void> {
    await this.world.node.mineEvery(0);
    await this.relayer.stop();
    await this.indexer.stop();
    await this.app.close();
    await this.world.close();
  }

  get domain(): SigningDomain {
    return vouchersDomain(this.world.deployment);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    // Whoever a draft wants to record has consented, when a test made the key.
    const asked = path === '/v1/acts/draft' ? draftWithConsents(this.domain, body) : body;
    const text = typeof asked === 'string' ? asked : JSON.stringify(asked);
    return this.request('POST', path, text, { 'content-type': 'application/json', ...headers });
  }

  async request(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), { method, body, headers });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      contentType,
      body: contentType.includes('json') ? JSON.parse(text) : text,
    };
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    await until(what, holds);
  }

  /** What the chain has is in the tables: for what a test sent to the contracts itself. */
  async indexed(): Promise<void> {
    const head = await this.world.node.provider.getBlockNumber();
    await until('the newest block is indexed', async () => {
      const rows = await this.world.db.query('SELECT FROM chain.cursor WHERE block_number >= $1', [head]);
      return rows.length > 0;
    });
  }

  /** Chunks of approved lists into the outbox, as the worker does after every block. */
  enqueueLists(): Promise<number> {
    return this.app.get(IssueListEnqueuer, { strict: false }).runOnce();
  }

  /** An officer's signature over a draft, made from what the API said alone. */
  sign(draft: unknown, officer: Wallet): Promise<string> {
    const typed = recordAt(draft, 'typedData');
    const types = { Act: arrayAt(typed, 'types', 'Act').map(typedField) };
    return officer.signTypedData(recordAt(typed, 'domain'), types, recordAt(typed, 'message'));
  }

  /** Draft, sign by these officers, propose, approve, wait for the chain. Returns the act's id. */
  async act(request: Record<string, unknown>, officers: readonly number[] = [1, 2]): Promise<string> {
    const draft = await this.post('/v1/acts/draft', request);
    if (draft.status !== 200) throw new Error(`draft: ${JSON.stringify(draft.body)}`);
    const id = textAt(draft.body, 'id');
    for (const [index, officer] of officers.entries()) {
      const wallet = this.world.officer(String(request['authority']), officer);
      const approval = { officer, signature: await this.sign(draft.body, wallet) };
      const { act, attachment } = recordAt(draft.body);
      const answer =
        index === 0
          ? await this.post('/v1/acts', { act, attachment, approval })
          : await this.post(`/v1/acts/${id}/approvals`, approval);
      if (answer.status !== 200) throw new Error(`approval: ${JSON.stringify(answer.body)}`);
    }
    await this.until(`act ${id} is executed`, async () => {
      const { body } = await this.get(`/v1/acts/${id}`);
      if (textAt(body, 'state') === 'failed') throw new Error(`failed: ${JSON.stringify(body)}`);
      return textAt(body, 'state') === 'executed';
    });
    return id;
  }

  /** What officers changed comes into force, as the worker sees to it. Without a pending change nothing happens. */
  async finishChanges(): Promise<void> {
    await this.indexed();
    await this.until('changes of officers are in force', async () => {
      await this.app.get(OfficerChangesService, { strict: false }).finishDue();
      const { body } = await this.get('/v1/authorities/47130');
      return arrayAt(body, 'changes').length === 0;
    });
  }

  /** Officers that a founder proposed are seated, as the worker sees to it. */
  async finishReseat(code: string): Promise<void> {
    await this.until('the proposed officers are seated', async () => {
      await this.app.get(OfficerChangesService, { strict: false }).finishDue();
      return at((await this.get(`/v1/authorities/${code}`)).body, 'reseat') === null;
    });
  }

  /** The chain's next block comes so many seconds later, and is indexed. */
  async leap(seconds: number): Promise<void> {
    const { node } = this.world;
    await node.mineEvery(0);
    await node.mine((await this.world.now()) + seconds);
    void node.mineEvery(100);
    await this.indexed();
  }

  /** How many rows a table has. */
  async count(table: string): Promise<number> {
    const [row] = await this.world.db.query<{ count: bigint }>(`SELECT count(*) AS count FROM ${table}`);
    return Number(row?.count);
  }
}

/** EIP-712 digest from what the API said, computed by ethers. */
export function digestOf(draft: unknown): string {
  const typed = recordAt(draft, 'typedData');
  const types = { Act: arrayAt(typed, 'types', 'Act').map(typedField) };
  return TypedDataEncoder.hash(recordAt(typed, 'domain'), types, recordAt(typed, 'message'));
}

function typedField(field: unknown): { name: string; type: string } {
  return { name: textAt(field, 'name'), type: textAt(field, 'type') };
}

/** The value at a path of JSON; throws when there is none. */
export function at(body: unknown, ...path: readonly (string | number)[]): unknown {
  let value = body;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) throw new Error(`no ${path.join('.')}`);
    value = Object.entries(value).find(([key]) => key === String(name))?.[1];
  }
  return value;
}

export function textAt(body: unknown, ...path: readonly (string | number)[]): string {
  const value = at(body, ...path);
  if (typeof value !== 'string') throw new Error(`${path.join('.')} is ${JSON.stringify(value)}`);
  return value;
}

export function recordAt(body: unknown, ...path: readonly string[]): Record<string, unknown> {
  const value = at(body, ...path);
  if (typeof value !== 'object' || value === null) throw new Error(`${path.join('.')} is no object`);
  return Object.fromEntries(Object.entries(value));
}

export function arrayAt(body: unknown, ...path: readonly string[]): unknown[] {
  const value = at(body, ...path);
  if (!Array.isArray(value)) throw new Error(`${path.join('.')} is no list`);
  return value;
}

import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Indexer, type IndexerOptions } from '#indexer';
import { ChainNode, CurrentDeployment } from '#node';
import { until } from '../../../test/support/until.js';
import { World } from '../../../test/support/world.js';

describe('an indexer that fails', () => {
  let world: World;
  const running: Indexer[] = [];
  let log: string[];

  beforeAll(async () => (world = await World.create()));
  beforeEach(() => (log = []));
  afterEach(async () => {
    for (const indexer of running.splice(0)) await indexer.stop();
  });
  afterAll(() => world.close());

  function start(name: string, options: Partial<IndexerOptions> = {}): Indexer {
    const indexer = world.indexer({
      pollIntervalMs: 10,
      hooks: {
        onLeadership: (leads) => log.push(`${name} ${leads ? 'leads' : 'stands by'}`),
        onError: (_error, willRetry) => log.push(`${name} ${willRetry ? 'retries' : 'ends'}`),
      },
      ...options,
    });
    running.push(indexer);
    indexer.start();
    return indexer;
  }

  async function mineAndIndex(): Promise<void> {
    await world.node.mine();
    const { number } = await world.chain.latest();
    await until(`block ${number} is in the tables`, async () => {
      const [row] = await world.db.query<{ block_number: bigint }>('SELECT block_number FROM chain.cursor');
      return row?.block_number === number;
    });
  }

  it('for good gives up leadership before it reports that, and a standby takes over', async () => {
    const { chainId, authorities, vouchers, salt, blockNumber } = world.current;
    const other = `0x${'ab'.repeat(32)}`;
    const wrong = new CurrentDeployment(chainId, authorities, vouchers, salt, blockNumber, other);
    const first = start('first', { deployment: wrong });
    await until('the first has ended', () => log.includes('first ends'));
    expect([first.leads, ...log]).toEqual([false, 'first leads', 'first stands by', 'first ends']);

    const second = start('second');
    await mineAndIndex();
    expect([first.leads, second.leads]).toEqual([false, true]);
    // The loop has ended: leadership that becomes free is not taken again by a process that can't work.
    await second.stop();
    await sleep(100);
    expect([first.leads, log.filter((line) => line === 'first leads').length]).toEqual([false, 1]);
  });

  it.each([
    ['no number', (answer: string) => answer.replace(/"number":"0x[0-9a-f]+"/, '"number":"0x"')],
    ['no block at all', (answer: string) => answer.replace(/"result":\{.*\}/s, '"result":[]')],
    ['no JSON', () => '<html>Bad Gateway</html>'],
  ])('by an answer that holds %s asks again, and goes on leading', async (_what, spoil) => {
    const proxy = new SpoilingProxy(world.node.url);
    const node = ChainNode.connect({ url: await proxy.listen(), chainId: world.node.chainId });
    try {
      const indexer = start('it', { node });
      await mineAndIndex();
      proxy.spoilNext('eth_getBlockByNumber', spoil);
      await until('the answer is spoilt', () => log.includes('it retries'));
      await mineAndIndex();
      expect([indexer.leads, ...new Set(log)]).toEqual([true, 'it leads', 'it retries']);
    } finally {
      await running.pop()?.stop();
      node.close();
      await proxy.close();
    }
  });
});

/** Passes JSON-RPC on to a node, and spoils single answers. */
class SpoilingProxy {
  private spoiling: { method: string; spoil: (answer: string) => string } | undefined;
  private readonly server: Server;

  constructor(url: string) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
          .then((answer) => answer.text())
          .then(
            (text) => response.end(this.spoil(body, text)),
            () => response.writeHead(502).end(),
          );
      });
    });
  }

  spoilNext(method: string, spoil: (answer: string) => string): void {
    this.spoiling = { method, spoil };
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on a port');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private spoil(request: string, answer: string): string {
    const { spoiling } = this;
    if (spoiling === undefined || !request.includes(spoiling.method)) return answer;
    this.spoiling = undefined;
    return spoiling.spoil(answer);
  }
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JsonRpc } from './json-rpc.js';

interface Request {
  id: number;
  method: string;
}
type Reply = (requests: readonly Request[]) => { status?: number; body: string } | undefined;

describe('JSON-RPC', () => {
  let server: Server;
  let rpc: JsonRpc;
  let reply: Reply;
  const sizes: number[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => {
        const parsed = JSON.parse(text) as Request | Request[];
        const requests = Array.isArray(parsed) ? parsed : [parsed];
        sizes.push(requests.length);
        const answer = reply(requests);
        if (answer) response.writeHead(answer.status ?? 200).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    rpc = new JsonRpc(`http://127.0.0.1:${port}`, 300);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = { method: 'eth_blockNumber', params: [] } as const;

  it('gives the results in the order of the calls, whatever order the node answers in', async () => {
    reply = (requests) => ({
      body: JSON.stringify(
        requests.toReversed().map(({ id }) => ({ jsonrpc: '2.0', id, result: `0x${id}` })),
      ),
    });
    sizes.length = 0;
    const results = await rpc.sendAll(Array.from({ length: 250 }, () => call));
    expect(results).toEqual(Array.from({ length: 250 }, (_unused, index) => `0x${index + 1}`));
    expect(sizes).toEqual([100, 100, 50]);
  });

  const refuses = (code: number, message: string): Reply => {
    return ([first]) => ({
      body: JSON.stringify({ jsonrpc: '2.0', id: first?.id, error: { code, message } }),
    });
  };

  it.each<[string, Reply, string]>([
    ['an unknown method', refuses(-32601, 'Method not found'), 'stop'],
    ['wrong parameters', refuses(-32602, 'invalid argument'), 'fix'],
    ['a revert', refuses(3, 'execution reverted'), 'fix'],
    ['too many logs', refuses(-32005, 'query returned more than 10000 results, too many'), 'fix'],
    ['a forgotten state', refuses(-32000, 'missing trie node, state is not available'), 'fix'],
    ['a node that restarts', refuses(-32000, 'restarting'), 'retry'],
    ['a gateway error', () => ({ status: 502, body: 'Bad Gateway' }), 'retry'],
    ['too large a request', () => ({ status: 413, body: 'Too large' }), 'fix'],
    ['an answer that was cut off', () => ({ body: '{"jsonrpc":"2.0","id":1,"resu' }), 'retry'],
    ['an answer to something else', () => ({ body: '{"jsonrpc":"2.0","id":-1,"result":"0x1"}' }), 'retry'],
    [
      'an error about a whole batch',
      () => ({ body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32600}}' }),
      'retry',
    ],
    ['no answer in time', () => undefined, 'retry'],
  ])('says what the caller can do about %s', async (_what, answer, action) => {
    reply = answer;
    await expect(rpc.send(call)).rejects.toMatchObject({ name: 'ChainError', action });
  });
});

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';

/** What the control serves: an API without a fault, or with one that the fuzz has to notice. */
export const PLANTED = ['none', 'server_error', 'nameless_refusal'] as const;
export type Planted = (typeof PLANTED)[number];

const PROBLEM = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, message: { type: 'string' } },
        required: ['field', 'message'],
      },
    },
  },
  required: ['code'],
};

const problem = { description: 'Refused.', content: { 'application/problem+json': { schema: PROBLEM } } };

/** One route: a number below ten. */
const DOCUMENT = {
  openapi: '3.0.0',
  info: { title: 'Control', version: '1' },
  paths: {
    '/v1/numbers': {
      get: {
        parameters: [
          { name: 'one', in: 'query', required: true, schema: { type: 'integer', minimum: 0, maximum: 9 } },
        ],
        responses: {
          200: {
            description: 'The number.',
            content: {
              'application/json': {
                schema: { type: 'object', properties: { one: { type: 'integer' } }, required: ['one'] },
              },
            },
          },
          400: problem,
          405: problem,
        },
      },
    },
  },
};

function answer(planted: Planted, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const send = (status: number, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const type = status === 200 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(JSON.stringify(body));
  };
  if (pathname === '/docs/openapi.json') return send(200, DOCUMENT);
  if (request.method !== 'GET') return send(405, { code: 'method_not_allowed' }, { allow: 'GET' });
  const [one, ...more] = searchParams.getAll('one');
  const isGood = /^[0-9]$/.test(one ?? '') && more.length === 0 && [...searchParams].length === 1;
  if (isGood && planted === 'server_error') return send(500, { code: 'internal' });
  if (isGood) return send(200, { one: Number(one) });
  const errors =
    planted === 'nameless_refusal' ? {} : { errors: [{ field: 'one', message: 'must be 0 to 9' }] };
  send(400, { code: 'invalid_request', ...errors });
}

/** Serves the control on loopback while `work` runs. */
export async function withControl<T>(planted: Planted, work: (url: string) => Promise<T>): Promise<T> {
  const server: Server = createServer((request, response) => answer(planted, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await work(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

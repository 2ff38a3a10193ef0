import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { OperatorError, codeOf, isPortFree } from '#platform';
import { NodeError } from './node-client.js';
import {
  isPublicMethod,
  isRpcError,
  parseCall,
  type RpcCall,
  type RpcError,
  type RpcId,
} from './rpc-methods.js';

/** 200 transactions of the largest size the node takes (128 KiB, twice that in hex). */
const BODY_BYTES_MAX = 64 << 20;
const BATCH_MAX = 1_000;

/** What stands behind the public port. */
export interface RpcBackend {
  /** Sends one signed transaction. */
  send(raw: string): Promise<string>;
  /** Answers one reading call; the answer is the result as JSON text or an error. */
  read(method: string, params: readonly unknown[]): Promise<unknown>;
}

/**
 * The public JSON-RPC port. Everything but standard reads and eth_sendRawTransaction is unknown here: the node's
 * own anvil_* and evm_* methods could rewrite the chain.
 */
export class RpcProxy {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @throws OperatorError when the port is taken */
  static async listen(port: number, backend: RpcBackend): Promise<RpcProxy> {
    const server = createServer((request, response) => void answer(request, response, backend));
    server.keepAliveTimeout = 65_000;
    if (port !== 0 && !(await isPortFree(port))) throw portTaken(port);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(codeOf(error) === 'EADDRINUSE' ? portTaken(port) : error));
      server.listen({ port, host: '127.0.0.1' }, resolve);
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the RPC port has no address');
    return new RpcProxy(server, address.port);
  }

  /** Ends idle connections at once, busy ones after their answer. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
      // A client that keeps a request open for ever must not hold up the stop.
      setTimeout(() => this.server.closeAllConnections(), 1_000).unref();
    });
  }
}

function portTaken(port: number): OperatorError {
  return new OperatorError(
    `Port ${port} for the chain is taken by another program. Free it or choose another one.`,
  );
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  backend: RpcBackend,
): Promise<void> {
  try {
    if (request.method !== 'POST')
      return respond(response, 405, failure(null, { code: -32600, message: 'use POST' }));
    // A web page can't set this type across origins without asking first, and this server says no.
    if (!(request.headers['content-type'] ?? '').includes('json')) {
      return respond(
        response,
        415,
        failure(null, { code: -32600, message: 'content-type must be application/json' }),
      );
    }
    const body = await readBody(request);
    if (body === undefined)
      return respond(response, 413, failure(null, { code: -32600, message: 'request too large' }));
    respond(response, 200, await handle(body, backend));
  } catch {
    response.destroy();
  }
}

async function handle(body: string, backend: RpcBackend): Promise<unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return failure(null, { code: -32700, message: 'parse error' });
  }
  if (!Array.isArray(parsed)) return handleOne(parsed, backend);
  if (parsed.length === 0 || parsed.length > BATCH_MAX) {
    return failure(null, { code: -32600, message: `a batch holds 1 to ${BATCH_MAX} calls` });
  }
  // Started in order, so a sender's transactions of one batch keep their order.
  return Promise.all(parsed.map((value) => handleOne(value, backend)));
}

async function handleOne(value: unknown, backend: RpcBackend): Promise<unknown> {
  const call = parseCall(value);
  if (isRpcError(call)) return failure(null, call);
  try {
    return { jsonrpc: '2.0', id: call.id, result: (await dispatch(call, backend)) ?? null };
  } catch (error) {
    if (error instanceof NodeError)
      return failure(call.id, { code: error.code, message: error.message, data: error.data });
    return failure(call.id, { code: -32000, message: 'the node is restarting, try again' });
  }
}

async function dispatch(call: RpcCall, backend: RpcBackend): Promise<unknown> {
  if (!isPublicMethod(call.method)) {
    throw new NodeError(call.method, -32601, `the method ${call.method} does not exist or is not available`);
  }
  if (call.method !== 'eth_sendRawTransaction') return backend.read(call.method, call.params);
  const [raw] = call.params;
  if (typeof raw !== 'string' || !/^0x([0-9a-fA-F]{2})+$/.test(raw)) {
    throw new NodeError(call.method, -32602, 'the first parameter must be the signed transaction in hex');
  }
  return backend.send(raw);
}

function failure(id: RpcId, error: RpcError): unknown {
  return { jsonrpc: '2.0', id, error };
}

function respond(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

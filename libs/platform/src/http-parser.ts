import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { RefusalKey } from '#domain';
import { stringifyJson } from './json.js';
import { languageOf } from './language.js';
import type { Log } from './logging.js';
import { PROBLEM_CONTENT_TYPE, problemDocument, ProblemException } from './problem.js';

/** What Node's HTTP parser says, and the code of the refusal; everything else is a malformed request. */
const KEY_OF_ERROR: Readonly<Record<string, RefusalKey>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body_too_large',
};

/** An error of the parser; `rawPacket` is what it read last. */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: unknown };

/**
 * Answers what never becomes a request, because the parser refuses it, with a problem document like everything else
 * (RFC 9457). To be registered for the event clientError.
 */
export function answerParserError(error: ParserError, socket: Duplex, log: Log): void {
  // The client is gone, or an answer has begun.
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const key = KEY_OF_ERROR[error.code ?? ''] ?? 'request_malformed';
  const requestId = randomUUID();
  log.debug('http.unreadable', { requestId, code: key });
  const { status, body, headers } = documentOf(key, requestId, headOf(error.rawPacket));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}

/** Answers `Expect` with anything but 100-continue, which Node would refuse without a document. */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const requestId = randomUUID();
    const head = { path: pathOf(request.url), language: request.headers['accept-language'] };
    const { status, body, headers } = documentOf('expectation_failed', requestId, head);
    response.writeHead(status, headers);
    response.end(body);
  });
}

/** Refuses a request without Host, or with two (RFC 9112, 3.2): caches and proxies may take it for another site's. */
export function requireOneHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, _reply, done) => {
    const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
    const isFine = hosts.length === 1 || (hosts.length === 0 && raw.httpVersion === '1.0');
    if (isFine) done();
    else done(new ProblemException('request_malformed', { detail: ONE_HOST }));
  });
}

const ONE_HOST = {
  ko: 'Host 헤더가 하나 있어야 합니다.',
  en: 'There must be a Host header, and no second one.',
};

interface Head {
  readonly path: string;
  readonly language: string | undefined;
}

/** What a packet says of the request, as far as it can be read. */
function headOf(packet: unknown): Head {
  const text = Buffer.isBuffer(packet) ? packet.toString('latin1') : '';
  return {
    path: pathOf(/^[A-Z]+ (\/\S*) HTTP/.exec(text)?.[1]),
    language: /\r\naccept-language:([^\r\n]*)/i.exec(text)?.[1],
  };
}

function pathOf(url: string | undefined): string {
  return url?.split('?')[0] ?? '/';
}

function documentOf(key: RefusalKey, requestId: string, { path, language }: Head) {
  const lang = languageOf(language);
  const document = problemDocument(key, {}, { lang, instance: path, requestId });
  const body = stringifyJson(document);
  return {
    status: document.status,
    body,
    headers: {
      'content-type': PROBLEM_CONTENT_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
      'content-language': lang,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
    },
  };
}

import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { repeatedKey } from '#domain';
import { ProblemException, wrongField } from './problem.js';

/** JSON is UTF-8 (RFC 8259, 8.1); a charset that says so is harmless. */
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i;

/**
 * Reads bodies as JSON in UTF-8 and refuses every other encoding: read as UTF-8, a name in CP949 becomes replacement
 * characters and is stored like that. Nest's parser fixes one body limit for all routes and hides which error it was.
 */
export function parseBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    const hasNoBody = request.method === 'GET' || request.method === 'HEAD';
    if (hasNoBody || encoding.trim().toLowerCase() === 'identity') return done();
    // What could be sent instead (RFC 9110, 15.5.16).
    void reply.header('accept-encoding', 'identity');
    done(new ProblemException('unsupported_media_type', { detail: ENCODING_DETAIL }));
  });
  fastify.removeAllContentTypeParsers();
  const parseSafely = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (OTHER_CHARSET.test(request.headers['content-type'] ?? ''))
      return done(new ProblemException('unsupported_media_type', { detail: CHARSET_DETAIL }));
    // A client that always sets the content type may have nothing to say.
    if (body.length === 0) return done(null, undefined);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
    if (!isUtf8(bytes)) return done(new ProblemException('body_not_utf8'));
    const text = bytes.toString('utf8');
    parseSafely(request, text, (error, value) => {
      if (error) return done(new ProblemException('invalid_json', { cause: error }));
      const repeated = repeatedKey(text);
      if (repeated === undefined) done(null, value);
      else done(repeatedKeyProblem(repeated));
    });
  });
}

/** The refusal of a body that has this key twice in one object. */
export function repeatedKeyProblem(field: string): ProblemException {
  return wrongField(field, { ko: '같은 항목이 두 번 들어 있습니다.', en: 'is there twice' });
}

const ENCODING_DETAIL = {
  ko: '압축한 본문(Content-Encoding)은 받지 않습니다.',
  en: 'Bodies with a Content-Encoding are not taken.',
};

const CHARSET_DETAIL = {
  ko: '본문의 문자 집합은 UTF-8이어야 합니다.',
  en: 'The charset of the body must be UTF-8.',
};

const NOT_UTF8 = {
  ko: 'UTF-8을 퍼센트 인코딩한 값이어야 합니다.',
  en: 'must be percent-encoded UTF-8',
};

/** Refuses a query in another encoding: the server would take `%B0%A1` for six characters and find nothing. */
export function refuseOtherEncodings(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const field = wrongParameter(request);
    if (field === undefined) done();
    else done(wrongField(field, NOT_UTF8));
  });
}

/** The name of the first parameter that is no UTF-8; undefined when all are. */
function wrongParameter({ url }: FastifyRequest): string | undefined {
  const query = url.indexOf('?');
  if (query < 0 || !url.includes('%', query)) return undefined;
  const wrong = url
    .slice(query + 1)
    .split('&')
    .find((part) => !isDecodable(part));
  if (wrong === undefined) return undefined;
  const name = wrong.split('=')[0] ?? '';
  return isDecodable(name) ? decodeURIComponent(name) : '';
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

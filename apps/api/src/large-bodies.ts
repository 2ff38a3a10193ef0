import { Readable } from 'node:stream';
import type { FastifyRequest, preParsingAsyncHookHandler, RequestPayload } from 'fastify';
import { putAttachmentParts } from '#access';
import { type IssueListReader, LARGE_BODY_BYTES } from '#issuance';
import { ProblemException } from '#platform';

/** An issue list of 100,000 recipients is about 8 MB of JSON. */
export const LIST_BODY_BYTES_MAX = 16 * 1024 * 1024;

/** What is not the list: an act of 400 merchants with their profiles is 600 kB. */
const REST_BYTES_MAX = 1024 * 1024;

/**
 * Takes lists of recipients out of large bodies before the server reads them: reading megabytes of JSON holds the
 * event loop for as long as a hundred payments take. Small bodies, and what is no JSON, pass as they are.
 */
export function takeListsOut(reader: IssueListReader): preParsingAsyncHookHandler {
  return async (request, reply, payload) => {
    if (!isJson(request)) return payload;
    if (Number(request.headers['content-length']) <= LARGE_BODY_BYTES) return payload;
    const bytes = await collect(request, payload);
    if (bytes === undefined) {
      // Who sends too much goes on sending: there is no next request on this connection.
      void reply.header('connection', 'close');
      throw new ProblemException('body_too_large');
    }
    const { length } = bytes;
    if (length <= LARGE_BODY_BYTES) return stream(bytes, length);
    const { rest, items } = await reader.read(bytes);
    const left = Buffer.from(rest);
    if (left.length > REST_BYTES_MAX) throw new ProblemException('body_too_large');
    if (items !== undefined) putAttachmentParts(request, { items });
    return stream(left, length);
  };
}

function isJson(request: FastifyRequest): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}

/** The whole body; undefined when it is too large, of which nothing is kept. */
async function collect(request: FastifyRequest, payload: RequestPayload): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length']) > LIST_BODY_BYTES_MAX) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // Destroyed, the request could not be answered any more.
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a request comes in bytes');
    length += chunk.length;
    if (length > LIST_BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** @param receivedEncodedLength what came over the wire; the server compares it with the content length */
function stream(bytes: Buffer, receivedEncodedLength: number): RequestPayload {
  return Object.assign(Readable.from([bytes], { objectMode: false }), { receivedEncodedLength });
}

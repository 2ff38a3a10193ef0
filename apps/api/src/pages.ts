import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSameUnit, type Lang, type Unit, WON } from '#domain';
import { languageOf, type Origin } from '#platform';

/** What the build of apps/web says of a page (apps/web/build/main.ts). */
interface PageEntry {
  readonly id: string;
  /** Address, with `:name` for what differs: `/vouchers/:series`. */
  readonly path: string;
  readonly files: Readonly<Record<Lang, string>>;
  /** May compile WebAssembly: the reader of QR codes. */
  readonly wasm: boolean;
}

/** Where nothing has its own: a page loads files of its own host alone, and runs no text as code. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types jangteo',
].join('; ');

const WITH_WASM = PAGE_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

const PERMISSIONS = [
  'camera=(self)',
  'geolocation=(self)',
  'screen-wake-lock=(self)',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
  'microphone=()',
  'payment=()',
].join(', ');

/** A year: what a browser learned about this host over TLS it keeps. */
const HSTS = 'max-age=31536000; includeSubDomains';
const LANGUAGE_COOKIE = 'lang';
const LANGUAGE_SECONDS = 31_536_000;

/**
 * Serves the pages of one origin: a document for each address in the language of the reader, and files that are kept for
 * ever because their names change with their content. `?lang=en` chooses a language and remembers it, also where pages
 * run no script.
 *
 * @param folder what the build of apps/web wrote for the origin
 * @param unit what amounts count: documents say it where it is not won, so that no page asks for it
 */
export async function servePages(
  fastify: FastifyInstance,
  origin: Origin,
  folder: string,
  unit: Unit,
): Promise<void> {
  await fastify.register(fastifyStatic, {
    root: path.join(folder, 'assets'),
    prefix: '/assets/',
    constraints: { origin },
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: '1y',
    // The build writes variants beside the files.
    preCompressed: true,
  });
  const entries: unknown = JSON.parse(readFileSync(path.join(folder, 'pages.json'), 'utf8'));
  for (const entry of entries as readonly PageEntry[]) {
    const documents = new Documents(path.join(folder, 'pages'), entry, attributeOf(unit));
    fastify.get(entry.path, { constraints: { origin } }, (request, reply) =>
      documents.answer(request, reply),
    );
  }
}

/** Whether a build is there. */
export function hasPages(folder: string): boolean {
  return statSync(path.join(folder, 'pages.json'), { throwIfNoEntry: false }) !== undefined;
}

/** Ways to send a document, the smallest first; `identity` is the document as it is. */
const CODINGS = ['br', 'gzip', 'identity'] as const;
type Coding = (typeof CODINGS)[number];
const SUFFIXES: Readonly<Record<Coding, string>> = { br: '.br', gzip: '.gz', identity: '' };

const ENCODERS: Readonly<Record<Coding, (bytes: Buffer) => Buffer>> = {
  br: brotliCompressSync,
  gzip: gzipSync,
  identity: (bytes) => bytes,
};

interface Kept {
  readonly modifiedMs: number;
  readonly coding: Coding;
  readonly bytes: Buffer;
  readonly tag: string;
}

/** A page in both languages, read again when the build has written another one. */
class Documents {
  private readonly kept = new Map<string, Kept>();
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly folder: string,
    private readonly entry: PageEntry,
    /** Of the root of each document; empty: documents go out as they were built. */
    private readonly attribute: string,
  ) {
    this.headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': entry.wasm ? WITH_WASM : PAGE_POLICY,
      'permissions-policy': PERMISSIONS,
      'strict-transport-security': HSTS,
      // Asked for each time, and sent only when it is another one.
      'cache-control': 'no-cache',
      vary: 'accept-encoding, accept-language, cookie',
    };
  }

  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const chosen = chosenLanguage(request.query);
    const lang =
      chosen ?? keptLanguage(request.headers.cookie) ?? languageOf(request.headers['accept-language']);
    const { bytes, tag, coding } = this.read(lang, request.headers['accept-encoding']);
    void reply.headers({ ...this.headers, 'content-language': lang, etag: tag });
    if (coding !== 'identity') void reply.header('content-encoding', coding);
    if (chosen !== undefined)
      void reply.header(
        'set-cookie',
        `${LANGUAGE_COOKIE}=${chosen}; Path=/; Max-Age=${LANGUAGE_SECONDS}; SameSite=Lax`,
      );
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return reply.send(bytes);
  }

  /** The document in the best way that the browser takes and the build has written. */
  private read(lang: Lang, accepted: string | undefined): Kept {
    const file = path.join(this.folder, this.entry.files[lang]);
    for (const coding of CODINGS.filter((one) => takes(accepted, one))) {
      const stat = statSync(file + SUFFIXES[coding], { throwIfNoEntry: coding === 'identity' });
      if (stat !== undefined) return this.current(file, coding, stat.mtimeMs);
    }
    throw new Error(`every browser takes ${file} as it is`);
  }

  /** The document with the attribute at its root, coded as the build codes it. */
  private marked(file: string, coding: Coding): Buffer {
    const text = readFileSync(file, 'utf8').replace(/<html(?=[\s>])/, (found) => found + this.attribute);
    return ENCODERS[coding](Buffer.from(text));
  }

  private current(file: string, coding: Coding, modifiedMs: number): Kept {
    const name = file + SUFFIXES[coding];
    const kept = this.kept.get(name);
    if (kept?.modifiedMs === modifiedMs) return kept;
    const bytes = this.attribute === '' ? readFileSync(name) : this.marked(file, coding);
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const made = { modifiedMs, coding, bytes, tag };
    this.kept.set(name, made);
    return made;
  }
}

/** `data-unit`, which apps/web/src/words/unit.ts reads. Names have no control characters (domain). */
function attributeOf(unit: Unit): string {
  if (isSameUnit(unit, WON)) return '';
  const text = JSON.stringify([unit.code, unit.digits, unit.ko, unit.en]);
  return ` data-unit="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;
}

/** Whether a request takes a coding: `accept-encoding` names it, not with the weight 0 (RFC 9110, section 12.5.3). */
function takes(accepted: string | undefined, coding: Coding): boolean {
  if (coding === 'identity') return true;
  const weights = (accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((one) => one.trim()));
  return weights.some(([name, weight = 'q=1']) => name === coding && !/^q=0(\.0*)?$/.test(weight));
}

function chosenLanguage(query: unknown): Lang | undefined {
  return languageNamed(
    typeof query === 'object' && query !== null && 'lang' in query ? query.lang : undefined,
  );
}

function keptLanguage(cookies: string | undefined): Lang | undefined {
  return languageNamed(/(?:^|;\s*)lang=(\w+)(?:;|$)/.exec(cookies ?? '')?.[1]);
}

function languageNamed(name: unknown): Lang | undefined {
  return name === 'ko' || name === 'en' ? name : undefined;
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ORIGINS, originOf } from './origins.js';
import { ProblemException } from './problem.js';
import { varyBy } from './vary.js';

export interface CrossOriginOptions {
  /** Origins whose pages may call: `*` for every one, or as in `https://pay.example`. Empty = none. */
  readonly origins: readonly string[];
  /** Whether pages of other origins may call the route. `path` is the route's pattern, `/v1/series/:id`. */
  readonly allows: (method: string, path: string) => boolean;
}

/** How long a browser may remember what a preflight answered; Chromium's limit is two hours. */
const PREFLIGHT_SECONDS = 600;
const REQUEST_HEADERS = 'accept-language, content-type, x-request-id';
const ANSWER_HEADERS = 'retry-after, x-request-id';

/** The methods of every path pattern, gathered while routes are added. */
class Paths {
  private readonly methods = new Map<string, Set<string>>();
  private patterns: { readonly path: string; readonly pattern: RegExp }[] | undefined;

  add(path: string, methods: readonly string[]): void {
    const known = this.methods.get(path) ?? new Set();
    for (const method of methods) known.add(method);
    this.methods.set(path, known);
    this.patterns = undefined;
  }

  /** The most specific patterns that a path fits: `/v1/acts/draft` is no act, though `/v1/acts/:id` fits as well. */
  private matching(path: string): string[] {
    this.patterns ??= [...this.methods.keys()].map((known) => ({ path: known, pattern: patternOf(known) }));
    const fitting = this.patterns.filter(({ pattern }) => pattern.test(path)).map(({ path: known }) => known);
    const fewest = Math.min(...fitting.map(parametersOf));
    return fitting.filter((known) => parametersOf(known) === fewest);
  }

  /** Whether a route without parameters has the path, whatever its methods. */
  has(path: string): boolean {
    return this.methods.has(path);
  }

  /** Pairs of method and pattern that a path answers. */
  of(path: string): { readonly method: string; readonly path: string }[] {
    return this.matching(path).flatMap((known) =>
      [...(this.methods.get(known) ?? [])].map((method) => ({ method, path: known })),
    );
  }
}

const LAST_IS_PARAMETER = /\/:[^/]+$/;

function parametersOf(path: string): number {
  return path.split(':').length - 1;
}

/** Exact, as routes are: `/v1/shops/` is another path than `/v1/shops`, and none. */
function patternOf(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join('/')}$`);
}

/**
 * Answers what no route answers although its path is known: OPTIONS with the methods that are there (and, for a page
 * of another origin, what it may send), everything else with 405.
 *
 * Credentials are never allowed: nothing here knows a browser by a cookie, and `*` would be refused with them.
 */
export function answerMethods(fastify: FastifyInstance, cross: CrossOriginOptions): void {
  // A route of one origin alone does not exist on the other.
  const paths = { public: new Paths(), console: new Paths() };
  fastify.addHook('onRoute', ({ url, method, constraints }) => {
    const origin: unknown = constraints === undefined ? undefined : Reflect.get(constraints, 'origin');
    const methods = Array.isArray(method) ? method : [method];
    for (const one of origin === undefined ? ORIGINS : ORIGINS.filter((known) => known === origin))
      paths[one].add(url, methods);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { method } = request;
    const ofOrigin = paths[originOf(request.raw)];
    const path = request.url.split('?')[0] ?? '';
    const route = request.routeOptions.url ?? '';
    // The router takes `/v1/shops/` for `/v1/shops/:id` with an empty id.
    if (path.endsWith('/') && LAST_IS_PARAMETER.test(route)) return done(new ProblemException('not_found'));
    // Nor is `/v1/acts/draft` an act, which a route of acts would look for.
    const isOther = request.is404 || (route.includes(':') && ofOrigin.has(path));
    const known = isOther ? ofOrigin.of(path) : [];
    if (known.length > 0) {
      const allow = ['OPTIONS', ...new Set(known.map((one) => one.method))].toSorted().join(', ');
      void reply.header('allow', allow);
      if (method !== 'OPTIONS') return done(new ProblemException('method_not_allowed'));
      preflight(request, reply, cross, known);
      void reply.code(204).send();
      return;
    }
    done();
  });
}

/** Adds to the answers of routes that pages of other origins may call who may read them, refusals included. */
export function admitPages(fastify: FastifyInstance, cross: CrossOriginOptions): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = request.routeOptions.url;
    if (!request.is404 && path !== undefined && cross.allows(request.method, path))
      admit(request, reply, cross);
    done();
  });
}

function preflight(
  request: FastifyRequest,
  reply: FastifyReply,
  cross: CrossOriginOptions,
  known: readonly { readonly method: string; readonly path: string }[],
): void {
  const open = known.filter(({ method, path }) => cross.allows(method, path)).map(({ method }) => method);
  if (open.length === 0 || !admit(request, reply, cross)) return;
  void reply.headers({
    'access-control-allow-methods': [...new Set(open)].toSorted().join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  });
}

/** Whether the page that asks may read the answer. */
function admit(request: FastifyRequest, reply: FastifyReply, { origins }: CrossOriginOptions): boolean {
  // Pages of the console's origin are the console's alone.
  if (originOf(request.raw) === 'console') return false;
  const { origin } = request.headers;
  const any = origins.includes('*');
  // Without an Origin the answer has no header for pages: a cache must not give it to one.
  if (origins.length > 0) varyBy(reply, 'Origin');
  if (origin === undefined || !(any || origins.includes(origin))) return false;
  void reply.headers({
    'access-control-allow-origin': any ? '*' : origin,
    'access-control-expose-headers': ANSWER_HEADERS,
  });
  return true;
}

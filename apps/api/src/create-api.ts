import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AttachmentHandlers, describeActs } from '#access';
import { IssueListReader } from '#issuance';
import { CurrentDeployment } from '#node';
import {
  type ApiDocsOptions,
  ClientLimits,
  createHttpApp,
  DOCS_POLICY,
  type Environment,
  loadServiceConfig,
  type Log,
  Metrics,
  type Origin,
  ORIGINS,
  ProblemException,
  originOf,
  projectRoot,
  regions,
} from '#platform';
import { ApiModule } from './api.module.js';
import { LIST_BODY_BYTES_MAX, takeListsOut } from './large-bodies.js';
import { hasPages, PAGE_POLICY, servePages } from './pages.js';

const ISSUE_LIST_ROUTES = new Set(['/v1/acts', '/v1/acts/draft']);

/**
 * What pages of other origins may call: what everybody may read, and the routes to which holders send what they signed.
 * Officers' acts are not among them, nor is any route that is added with another method: their pages are the console's.
 */
function isPublic(method: string, route: string): boolean {
  if (method === 'GET' || method === 'HEAD')
    return route.startsWith('/v1/') || route.startsWith('/problems/');
  return method === 'POST' && HOLDERS_ROUTES.has(route);
}

const HOLDERS_ROUTES = new Set([
  '/v1/payments',
  '/v1/voids',
  '/v1/gifts',
  '/v1/circulations',
  '/v1/redemptions',
  '/v1/refunds',
  '/v1/cancellations',
  '/v1/merchant-cancellations',
  '/v1/accounts/:address/keys',
  '/v1/accounts/:address/objections',
  '/v1/accounts/:address/hand-over-objections',
]);

/** Title and introduction of /docs. */
export function docsOptions(): ApiDocsOptions {
  return {
    title: 'Jangteo API',
    version: versionOf(projectRoot()),
    description: DESCRIPTION,
    complete: (document, app) => describeActs(document, app.get(AttachmentHandlers, { strict: false })),
  };
}

/** Folder of each origin's pages; without the folder the origin has no pages. */
export type Pages = Readonly<Record<Origin, string>>;

function pagesOf(root: string): Pages {
  const web = path.join(root, 'dist', 'web');
  return { public: path.join(web, 'public'), console: path.join(web, 'console') };
}

/**
 * The API, composed and ready to listen.
 *
 * @param env settings as in the environment of a process
 * @throws ConfigError when they make no sense
 */
export async function createApi(
  env: Environment,
  log: Log,
  pages = pagesOf(projectRoot()),
): Promise<NestFastifyApplication> {
  const config = loadServiceConfig(env);
  const limits = new ClientLimits({
    perSecond: config.requestsPerSecond,
    atOnce: config.requestsAtOnce,
    unlimited: config.unlimitedClients,
  });
  const app = await createHttpApp(ApiModule.forRoot(env, limits), {
    log,
    trustedProxies: config.trustedProxies,
    limits,
    crossOrigin: { origins: config.corsOrigins, allows: isPublic },
    regionName: (code, lang) => regions().name(code, lang),
    docs: docsOptions(),
    contentSecurityPolicy: { public: PAGE_POLICY, console: PAGE_POLICY },
  });
  const fastify = app.getHttpAdapter().getInstance();
  const takeOut = takeListsOut(app.get(IssueListReader, { strict: false }));
  fastify.addHook('onRoute', (route) => {
    if (!ISSUE_LIST_ROUTES.has(route.url) || route.method !== 'POST') return;
    route.bodyLimit = LIST_BODY_BYTES_MAX;
    route.preParsing = takeOut;
  });
  fastify.addHook('onRequest', async (request, reply) => {
    if (!isDocs(request.url)) return;
    // The page of /docs needs what the policy of pages forbids; officers' origin does not have it.
    if (originOf(request.raw) === 'console') throw new ProblemException('not_found');
    void reply.header('content-security-policy', DOCS_POLICY);
  });
  for (const origin of ORIGINS) {
    if (hasPages(pages[origin]))
      await servePages(fastify, origin, pages[origin], app.get(CurrentDeployment).unit);
  }
  app.get(Metrics).collectProcess();
  return app;
}

function isDocs(url: string): boolean {
  return /^\/docs([/?-]|$)/.test(url);
}

function versionOf(root: string): string {
  const content: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content) return String(content.version);
  throw new Error('package.json has no version');
}

const DESCRIPTION = `
Municipal vouchers: the chain decides, this API remembers and explains.

Amounts are won as strings of digits, times ISO 8601 in UTC (Unix seconds inside what is signed), regions Korean
administrative codes. Lists come in pages: go on with \`cursor\` = \`next\` until it is null. Whatever is refused comes
as a problem document (RFC 9457) with a stable \`code\`; texts are Korean, or English with \`Accept-Language: en\`.

Whoever changes something signs it (EIP-712): residents their payments, merchants their redemptions, officers their
acts. \`GET /v1/chain\` has the domains and types.
`.trim();

import { LAST_ISO_SECOND } from '#domain';
import { apiDocument } from '#platform';
import { docsOptions } from '../src/create-api.js';
import { arrayAt, at } from './support/api-fixture.js';
import { type BareApi, createBareApi } from './support/bare-api.js';
import { termsOf } from './support/examples.js';

const ADDRESS = `0x${'12'.repeat(20)}`;
const HASH = `0x${'34'.repeat(32)}`;
const SIGNATURE = `0x${'56'.repeat(65)}`;

let api: BareApi;

beforeAll(async () => {
  api = await createBareApi();
});

afterAll(async () => {
  await api?.close();
});

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

async function send(
  method: 'GET' | 'POST',
  url: string,
  payload?: string,
  type = 'application/json',
): Promise<Answer> {
  const headers = { 'accept-language': 'en', ...(payload === undefined ? {} : { 'content-type': type }) };
  const answer = await api.app.inject({ method, url, payload, headers });
  const contentType = String(answer.headers['content-type'] ?? '');
  return {
    status: answer.statusCode,
    type: contentType,
    body: contentType.includes('json') ? JSON.parse(answer.body) : answer.body,
  };
}

/** Rows of everything that a request could store. */
async function stored(): Promise<string> {
  const tables = ['outbox', 'act', 'act_approval', 'issue_list', 'terms_document', 'signed_order'];
  const counts = tables.map((table) => `(SELECT count(*) FROM app.${table})`).join(' + ');
  const [row] = await api.db.query<{ rows: bigint }>(`SELECT ${counts} AS rows`);
  return String(row?.rows);
}

const ORDER = { series: 1, amount: '1000', nonce: 1, deadline: 2_000_000_000, order: HASH };

const COUNTED = { series: 1, count: 1, nonce: 1, deadline: 2_000_000_000, order: HASH };

/** Well-formed bodies of every route that takes one. */
const BODIES: Readonly<Record<string, Json>> = {
  '/v1/payments': {
    authorisation: {
      payer: ADDRESS,
      merchant: ADDRESS,
      series: [1],
      amount: '1000',
      nonce: 1,
      deadline: 2_000_000_000,
      order: HASH,
    },
    proof: SIGNATURE,
  },
  '/v1/voids': {
    authorisation: { ...ORDER, merchant: ADDRESS, payment: HASH },
    proof: SIGNATURE,
  },
  '/v1/gifts': { authorisation: { ...ORDER, giver: ADDRESS, receiver: ADDRESS }, proof: SIGNATURE },
  '/v1/circulations': {
    authorisation: { ...ORDER, merchant: ADDRESS, recipient: ADDRESS },
    proof: SIGNATURE,
  },
  '/v1/refunds': { authorisation: { ...ORDER, account: ADDRESS }, proof: SIGNATURE },
  '/v1/cancellations': { authorisation: { ...COUNTED, account: ADDRESS }, proof: SIGNATURE },
  '/v1/merchant-cancellations': { authorisation: { ...COUNTED, merchant: ADDRESS }, proof: SIGNATURE },
  '/v1/accounts/{address}/keys': {
    keys: { dailyLimit: '0', keys: [{ right: 'owner', id: HASH }] },
    deadline: 2_000_000_000,
    proof: SIGNATURE,
  },
  '/v1/accounts/{address}/objections': { deadline: 2_000_000_000, proof: SIGNATURE },
  '/v1/accounts/{address}/hand-over-objections': { deadline: 2_000_000_000, proof: SIGNATURE },
  '/v1/issue-orders/{id}/quota-chunks': {
    index: 1,
    items: [{ account: ADDRESS, amount: '1000' }],
    signature: SIGNATURE,
  },
  '/v1/redemptions': {
    authorisation: {
      merchant: ADDRESS,
      series: 1,
      amount: '1000',
      nonce: 1,
      deadline: 2_000_000_000,
      order: HASH,
    },
    proof: SIGNATURE,
  },
  '/v1/acts': {
    act: { authority: '47', target: ADDRESS, call: '0x1234', nonce: '1', deadline: 2_000_000_000 },
    approval: { officer: 1, signature: SIGNATURE },
  },
  '/v1/acts/draft': {
    kind: 'set_budget',
    authority: '47',
    args: { series: 1, budget: '1000' },
    deadline: 2_000_000_000,
  },
  '/v1/acts/{id}/approvals': { officer: 1, signature: SIGNATURE },
  '/v1/acts/{id}/withdrawal': { officer: 1, signature: SIGNATURE },
};

const WRONG: readonly unknown[] = [-1, 1.5, true, [], {}, 'x', null];

function concrete(route: string): string {
  return route.replaceAll('{address}', ADDRESS).replaceAll('{id}', HASH).replaceAll('{figure}', 'paid');
}

/** Paths of all values that are no objects. */
function leaves(value: Json, prefix: readonly string[] = []): string[][] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? leaves(Object.fromEntries(Object.entries(inner)), [...prefix, name])
      : [[...prefix, name]],
  );
}

function replaced(body: Json, [name = '', ...rest]: readonly string[], value: unknown): Json {
  const inner = body[name];
  const deeper = typeof inner === 'object' && inner !== null ? Object.fromEntries(Object.entries(inner)) : {};
  return { ...body, [name]: rest.length === 0 ? value : replaced(deeper, rest, value) };
}

function routes(method: 'get' | 'post'): string[] {
  const { paths } = apiDocument(api.app, docsOptions());
  return Object.entries(paths).flatMap(([route, item]) =>
    item[method] && route.startsWith('/v1/') ? [route] : [],
  );
}

describe('a malformed body', () => {
  it('is tried on every route that takes one', () => {
    expect(routes('post').toSorted()).toEqual(Object.keys(BODIES).toSorted());
  });

  it.each(Object.keys(BODIES))('of %s is refused with the field, and nothing is stored', async (route) => {
    const body = BODIES[route] ?? {};
    const url = concrete(route);
    const before = await stored();
    for (const path of leaves(body)) {
      for (const wrong of WRONG) {
        const answer = await send('POST', url, JSON.stringify(replaced(body, path, wrong)));
        const seen = { path, wrong, status: answer.status, type: answer.type.split(';')[0] };
        expect(seen).toEqual({ path, wrong, status: 400, type: 'application/problem+json' });
        const fields = arrayAt(answer.body, 'errors').map((one) => String(at(one, 'field')));
        expect({ path, wrong, named: fields.some((field) => field.startsWith(path.join('.'))) }).toEqual({
          path,
          wrong,
          named: true,
        });
      }
    }
    expect(await stored()).toBe(before);
  });

  it.each(Object.keys(BODIES))(
    'of %s that is no object, or has an unknown field, is refused',
    async (route) => {
      const url = concrete(route);
      const surprised = { ...BODIES[route], surprise: 1 };
      expect(await send('POST', url, JSON.stringify(surprised))).toMatchObject({
        status: 400,
        body: { code: 'unknown_field', errors: [{ field: 'surprise' }] },
      });
      for (const text of ['[]', 'null', '"x"', '1', '{}']) {
        expect({ text, ...(await send('POST', url, text)) }).toMatchObject({ text, status: 400 });
      }
      for (const text of ['{', '{"a":1,}', '{"__proto__":{"x":1}}', 'nonsense']) {
        expect({ text, ...(await send('POST', url, text)) }).toMatchObject({
          text,
          status: 400,
          body: { code: 'invalid_json' },
        });
      }
      expect(await send('POST', url, 'a=1', 'application/x-www-form-urlencoded')).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      });
      // Acts contain lists of recipients.
      const bytes = route === '/v1/acts' || route === '/v1/acts/draft' ? 17_000_000 : 1_100_000;
      const large = JSON.stringify({ surprise: 'x'.repeat(bytes) });
      expect(await send('POST', url, large)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    },
  );
});

describe('a deadline', () => {
  const routesWithOne = Object.entries(BODIES).flatMap(([route, body]) =>
    leaves(body)
      .filter((path) => path.at(-1) === 'deadline')
      .map((path) => ({ route, body, path })),
  );

  it('is in eight kinds of order, acts, drafts, changes of keys and objections', () => {
    expect(routesWithOne).toHaveLength(13);
  });

  it.each(routesWithOne)(
    'of $route is refused with the field after the year 9999',
    async ({ route, body, path }) => {
      const refusedAt = async (seconds: number): Promise<readonly unknown[]> => {
        const answer = await send('POST', concrete(route), JSON.stringify(replaced(body, path, seconds)));
        const errors = at(answer.body, 'errors');
        return Array.isArray(errors) ? errors.map((error) => at(error, 'field')) : [];
      };
      expect(await refusedAt(LAST_ISO_SECOND + 1)).toEqual([path.join('.')]);
      expect(await refusedAt(LAST_ISO_SECOND)).not.toContain(path.join('.'));
    },
  );
});

describe('arguments of a draft', () => {
  const terms = termsOf('47');
  const item = { account: ADDRESS, amount: '1000' };
  const profile = { merchant: ADDRESS, name: '가게', businessNumber: '101-90-00014', address: '' };
  const entry = { merchant: ADDRESS, region: '47130', category: 'cafe', size: 0 };
  const thresholds = { governors: 2, registrars: 1, bands: [{ upTo: null, officers: 2 }] };
  const cases: readonly (readonly [kind: string, field: string, args: unknown, attachment: unknown])[] = [
    ['set_budget', 'args.budget', { series: 1, budget: '-5' }, undefined],
    ['set_budget', 'args.budget', { series: 1, budget: '1.5' }, undefined],
    ['set_budget', 'args.budget', { series: 1, budget: 1.5 }, undefined],
    ['set_budget', 'args.series', { series: 0, budget: '1' }, undefined],
    ['set_budget', 'args.more', { series: 1, budget: '1', more: 1 }, undefined],
    ['set_budget', 'attachment', { series: 1, budget: '1' }, { salt: '0x' }],
    ['pause_series', 'args.until', { series: 1, until: 'tomorrow' }, undefined],
    ['extend_series', 'args.until', { series: 1, until: null }, undefined],
    [
      'extend_series',
      'args.from',
      { series: 1, from: '2031-01-01T00:00:00Z', until: '2032-01-01T00:00:00Z' },
      undefined,
    ],
    ['close_issue_order', 'args.issueOrder', { issueOrder: -1 }, undefined],
    [
      'set_merchants',
      'args.entries[0].region',
      { entries: [{ ...entry, region: '4x' }] },
      { profiles: [profile] },
    ],
    [
      'set_merchants',
      'args.entries[0].category',
      { entries: [{ ...entry, category: 'gambling' }] },
      { profiles: [profile] },
    ],
    ['set_merchants', 'attachment', { entries: [entry] }, undefined],
    [
      'set_merchants',
      'attachment.profiles[0].name',
      { entries: [entry] },
      { profiles: [{ ...profile, name: '가게\ud83c' }] },
    ],
    [
      'set_merchants',
      'attachment.profiles[0].address',
      { entries: [entry] },
      { profiles: [{ ...profile, address: '황리단길\u202e 1' }] },
    ],
    ['set_budget', 'args.budget', { series: 1, budget: 1000 }, undefined],
    [
      'publish_series',
      'attachment.terms.programme.ko',
      {},
      { terms: { ...terms, programme: { ko: '\u3164', en: 'a' } } },
    ],
    [
      'set_merchants',
      'attachment.profiles[0].businessNumber',
      { entries: [entry] },
      { profiles: [{ ...profile, businessNumber: '1' }] },
    ],
    ['set_merchant_status', 'args.merchants[0]', { merchants: ['0x12'], status: 'active' }, undefined],
    ['set_merchant_status', 'args.status', { merchants: [ADDRESS], status: 'gone' }, undefined],
    [
      'attest_accounts',
      'args.entries[0].home',
      { entries: [{ account: ADDRESS, home: '1', tier: 'none' }] },
      undefined,
    ],
    ['freeze_accounts', 'args.until', { accounts: [ADDRESS], until: 'soon' }, undefined],
    [
      'found_authority',
      'args.region',
      { region: 'x', officers: [{ id: 1, keys: [] }], thresholds },
      undefined,
    ],
    [
      'set_officers',
      'args.officers[0].roles[0]',
      { officers: [{ id: 1, keys: [ADDRESS], roles: ['king'] }] },
      undefined,
    ],
    [
      'set_thresholds',
      'args.thresholds.governors',
      { thresholds: { ...thresholds, governors: 1 } },
      undefined,
    ],
    [
      'publish_series',
      'attachment.terms.programme.ko',
      {},
      { terms: { ...terms, programme: { ko: 'a\u0000', en: 'a' } } },
    ],
    ['publish_series', 'attachment.terms.budget', {}, { terms: { ...terms, budget: '-1' } }],
    ['publish_series', 'attachment.terms.rules[0].area', {}, { terms: { ...terms, rules: [{ area: 'x' }] } }],
    ['publish_series', 'attachment.terms.authority', {}, { terms: { ...terms, authority: '11' } }],
    ['approve_issue', 'attachment.items', { series: 1 }, { items: [] }],
    [
      'approve_issue',
      'attachment.items[1].amount',
      { series: 1 },
      { items: [item, { ...item, amount: '1.5' }] },
    ],
    ['approve_issue', 'attachment.items[0].amount', { series: 1 }, { items: [{ ...item, amount: '0' }] }],
    ['approve_issue', 'attachment.items[0].account', { series: 1 }, { items: [{ ...item, account: 'x' }] }],
    ['approve_issue', 'attachment.salt', { series: 1 }, { salt: '0x12', items: [item] }],
  ];

  it.each(cases)('of %s are refused at %s', async (kind, field, args, attachment) => {
    const body = JSON.stringify({ kind, authority: '47', args, attachment });
    const answer = await send('POST', '/v1/acts/draft', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(arrayAt(answer.body, 'errors').map((one) => at(one, 'field'))).toContain(field);
  });
});

describe('a malformed address or query', () => {
  const NONSENSE = [
    '',
    '-1',
    '1.5',
    'zz',
    "' OR 1=1",
    '9'.repeat(40),
    '0x',
    '\u0000',
    '%',
    '가',
    '../..',
    'null',
  ];

  it('is never a 500 on any route, and an unknown parameter of a list is refused', async () => {
    const { paths } = apiDocument(api.app, docsOptions());
    for (const route of routes('get')) {
      const parameters = (paths[route]?.get?.parameters ?? []).flatMap((one) => ('name' in one ? [one] : []));
      const required = parameters.filter(({ required: needed, in: place }) => needed && place === 'query');
      const base = `${concrete(route).replaceAll(/\{\w+\}/g, ADDRESS)}?${required.map(({ name }) => `${name}=series`).join('&')}`;
      for (const { name, in: place } of parameters) {
        for (const value of NONSENSE) {
          const text = encodeURIComponent(value);
          const url =
            place === 'path'
              ? route.replace(`{${name}}`, text).replaceAll(/\{\w+\}/g, HASH)
              : `${base}&${name}=${text}`;
          const { status } = await send('GET', url);
          expect([url, status < 500]).toEqual([url, true]);
          if (name === 'cursor' || name === 'limit') expect([url, status]).toEqual([url, 400]);
        }
      }
      // Only the group of a report has the value that was given.
      const isList =
        parameters.some(({ in: place }) => place === 'query') &&
        required.every(({ name }) => name === 'group');
      if (isList) {
        const { status, body } = await send('GET', `${base}&surprise=1`);
        expect([route, status, at(body, 'code')]).toEqual([route, 400, 'unknown_field']);
      }
    }
  });

  it('of an unknown route, or with a method that the route lacks, is a problem document', async () => {
    expect(await send('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await send('POST', '/v1/series', '{}')).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed' },
    });
  });
});

import { request } from 'node:http';
import { LAST_ISO_SECOND } from '#domain';
import { Json } from '../support/json.js';
import { codeOf, type Answer, type OutsideClient } from '../support/outside-client.js';

/** A request that must be refused for what it is, whoever sends it. */
export interface BadRequest {
  readonly path: string;
  readonly what: string;
  readonly body: unknown;
  /** Announces so many bytes instead of sending a body. */
  readonly bytes?: number;
  readonly status: number;
  readonly code: string;
  /** A field that the problem document has to name. */
  readonly field?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const ADDRESS = `0x${'ab'.repeat(20)}`;
const SIGNATURE = `0x${'11'.repeat(65)}`;
const HASH = `0x${'22'.repeat(32)}`;
const LATER = 4_000_000_000;

const order = {
  merchant: ADDRESS,
  series: 1,
  amount: '1000',
  nonce: 1,
  deadline: LATER,
  order: HASH,
};
const payment = { authorisation: { payer: ADDRESS, ...order, series: [1] }, proof: SIGNATURE };
const redemption = { authorisation: order, proof: SIGNATURE };
const approval = { officer: 1, signature: SIGNATURE };
const act = { authority: '47130', target: ADDRESS, call: '0x01', nonce: '1', deadline: LATER };
const proposal = { act, approval };
const draft = { kind: 'freeze_accounts', authority: '47130', args: { accounts: [ADDRESS], until: null } };

const ACT = `/v1/acts/${HASH}`;

/** Routes that take a body, with one that is well formed. */
const ROUTES: readonly (readonly [path: string, body: Fields, bytesMax: number])[] = [
  ['/v1/payments', payment, 256 * 1024],
  ['/v1/redemptions', redemption, 256 * 1024],
  ['/v1/acts/draft', draft, 16 * 1024 * 1024],
  ['/v1/acts', proposal, 16 * 1024 * 1024],
  [`${ACT}/approvals`, approval, 1024 * 1024],
  [`${ACT}/withdrawal`, { officer: 1, signature: SIGNATURE }, 1024 * 1024],
];

/** What no route may take, whatever it is for. */
const EVERYWHERE: readonly BadRequest[] = ROUTES.flatMap(([path, body, bytesMax]): BadRequest[] => [
  { path, what: 'broken JSON', body: '{"a":', status: 400, code: 'invalid_json' },
  { path, what: 'a list', body: '[]', status: 400, code: 'invalid_request' },
  { path, what: 'a number', body: '7', status: 400, code: 'invalid_request' },
  { path, what: 'nothing', body: '{}', status: 400, code: 'invalid_request' },
  {
    path,
    what: 'an unknown field',
    body: { ...body, surprise: 1 },
    status: 400,
    code: 'unknown_field',
    field: 'surprise',
  },
  {
    path,
    what: 'a poisoned prototype',
    body: `{"__proto__":{"proof":"${SIGNATURE}"}}`,
    status: 400,
    code: 'invalid_json',
  },
  {
    path,
    what: 'too many bytes',
    body: undefined,
    bytes: bytesMax + 1,
    status: 413,
    code: 'body_too_large',
  },
]);

const WRONG_WON: readonly unknown[] = [
  '-1000',
  -1000,
  '10.5',
  10.5,
  '1e3',
  '',
  ' 1000',
  '72057594037927936',
  null,
  true,
];
const WRONG_ADDRESS: readonly unknown[] = ['0x12', ADDRESS.slice(2), `0x${'zz'.repeat(20)}`, 7, null, {}];
const WRONG_SIGNATURE: readonly unknown[] = [
  '0x',
  SIGNATURE.slice(0, -2),
  // Half a byte more; longer proofs are those of devices.
  `${SIGNATURE}0`,
  'signature',
  1,
  null,
];
const WRONG_REGION: readonly unknown[] = ['4', '47130104123', 'Gyeongju', 47130, null, '٤٧١٣٠'];
const WRONG_NUMBER: readonly unknown[] = [-1, 1.5, '1.5', 2 ** 32, 'one', null, [[1]]];

/** One wrong value in an otherwise well-formed body. */
const BY_FIELD: readonly BadRequest[] = [
  ...wrongOrders('/v1/payments', payment),
  ...values(WRONG_ADDRESS, '/v1/payments', 'authorisation.payer', (value) => ({
    ...payment,
    authorisation: { ...payment.authorisation, payer: value },
  })),
  ...wrongOrders('/v1/redemptions', redemption),
  ...values(WRONG_REGION, '/v1/acts', 'act.authority', (value) => ({
    ...proposal,
    act: { ...act, authority: value },
  })),
  ...values(['', '0x0', 'calldata', 7], '/v1/acts', 'act.call', (value) => ({
    ...proposal,
    act: { ...act, call: value },
  })),
  ...values(WRONG_SIGNATURE, '/v1/acts', 'approval.signature', (value) => ({
    ...proposal,
    approval: { ...approval, signature: value },
  })),
  ...values(WRONG_NUMBER, `${ACT}/approvals`, 'officer', (value) => ({ ...approval, officer: value })),
  ...values(WRONG_SIGNATURE, `${ACT}/approvals`, 'signature', (value) => ({ ...approval, signature: value })),
  ...values(WRONG_SIGNATURE, `${ACT}/withdrawal`, 'signature', (value) => ({ officer: 1, signature: value })),
  ...values(['pay_everybody', 7, null], '/v1/acts/draft', 'kind', (value) => ({ ...draft, kind: value })),
  ...values(WRONG_REGION, '/v1/acts/draft', 'authority', (value) => ({ ...draft, authority: value })),
  ...values(WRONG_WON, '/v1/acts/draft', 'args.budget', (budget) => ({
    kind: 'set_budget',
    authority: '47130',
    args: { series: 1, budget },
  })),
  ...values(WRONG_WON, '/v1/acts/draft', 'attachment.items[0].amount', (amount) => ({
    kind: 'approve_issue',
    authority: '47130',
    args: { series: 1 },
    attachment: { items: [{ account: ADDRESS, amount }] },
  })),
  ...values(WRONG_REGION, '/v1/acts/draft', 'args.entries[0].region', (region) => ({
    kind: 'set_merchants',
    authority: '47130',
    args: { entries: [{ merchant: ADDRESS, region, category: 'cafe', size: 0 }] },
    attachment: { profiles: [] },
  })),
];

export const BAD_REQUESTS: readonly BadRequest[] = [...EVERYWHERE, ...BY_FIELD];

/** What the answer to a bad request has wrong; empty when it is as it must be. */
export async function faultOf(client: OutsideClient, bad: BadRequest): Promise<string> {
  const { path, what, status, code, field } = bad;
  const { body, bytes } = bad;
  const answer =
    bytes === undefined
      ? await client.send('POST', path, body)
      : await announce(new URL(path, client.baseUrl), bytes);
  const seen = `${answer.status} ${codeOf(answer)} ${fieldsOf(answer).join(' ')}`;
  const document = answer.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const named = field === undefined || fieldsOf(answer).includes(field);
  const right = answer.status === status && codeOf(answer) === code && document && named;
  return right ? '' : `${path} with ${what}: ${seen}, expected ${status} ${code} ${field ?? ''}`;
}

/**
 * Says that so many bytes follow and waits for the answer. A server that reads no further closes the connection;
 * a client that goes on writing may then miss the answer that is already there.
 */
function announce(url: URL, bytes: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': bytes };
    const sent = request(url, { method: 'POST', headers }, (response) => {
      const found = new Headers({ 'content-type': response.headers['content-type'] ?? '' });
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        sent.destroy();
        resolve({ status: response.statusCode ?? 0, body: new Json(JSON.parse(text)), headers: found });
      });
    });
    sent.once('error', reject);
    sent.flushHeaders();
  });
}

function fieldsOf({ body }: Answer): string[] {
  const errors = typeof body.value === 'object' && body.value !== null ? body.at('errors') : undefined;
  if (errors === undefined || !errors.present) return [];
  return errors.list().map((error) => error.at('field').text());
}

function wrongOrders(
  path: string,
  body: { readonly authorisation: Fields; readonly proof: string },
): BadRequest[] {
  const authorisation = (name: string) => (value: unknown) => ({
    ...body,
    authorisation: { ...body.authorisation, [name]: value },
  });
  const field = (name: string, wrong: readonly unknown[]) =>
    values(wrong, path, `authorisation.${name}`, authorisation(name));
  return [
    ...field('amount', WRONG_WON),
    ...field('merchant', WRONG_ADDRESS),
    ...field('series', WRONG_NUMBER),
    ...field('nonce', WRONG_NUMBER),
    ...field('deadline', [-1, 1.5, LAST_ISO_SECOND + 1, 'tomorrow', null]),
    ...field('order', ['0x', HASH.slice(0, -1), 5, null]),
    ...values(WRONG_SIGNATURE, path, 'proof', (value) => ({ ...body, proof: value })),
    ...values([null, 7, 'text', []], path, 'authorisation', (value) => ({ ...body, authorisation: value })),
  ];
}

function values(
  wrong: readonly unknown[],
  path: string,
  field: string,
  bodyWith: (value: unknown) => Fields,
): BadRequest[] {
  return wrong.map((value) => ({
    path,
    what: `${field} = ${JSON.stringify(value)}`,
    body: bodyWith(value),
    status: 400,
    code: 'invalid_request',
    field,
  }));
}

import { AttachmentHandlers, readActArguments } from '#access';
import { ACT_KINDS } from '#contracts';
import { FieldReader, isJsonObject, parseTerms, termsField, type JsonObject } from '#domain';
import { apiDocument } from '#platform';
import { Schemas } from '../../../test/support/schemas.js';
import { docsOptions } from '../src/create-api.js';
import { arrayAt, at } from './support/api-fixture.js';
import { type BareApi, createBareApi } from './support/bare-api.js';
import { termsOf } from './support/examples.js';

const ACCOUNT = `0x${'12'.repeat(20)}`;
const HASH = `0x${'34'.repeat(32)}`;
const UNTIL = '2030-01-01T00:00:00Z';
const OFFICERS = [
  { id: 1, roles: ['governor', 'treasurer'], keys: [HASH, ACCOUNT] },
  { id: 2, keys: [] },
];
const THRESHOLDS = {
  governors: 2,
  registrars: 1,
  bands: [
    { upTo: '1000', officers: 2 },
    { upTo: null, officers: 3 },
  ],
};

/** Arguments of every kind as a draft takes them. */
const ARGUMENTS: Readonly<Record<string, JsonObject>> = {
  publish_series: {},
  set_budget: { series: 1, budget: '1000' },
  delegate_budget: { series: 1, to: '47130', left: '0' },
  start_expiry: { series: 1 },
  close_series: { series: 1 },
  approve_issue: { series: 1 },
  approve_quota: { series: 1, total: '100', perDay: '10', key: ACCOUNT },
  pause_series: { series: 1, until: null },
  extend_series: { series: 1, until: UNTIL },
  close_issue_order: { issueOrder: 1 },
  set_merchants: {
    entries: [
      { merchant: ACCOUNT, region: '47130', category: 'cafe', size: 1, claim: `0x${'cd'.repeat(64)}` },
    ],
  },
  set_merchant_status: { merchants: [ACCOUNT], status: 'suspended' },
  hold_payouts: { merchants: [ACCOUNT], until: UNTIL },
  set_first_keys: {
    entries: [{ account: ACCOUNT, keys: { dailyLimit: '0', keys: [{ right: 'owner', id: HASH }] } }],
  },
  attest_accounts: { entries: [{ account: ACCOUNT, home: '47130', tier: 'real_name', company: true }] },
  freeze_accounts: { accounts: [ACCOUNT], until: '2026-12-01T00:00:00Z' },
  replace_keys: {
    account: ACCOUNT,
    keys: { dailyLimit: '1000', keys: [{ right: 'owner', id: HASH }] },
    overruling: true,
  },
  propose_hand_over: { to: '47130', accounts: [ACCOUNT] },
  take_accounts: { entries: [{ account: ACCOUNT, place: '47130', consent: `0x${'cd'.repeat(70)}` }] },
  settle: { run: HASH, lines: [{ merchant: ACCOUNT, series: 1, amount: '100' }] },
  return_redemptions: { redemptions: [HASH] },
  found_authority: { region: '47130', officers: OFFICERS, thresholds: THRESHOLDS },
  set_officers: { officers: OFFICERS },
  set_thresholds: { thresholds: THRESHOLDS },
  remove_officers: { officers: [3] },
  stop_change: { change: HASH },
  propose_reseat: { region: '47130', officers: OFFICERS, thresholds: THRESHOLDS },
  reject_reseat: {},
  grant_area: { to: '47130', area: '47720' },
  give_up_area: { area: '47720' },
  anchor: { kind: 'close', root: HASH },
  declare_reform: { from: '47720', to: '27720' },
  recode_merchants: { from: '47720', to: '27720', entries: [{ merchant: ACCOUNT, region: '27720' }] },
  recode_homes: { from: '47720', to: '27720', entries: [{ account: ACCOUNT, home: '27720' }] },
};

const PROFILE = { merchant: ACCOUNT, name: '가게', businessNumber: '124-81-00998', address: '경주시' };

/** Attachments of the kinds that have one. */
const ATTACHMENTS: Readonly<Record<string, JsonObject>> = {
  publish_series: {
    terms: termsOf('47130', {
      rules: [{ area: '47130', categories: ['cafe'], maxSize: 4 }],
      caps: { payment: '500000', daily: { none: '1', phone: '2', real_name: '3' }, holding: '5' },
      flags: { gift: true },
      circulation: 1,
      refund: { thresholdPercent: 60, unusedDays: 7 },
      demo: true,
    }),
  },
  set_merchants: { salt: `0x${'ab'.repeat(16)}`, demo: true, profiles: [PROFILE] },
  approve_issue: { items: [{ account: ACCOUNT, amount: '5000' }] },
};

/** What stands in a place instead of the right value. */
const HOSTILE = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  '',
  ' ',
  'x',
  '0x',
  '1'.repeat(90),
  [],
  [null],
  {},
  { a: 1 },
];

/** The document with each of its values replaced in turn, each left out, and a field too many in each object. */
function* variantsOf(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries())
      for (const variant of variantsOf(entry)) yield value.with(index, variant);
    yield Array.from({ length: 500 }, () => value[0]);
  } else if (isJsonObject(value)) {
    yield { ...value, surprise: 1 };
    for (const [name, entry] of Object.entries(value)) {
      const { [name]: _left, ...rest } = value;
      yield rest;
      for (const variant of variantsOf(entry)) yield { ...value, [name]: variant };
    }
  }
  yield* HOSTILE;
}

let api: BareApi;
let schemas: Schemas;

beforeAll(async () => {
  api = await createBareApi();
  schemas = new Schemas(apiDocument(api.app, docsOptions()));
});

afterAll(async () => {
  await api?.close();
});

/** Fields that POST /v1/acts/draft refuses. */
async function draft(body: object): Promise<{ status: number; fields: string[] }> {
  const answer = await api.app.inject({ method: 'POST', url: '/v1/acts/draft', payload: body });
  const json: unknown = answer.json();
  const fields =
    answer.statusCode === 400 ? arrayAt(json, 'errors').map((one) => String(at(one, 'field'))) : [];
  return { status: answer.statusCode, fields };
}

describe('the schemas of acts', () => {
  it.each(ACT_KINDS)('%s: describe a draft that the API reads', async (kind) => {
    const attachment = ATTACHMENTS[kind];
    const body = { kind, authority: '47', args: ARGUMENTS[kind], ...(attachment ? { attachment } : {}) };
    expect(schemas.problems('#/components/schemas/DraftBody', body)).toEqual([]);
    const { fields } = await draft(body);
    expect(
      fields.filter((field) => /^(args|attachment)/.test(field) && !field.includes('authority')),
    ).toEqual([]);
  });

  it.each(ACT_KINDS)('%s: allow whatever the API reads, and no value of another form', async (kind) => {
    const attachment = ATTACHMENTS[kind];
    const whole = { kind, authority: '47', args: ARGUMENTS[kind], ...(attachment ? { attachment } : {}) };
    let refused = 0;
    for (const part of attachment === undefined ? ['args'] : ['args', 'attachment']) {
      for (const variant of variantsOf(Reflect.get(whole, part))) {
        const body = { ...whole, [part]: variant };
        if (schemas.problems(`#/components/schemas/DraftBody`, body).length === 0) continue;
        const { status, fields } = await draft(body);
        expect([kind, JSON.stringify(variant).slice(0, 200), status]).toEqual([kind, expect.anything(), 400]);
        expect(fields.some((field) => field.startsWith(part))).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(5);
  });

  it('describe what is shown of what was read', () => {
    const { terms } = ATTACHMENTS['publish_series'] ?? {};
    const parsed = parseTerms(terms);
    expect(parsed.ok && schemas.problems('#/components/schemas/NormalTerms', parsed.terms)).toEqual([]);
    expect(parsed.ok && termsField.show(termsField.read(new FieldReader(), terms, ''))).toEqual(
      parsed.ok && parsed.terms,
    );
    const { entries } = readActArguments(
      'set_merchants',
      { authority: '47', areas: ['47'] },
      ARGUMENTS['set_merchants'],
    );
    const claim = `0x${'cd'.repeat(64)}`;
    expect(entries).toEqual([{ merchant: ACCOUNT, region: '47130', category: 1, size: 1, claim }]);
  });

  it('exist for every kind with an attachment', () => {
    const handlers = api.app.get(AttachmentHandlers, { strict: false });
    const attached = ACT_KINDS.filter((kind) => handlers.of(kind) !== undefined);
    expect(attached.toSorted()).toEqual(Object.keys(ATTACHMENTS).toSorted());
  });
});

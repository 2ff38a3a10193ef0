import { inventedBusinessNumber } from '#domain';
import { CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, digestOf, recordAt, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
});

afterAll(async () => {
  await api?.close();
});

async function draftOf(request: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { status, body } = await api.post('/v1/acts/draft', request);
  expect({ status, body }).toMatchObject({ status: 200 });
  return recordAt(body);
}

async function approvalOf(draft: unknown, officer: number, authority = CITY) {
  return { officer, signature: await api.sign(draft, api.world.officer(authority, officer)) };
}

describe('an act over HTTP alone', () => {
  it('is drafted, signed by two of four officers, executed by the contract, and shows as executed', async () => {
    const draft = await draftOf({
      kind: 'publish_series',
      authority: CITY,
      attachment: { terms: termsOf(CITY) },
    });
    expect(draft['needed']).toEqual({ role: 'treasurer', officers: 2, amount: '900000000' });
    expect(digestOf(draft)).toBe(draft['id']);
    const id = textAt(draft, 'id');
    const { act, attachment } = draft;

    const proposed = await api.post('/v1/acts', { act, attachment, approval: await approvalOf(draft, 1) });
    expect(proposed).toMatchObject({ status: 200, body: { id, state: 'open', kind: 'publish_series' } });
    expect(arrayAt(proposed.body, 'signed')).toHaveLength(1);

    const again = await api.post('/v1/acts', { act, attachment, approval: await approvalOf(draft, 1) });
    expect(again).toMatchObject({ status: 200, body: { state: 'open' } });
    expect(arrayAt(again.body, 'signed')).toHaveLength(1);

    const approved = await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 2));
    expect(approved).toMatchObject({ status: 200, body: { state: 'executing' } });
    await api.until('executed', async () => {
      const { body } = await api.get(`/v1/acts/${id}`);
      return textAt(body, 'state') === 'executed';
    });

    const series = await api.get('/v1/series/1');
    expect(series).toMatchObject({
      status: 200,
      body: { authority: CITY, programme: { en: 'Gyeongju Pay' }, caps: { payment: '500000', daily: null } },
    });
    expect(at(series.body, 'explanation', 'ko', 0)).toMatch(/쓸 수 있습니다/);
    const trail = await api.world.db.query<{ action: string }>(
      'SELECT action FROM app.audit_entry WHERE subject = $1 ORDER BY seq',
      [id],
    );
    expect(trail.map(({ action }) => action)).toEqual([
      'act:propose',
      'act:approve',
      'act:approve',
      'act:execute',
    ]);
  });

  it('issues an approved list on the chain in chunks and counts who got how much', async () => {
    const items = Array.from({ length: 900 }, (_unused, index) => ({
      account: api.world.wallet('resident').address,
      amount: String(1_000 + index),
    }));
    const total = items.reduce((sum, { amount }) => sum + Number(amount), 0);
    const act = await api.act({
      kind: 'approve_issue',
      authority: CITY,
      args: { series: 1 },
      attachment: { items },
    });
    expect(await api.get(`/v1/issue-lists/${act}`)).toMatchObject({
      status: 200,
      body: { chunks: 4, recipients: 900, total: String(total) },
    });
    expect(await api.enqueueLists()).toBe(4);
    expect(await api.enqueueLists()).toBe(0);
    await api.until('all issued', async () => {
      const { body } = await api.get(`/v1/issue-lists/${act}`);
      return textAt(body, 'state') === 'done';
    });
    expect((await api.get(`/v1/issue-lists/${act}`)).body).toMatchObject({
      recipientsIssued: 900,
      amountIssued: String(total),
      refused: [],
    });
    const series = await api.get('/v1/series/1');
    expect(at(series.body, 'figures')).toMatchObject({ issued: String(total), outstanding: String(total) });
    const pages = await Promise.all(
      ['', '?limit=7', '?limit=500'].map((query) => api.get(`/v1/issue-lists/${act}/items${query}`)),
    );
    expect(pages.map(({ body }) => arrayAt(body, 'items').length)).toEqual([50, 7, 500]);
    expect(await api.get(`/v1/issue-lists/0x${'0'.repeat(64)}/items`)).toMatchObject({ status: 404 });
  });

  it('takes the list of a whole city in one draft', async () => {
    const items = Array.from({ length: 20_000 }, (_unused, index) => ({
      account: `0x${(index + 1).toString(16).padStart(40, '0')}`,
      amount: '40000',
    }));
    const request = { kind: 'approve_issue', authority: CITY, args: { series: 1 }, attachment: { items } };
    const draft = await draftOf(request);
    // What the test before approved on the same day counts as well.
    expect(draft).toMatchObject({ needed: { role: 'treasurer', officers: 2, amount: '801304550' } });
    expect(await api.count('app.issue_list')).toBe(1);
  });

  it('is executed once when several officers sign at the same moment', async () => {
    const draft = await draftOf({
      kind: 'set_budget',
      authority: CITY,
      args: { series: 1, budget: '900000500' },
    });
    const id = textAt(draft, 'id');
    const approvals = await Promise.all([1, 2, 3].map((officer) => approvalOf(draft, officer)));
    const answers = await Promise.all(
      approvals.map((approval) => api.post('/v1/acts', { act: draft['act'], approval })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await api.until(
      'executed',
      async () => textAt((await api.get(`/v1/acts/${id}`)).body, 'state') === 'executed',
    );
    const [row] = await api.world.db.query<{ queued: bigint }>(
      'SELECT count(*) AS queued FROM app.outbox WHERE id = $1',
      [Buffer.from(id.slice(2), 'hex')],
    );
    expect(row?.queued).toBe(1n);
    expect(at((await api.get('/v1/series/1')).body, 'figures', 'budget')).toBe('900000500');
  });

  it('is found in the list of its authority, page by page, newest first', async () => {
    const states: unknown[] = [];
    const times: string[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      const more = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const { status, body } = await api.get(`/v1/acts?authority=${CITY}&state=executed&limit=1${more}`);
      expect(status).toBe(200);
      const items = arrayAt(body, 'items');
      states.push(...items.map((one) => at(one, 'state')));
      times.push(...items.map((one) => textAt(one, 'proposedAt')));
      cursor = at(body, 'next');
    }
    expect(states).toEqual(['executed', 'executed', 'executed']);
    expect(times).toEqual(times.toSorted().toReversed());
    expect(arrayAt((await api.get('/v1/acts?authority=11')).body, 'items')).toEqual([]);
  });

  it('shows why the contract refused it', async () => {
    const { body } = await api.get('/v1/series/1');
    const before = BigInt(textAt(body, 'figures', 'approved'));
    const draft = await draftOf({
      kind: 'set_budget',
      authority: CITY,
      args: { series: 1, budget: String(before) },
    });
    const id = textAt(draft, 'id');
    await api.post('/v1/acts', { act: draft['act'], approval: await approvalOf(draft, 1) });
    // What is approved between the signatures makes it too small.
    const items = [{ account: api.world.wallet('resident').address, amount: '7' }];
    await api.act({ kind: 'approve_issue', authority: CITY, args: { series: 1 }, attachment: { items } });
    const approved = before + 7n;
    await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 3));
    await api.until(
      'failed',
      async () => textAt((await api.get(`/v1/acts/${id}`)).body, 'state') === 'failed',
    );
    expect((await api.get(`/v1/acts/${id}`)).body).toMatchObject({
      failure: { code: 'budget_below_approved', args: { approved: String(approved) } },
    });
  });
});

describe('a signature that may not count', () => {
  const budget = { kind: 'set_budget', authority: CITY, args: { series: 1, budget: '900000001' } };

  it('is refused when another authority’s officer made it', async () => {
    const draft = await draftOf(budget);
    const approval = await approvalOf(draft, 1, PROVINCE);
    expect(await api.post('/v1/acts', { act: draft['act'], approval })).toMatchObject({
      status: 403,
      body: { code: 'officer_signature_invalid' },
    });
    expect(await api.get(`/v1/acts/${textAt(draft, 'id')}`)).toMatchObject({ status: 404 });
  });

  it('is refused from an officer number that does not exist', async () => {
    const draft = await draftOf(budget);
    const approval = { ...(await approvalOf(draft, 1)), officer: 9 };
    expect(await api.post('/v1/acts', { act: draft['act'], approval })).toMatchObject({
      status: 403,
      body: { code: 'officer_unknown' },
    });
  });

  it('is refused when it is over another act', async () => {
    const [draft, other] = [await draftOf(budget), await draftOf(budget)];
    expect(
      await api.post('/v1/acts', { act: draft['act'], approval: await approvalOf(other, 1) }),
    ).toMatchObject({ status: 403, body: { code: 'officer_signature_invalid' } });
  });

  it('is refused from an officer without the role', async () => {
    const clerk = api.world.wallet('clerk');
    const officers = [{ id: 7, keys: [clerk.address], roles: ['registrar'] }];
    await api.act({ kind: 'set_officers', authority: CITY, args: { officers } }, [1, 2, 3]);
    await api.finishChanges();
    const draft = await draftOf(budget);
    const approval = { officer: 7, signature: await api.sign(draft, clerk) };
    expect(await api.post('/v1/acts', { act: draft['act'], approval })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it('of the same officer twice counts once', async () => {
    const draft = await draftOf(budget);
    const approval = await approvalOf(draft, 1);
    await api.post('/v1/acts', { act: draft['act'], approval });
    const second = await api.post(`/v1/acts/${textAt(draft, 'id')}/approvals`, approval);
    expect(second).toMatchObject({ status: 200, body: { state: 'open' } });
    expect(arrayAt(second.body, 'signed')).toHaveLength(1);
  });

  it('of a replaced key stops counting', async () => {
    const draft = await draftOf(budget);
    const id = textAt(draft, 'id');
    await api.post('/v1/acts', { act: draft['act'], approval: await approvalOf(draft, 3) });
    const fresh = api.world.wallet('officer 3 new key');
    const roles = ['governor', 'treasurer', 'registrar'];
    const officers = [{ id: 3, keys: [fresh.address], roles }];
    await api.act({ kind: 'set_officers', authority: CITY, args: { officers } }, [1, 2, 4]);
    await api.finishChanges();
    expect(arrayAt((await api.get(`/v1/acts/${id}`)).body, 'signed')).toEqual([]);
    await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 2));
    const view = await api.post(`/v1/acts/${id}/approvals`, {
      officer: 3,
      signature: await api.sign(draft, fresh),
    });
    expect(view.body).toMatchObject({ state: 'executing', signed: [{ officer: 2 }, { officer: 3 }] });
  });
});

describe('what the contract would refuse', () => {
  it.each([
    [
      'a shop outside the region',
      {
        kind: 'set_merchants',
        args: {
          entries: [{ merchant: `0x${'11'.repeat(20)}`, region: '47110', category: 'cafe', size: 0 }],
        },
        attachment: {
          profiles: [
            {
              merchant: `0x${'11'.repeat(20)}`,
              name: '카페',
              businessNumber: inventedBusinessNumber(1),
              address: '포항시',
            },
          ],
        },
      },
      403,
      'region_outside_authority',
    ],
    [
      "another authority's series",
      { kind: 'set_budget', authority: PROVINCE, args: { series: 1, budget: '1' } },
      403,
      'series_not_of_authority',
    ],
    [
      'an authority that was not founded',
      { kind: 'set_budget', authority: '11', args: { series: 1, budget: '1' } },
      404,
      'authority_unknown',
    ],
    [
      'a deadline that is more than 30 days ahead',
      { kind: 'set_budget', args: { series: 1, budget: '900000001' }, deadline: 4_000_000_000 },
      422,
      'act_deadline_too_far',
    ],
    [
      'a deadline in the past',
      { kind: 'set_budget', args: { series: 1, budget: '900000001' }, deadline: 1 },
      409,
      'act_deadline_passed',
    ],
  ])('refuses a draft with %s', async (_what, request, status, code) => {
    const before = await api.count('app.act');
    expect(await api.post('/v1/acts/draft', { authority: CITY, ...request })).toMatchObject({
      status,
      contentType: expect.stringContaining('application/problem+json'),
      body: { code },
    });
    expect(await api.count('app.act')).toBe(before);
  });

  // What the chain counts with 32 bits is no number for an integer of the database.
  const LAST = 2 ** 32 - 1;
  const merchant = `0x${'12'.repeat(20)}`;
  const items = [{ account: merchant, amount: '1' }];
  // Jest takes a value that a row lacks for its callback.
  it.each<[string, Record<string, unknown>, Record<string, unknown> | undefined]>([
    ['set_budget', { series: LAST, budget: '1' }, undefined],
    ['delegate_budget', { series: LAST, to: '4713010400', left: '1' }, undefined],
    ['start_expiry', { series: LAST }, undefined],
    ['close_series', { series: LAST }, undefined],
    ['pause_series', { series: LAST, until: null }, undefined],
    ['extend_series', { series: LAST, until: '2031-01-01T00:00:00Z' }, undefined],
    ['approve_quota', { series: LAST, total: '1', perDay: '1', key: merchant }, undefined],
    ['approve_issue', { series: LAST }, { items }],
    [
      'settle',
      { run: `0x${'34'.repeat(32)}`, lines: [{ merchant, series: 2 ** 31, amount: '1' }] },
      undefined,
    ],
    ['close_issue_order', { issueOrder: Number.MAX_SAFE_INTEGER }, undefined],
  ])('refuses a draft of %s with a number at its bound', async (kind, args, attachment) => {
    const answer = await api.post('/v1/acts/draft', { kind, authority: CITY, args, attachment });
    expect(answer.status).toBe(404);
    expect(at(answer.body, 'code')).toMatch(/^(series_unknown|order_unknown)$/);
  });
});

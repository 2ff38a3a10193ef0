import { keccak256 } from 'ethers';
import { reconcile } from '#books';
import { encodeExecute, type Act } from '#contracts';
import { CITY, officerEntries, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, recordAt, textAt } from './support/api-fixture.js';

let api: ApiFixture;
let series: number;

beforeAll(async () => {
  api = await ApiFixture.create();
  series = await api.world.publishSeries(CITY);
  await api.indexed();
});

afterAll(async () => {
  await api?.close();
});

async function draftOf(request: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { status, body } = await api.post('/v1/acts/draft', { authority: CITY, ...request });
  expect({ status, body }).toMatchObject({ status: 200 });
  return recordAt(body);
}

async function approvalOf(draft: unknown, officer: number, authority = CITY) {
  return { officer, signature: await api.sign(draft, api.world.officer(authority, officer)) };
}

/** An officer's signature that takes the own approval back, from what /v1/chain says alone. */
async function withdrawalOf(act: string, officer: number): Promise<string> {
  const domain = recordAt((await api.get('/v1/chain')).body, 'domains', 'authorities');
  const types = { Withdrawal: [{ name: 'act', type: 'bytes32' }] };
  return api.world.officer(CITY, officer).signTypedData(domain, types, { act });
}

function actOf(draft: Record<string, unknown>): Act {
  const { authority, target, call, nonce, deadline } = recordAt(draft['act']);
  return {
    authority: String(authority),
    target: String(target),
    call: String(call),
    nonce: BigInt(String(nonce)),
    deadline: Number(deadline),
  };
}

async function executed(id: string): Promise<void> {
  await api.until(
    'executed',
    async () => textAt((await api.get(`/v1/acts/${id}`)).body, 'state') === 'executed',
  );
}

async function shownAuthority(code = CITY): Promise<unknown> {
  const { status, body } = await api.get(`/v1/authorities/${code}`);
  expect(status).toBe(200);
  return body;
}

describe('an approval', () => {
  it('that its officer takes back counts no more, on chain as well', async () => {
    const draft = await draftOf({ kind: 'pause_series', args: { series, until: null } });
    const id = textAt(draft, 'id');
    const approval = await approvalOf(draft, 1);
    await api.post('/v1/acts', { act: draft['act'], attachment: null, approval });
    const withdraw = (officer: number, signature: string) =>
      api.post(`/v1/acts/${id}/withdrawal`, { officer, signature });
    expect(await withdraw(1, await withdrawalOf(id, 2))).toMatchObject({
      status: 403,
      body: { code: 'officer_signature_invalid' },
    });
    expect(await withdraw(1, await withdrawalOf(id, 1))).toMatchObject({
      status: 200,
      body: { state: 'withdrawn', signed: [] },
    });
    await api.until('the chain knows', async () => (await api.count('chain.approval_withdrawn')) === 1);
    // Somebody who kept the signature submits it without the platform.
    await expect(
      api.world.send({
        to: api.world.deployment.authorities,
        data: encodeExecute(actOf(draft), [approval, await approvalOf(draft, 2)]),
      }),
    ).rejects.toThrow('reverted');
    expect(await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 2))).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('of others stays when one of several takes the own back, who cannot sign again', async () => {
    const draft = await draftOf({
      kind: 'set_budget',
      args: { series, budget: '190000000000' },
    });
    const id = textAt(draft, 'id');
    await api.post('/v1/acts', { act: draft['act'], approval: await approvalOf(draft, 1) });
    await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 2));
    const signature = await withdrawalOf(id, 2);
    const left = await api.post(`/v1/acts/${id}/withdrawal`, { officer: 2, signature });
    expect(left).toMatchObject({ status: 200, body: { state: 'open', signed: [{ officer: 1 }] } });
    expect(await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 2))).toMatchObject({
      status: 409,
      body: { code: 'approval_is_withdrawn', expected: { officer: 2 } },
    });
    await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 3));
    expect(await api.post(`/v1/acts/${id}/approvals`, await approvalOf(draft, 4))).toMatchObject({
      body: { state: 'executing' },
    });
    await executed(id);
  });

  it('of one more officer is asked for when others approved issues on the same day', async () => {
    const approvalFor = (amount: string) =>
      draftOf({
        kind: 'approve_quota',
        args: { series, total: amount, perDay: amount, key: keccak256('0x01') },
      });
    // Both drafts fit the band of two by themselves; what the first one approves leaves no room for the second.
    const [first, second] = [await approvalFor('400000000'), await approvalFor('700000000')];
    expect([first, second].map((draft) => at(draft, 'needed', 'officers'))).toEqual([2, 2]);
    await api.world.executeAct(
      'approve_quota',
      { authority: CITY, series, total: 400_000_000n, perDay: 1n, key: keccak256('0x02') },
      [1, 2],
    );
    const id = textAt(second, 'id');
    await api.post('/v1/acts', { act: second['act'], approval: await approvalOf(second, 1) });
    const two = await api.post(`/v1/acts/${id}/approvals`, await approvalOf(second, 2));
    expect(two.status).toBe(200);
    // Whether the platform had the other approval already or the contract refused it: it is open, not lost.
    await api.until('open again', async () => {
      const { body } = await api.get(`/v1/acts/${id}`);
      return textAt(body, 'state') === 'open' && at(body, 'needed', 'officers') === 3;
    });
    await api.post(`/v1/acts/${id}/approvals`, await approvalOf(second, 3));
    await executed(id);
  });
});

describe('a change of officers', () => {
  const clerk = () => [{ id: 7, keys: [api.world.wallet('clerk').address], roles: ['registrar'] }];

  it('waits, is shown, is stopped by one governor, and comes into force when it is proposed again', async () => {
    const officers = clerk();
    const wish = { kind: 'set_officers', authority: CITY, args: { officers } };
    await api.act(wish, [1, 2, 3]);
    await api.indexed();
    const [change] = arrayAt(await shownAuthority(), 'changes');
    expect(change).toMatchObject({
      officers: [{ id: 7, roles: ['registrar'] }],
      thresholds: null,
      firm: false,
      stoppedBy: [],
    });
    expect(arrayAt(await shownAuthority(), 'officers')).toHaveLength(4);
    const stop = { kind: 'stop_change', args: { change: textAt(change, 'id') } };
    expect(await draftOf(stop)).toMatchObject({ needed: { role: 'governor', officers: 1 } });
    await api.act({ authority: CITY, ...stop }, [4]);
    await api.indexed();
    expect(arrayAt(await shownAuthority(), 'changes')).toEqual([]);
    expect(await api.post('/v1/acts/draft', { authority: CITY, ...stop })).toMatchObject({
      status: 409,
      body: { code: 'change_unknown' },
    });
    await api.act(wish, [1, 2, 3]);
    await api.indexed();
    expect(arrayAt(await shownAuthority(), 'changes')).toMatchObject([{ stoppedBy: [4] }]);
    await api.finishChanges();
    expect(arrayAt(await shownAuthority(), 'officers').map((one) => at(one, 'id'))).toEqual([1, 2, 3, 4, 7]);
  });

  it('cannot leave a role without a person to spare, and a removal is at once', async () => {
    const gone = [{ id: 7, keys: [], roles: [] }];
    await api.act({ kind: 'set_officers', authority: CITY, args: { officers: gone } }, [1, 2, 3]);
    await api.finishChanges();
    const last = [{ id: 4, keys: [], roles: [] }];
    const refused = { kind: 'set_officers', authority: CITY, args: { officers: last } };
    expect(await api.post('/v1/acts/draft', refused)).toMatchObject({
      status: 409,
      body: { code: 'officers_needed', expected: { role: 'governor', had: 3, needed: 4 } },
    });
    await api.act({ kind: 'remove_officers', authority: CITY, args: { officers: [4] } }, [1, 2, 3]);
    await api.indexed();
    expect(arrayAt(await shownAuthority(), 'officers').map((one) => at(one, 'id'))).toEqual([1, 2, 3]);
    expect(
      await api.post('/v1/acts/draft', { kind: 'remove_officers', authority: CITY, args: { officers: [3] } }),
    ).toMatchObject({ status: 409, body: { code: 'officers_needed', expected: { had: 2, needed: 3 } } });
  });

  it('of thresholds needs as many governors as the largest band needs treasurers', async () => {
    const thresholds = { governors: 2, registrars: 1, bands: [{ upTo: null, officers: 3 }] };
    const wish = { kind: 'set_thresholds', authority: CITY, args: { thresholds } };
    expect(await api.post('/v1/acts/draft', wish)).toMatchObject({
      status: 422,
      body: { code: 'thresholds_invalid' },
    });
  });
});

describe('a reseat', () => {
  const successors = () =>
    officerEntries('successors').map(({ id, keys }) => ({
      id,
      keys: [...keys],
      roles: ['governor', 'treasurer', 'registrar'],
    }));
  const wish = (founder: string) => ({
    kind: 'propose_reseat',
    authority: founder,
    args: {
      region: CITY,
      officers: successors(),
      thresholds: { governors: 2, registrars: 1, bands: [{ upTo: null, officers: 2 }] },
    },
  });

  it('is proposed by the founder alone, shown, and rejected by any act of the governors', async () => {
    expect(await api.post('/v1/acts/draft', wish(''))).toMatchObject({
      status: 403,
      body: { code: 'not_founder' },
    });
    await api.act(wish(PROVINCE), [1, 2, 3]);
    await api.indexed();
    expect(at(await shownAuthority(), 'reseat')).toMatchObject({
      founder: PROVINCE,
      thresholds: { governors: 2 },
      officers: successors().map(({ id }) => ({ id })),
    });
    await api.act({ kind: 'reject_reseat', authority: CITY, args: {} }, [1, 2, 3]);
    await api.indexed();
    expect(at(await shownAuthority(), 'reseat')).toBeNull();
    expect(
      await api.post('/v1/acts/draft', { kind: 'reject_reseat', authority: CITY, args: {} }),
    ).toMatchObject({ status: 409, body: { code: 'reseat_unknown' } });
  });

  it('seats the proposed officers in time, and the former ones have no power left', async () => {
    await api.act(wish(PROVINCE), [1, 2, 3]);
    await api.leap(30 * 86_400 + 60);
    await api.finishReseat(CITY);
    const keys = arrayAt(await shownAuthority(), 'officers').map((one) => at(one, 'keys', 0, 'id'));
    expect(keys).toEqual(officerEntries('successors').map(({ keys: [key] }) => key));
    expect(at(await shownAuthority(), 'thresholds', 'governors')).toBe(2);
    const draft = await draftOf({ kind: 'pause_series', args: { series, until: null } });
    expect(
      await api.post('/v1/acts', { act: draft['act'], approval: await approvalOf(draft, 1) }),
    ).toMatchObject({ status: 403, body: { code: 'officer_signature_invalid' } });
  });
});

describe('the copy of all that', () => {
  it('agrees with the contract row by row', async () => {
    // One change that waits, and one reseat, are among the rows.
    await api.act(
      {
        kind: 'set_officers',
        authority: PROVINCE,
        args: { officers: [{ id: 9, keys: [api.world.wallet('clerk').address], roles: ['registrar'] }] },
      },
      [1, 2, 3],
    );
    await api.indexed();
    expect(arrayAt(await shownAuthority(PROVINCE), 'changes')).toMatchObject([{ firm: false }]);
    const seen: string[] = [];
    const { differences } = await reconcile({
      db: api.world.db,
      node: api.world.chain,
      deployment: api.world.current,
      onProgress: (check, rows) => rows > 0 && seen.push(check),
    });
    expect(differences).toEqual([]);
    expect(seen).toEqual(
      expect.arrayContaining(['officer', 'thresholds', 'pending change of officers', 'proposed reseat']),
    );
  });
});

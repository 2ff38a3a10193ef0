import { reconcile } from '#books';
import { authoritiesDomain } from '#contracts';
import { ANCHOR_KIND, ANCHOR_KINDS } from '#domain';
import { signAct } from '../../../test/support/signing.js';
import { CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';

let api: ApiFixture;
const root = (n: number) => `0x${n.toString(16).padStart(64, '0')}`;

beforeAll(async () => {
  api = await ApiFixture.create();
  await api.indexed();
});

afterAll(() => api?.close());

const anchor = (kind: string, of: string, authority = CITY) => ({
  kind: 'anchor',
  authority,
  args: { kind, root: of },
});
const compared = async () => {
  const { db, chain: node, current: deployment } = api.world;
  return (await reconcile({ db, node, deployment })).differences;
};
const list = async (query = '') => arrayAt((await api.get(`/v1/anchors${query}`)).body, 'items');

describe('a draft of an anchor', () => {
  it.each(ANCHOR_KINDS)(
    'of the kind %s says in plain words what is recorded, and who signs',
    async (kind) => {
      const { status, body } = await api.post('/v1/acts/draft', anchor(kind, root(1)));
      expect({ status, body }).toMatchObject({
        status: 200,
        body: {
          args: { kind, root: root(1) },
          needed: { role: ANCHOR_KIND[kind] < ANCHOR_KIND.document ? 'treasurer' : 'governor', amount: '0' },
          explanation: {
            ko: expect.stringContaining(`해시 ${root(1)}을(를) 기록합니다`),
            en: expect.stringMatching(/: record the hash 0x0+1 of [a-zA-Z' ]+ on the chain\./),
          },
        },
      });
    },
  );

  it('is refused for an empty root and for a kind that no one knows, with its field', async () => {
    expect(await api.post('/v1/acts/draft', anchor('close', root(0)))).toMatchObject({
      status: 409,
      body: { code: 'anchor_root_zero', errors: [{ field: 'args.root' }] },
    });
    for (const kind of ['gossip', 0, null])
      expect(await api.post('/v1/acts/draft', anchor(kind as string, root(1)))).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ field: 'args.kind' }] },
      });
    expect(await api.post('/v1/acts/draft', anchor('close', '0x12'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'args.root' }] },
    });
  });

  it('that somebody encoded without the API is refused as well', async () => {
    const act = await api.world.act('anchor', { authority: CITY, kind: 7, root: root(1) });
    const domain = authoritiesDomain(api.world.deployment);
    const signature = await signAct(api.world.officer(CITY, 1), domain, act);
    const body = {
      act: { ...act, nonce: String(act.nonce) },
      attachment: null,
      approval: { officer: 1, signature },
    };
    expect(await api.post('/v1/acts', body)).toMatchObject({
      status: 409,
      body: { code: 'anchor_kind_unknown', errors: [{ field: 'args.kind' }] },
    });
  });
});

describe('anchors', () => {
  it('are listed newest first, by authority and kind, and are what the contract has', async () => {
    expect(await list()).toEqual([]);
    await api.act(anchor('close', root(1)));
    await api.act(anchor('close', root(2)));
    await api.act(anchor('release', root(3)), [1, 2, 3]);
    await api.act(anchor('commitment', root(4), PROVINCE));
    await api.indexed();
    const shown = (await list()).map((one) => [
      textAt(one, 'authority'),
      textAt(one, 'kind'),
      textAt(one, 'number'),
      textAt(one, 'root'),
    ]);
    expect(shown).toEqual([
      [PROVINCE, 'commitment', '1', root(4)],
      [CITY, 'release', '1', root(3)],
      [CITY, 'close', '2', root(2)],
      [CITY, 'close', '1', root(1)],
    ]);
    expect(await list(`?authority=${CITY}&kind=close`)).toMatchObject([{ root: root(2) }, { root: root(1) }]);
    expect(await list(`?authority=${CITY}00000&kind=release`)).toMatchObject([{ root: root(3) }]);
    expect(await list('?kind=card')).toEqual([]);
    expect(await list('?authority=')).toEqual([]);
    const [newest] = await list();
    expect(Date.parse(textAt(newest, 'anchoredAt'))).toBeGreaterThan(0);
    expect(textAt(newest, 'block')).toMatch(/^\d+$/);
    expect(await compared()).toEqual([]);
  });

  it('come in pages', async () => {
    const first = await api.get('/v1/anchors?limit=3');
    expect(arrayAt(first.body, 'items')).toHaveLength(3);
    const rest = await api.get(`/v1/anchors?limit=3&cursor=${textAt(first.body, 'next')}`);
    expect(rest.body).toMatchObject({ items: [{ root: root(1) }], next: null });
  });

  it('that differ from the contract are found', async () => {
    const { db } = api.world;
    await db.query(`UPDATE chain.anchor SET root = decode('${'07'.repeat(32)}', 'hex') WHERE kind = 6`);
    expect(await compared()).toMatchObject([
      { check: 'newest anchor', key: `authority ${CITY}, kind 6`, expected: `root ${root(3)}` },
    ]);
    await db.query(`UPDATE chain.anchor SET root = decode('${root(3).slice(2)}', 'hex') WHERE kind = 6`);
  });

  it('are asked for by kinds and authorities that there are', async () => {
    for (const [query, field] of [
      ['kind=gossip', 'kind'],
      ['kind=', 'kind'],
      ['authority=999', 'authority'],
      ['root=1', 'root'],
    ])
      expect(await api.get(`/v1/anchors?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ field }] },
      });
    expect(at((await api.get('/v1/anchors?cursor=x')).body, 'code')).toBe('invalid_request');
  });
});

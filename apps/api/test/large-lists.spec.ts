import canonicalize from 'canonicalize';
import { getAddress, keccak256, toUtf8Bytes } from 'ethers';
import { buildIssueList } from '#contracts';
import { IssueListReader } from '#issuance';
import { HelperProcess, Log } from '#platform';
import { CITY } from '../../../test/support/world.js';
import { createApi } from '../src/create-api.js';
import { ApiFixture, arrayAt, at, textAt } from './support/api-fixture.js';
import { termsOf } from './support/examples.js';

const MANY = 20_000;
const CHUNK = 250;
const JSON_TYPE = { 'content-type': 'application/json' };

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
  await api.act({ kind: 'publish_series', authority: CITY, attachment: { terms: termsOf(CITY) } });
});

afterAll(async () => {
  await api?.close();
});

function itemsOf(count: number): { account: string; amount: string }[] {
  return Array.from({ length: count }, (_unused, index) => ({
    account: `0x${((index + 1) * 7919).toString(16).padStart(40, 'a')}`,
    amount: String(1_000 + (index % 50)),
  }));
}

function draftOf(items: readonly unknown[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'approve_issue',
    authority: CITY,
    args: { series: 1 },
    attachment: { items, ...more },
  };
}

function reader(): IssueListReader {
  return api.app.get(IssueListReader, { strict: false });
}

/** Resolves when the helper has been given its next job, and has just begun with it. */
function nextJobOfHelper(): Promise<void> {
  const { prototype } = HelperProcess;
  const ask = prototype.ask;
  return new Promise((resolve) => {
    prototype.ask = function askAndReport(job) {
      prototype.ask = ask;
      const answer = ask.call(this, job);
      resolve();
      return answer;
    };
  });
}

/** Posts without a Content-Length. */
async function postInPieces(text: string): Promise<Response> {
  const bytes = Buffer.from(text);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(bytes.subarray(sent, (sent += 65_536)));
      if (sent >= bytes.length) controller.close();
    },
  });
  return fetch(new URL('/v1/acts/draft', api.url), {
    method: 'POST',
    headers: JSON_TYPE,
    body,
    duplex: 'half',
  });
}

describe('a large list', () => {
  it('has the root, the normal form and the nonce that follow from its items', async () => {
    const items = itemsOf(MANY);
    const { root, total } = buildIssueList(
      items.map(({ account, amount }) => ({ account, amount: BigInt(amount) })),
      CHUNK,
    );
    const salt = `0x${'5a'.repeat(16)}`;
    // As wallets show addresses; the normal form is lower case.
    const shown = items.map((item, index) =>
      index % 100 === 0 ? { ...item, account: getAddress(item.account) } : item,
    );
    const { status, body } = await api.post('/v1/acts/draft', draftOf(shown, { salt }));
    expect(status).toBe(200);
    expect(reader().helperPid).toBeGreaterThan(0);
    expect(at(body, 'args')).toMatchObject({ series: 1, total: String(total), root });
    const normal = at(body, 'attachment');
    expect(normal).toEqual({ items, salt });
    expect(BigInt(textAt(body, 'act', 'nonce'))).toBe(
      BigInt(keccak256(toUtf8Bytes(canonicalize(normal) ?? ''))),
    );
  });

  it('gives what a small list of the same recipients gives, in the same words', async () => {
    const salt = `0x${'5b'.repeat(16)}`;
    const text = JSON.stringify(draftOf(itemsOf(300), { salt }));
    // Spaces make it large; they are no part of what is approved.
    const large = await api.post('/v1/acts/draft', text.replace('{', `{${' '.repeat(70_000)}`));
    const small = await api.post('/v1/acts/draft', text);
    for (const name of ['attachment', 'args', 'explanation', 'needed']) {
      expect(at(large.body, name)).toEqual(at(small.body, name));
    }
    expect(at(large.body, 'act', 'nonce')).toEqual(at(small.body, 'act', 'nonce'));
  });

  it('is proposed, stored and read back as it was approved', async () => {
    const items = itemsOf(2_000);
    const act = await api.act(draftOf(items));
    expect((await api.get(`/v1/issue-lists/${act}`)).body).toMatchObject({ recipients: 2_000, chunks: 8 });
    const readBack: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== null;) {
      // Pages do not end where the chain's chunks of 250 do.
      const more = cursor === '' ? '' : `&cursor=${String(cursor)}`;
      const { body } = await api.get(`/v1/issue-lists/${act}/items?limit=300${more}`);
      expect(arrayAt(body, 'items').length).toBeLessThanOrEqual(300);
      readBack.push(...arrayAt(body, 'items'));
      cursor = at(body, 'next');
    }
    expect(readBack).toEqual(items);
  });

  it('comes without a length as well', async () => {
    const response = await postInPieces(JSON.stringify(draftOf(itemsOf(3_000))));
    expect(response.status).toBe(200);
    expect(arrayAt(await response.json(), 'attachment', 'items')).toHaveLength(3_000);
  });

  it('leaves the event loop to others', async () => {
    const asked = nextJobOfHelper();
    let isAnswered = false;
    const draft = api.post('/v1/acts/draft', draftOf(itemsOf(50_000))).finally(() => (isAnswered = true));
    await asked;
    const helper = reader().helperPid ?? 0;
    // However long the helper takes, here until it goes on.
    process.kill(helper, 'SIGSTOP');
    try {
      expect(await api.get('/health/live')).toMatchObject({ status: 200 });
      expect(isAnswered).toBe(false);
    } finally {
      process.kill(helper, 'SIGCONT');
    }
    expect(await draft).toMatchObject({ status: 200 });
  });
});

describe('a large list with faults', () => {
  it('is refused with every row that is wrong, up to fifty', async () => {
    const items: unknown[] = itemsOf(5_000);
    items[0] = 'text';
    items[1] = { account: '0x12', amount: '5', name: 'x' };
    items[4_999] = { account: `0x${'ab'.repeat(20)}`, amount: '0' };
    const { status, body } = await api.post('/v1/acts/draft', draftOf(items, { salt: '0x1' }));
    expect({ status, code: at(body, 'code') }).toEqual({ status: 400, code: 'invalid_request' });
    expect(arrayAt(body, 'errors').map((one) => at(one, 'field'))).toEqual([
      'attachment.salt',
      'attachment.items[0]',
      'attachment.items[0].account',
      'attachment.items[0].amount',
      'attachment.items[0].amount',
      'attachment.items[1].name',
      'attachment.items[1].account',
      'attachment.items[4999].amount',
    ]);
    const all = await api.post('/v1/acts/draft', draftOf(items.map(() => ({}))));
    expect(arrayAt(all.body, 'errors')).toHaveLength(50);
  });

  it.each([
    ['more than 100,000 recipients', () => draftOf(itemsOf(100_001)), 400, 'invalid_request'],
    [
      'another kind of act',
      () => ({ ...draftOf(itemsOf(2_000)), kind: 'set_budget' }),
      400,
      'invalid_request',
    ],
    ['an unknown field', () => ({ ...draftOf(itemsOf(2_000)), surprise: 1 }), 400, 'unknown_field'],
    ['more than 1 MB beside the list', () => ({ surprise: 'x'.repeat(1_100_000) }), 413, 'body_too_large'],
  ])('is refused with %s', async (_what, request, status, code) => {
    expect(await api.post('/v1/acts/draft', request())).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['no JSON', `{"a": ${'1'.repeat(80_000)}`, 400, 'invalid_json'],
    ['a prototype', `{"a": "${'x'.repeat(80_000)}", "__proto__": {"x": 1}}`, 400, 'invalid_json'],
    ['an abyss', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 400, 'invalid_request'],
    ['an object with a key twice', `{"a": "${'x'.repeat(80_000)}", "a": 1}`, 400, 'invalid_request'],
    ['nothing but a number', ' '.repeat(80_000) + '1', 400, 'invalid_request'],
  ])('that is %s is refused', async (_what, text, status, code) => {
    expect(await api.post('/v1/acts/draft', text)).toMatchObject({ status, body: { code } });
  });

  it('is refused above 16 MB, whether it says so beforehand or not', async () => {
    const text = JSON.stringify({ surprise: 'x'.repeat(17_000_000) });
    expect(await api.post('/v1/acts/draft', text)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    const response = await postInPieces(text).catch(() => undefined);
    // The server may hang up on a client that goes on sending before the client reads the answer.
    if (response !== undefined) expect(response.status).toBe(413);
    expect(await api.get('/health/live')).toMatchObject({ status: 200 });
  });
});

/** Reads the whole answer: a large body that is not read keeps its connection, and with it the process. */
async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.arrayBuffer();
  return response.status;
}

describe('when the helper dies', () => {
  it('answers 503 with Retry-After, and the same request works afterwards', async () => {
    const text = JSON.stringify(draftOf(itemsOf(50_000)));
    const before = await api.count('app.act');
    const url = new URL('/v1/acts/draft', api.url);
    const post = () => fetch(url, { method: 'POST', headers: JSON_TYPE, body: text });
    await (
      await api.post('/v1/acts/draft', draftOf(itemsOf(1_000)))
    ).body;
    const pid = reader().helperPid ?? 0;
    expect(pid).toBeGreaterThan(0);
    const asked = nextJobOfHelper();
    const answer = post();
    // A list of 50,000 takes the helper more than half a second.
    await asked;
    process.kill(pid, 'SIGKILL');
    const refused = await answer;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'unavailable' });
    expect(await statusOf(post())).toBe(200);
    expect(await api.count('app.act')).toBe(before);
  });

  it('ends with the API, after what was under way was answered', async () => {
    const { databaseUrl, node } = api.world;
    const app = await createApi(
      { DATABASE_URL: databaseUrl, DATABASE_POOL_MAX: '2', CHAIN_RPC_URL: node.url },
      Log.silent(),
    );
    await app.listen(0, '127.0.0.1');
    const url = new URL('/v1/acts/draft', await app.getUrl());
    const post = (count: number) =>
      fetch(url, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(draftOf(itemsOf(count))) });
    expect(await statusOf(post(1_000))).toBe(200);
    const pid = app.get(IssueListReader, { strict: false }).helperPid ?? 0;
    const asked = nextJobOfHelper();
    const last = post(10_000);
    await asked;
    const closed = app.close();
    expect(await statusOf(last)).toBe(200);
    await closed;
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});

import { GOOD, HttpFixture } from './testing/http-fixture.js';

let http: HttpFixture;
beforeAll(async () => (http = await HttpFixture.start()));
afterAll(() => http?.close());

describe('a good request', () => {
  it('arrives parsed, and bigint leaves as digits', async () => {
    const { status, body, headers } = await http.post('/v1/things', { ...GOOD, region: '47130' });
    expect(status).toBe(200);
    expect(body).toEqual({
      payer: GOOD.payer.toLowerCase(),
      inner: { amount: '12000', nonce: 7 },
      region: '47130',
      kind: 'sold',
      note: '',
      isInstance: true,
      doubled: '24000',
    });
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('reads numbers of a query from text and keeps defaults', async () => {
    expect((await http.call('/v1/things?limit=5')).body).toEqual({ limit: 5 });
    expect((await http.call('/v1/things?limit=5&above=18446744073709551616')).body).toEqual({ limit: 5 });
    expect((await http.call('/v1/things')).body).toEqual({ limit: 20 });
  });

  it('has its names in NFC, without blanks at their ends', async () => {
    const { body } = await http.post('/v1/things', {
      ...GOOD,
      name: ` ${'가게'.normalize('NFD')} `,
      large: '7',
    });
    expect(body).toMatchObject({ name: '가게', large: '7' });
  });

  it('keeps a harmless request id of the caller and replaces others', async () => {
    const kept = await http.call('/v1/things', { headers: { 'x-request-id': 'abc-12345' } });
    expect(kept.headers.get('x-request-id')).toBe('abc-12345');
    const replaced = await http.call('/v1/things', { headers: { 'x-request-id': '{"evil":1}' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });
});

describe('a bad request', () => {
  it.each([
    ['half a document', '{"payer":'],
    ['no JSON', 'hello'],
    ['a poisoned prototype', '{"__proto__":{"admin":true}}'],
    ['a poisoned constructor', '{"constructor":{"prototype":{"admin":true}}}'],
  ])('with %s is invalid_json', async (_, text) => {
    const { status, body, headers } = await http.post('/v1/things', text);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('content-language')).toBe('ko');
    expect(body).toMatchObject({
      type: '/problems/invalid_json',
      code: 'invalid_json',
      status: 400,
      title: '요청 본문이 올바른 JSON이 아닙니다.',
      instance: '/v1/things',
      requestId: headers.get('x-request-id'),
    });
  });

  it('with an unknown field names it', async () => {
    const { status, body } = await http.post('/v1/things', { ...GOOD, surprise: 1 }, 'en-US,en;q=0.9');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'unknown_field',
      title: 'The request has a field that is not known.',
      errors: [{ field: 'surprise', message: 'is not a known field' }],
    });
  });

  it.each<[string, object, string]>([
    ['negative won', { inner: { amount: '-1', nonce: 1 } }, 'inner.amount'],
    ['fractional won', { inner: { amount: 1.5, nonce: 1 } }, 'inner.amount'],
    ['won above the largest', { inner: { amount: '72057594037927936', nonce: 1 } }, 'inner.amount'],
    ['won as a JSON number', { inner: { amount: 12000, nonce: 1 } }, 'inner.amount'],
    ['a number of 32 bits as text', { inner: { amount: '1', nonce: '7' } }, 'inner.nonce'],
    ['a number of 256 bits that is no text', { large: 7 }, 'large'],
    ['half an emoji at its end', { name: '가게\ud83c' }, 'name'],
    ['a name that shows nothing', { name: '\u3164\u2060' }, 'name'],
    ['a line break inside a name', { name: '가게\n2' }, 'name'],
    ['a nonce above 32 bits', { inner: { amount: '1', nonce: 2 ** 32 } }, 'inner.nonce'],
    ['a list for an object', { inner: [] }, 'inner'],
    ['a list for a plainly nested object', { raw: [] }, 'raw'],
    ['an object for a list', { list: GOOD.inner }, 'list'],
    ['a list in a list', { list: [GOOD.inner, []] }, 'list[1]'],
    ['a bad entry in a list', { list: [GOOD.inner, { amount: '1' }] }, 'list[1].nonce'],
    ['one text for a list', { hashes: `0x${'0'.repeat(64)}` }, 'hashes'],
    ['nothing for an object', { inner: null }, 'inner'],
    ['a wrong checksum', { payer: '0x52908400098527886e0F7030069857D2E4169EE7' }, 'payer'],
    ['a short address', { payer: '0x12' }, 'payer'],
    ['a region in letters', { region: 'Gyeongju' }, 'region'],
    ['null for an optional field', { region: null }, 'region'],
    ['a word that is no choice', { kind: 'stolen' }, 'kind'],
    ['a long note', { note: 'far too long' }, 'note'],
    ['a number for a text', { note: 5 }, 'note'],
    ['a short signature', { signature: '0x00' }, 'signature'],
    ['a bad entry of a list', { hashes: [`0x${'0'.repeat(64)}`, '0x1'] }, 'hashes'],
    ['an object for an address', { payer: { toString: 'x' } }, 'payer'],
  ])('with %s names the field', async (_, change, field) => {
    const { status, body } = await http.post('/v1/things', { ...GOOD, ...change });
    expect(status).toBe(400);
    expect(body['code']).toBe('invalid_request');
    expect(body['errors']).toEqual([{ field, message: expect.stringMatching(/[가-힣]/) }]);
  });

  it.each([
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '5'],
    ['nothing', ''],
    ['null', 'null'],
  ])('with %s as the body is invalid_request', async (_, text) => {
    const { status, body } = await http.post('/v1/things', text);
    expect([status, body['code']]).toEqual([400, 'invalid_request']);
    for (const { field } of body['errors'] as { field: string }[]) expect(field).not.toBe('');
  });

  it.each([
    ['{"payer":"0x","kind":"sold","payer":"0x"}', 'payer'],
    ['{"inner":{"amount":"1","nonce":1,"amount":"2"}}', 'inner.amount'],
  ])('with a key twice in one object is refused with its path: %s', async (text, field) => {
    const { status, body } = await http.post('/v1/things', text, 'en');
    expect([status, body['errors']]).toEqual([400, [{ field, message: 'is there twice' }]]);
  });

  it('nested a hundred thousand deep is refused, not a crash', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const { status } = await http.post('/v1/things', `{"note":${deep}}`);
    expect(status).toBe(400);
  });

  it('with thousands of wrong fields lists the first fifty', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1]));
    const { body } = await http.post('/v1/things', many);
    expect(body['errors']).toHaveLength(50);
  });

  it('that is too large is body_too_large, except where acts go', async () => {
    const big = { note: 'x'.repeat(300_000) };
    expect(await http.post('/v1/things', big)).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    expect(await http.post('/v1/acts', big)).toMatchObject({ status: 400 });
    expect(await http.post('/v1/acts', { note: 'x'.repeat(1_100_000) })).toMatchObject({ status: 413 });
  });

  it('of another content type is unsupported_media_type', async () => {
    const init = {
      method: 'POST',
      body: 'a=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect(await http.call('/v1/things', init)).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });

  it('to an unknown route is not_found in the caller’s language', async () => {
    expect((await http.call('/v1/nowhere?x=1')).body).toMatchObject({
      code: 'not_found',
      instance: '/v1/nowhere',
    });
    expect((await http.call('/v1/nowhere', {}, 'en')).body).toMatchObject({ title: 'Not found.' });
  });

  it('to an address that cannot be decoded says how to encode it, and speaks of no fields', async () => {
    const { status, body } = await http.call('/v1/things/one/%E0%A4%A');
    expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'path_malformed' });
    expect(body['next']).toContain('UTF-8');
  });
});

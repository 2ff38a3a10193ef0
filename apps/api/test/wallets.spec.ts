import { SignTypedDataVersion, signTypedData } from '@metamask/eth-sig-util';
import { privateKeyToAccount } from 'viem/accounts';
import { hashTypedData } from 'viem/utils';
import { CITY } from '../../../test/support/world.js';
import { termsOf } from './support/examples.js';
import { ApiFixture, at, recordAt, textAt } from './support/api-fixture.js';

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
  await api.act({ kind: 'publish_series', authority: CITY, attachment: { terms: termsOf(CITY) } });
});

afterAll(async () => {
  await api?.close();
});

type Sign = (typedData: unknown, privateKey: string) => string | Promise<string>;

// The libraries' parameters are generic over types that are known at compile time; what comes over HTTP is not.
const WALLETS: readonly (readonly [name: string, sign: Sign])[] = [
  [
    'MetaMask’s eth-sig-util',
    (data, privateKey) =>
      signTypedData({
        privateKey: Buffer.from(privateKey.slice(2), 'hex'),
        data: data as never,
        version: SignTypedDataVersion.V4,
      }),
  ],
  [
    'viem',
    (data, privateKey) => privateKeyToAccount(privateKey as `0x${string}`).signTypedData(data as never),
  ],
];

it('every category is listed with number, key and names, and tokens have an absolute address', async () => {
  const { body } = await api.get('/v1/categories');
  expect(at(body, 'items')).toContainEqual({
    number: 1,
    key: 'cafe',
    ko: '카페·제과',
    en: 'Café and bakery',
    allowed: true,
  });
  const template = textAt((await api.get('/v1/chain')).body, 'tokenUri');
  const token = await fetch(template.replace('{id}', '1'.padStart(64, '0')));
  expect(await token.json()).toMatchObject({ external_url: `${api.url}/v1/series/1` });
});

describe('typed data that the API hands out is signed as it is', () => {
  it.each(WALLETS)('a draft by %s, and the API accepts the approvals', async (_name, sign) => {
    const draft = await api.post('/v1/acts/draft', {
      kind: 'set_thresholds',
      authority: CITY,
      args: { thresholds: { governors: 3, registrars: 1, bands: [{ upTo: null, officers: 2 }] } },
    });
    expect(draft).toMatchObject({ status: 200 });
    const typedData = at(draft.body, 'typedData');
    expect(hashTypedData(typedData as never)).toBe(textAt(draft.body, 'id'));
    const approvalOf = async (officer: number) => ({
      officer,
      signature: await sign(typedData, api.world.officer(CITY, officer).privateKey),
    });
    const { act } = recordAt(draft.body);
    const proposed = await api.post('/v1/acts', { act, approval: await approvalOf(1) });
    expect(proposed).toMatchObject({ status: 200, body: { state: 'open' } });
    const approvals = `/v1/acts/${textAt(draft.body, 'id')}/approvals`;
    expect(await api.post(approvals, await approvalOf(2))).toMatchObject({ body: { state: 'open' } });
    const approved = await api.post(approvals, await approvalOf(3));
    expect(approved).toMatchObject({ status: 200, body: { state: 'executing' } });
  });

  it.each(WALLETS)('an order by %s from domain and types of /v1/chain alone', async (_name, sign) => {
    const { body: chain } = await api.get('/v1/chain');
    const wallet = api.world.wallet('resident');
    const authorisation = {
      payer: wallet.address,
      merchant: api.world.wallet('merchant').address,
      amount: '1000',
      series: [1],
      nonce: 1,
      deadline: Math.floor(Date.now() / 1000) + 600,
      order: `0x${'00'.repeat(32)}`,
    };
    const typedData = {
      domain: at(chain, 'domains', 'vouchers'),
      types: at(chain, 'types'),
      primaryType: 'Payment',
      message: authorisation,
    };
    const proof = await sign(typedData, wallet.privateKey);
    // What the signature is judged before: the resident has no vouchers.
    const answer = await api.post('/v1/payments', { authorisation, proof });
    expect(answer.body).toMatchObject({ code: 'merchant_unknown' });
    const other = await api.post('/v1/payments', {
      authorisation: { ...authorisation, amount: '999' },
      proof,
    });
    expect(other.body).toMatchObject({ code: 'signature_invalid' });
  });
});

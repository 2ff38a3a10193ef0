import type { Wallet } from 'ethers';
import {
  encodeKeyRing,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  keysKnownBy,
  isConsented,
  walletKeyId,
} from '#contracts';
import { isoTime } from '#domain';
import { claimOf, moveConsentOf } from '../../../test/support/consents.js';
import { ringAccount, wallet } from '../../../test/support/signing-keys.js';
import { signHandOverObjection, signKeyChange } from '../../../test/support/signing.js';
import { addressOf, CITY, PROVINCE } from '../../../test/support/world.js';
import { ApiFixture, arrayAt, at } from './support/api-fixture.js';

const NOTICE_S = HAND_OVER_DELAY_SECONDS_DEFAULT;
/** In the province and not in the city. */
const ELSEWHERE = '47111';

let api: ApiFixture;

beforeAll(async () => {
  api = await ApiFixture.create();
});

afterAll(async () => {
  await api?.close();
});

/** A resident of the city. */
async function resident(): Promise<Wallet> {
  const holder = api.world.wallet('resident');
  const entries = [{ account: addressOf(holder), home: CITY, tier: 'phone' }];
  await api.act({ kind: 'attest_accounts', authority: CITY, args: { entries } }, [1]);
  return holder;
}

const handOver = (accounts: readonly string[], to: string | null = PROVINCE, authority = CITY) => ({
  kind: 'propose_hand_over',
  authority,
  args: { to, accounts },
});
const take = (entries: readonly object[], authority = PROVINCE) => ({
  kind: 'take_accounts',
  authority,
  args: { entries },
});
const draft = (request: object) => api.post('/v1/acts/draft', request);
const holdings = async (account: string) => (await api.get(`/v1/accounts/${account}/holdings`)).body;
const consent = (holder: Wallet, number = 0, from = CITY, to = PROVINCE) =>
  moveConsentOf(api.domain, addressOf(holder), { from, to, number });

describe('a hand-over', () => {
  it('is shown by the account, waits for its authority, and is taken once the notice is over', async () => {
    const account = addressOf(await resident());
    const request = handOver([account]);
    const asked = await draft(request);
    expect(asked).toMatchObject({ status: 200, body: { needed: { role: 'registrar', officers: 2 } } });
    expect(at(asked.body, 'explanation', 'ko')).toMatch(/계정 1개를 .+ 14일이 지나면 .+ 이의를 제기할 수/);
    expect(at(asked.body, 'explanation', 'en')).toMatch(
      /hand 1 accounts over to .+ 14 days .+ holders may object/,
    );
    await api.act(request);
    await api.indexed();
    const shown = await holdings(account);
    expect(shown).toMatchObject({ authority: CITY, moves: 0, handOver: { to: PROVINCE, number: 1 } });
    const readyAt = at(shown, 'handOver', 'readyAt');
    const waiting = await api.get(`/v1/hand-overs?to=${PROVINCE}&limit=500`);
    expect(arrayAt(waiting.body, 'items')).toContainEqual(
      expect.objectContaining({
        account,
        kind: 'resident',
        from: CITY,
        to: PROVINCE,
        place: CITY,
        readyAt,
        ready: false,
        number: 1,
        moves: 0,
      }),
    );
    expect(arrayAt((await api.get(`/v1/hand-overs?to=${CITY}`)).body, 'items')).toEqual([]);

    const early = await draft(take([{ account, place: CITY }]));
    expect(early).toMatchObject({ status: 409, body: { code: 'hand_over_too_early' } });
    expect(arrayAt(early.body, 'errors')).toMatchObject([{ field: 'args.entries[0]' }]);
    await api.leap(NOTICE_S);
    await api.act(take([{ account, place: CITY }]));
    await api.indexed();
    expect(await holdings(account)).toMatchObject({
      authority: PROVINCE,
      home: CITY,
      tier: 'phone',
      moves: 1,
      handOver: null,
    });
    expect(arrayAt((await api.get(`/v1/accounts/${account}/moves`)).body, 'items')).toMatchObject([
      { event: 'taken', from: CITY, authority: PROVINCE, place: CITY, to: null, readyAt: null },
      { event: 'proposed', from: null, authority: CITY, place: null, to: PROVINCE, readyAt },
    ]);
    const [first] = arrayAt((await api.get(`/v1/accounts/${account}/moves?limit=1`)).body, 'items');
    expect(first).toMatchObject({ event: 'taken' });
    // The city has no power any more.
    const freeze = { accounts: [account], until: isoTime((await api.world.now()) + 86_400) };
    expect(await draft({ kind: 'freeze_accounts', authority: CITY, args: freeze })).toMatchObject({
      status: 403,
      body: { code: 'not_in_charge' },
    });
  });

  it('is refused by field and code where the contract would refuse it', async () => {
    const account = addressOf(await resident());
    const cases = [
      [handOver([account], CITY), 'region_outside_authority', 'args.to'],
      [handOver([account], '42'), 'authority_unknown', 'args.to'],
      [handOver([account], CITY, PROVINCE), 'not_in_charge', 'args.accounts[0]'],
      [handOver([account], null), 'hand_over_unknown', 'args.accounts[0]'],
      [handOver([addressOf(api.world.wallet('resident'))]), 'account_unknown', 'args.accounts[0]'],
      [take([{ account, place: CITY }]), 'hand_over_unknown', 'args.entries[0]'],
      [take([{ account, place: '11110' }]), 'region_outside_authority', 'args.entries[0]'],
      [take([{ account, place: `${CITY}10100` }]), 'account_invalid', 'args.entries[0]'],
    ] as const;
    for (const [request, code, field] of cases) {
      const answer = await draft(request);
      expect([code, at(answer.body, 'code')]).toEqual([code, code]);
      expect(arrayAt(answer.body, 'errors')).toMatchObject([{ field }]);
    }
  });

  it('is stopped by an owner key, and not by an objection to an earlier one', async () => {
    const holder = await resident();
    const account = addressOf(holder);
    const path = `/v1/accounts/${account}/hand-over-objections`;
    const object = async (number: number, signer: Wallet = holder) => {
      const deadline = (await api.world.now()) + 3_600;
      const words = { account, to: PROVINCE, number, deadline };
      return { deadline, proof: await signHandOverObjection(signer, api.domain, words) };
    };
    expect(await api.post(path, await object(0))).toMatchObject({
      status: 409,
      body: { code: 'hand_over_unknown' },
    });
    await api.act(handOver([account]));
    await api.indexed();
    const first = await object(1);
    expect(await api.post(path, { ...first, deadline: 1 })).toMatchObject({
      status: 409,
      body: { code: 'key_change_deadline_passed' },
    });
    expect(await api.post(path, await object(1, api.world.wallet('stranger')))).toMatchObject({
      status: 403,
      body: { code: 'key_change_not_signed' },
    });
    expect(await api.post(path, first)).toMatchObject({ status: 202, body: { state: 'accepted' } });
    await api.until('the objection is final', async () => at(await holdings(account), 'handOver') === null);
    await api.act(handOver([account]));
    await api.indexed();
    expect(await api.post(path, first)).toMatchObject({
      status: 403,
      body: { code: 'key_change_not_signed' },
    });
    expect(await holdings(account)).toMatchObject({ authority: CITY, moves: 0, handOver: { number: 2 } });
    const events = arrayAt((await api.get(`/v1/accounts/${account}/moves`)).body, 'items');
    expect(events.map((event) => at(event, 'event'))).toEqual(['proposed', 'stopped', 'proposed']);
  });
});

describe('a move', () => {
  it('takes the consent of an owner to this very move, and an old one returns no account', async () => {
    const holder = await resident();
    const account = addressOf(holder);
    const entry = (proof: string, place = ELSEWHERE) => take([{ account, place, consent: proof }]);
    for (const proof of [consent(holder, 1), consent(holder, 0, ''), consent(holder, 0, CITY, CITY)]) {
      expect(await draft(entry(proof))).toMatchObject({
        status: 422,
        body: { code: 'authority_not_chosen' },
      });
    }
    const expired = moveConsentOf(
      api.domain,
      account,
      { from: CITY, to: PROVINCE, number: 0 },
      { deadline: (await api.world.now()) - 1 },
    );
    expect(await draft(entry(expired))).toMatchObject({
      status: 422,
      body: { code: 'authority_not_chosen' },
    });
    const there = consent(holder);
    const asked = await draft(entry(there));
    expect(at(asked.body, 'explanation', 'ko')).toMatch(/주인이 동의한 계정 1개를 이제부터 맡습니다/);
    await api.act(entry(there));
    await api.indexed();
    expect(await holdings(account)).toMatchObject({ authority: PROVINCE, home: ELSEWHERE, moves: 1 });
    const back = consent(holder, 1, PROVINCE, CITY);
    await api.act(take([{ account, place: CITY, consent: back }], CITY));
    await api.indexed();
    expect(await holdings(account)).toMatchObject({ authority: CITY, home: CITY, moves: 2 });
    expect(await draft(entry(there))).toMatchObject({ status: 422, body: { code: 'authority_not_chosen' } });
  });

  it('does not let an account escape that was stopped, which may be handed over', async () => {
    const holder = await resident();
    const account = addressOf(holder);
    const until = isoTime((await api.world.now()) + 86_400);
    await api.act({ kind: 'freeze_accounts', authority: CITY, args: { accounts: [account], until } }, [1]);
    await api.indexed();
    expect(await draft(take([{ account, place: CITY, consent: consent(holder) }]))).toMatchObject({
      status: 409,
      body: { code: 'move_barred' },
    });
    const shop = addressOf(await api.world.registerMerchant());
    await api.indexed();
    await api.act({
      kind: 'hold_payouts',
      authority: CITY,
      args: { merchants: [shop], until },
    });
    await api.indexed();
    const proof = moveConsentOf(api.domain, shop, { from: CITY, to: PROVINCE, number: 0 });
    const mixed = take([{ account: shop, place: ELSEWHERE, consent: proof }]);
    expect(await draft(mixed)).toMatchObject({ status: 409, body: { code: 'move_barred' } });
    expect(await draft(handOver([shop, account]))).toMatchObject({ status: 200, body: { skipped: [] } });
  });

  it('blocks no other of a list, and a shop shows where it went', async () => {
    const [mover, stays] = [await api.world.registerMerchant(), await resident()];
    await api.indexed();
    const shop = addressOf(mover);
    const entries = [
      {
        account: shop,
        place: ELSEWHERE,
        consent: moveConsentOf(api.domain, shop, { from: CITY, to: PROVINCE, number: 0 }),
      },
      { account: addressOf(stays), place: CITY },
    ];
    const id = await api.act(take(entries));
    expect(arrayAt((await api.get(`/v1/acts/${id}`)).body, 'skipped')).toMatchObject([
      { index: 1, subject: addressOf(stays), code: 'hand_over_unknown' },
    ]);
    await api.indexed();
    expect((await api.get(`/v1/merchants/${shop}`)).body).toMatchObject({
      authority: PROVINCE,
      region: ELSEWHERE,
      moves: 1,
      handOver: null,
      formerPlaces: [],
    });
  });

  it('is not drafted for a list that no transaction has room for', async () => {
    const long = `0x${'00'.repeat(900)}`;
    const entries = Array.from({ length: 150 }, (_unused, index) => ({
      account: addressOf(wallet(`no room ${index}`)),
      place: CITY,
      consent: long,
    }));
    const answer = await draft(take(entries));
    expect(answer).toMatchObject({
      status: 413,
      body: { code: 'batch_too_large', expected: { count: 150, max: 96 } },
    });
  });
});

describe('a wallet that changed its keys before any authority recorded it', () => {
  it('is recorded with the proof of its present owner key, and not with the old one', async () => {
    const holder = api.world.wallet('resident');
    const account = addressOf(holder);
    const phone = wallet('phone of a rekeyed wallet');
    const ring = ringAccount(0n, [{ right: 'owner', key: phone.key }], account);
    const deadline = (await api.world.now()) + 3_600;
    const change = { account, keys: ring.ring, change: 1, deadline };
    const keys = { dailyLimit: '0', keys: [{ right: 'owner', id: walletKeyId(phone.address) }] };
    const proof = await signKeyChange(holder, api.domain, change);
    expect(encodeKeyRing({ dailyLimit: 0n, keys: [{ right: 'owner', id: phone.key.id }] })).toBe(ring.ring);
    expect(await api.post(`/v1/accounts/${account}/keys`, { keys, deadline, proof })).toMatchObject({
      status: 202,
    });
    await api.until('the keys are changed', async () => at(await holdings(account), 'keys', 'changes') === 1);
    const attest = (claim: string | undefined) => ({
      kind: 'attest_accounts',
      authority: CITY,
      args: { entries: [{ account, home: CITY, tier: 'phone', claim }] },
    });
    const old = claimOf(api.domain, account, CITY);
    expect(await draft(attest(old))).toMatchObject({ status: 422, body: { code: 'authority_not_chosen' } });
    const move = { from: '', to: CITY, number: 0 };
    const signed = moveConsentOf(api.domain, account, move, { prove: ring.by(0).prove });
    expect(isConsented(api.domain, { account, ...keysKnownBy(null) }, move, signed, 0)).toBe(false);
    await api.act(attest(signed), [1]);
    await api.indexed();
    expect(await holdings(account)).toMatchObject({ authority: CITY, tier: 'phone' });
  });
});

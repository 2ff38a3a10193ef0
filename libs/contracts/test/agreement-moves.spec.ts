import {
  NEVER_MOVED,
  packRegion,
  refusalOfHandOver,
  refusalOfTaking,
  type AreaHolder,
  type HandOver,
} from '#domain';
import {
  device,
  passkey,
  people,
  ringAccount,
  type Person,
  type RingAccount,
} from '../../../test/support/signing-keys.js';
import {
  consentBytes,
  consentDigest,
  encodeStopHandOver,
  HAND_OVER_DELAY_SECONDS_DEFAULT,
  handOverObjectionDigest,
  isConsented,
  keysKnownBy,
  vouchersDomain,
  type Hex,
} from '../src/index.js';
import { Chance } from './support/chance.js';
import { ContractsFixture } from './support/contracts-fixture.js';
import { codeOf, outcomes } from './support/outcomes.js';

/** Lists of hand-overs and of accounts taken on; five times as many before a release (AGREEMENT_RUNS=10000). */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000) / 40;
const SEED = process.env.AGREEMENT_SEED ?? '1';
const DAY = 86_400;
const CITIES = ['47130', '47190', '48110'] as const;
const PLACES = ['47130', '4713010100', '47190', '4719010100', '48110', '11110', '47'];

interface Known {
  authority: string;
  readonly keyless: false;
  frozenUntil: number;
  readonly frozenByOne: false;
  shop?: { status: number; heldUntil: number };
  handOver: HandOver;
}

/** Somebody who may move: signs as owner, and as a device key where there is one. */
interface Mover extends Person {
  readonly asDevice?: (digest: Hex) => Hex;
}

const asMover = (account: RingAccount): Mover => ({
  ...account.by(0),
  asDevice: (digest) => account.by(1).prove(digest),
});

describe(`contract and rules of ${RUNS} random lists of moves (seed ${SEED})`, () => {
  const chance = new Chance(`moves ${SEED}`);
  const residents: Mover[] = [
    ...people('moving resident', 5),
    ...[1, 2].map((number) =>
      asMover(
        ringAccount(
          10_000n,
          [
            { right: 'owner', key: passkey(`moving passkey ${number}`) },
            { right: 'device', key: device(`moving device ${number}`) },
          ],
          { authority: '47130', role: 'resident' },
        ),
      ),
    ),
  ];
  const shops = people('moving shop', 5);
  const movers: readonly Mover[] = [...residents, ...shops];
  const known = new Map<Hex, Known>();
  const seen = new Set<string>();
  let fixture: ContractsFixture;

  beforeAll(async () => {
    fixture = await ContractsFixture.open();
    await fixture.found('47', '47190');
    await fixture.found('', '48');
    await fixture.found('48', '48110');
    await fixture.attest(residents);
    await fixture.register(shops);
    for (const { address } of movers) {
      const one: Known = {
        authority: '47130',
        keyless: false,
        frozenUntil: 0,
        frozenByOne: false,
        handOver: NEVER_MOVED,
      };
      known.set(
        address,
        shops.some((shop) => shop.address === address) ? { ...one, shop: { status: 1, heldUntil: 0 } } : one,
      );
    }
  });
  afterAll(() => fixture?.close());

  const stateOf = (address: Hex): Known => {
    const one = known.get(address);
    if (one === undefined) throw new Error('everybody is known');
    return one;
  };

  /** What the authority in charge stops and allows again. */
  async function stop(): Promise<void> {
    const mover = chance.pick(movers);
    const one = stateOf(mover.address);
    const { authority, shop } = one;
    const until = chance.percent(60) ? fixture.chain.next() + chance.whole(1, 5) * DAY : 0;
    if (shop === undefined || chance.percent(30)) {
      await fixture.act('freeze_accounts', { authority, accounts: [mover.address], until });
      one.frozenUntil = until;
    } else if (chance.percent(50)) {
      await fixture.act('hold_payouts', { authority, merchants: [mover.address], until });
      shop.heldUntil = until;
    } else {
      const status = shop.status === 1 ? 2 : 1;
      await fixture.act('set_merchant_status', { authority, merchants: [mover.address], status });
      shop.status = status;
    }
  }

  async function propose(): Promise<void> {
    const authority = chance.pick(CITIES);
    const to = chance.percent(20) ? '' : chance.pick(CITIES.filter((city) => city !== authority));
    const readyAt = fixture.chain.next() + HAND_OVER_DELAY_SECONDS_DEFAULT;
    const wanted = movers.map(({ address }) => {
      const one = stateOf(address);
      const refusal = refusalOfHandOver(holder(authority), to, address, one);
      seen.add(`propose ${refusal?.code ?? (to === '' ? 'taken back' : 'proposed')}`);
      if (refusal === undefined) {
        const proposed = to === '' ? null : { to, readyAt };
        one.handOver = { ...one.handOver, proposed, number: one.handOver.number + 1 };
      }
      return codeOf(refusal);
    });
    const accounts = movers.map(({ address }) => address);
    const events = fixture.events(await fixture.act('propose_hand_over', { authority, to, accounts }));
    expect(outcomes(events, accounts.length)).toEqual(wanted);
  }

  /** A consent that is right, or wrong in one of the ways that a thief would try. */
  function consentOf(mover: Mover, to: string): Hex {
    const { authority, handOver } = stateOf(mover.address);
    const right = { account: mover.address, from: authority, to, number: handOver.moves };
    const later = fixture.chain.next() + DAY;
    const way = chance.whole(0, 8);
    const words = {
      ...right,
      ...(way === 1 && { number: handOver.moves + 1 }),
      ...(way === 2 && { number: Math.max(handOver.moves - 1, 0) }),
      ...(way === 3 && { from: '' }),
      ...(way === 4 && { to: chance.pick(CITIES) }),
      deadline: way === 5 ? fixture.chain.next() - 1 : later,
    };
    const signer =
      way === 6 ? (mover.asDevice ?? mover.prove) : way === 7 ? chance.pick(movers).prove : mover.prove;
    return consentBytes(
      words.deadline,
      signer(consentDigest(vouchersDomain(fixture.chain.deployment), words)),
    );
  }

  async function take(): Promise<void> {
    const authority = chance.pick(CITIES);
    const now = fixture.chain.next();
    const domain = vouchersDomain(fixture.chain.deployment);
    const entries = movers.map((mover) => ({
      account: mover.address,
      place: chance.percent(70) ? authority : chance.pick(PLACES),
      ...(chance.percent(50) && { consent: consentOf(mover, authority) }),
    }));
    const wanted = entries.map(({ account, place, consent }) => {
      const one = stateOf(account);
      const move = { from: one.authority, to: authority, number: one.handOver.moves };
      const consented =
        consent === undefined
          ? undefined
          : isConsented(domain, { account, ...keysKnownBy(null) }, move, consent, now);
      const refusal = refusalOfTaking(holder(authority), { account, place, consented }, one, now);
      seen.add(`take ${refusal?.code ?? (consent === undefined ? 'handed over' : 'moved')}`);
      if (refusal === undefined) {
        one.authority = authority;
        one.handOver = { ...one.handOver, proposed: null, moves: one.handOver.moves + 1 };
      }
      return codeOf(refusal);
    });
    const events = fixture.events(await fixture.act('take_accounts', { authority, entries }));
    expect(outcomes(events, entries.length)).toEqual(wanted);
  }

  /** An objection, to the present proposal or to an earlier one. */
  async function object(): Promise<void> {
    const mover = chance.pick(movers);
    const one = stateOf(mover.address);
    const { proposed, number } = one.handOver;
    const stale = chance.percent(30);
    const deadline = fixture.chain.next() + DAY;
    const words = {
      account: mover.address,
      to: proposed?.to ?? '48110',
      number: number - (stale ? 1 : 0),
      deadline,
    };
    const proof = mover.prove(
      handOverObjectionDigest(vouchersDomain(fixture.chain.deployment), {
        ...words,
        number: Math.max(words.number, 0),
      }),
    );
    const sent = fixture.send(encodeStopHandOver(mover.address, deadline, proof));
    if (proposed === null || (stale && number > 0)) {
      await expect(sent).rejects.toThrow('failed');
      seen.add('objection refused');
      return;
    }
    await sent;
    seen.add('objection');
    one.handOver = { ...one.handOver, proposed: null };
  }

  it('agree entry by entry, and about who answers afterwards', async () => {
    for (let run = 0; run < RUNS; run += 1) {
      if (chance.percent(40)) await stop();
      if (chance.percent(50)) await propose();
      if (chance.percent(40)) await object();
      if (chance.percent(50)) fixture.chain.at(fixture.chain.now() + chance.whole(1, 16) * DAY);
      await take();
      for (const { address } of movers) {
        const one = stateOf(address);
        const record = await fixture.readStruct(one.shop === undefined ? 'account' : 'merchant', [address]);
        const next = await fixture.readStruct('handOver', [address]);
        expect([run, address, record.authority, next.readyAt, next.number, next.moves]).toEqual([
          run,
          address,
          packRegion(one.authority),
          BigInt(one.handOver.proposed?.readyAt ?? 0),
          BigInt(one.handOver.number),
          BigInt(one.handOver.moves),
        ]);
      }
    }
    expect([...seen].toSorted()).toEqual(
      expect.arrayContaining([
        'objection',
        'objection refused',
        'propose hand_over_unknown',
        'propose not_in_charge',
        'propose proposed',
        'propose taken back',
        'take account_invalid',
        'take authority_not_chosen',
        'take hand_over_too_early',
        'take hand_over_unknown',
        'take handed over',
        'take move_barred',
        'take moved',
        'take region_outside_authority',
      ]),
    );
  });
});

function holder(authority: string): AreaHolder {
  return { authority, areas: [authority] };
}

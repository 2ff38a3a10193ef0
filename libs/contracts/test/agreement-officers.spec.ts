import {
  checkNewSeat,
  checkOfficerChange,
  checkRemoval,
  checkThresholdChange,
  officersNeeded,
  refusalArgs,
  refusalOfAnchor,
  wonOfTheDay,
  type OfficersRefusal,
} from '#domain';
import {
  BAND_END,
  decodeRevert,
  encodeFinishOfficers,
  encodeFinishThresholds,
  walletKeyId,
  type AuthorityThresholds,
  type Hex,
  type OfficerEntry,
} from '../src/index.js';
import { Chance } from './support/chance.js';
import { ContractsFixture } from './support/contracts-fixture.js';
import { crew, thresholds } from './support/test-chain.js';

/** Lists of officers and thresholds compared; five times as many before a release (AGREEMENT_RUNS=10000). */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 2_000) / 20;
const SEED = process.env.AGREEMENT_SEED ?? '1';
const CITY = '47130';
const CHANGE_DELAY = 2 * 86_400;
const KEY_ZERO = `0x${'00'.repeat(32)}`;

/** What the contract's rules and their copy say of officers and thresholds: both refuse the same for the same reason. */
describe(`contract and rules of ${RUNS} random changes of officers of each kind (seed ${SEED})`, () => {
  const chance = new Chance(`officers ${SEED}`);
  let fixture: ContractsFixture;
  let present: readonly OfficerEntry[];
  let limits: AuthorityThresholds;

  beforeAll(async () => {
    // Hardhat shows a revert with the stack of Solidity and wants Node's own way to print stacks, which Jest takes away.
    Error.prepareStackTrace ??= (error) => `${error.name}: ${error.message}`;
    fixture = await ContractsFixture.open();
    present = crew();
    limits = thresholds;
  });

  afterAll(() => {
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    return fixture?.close();
  });

  /** Anybody but the governors, who sign in this play. */
  function randomOfficer(): OfficerEntry {
    const id = chance.percent(2) ? 0 : chance.pick([3, 4, 5, 6, 8, 9, 10, 11, 12]);
    if (chance.percent(25)) return { id, roles: 0, keys: [] };
    const roles = chance.percent(3) ? chance.whole(0, 9) : chance.whole(1, 7);
    const count = chance.percent(3) ? chance.whole(0, 5) : chance.whole(1, 2);
    return { id, roles, keys: Array.from({ length: count }, randomKey) };
  }

  function randomKey(): Hex {
    if (chance.percent(2)) return KEY_ZERO;
    return walletKeyId(`0x${chance.whole(1, 60).toString(16).padStart(40, '0')}`);
  }

  function randomThresholds(): AuthorityThresholds {
    const count = chance.percent(4) ? chance.whole(0, 10) : chance.whole(1, 3);
    const bands = Array.from({ length: count }, (_unused, index) => ({
      upTo: index === count - 1 && !chance.percent(4) ? BAND_END : BigInt(chance.percent(5) ? 7 : 10 * index),
      officers: chance.percent(8) ? chance.whole(0, 4) : 2,
    }));
    return {
      governors: chance.percent(20) ? chance.whole(0, 5) : 2,
      registrars: chance.percent(20) ? chance.whole(0, 4) : 1,
      bands,
    };
  }

  /** The code and arguments with which the contract refuses a call; null when it does not. */
  async function refusalOf(data: Hex): Promise<unknown> {
    try {
      await fixture.chain.provider.call({ to: fixture.chain.deployment.authorities, data });
      return null;
    } catch (error) {
      const revert = decodeRevert(dataOf(error));
      if (revert?.key === null || revert === null) throw error;
      return { key: revert.key, args: refusalArgs(revert.key, Object.values(revert.args)) };
    }
  }

  const said = (refusal: OfficersRefusal | undefined) =>
    refusal === undefined ? null : { key: refusal.key, args: refusalArgs(refusal.key, refusal.args) };

  const seen = (all: ReadonlyMap<string, number>) => [...all.keys()].toSorted();

  function note(all: Map<string, number>, refusal: OfficersRefusal | undefined): void {
    const key = refusal?.key ?? 'taken';
    all.set(key, (all.get(key) ?? 0) + 1);
  }

  it('agree about roots that are anchored, and about whose they are', async () => {
    const all = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const kind = chance.percent(70) ? chance.whole(0, 8) : chance.whole(0, 255);
      const root = chance.percent(20) ? KEY_ZERO : `0x${chance.whole(1, 9).toString(16).padStart(64, '0')}`;
      const refusal = refusalOfAnchor(kind, root);
      note(all, refusal);
      // Officers in the role that the rules name sign it, and no others.
      const call = fixture.signedAct('anchor', { authority: CITY, kind, root });
      expect({ run, kind, contract: await refusalOf(call) }).toEqual({ run, kind, contract: said(refusal) });
    }
    expect(seen(all)).toEqual(['anchor_kind_unknown', 'anchor_root_zero', 'taken']);
  });

  it('agree about changes of officers, at once and when they come into force', async () => {
    const all = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const change = Array.from({ length: chance.whole(1, 3) }, randomOfficer);
      const refusal = checkOfficerChange(present, limits, change);
      note(all, refusal);
      const propose = fixture.signedAct('set_officers', { authority: CITY, officers: change });
      const atOnce = await refusalOf(propose);
      if (atOnce === null) {
        await fixture.chain.send(fixture.chain.deployment.authorities, propose);
        await wait();
        const finish = encodeFinishOfficers(CITY, change);
        expect({ run, contract: await refusalOf(finish) }).toEqual({ run, contract: said(refusal) });
        if (refusal !== undefined) continue;
        await fixture.chain.send(fixture.chain.deployment.authorities, finish);
        present = applied(present, change);
      } else expect(['officer_invalid', 'signer_already_used']).toContain(keyOf(atOnce));
    }
    expect(seen(all)).toEqual(['officer_invalid', 'officers_needed', 'signer_already_used', 'taken']);
  });

  it('agree about thresholds', async () => {
    const all = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const next = randomThresholds();
      const refusal = checkThresholdChange(present, limits, next);
      note(all, refusal);
      const propose = fixture.signedAct('set_thresholds', { authority: CITY, thresholds: next });
      const atOnce = await refusalOf(propose);
      if (atOnce === null) {
        await fixture.chain.send(fixture.chain.deployment.authorities, propose);
        await wait();
        const finish = encodeFinishThresholds(CITY, next);
        expect({ run, contract: await refusalOf(finish) }).toEqual({ run, contract: said(refusal) });
      } else expect({ run, atOnce }).toEqual({ run, atOnce: said(refusal) });
    }
    expect(seen(all)).toEqual(['officers_needed', 'taken', 'thresholds_invalid']);
  });

  it('agree about removals and about new authorities', async () => {
    const all = new Map<string, number>();
    for (let run = 0; run < RUNS; run += 1) {
      const removed = Array.from({ length: chance.whole(1, 2) }, () => chance.whole(1, 9));
      const refusal = checkRemoval(present, limits, removed);
      note(all, refusal);
      const remove = fixture.signedAct('remove_officers', { authority: CITY, officers: removed });
      expect({ run, contract: await refusalOf(remove) }).toEqual({ run, contract: said(refusal) });
      const officers = Array.from({ length: chance.whole(3, 8) }, randomOfficer);
      const seat = { region: `${CITY}101`, officers, thresholds: randomThresholds() };
      const newcomers = checkNewSeat(seat.officers, seat.thresholds);
      note(all, newcomers);
      const found = fixture.signedAct('found_authority', { authority: CITY, ...seat });
      expect({ run, contract: await refusalOf(found) }).toEqual({ run, contract: said(newcomers) });
    }
    expect([...all.keys()]).toEqual(
      expect.arrayContaining(['officer_unknown', 'officers_needed', 'taken', 'thresholds_invalid']),
    );
  });

  it('agree about the band of a day’s approvals', () => {
    const bands = [
      { upTo: 10n, officers: 2 },
      { upTo: BAND_END, officers: 3 },
    ];
    const needed = (before: bigint, amount: bigint) =>
      officersNeeded({ ...limits, bands }, 'treasurer', wonOfTheDay(before, amount));
    expect([needed(0n, 10n), needed(1n, 10n), needed(BAND_END, BAND_END)]).toEqual([2, 3, 3]);
  });

  /** The delay passes; calls are answered as of the newest block. */
  async function wait(): Promise<void> {
    fixture.chain.at(fixture.chain.now() + CHANGE_DELAY);
    await fixture.act('set_officers', { authority: CITY, officers: [] });
  }
});

function applied(present: readonly OfficerEntry[], change: readonly OfficerEntry[]): OfficerEntry[] {
  const officers = new Map(present.map((officer) => [officer.id, officer]));
  for (const next of change) {
    officers.delete(next.id);
    if (next.roles !== 0) officers.set(next.id, next);
  }
  return [...officers.values()];
}

function keyOf(refusal: unknown): unknown {
  return typeof refusal === 'object' && refusal !== null && 'key' in refusal ? refusal.key : undefined;
}

/** The data of a revert, which ethers keeps where it found it. */
function dataOf(error: unknown): Hex {
  if (error instanceof Error && 'data' in error && typeof error.data === 'string') return error.data;
  throw error;
}

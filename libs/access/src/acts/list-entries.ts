import { Injectable } from '@nestjs/common';
import {
  type AccountRole,
  type AccountTaking,
  type ActCall,
  type Choosing,
  type Hex,
  isChosen,
  isConsented,
  keysKnownBy,
  vouchersDomain,
} from '#contracts';
import {
  type AreaHolder,
  type Areas,
  FREEZE_SECONDS_MAX,
  FREEZE_SECONDS_OF_ONE,
  HOLD_SECONDS_MAX,
  lowersTier,
  needsTwoToFreeze,
  OPENED_MAX,
  refusalOfAttestation,
  refusalOfFirstKeys,
  refusalOfFreeze,
  refusalOfHandOver,
  refusalOfHold,
  refusalOfMerchant,
  refusalOfNewHome,
  refusalOfRecoding,
  refusalOfStatus,
  refusalOfTaking,
  type EntryRefusal,
} from '#domain';
import { CurrentDeployment } from '#node';
import { Clock } from '#persistence';
import { BLOCK_SECONDS } from '../block-time.js';
import { HandOversRepository } from '../hand-overs/hand-overs.repository.js';
import { ActSubjectsRepository, type SkippedEntry } from './act-subjects.repository.js';
import { refusedAt } from './refused-at.js';
import { movesThatFit } from './room-for-moves.js';

type RefusedEntry = EntryRefusal & Pick<SkippedEntry, 'index' | 'subject'>;
const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;

type Judged = readonly [subject: string, refusal: EntryRefusal | undefined];

/** The lists of officers' acts, entry by entry, as the contract would take them now. */
@Injectable()
export class ListEntries {
  constructor(
    private readonly deployment: CurrentDeployment,
    private readonly subjects: ActSubjectsRepository,
    private readonly handOvers: HandOversRepository,
    private readonly clock: Clock,
  ) {}

  /** How many officers the entries ask for at least, besides the authority's thresholds. */
  async officersAtLeast({ kind, args }: ActCall): Promise<number> {
    if (kind === 'attest_accounts') {
      const known = await this.subjects.accounts(args.entries.map(({ account }) => account));
      return args.entries.some((entry) => lowersTier(entry, known.get(entry.account))) ? 2 : 1;
    }
    if (kind !== 'freeze_accounts') return 1;
    const now = await this.clock.now();
    if (args.until + BLOCK_SECONDS > now + FREEZE_SECONDS_OF_ONE) return 2;
    const known = await this.subjects.onRecord(args.accounts);
    return [...known.values()].some((one) => needsTwoToFreeze(one, args.until, now)) ? 2 : 1;
  }

  /**
   * The entries that the contract would skip if this act were executed now with so many signatures. Throws a problem
   * when it would skip all of them, unless they are as they should be already: nothing is left to sign.
   *
   * @param areas of the authority that acts
   */
  async skipped(call: ActCall, officers: number, areas: Areas): Promise<SkippedEntry[]> {
    const judged = await this.judged(call, officers >= 2, areas);
    const skipped = judged.flatMap(([subject, refusal], index): RefusedEntry[] =>
      refusal === undefined ? [] : [{ index, subject, ...refusal }],
    );
    const wrong = skipped.find((entry) => !isSoAlready(entry));
    if (wrong !== undefined && skipped.length === judged.length)
      throw refusedAt(`${listIn(call.args)}[${wrong.index}]`, wrong.code, wrong.args);
    return skipped;
  }

  /** Each entry of the act's list with what the contract has against it; none when the act has no list. */
  private async judged({ kind, args }: ActCall, byTwo: boolean, areas: Areas): Promise<Judged[]> {
    const by = { authority: args.authority, areas };
    switch (kind) {
      case 'set_merchants': {
        const subjects = args.entries.map(({ merchant }) => merchant);
        const known = await this.subjects.merchants(subjects);
        this.requireFew(subjects.length - known.size);
        const others = await this.subjects.accounts(subjects);
        const rings = await this.handOvers.rings(subjects);
        const now = await this.clock.now();
        return args.entries.map((entry) => {
          const { merchant, claim } = entry;
          if (this.isNoOne(merchant)) return [merchant, { code: 'merchant_invalid', args: { merchant } }];
          const chosen = this.isChosen(choosing(merchant, rings), args.authority, 'merchant', claim, now);
          const recording = { chosen, elsewhere: others.has(merchant) };
          return [merchant, refusalOfMerchant(by, entry, known.get(merchant), recording)];
        });
      }
      case 'recode_merchants': {
        const known = await this.subjects.merchants(args.entries.map(({ merchant }) => merchant));
        return args.entries.map((entry) => [
          entry.merchant,
          refusalOfRecoding(by, args, entry, known.get(entry.merchant)),
        ]);
      }
      case 'recode_homes': {
        const known = await this.subjects.accounts(args.entries.map(({ account }) => account));
        return args.entries.map((entry) => [
          entry.account,
          refusalOfNewHome(by, args, entry, known.get(entry.account)),
        ]);
      }
      case 'set_merchant_status': {
        const known = await this.subjects.merchants(args.merchants);
        return args.merchants.map((one) => [one, refusalOfStatus(by, one, known.get(one), args.status)]);
      }
      case 'hold_payouts': {
        const { until } = args;
        const latest = (await this.clock.now()) + HOLD_SECONDS_MAX - BLOCK_SECONDS;
        if (until > latest) throw refusedAt('args.until', 'hold_too_long', { until, latest });
        const known = await this.subjects.merchants(args.merchants);
        return args.merchants.map((one) => [one, refusalOfHold(by, one, known.get(one))]);
      }
      case 'attest_accounts': {
        const subjects = args.entries.map(({ account }) => account);
        const known = await this.subjects.accounts(subjects);
        this.requireFew(subjects.length - known.size);
        const shops = await this.subjects.merchants(subjects);
        const rings = await this.handOvers.rings(subjects);
        const now = await this.clock.now();
        return args.entries.map((entry) => {
          const { account, claim } = entry;
          if (this.isNoOne(account)) return [account, { code: 'account_invalid', args: { account } }];
          const role = entry.company ? 'company' : 'resident';
          const chosen = this.isChosen(choosing(account, rings), args.authority, role, claim, now);
          const recording = { chosen, elsewhere: shops.has(account) };
          return [account, refusalOfAttestation(by, entry, known.get(account), recording, byTwo)];
        });
      }
      case 'freeze_accounts': {
        const now = await this.clock.now();
        const latest = now + FREEZE_SECONDS_MAX - BLOCK_SECONDS;
        const { until } = args;
        if (until > latest) throw refusedAt('args.until', 'freeze_too_long', { until, latest });
        const known = await this.subjects.onRecord(args.accounts);
        return args.accounts.map((one) => [
          one,
          refusalOfFreeze(by, one, known.get(one), { until, now, byTwo }),
        ]);
      }
      case 'set_first_keys': {
        const subjects = args.entries.map(({ account }) => account);
        const known = await this.subjects.onRecord(subjects);
        const rings = await this.handOvers.rings(subjects);
        return subjects.map((one) => [one, refusalOfFirstKeys(by, one, known.get(one), rings.has(one))]);
      }
      case 'propose_hand_over': {
        const known = await this.handOvers.movable(args.accounts);
        return args.accounts.map((one) => [one, refusalOfHandOver(by, args.to, one, known.get(one))]);
      }
      case 'take_accounts':
        return this.taken(by, args.entries);
      case 'settle':
        return this.settled(args.lines);
      default:
        return [];
    }
  }

  /** Who moves here by an own consent, and who was handed over. */
  private async taken(by: AreaHolder, entries: readonly AccountTaking[]): Promise<Judged[]> {
    const max = movesThatFit(entries);
    if (max < entries.length)
      throw refusedAt('args.entries', 'batch_too_large', { count: entries.length, max });
    const subjects = entries.map(({ account }) => account);
    const known = await this.handOvers.movable(subjects);
    const rings = await this.handOvers.rings(subjects);
    const now = await this.clock.now();
    const domain = vouchersDomain(this.deployment);
    return entries.map(({ account, place, consent }) => {
      const one = known.get(account);
      const move = { from: one?.authority ?? '', to: by.authority, number: one?.handOver.moves ?? 0 };
      const consented =
        consent === undefined
          ? undefined
          : isConsented(domain, choosing(account, rings), move, consent, now + BLOCK_SECONDS);
      return [account, refusalOfTaking(by, { account, place, consented }, one, now)];
    });
  }

  /** The contract refuses a line of a run for itself: nothing to redeem, or more than there is. */
  private async settled(lines: Extract<ActCall, { kind: 'settle' }>['args']['lines']): Promise<Judged[]> {
    const left = await this.subjects.merchantBalances(lines.map(({ merchant }) => merchant));
    return lines.map(({ merchant, series, amount }) => {
      const key = `${merchant} ${series}`;
      const balance = left.get(key) ?? 0n;
      if (amount === 0n) return [merchant, { code: 'amount_zero', args: {} }];
      if (amount > balance) {
        const args = { balance: String(balance), amount: String(amount) };
        return [merchant, { code: 'insufficient_merchant_balance', args }];
      }
      left.set(key, balance - amount);
      return [merchant, undefined];
    });
  }

  /** An act that is too large for a transaction is not offered for signature. */
  private requireFew(opened: number): void {
    if (opened <= OPENED_MAX) return;
    throw refusedAt('args.entries', 'batch_too_large', { count: opened, max: OPENED_MAX });
  }

  /** Whether the account's claim shows that it chose the acting authority; also when the act is executed. */
  private isChosen(
    account: Choosing,
    authority: string,
    role: AccountRole,
    claim: Hex | undefined,
    now: number,
  ): boolean {
    const domain = vouchersDomain(this.deployment);
    return claim !== undefined && isChosen(domain, account, { authority, role }, claim, now + BLOCK_SECONDS);
  }

  /** The zero address and the platform's contracts are neither merchants nor residents. */
  private isNoOne(address: string): boolean {
    const { authorities, vouchers } = this.deployment;
    return address === ZERO_ADDRESS || address === authorities || address === vouchers;
  }
}

/** Path of the list of an act's arguments. */
function listIn(args: ActCall['args']): string {
  const [name = ''] = Object.entries(args).find(([, value]) => Array.isArray(value)) ?? [];
  return `args.${name}`;
}

/** With the keys that may sign for it now. */
function choosing(account: string, rings: ReadonlyMap<string, Hex>): Choosing {
  return { account, ...keysKnownBy(rings.get(account) ?? null) };
}

/** Whoever asks for the same again gets the same draft. */
function isSoAlready({ code, args }: EntryRefusal): boolean {
  return code === 'merchant_move_illegal' && args['from'] === args['to'];
}

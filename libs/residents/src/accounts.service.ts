import { Injectable } from '@nestjs/common';
import { HandOversRepository, showMoving } from '#access';
import { decodeKeyRing, keyRingHash, refusalOfItem } from '#contracts';
import {
  ACCOUNT_TIER,
  dailyCapLeft,
  dailyCapOf,
  giftCapLeft,
  isAccountTier,
  isFrozen,
  isoTime,
  koreanIsoDate,
  koreanMonthIndex,
  nextNonce,
  purchaseCapsLeft,
  spendableNow,
  type SpendableNow,
  UNKNOWN_ACCOUNT,
  type AccountState,
  type Won,
} from '#domain';
import { SeriesService } from '#issuance';
import { projectHoldings, seriesRulesOf, type ActivityRow, type HoldingEntry } from '#orders';
import { Clock, toHex } from '#persistence';
import type {
  AccountKeysDto,
  AllowanceDto,
  HistoryItemDto,
  HoldingDto,
  HoldingsDto,
  KeyRingDto,
} from './accounts.dto.js';
import {
  AccountsRepository,
  type AccountRow,
  type AllowanceRow,
  type HoldingRow,
  type KeysRow,
} from './accounts.repository.js';

const DAY_SECONDS = 86_400;

/** What residents hold and what happened to it. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly handOvers: HandOversRepository,
    private readonly series: SeriesService,
    private readonly clock: Clock,
  ) {}

  /**
   * Empty for an address that never received anything: a holder need not register to hold vouchers. With `authority`
   * also what may still be bought and received of its series.
   */
  async holdings(account: string, authority?: string): Promise<HoldingsDto> {
    const [rows, known, keys, handOver] = await Promise.all([
      this.accounts.holdings(account),
      this.accounts.find(account),
      this.accounts.keys(account),
      this.handOvers.of(account),
    ]);
    const summaries = new Map(
      (await this.series.summaries(rows.map(({ series }) => series))).map((one) => [one.id, one]),
    );
    const now = await this.clock.recent();
    const state = stateOf(known);
    const show = holdingsShower(rows, state, now);
    const items = rows.flatMap((row): HoldingDto[] => {
      const series = summaries.get(row.series);
      return series ? [{ series, ...show(row) }] : [];
    });
    const tier = Object.entries(ACCOUNT_TIER).find(([, number]) => number === (known?.tier ?? 0));
    return {
      account,
      authority: known?.authority ?? null,
      // A merchant has none.
      home: known === undefined || known.home === '' ? null : known.home,
      tier: tier?.[0] ?? 'none',
      frozen: isFrozen(state, now),
      frozenUntil: isFrozen(state, now) ? isoTime(state.frozenUntil) : null,
      company: known?.company ?? false,
      ...showMoving(handOver),
      keys: showKeys(keys),
      keyless: known?.keyless === true && keys.changes === 0n,
      total: String(rows.reduce((sum, { balance }) => sum + balance, 0n)),
      items,
      allowances: authority === undefined ? null : await this.allowances(account, authority),
    };
  }

  private async allowances(account: string, authority: string): Promise<AllowanceDto[]> {
    const now = await this.clock.recent();
    const month = `${koreanIsoDate(now).slice(0, 7)}-01`;
    return (await this.accounts.allowances(account, authority, month, now)).map((row) =>
      showAllowance(row, now),
    );
  }
}

function stateOf(known: AccountRow | undefined): AccountState {
  if (known === undefined || !isAccountTier(known.tier)) return UNKNOWN_ACCOUNT;
  return { tier: known.tier, frozenUntil: Number(known.frozenUntil), company: known.company };
}

/** Shows holdings as they are and as they will be when all that was accepted is settled. */
function holdingsShower(
  rows: readonly HoldingRow[],
  account: AccountState,
  now: number,
): (row: HoldingRow) => Omit<HoldingDto, 'series'> {
  const entries = new Map(rows.map((row) => [row.series, entryOf(row)]));
  const balances = projectHoldings(account, entries, rows[0]?.reserved ?? null, now);
  return ({ series, balance, received, receivedDay }) => {
    const left = balances.of(series);
    const rules = balances.rulesOf(series);
    const today = rules && dailyCapLeft(dailyCapOf(rules, account), left, now);
    return {
      balance: String(balance),
      reserved: String(balance - left.balance),
      ...showSpendable(rules && spendableNow(account, rules, left, now)),
      received: String(received),
      receivedOn: receivedDay === 0 ? null : koreanIsoDate(receivedDay * DAY_SECONDS),
      nextNonce: nextNonce(left.window),
      dailyCapLeft: wonOrNull(today),
    };
  };
}

/** Of a series that is not indexed yet nothing can be said. */
function showSpendable(found: SpendableNow | undefined): Pick<HoldingDto, 'spendable' | 'unspendable'> {
  const { amount, rest } = found ?? { amount: 0n, rest: null };
  return {
    spendable: String(amount),
    unspendable: rest && {
      amount: String(rest.amount),
      code: rest.code,
      at: isoTime(rest.at),
    },
  };
}

function entryOf(row: HoldingRow): HoldingEntry {
  const { balance, received, receivedDay, day, spentToday, top, bits, packed } = row;
  const window = { top: Number(top), bitmap: BigInt.asUintN(64, bits) };
  return {
    rules: seriesRulesOf(packed, row),
    state: { balance, received, receivedDay, day, spentToday, window },
  };
}

function showAllowance({ series, packed, inMonth, inYear, gifts }: AllowanceRow, now: number): AllowanceDto {
  const rules = seriesRulesOf(packed);
  if (rules === undefined) throw new Error(`series ${series} has no rules`);
  const month = koreanMonthIndex(now);
  const left = purchaseCapsLeft(rules, { month, inMonth, inYear }, now);
  return {
    series,
    purchaseMonthLeft: wonOrNull(left.month),
    purchaseYearLeft: wonOrNull(left.year),
    giftMonthLeft: wonOrNull(giftCapLeft(rules.giftCap, { month, amount: gifts }, now)),
  };
}

function showKeys({
  changes,
  ring,
  proposedBy,
  proposed,
  readyAt,
  number,
  overruling,
}: KeysRow): AccountKeysDto {
  return {
    changes: Number(changes),
    ring: ring === null ? null : showRing(ring),
    replacement:
      proposed === null || proposedBy === null || readyAt === null
        ? null
        : {
            authority: proposedBy,
            hash: keyRingHash(proposed),
            keys: showRing(proposed),
            readyAt: isoTime(readyAt),
            number: Number(number),
            overruling,
          },
  };
}

/** The contract takes sound rings alone. */
function showRing(ring: Buffer): KeyRingDto {
  const { dailyLimit, keys } = decodeKeyRing(toHex(ring));
  return { dailyLimit: String(dailyLimit), keys: keys.map(({ right, id }) => ({ right, id })) };
}

function wonOrNull(won: Won | undefined): string | null {
  return won === undefined ? null : String(won);
}

export function showHistory(row: ActivityRow): HistoryItemDto {
  return {
    kind: row.kind,
    at: new Date(Number(row.at)).toISOString(),
    series: String(row.series),
    amount: row.amount,
    order: row.order,
    merchant: row.merchant,
    other: row.other,
    code: row.code === null ? null : (refusalOfItem(row.code) ?? String(row.code)),
    block: row.block === null ? null : String(row.block),
  };
}

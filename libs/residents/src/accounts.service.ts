import { Injectable } from '@nestjs/common';
import { refusalOfItem } from '#contracts';
import { ACCOUNT_TIER, dailyCapLeft, EMPTY_WINDOW } from '#domain';
import { SeriesService } from '#issuance';
import type { HistoryItemDto, HoldingDto, HoldingsDto } from './accounts.dto.js';
import { AccountsRepository, type HistoryRow, type HoldingRow } from './accounts.repository.js';

/** What residents hold and what happened to it. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly series: SeriesService,
  ) {}

  /** Empty for an address that never received anything: nobody needs to register to hold vouchers. */
  async holdings(account: string): Promise<HoldingsDto> {
    const [rows, known] = await Promise.all([this.accounts.holdings(account), this.accounts.find(account)]);
    const summaries = new Map(
      (await this.series.summaries(rows.map(({ series }) => series))).map((one) => [one.id, one]),
    );
    const items = rows.flatMap((row): HoldingDto[] => {
      const series = summaries.get(row.series);
      return series ? [{ series, ...showHolding(row) }] : [];
    });
    const tier = Object.entries(ACCOUNT_TIER).find(([, number]) => number === (known?.tier ?? 0));
    return {
      account,
      home: known?.home ?? null,
      tier: tier?.[0] ?? 'none',
      frozen: known?.frozen ?? false,
      total: String(rows.reduce((sum, { balance }) => sum + balance, 0n)),
      items,
    };
  }
}

function showHolding(row: HoldingRow): Omit<HoldingDto, 'series'> {
  const { balance, reserved, received, day, spentToday, dailyCap } = row;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const left = dailyCapLeft(dailyCap, { balance, window: EMPTY_WINDOW, day, spentToday }, nowSeconds);
  const top = row.pendingTop > row.top ? row.pendingTop : row.top;
  return {
    balance: String(balance),
    reserved: String(reserved),
    spendable: String(less(balance, reserved)),
    received: String(received),
    nextNonce: Number(top) + 1,
    dailyCapLeft: left === undefined ? null : String(less(left, reserved)),
  };
}

/** Never below zero: a payment that the chain will refuse may reserve more than there is. */
function less(amount: bigint, taken: bigint): bigint {
  return amount > taken ? amount - taken : 0n;
}

export function showHistory(row: HistoryRow): HistoryItemDto {
  return {
    kind: row.kind,
    at: new Date(Number(row.at)).toISOString(),
    series: String(row.series),
    amount: row.amount,
    payment: row.paymentId,
    merchant: row.merchant,
    code: row.code === null ? null : (refusalOfItem(row.code) ?? String(row.code)),
    block: row.block === null ? null : String(row.block),
  };
}

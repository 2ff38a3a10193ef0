import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { refuseDivided } from '#access';
import { FUNDERS } from '#domain';
import { Database } from '#persistence';
import { cursorOf, limitOf, MayCall, pageOf } from '#platform';
import {
  EntriesQuery,
  EntryDto,
  EntryPageDto,
  PostingDto,
  TrialBalanceDto,
  TrialBalanceQuery,
} from './books.dto.js';
import { type EntryPosting, type EntryRow, TrialBalanceRepository } from './trial-balance.repository.js';
import { TrialBalanceService } from './trial-balance.service.js';

@ApiTags('books')
@MayCall('anybody')
@Controller('v1/books')
export class BooksController {
  constructor(
    private readonly trialBalance: TrialBalanceService,
    private readonly repository: TrialBalanceRepository,
    private readonly db: Database,
  ) {}

  @Get('trial-balance')
  @ApiOperation({ summary: 'Debits and credits by account and funder, of an authority, a series, or all' })
  @ApiOkResponse({ type: TrialBalanceDto })
  async balance(@Query() query: TrialBalanceQuery): Promise<TrialBalanceDto> {
    await refuseDivided(this.db, query.authority);
    const { block, lines, series, debit, credit } = await this.trialBalance.of(query);
    return {
      block: block === null ? null : String(block),
      lines: lines.map((line) => ({
        account: line.account,
        funder: line.funder,
        debit: String(line.debit),
        credit: String(line.credit),
        rows: `/v1/books/entries?${queryText({ ...query, account: line.account })}`,
      })),
      series: series.map((row) => ({
        series: row.series,
        authority: row.authority,
        debit: String(row.debit),
        credit: String(row.credit),
        href: `/v1/books/trial-balance?series=${row.series}`,
      })),
      debit: String(debit),
      credit: String(credit),
    };
  }

  @Get('entries')
  @ApiOperation({ summary: 'The entries behind a figure, newest first, with their postings by funder' })
  @ApiOkResponse({ type: EntryPageDto })
  async entries(@Query() query: EntriesQuery): Promise<EntryPageDto> {
    const { authority, series, account } = query;
    await refuseDivided(this.db, authority);
    const [block, log] = cursorOf(query, [/^\d{1,15}$/, /^\d{1,9}$/]) ?? [];
    const limit = limitOf(query);
    const after =
      block === undefined || log === undefined ? undefined : ([BigInt(block), Number(log)] as const);
    const rows = await this.repository.entries({ authority, series, account, after, limit: limit + 1 });
    return pageOf(rows, limit, (row) => [row.block, row.log], showEntry);
  }
}

function queryText({
  authority,
  series,
  account,
}: {
  authority?: string;
  series?: number;
  account: string;
}): string {
  const text = new URLSearchParams();
  if (authority !== undefined) text.set('authority', authority);
  if (series !== undefined) text.set('series', String(series));
  text.set('account', account);
  return text.toString();
}

function showEntry({
  block,
  log,
  kind,
  series,
  day,
  amount,
  subject,
  account,
  postings,
}: EntryRow): EntryDto {
  const id = `${block}/${log}`;
  return {
    id,
    kind,
    series,
    day,
    amount: String(amount),
    subject,
    account,
    postings: postings.flatMap(showPosting),
  };
}

function showPosting(posting: EntryPosting): PostingDto[] {
  return FUNDERS.filter((funder) => posting[funder] !== 0n).map((funder) => {
    const won = posting[funder];
    const [debit, credit] = won > 0n ? [won, 0n] : [0n, -won];
    return { account: posting.account, funder, debit: String(debit), credit: String(credit) };
  });
}

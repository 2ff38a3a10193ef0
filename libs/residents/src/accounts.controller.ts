import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { refuseDivided } from '#access';
import { listActivity } from '#orders';
import { Database } from '#persistence';
import { cursorOf, limitOf, MayCall, type Page, pageOf, PageQuery } from '#platform';
import { HistoryItemDto, HistoryPageDto, HoldingsDto, HoldingsQuery } from './accounts.dto.js';
import { addressOf } from './address.js';
import { AccountsService, showHistory } from './accounts.service.js';

@ApiTags('accounts')
@MayCall('anybody')
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly db: Database,
  ) {}

  @Get(':address/holdings')
  @ApiOperation({
    summary: 'What an account holds of each series, what it may spend now, its next nonce, and its keys',
  })
  @ApiOkResponse({ type: HoldingsDto })
  async holdings(@Param('address') address: string, @Query() query: HoldingsQuery): Promise<HoldingsDto> {
    await refuseDivided(this.db, query.authority);
    return this.accounts.holdings(addressOf(address), query.authority);
  }

  @Get(':address/history')
  @ApiOperation({ summary: 'What the account received, paid, gave away and was refused, newest first' })
  @ApiOkResponse({ type: HistoryPageDto })
  async history(@Param('address') address: string, @Query() query: PageQuery): Promise<Page<HistoryItemDto>> {
    const [at, key] = cursorOf(query, [/^\d{1,16}$/, /^[a-z][0-9a-f]{20,64}$/]) ?? [];
    const after = at === undefined || key === undefined ? undefined : ([at, key] as const);
    const limit = limitOf(query);
    const rows = await listActivity(this.db, addressOf(address), after, limit + 1);
    return pageOf(rows, limit, (row) => [row.at, row.key], showHistory);
  }
}

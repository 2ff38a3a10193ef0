import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isAddress } from 'ethers';
import { cursorOf, limitOf, type Page, pageOf, PageQuery, ProblemException } from '#platform';
import { HistoryItemDto, HistoryPageDto, HoldingsDto } from './accounts.dto.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService, showHistory } from './accounts.service.js';

@ApiTags('accounts')
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly repository: AccountsRepository,
  ) {}

  @Get(':address/holdings')
  @ApiOperation({
    summary: 'What an account holds of each series, what it may spend now, and its next nonce',
  })
  @ApiOkResponse({ type: HoldingsDto })
  holdings(@Param('address') address: string): Promise<HoldingsDto> {
    return this.accounts.holdings(addressOf(address));
  }

  @Get(':address/history')
  @ApiOperation({ summary: 'What the account received, paid and was refused, newest first' })
  @ApiOkResponse({ type: HistoryPageDto })
  async history(@Param('address') address: string, @Query() query: PageQuery): Promise<Page<HistoryItemDto>> {
    const [at, key] = cursorOf(query, [/^\d{1,16}$/, /^[ipa][0-9a-f]{20,64}$/]) ?? [];
    const after = at === undefined || key === undefined ? undefined : ([at, key] as const);
    const limit = limitOf(query);
    const rows = await this.repository.history(addressOf(address), after, limit + 1);
    return pageOf(rows, limit, (row) => [row.at, row.key], showHistory);
  }
}

function addressOf(text: string): string {
  if (text.startsWith('0x') && isAddress(text)) return text.toLowerCase();
  throw new ProblemException('invalid_request', {
    fields: [
      {
        field: 'address',
        message: {
          ko: '0x로 시작하는 40자리 16진수 주소여야 합니다.',
          en: 'must be an address: 0x and 40 hex digits',
        },
      },
    ],
  });
}

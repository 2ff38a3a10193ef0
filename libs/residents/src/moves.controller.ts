import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cursorOf, limitOf, MayCall, type Page, pageOf, PageQuery } from '#platform';
import { KeyOrderDto } from './account-keys.dto.js';
import { addressOf } from './address.js';
import {
  HandOverObjectionBody,
  HandOverQuery,
  MoveDto,
  MovePageDto,
  WaitingAccountDto,
  WaitingAccountPageDto,
} from './moves.dto.js';
import { MovesService, showMove } from './moves.service.js';

@ApiTags('accounts')
@MayCall('anybody')
@Controller('v1')
export class MovesController {
  constructor(private readonly moves: MovesService) {}

  @Get('hand-overs')
  @ApiOperation({
    summary: 'Accounts of residents, companies and merchants that wait to be taken on by another authority',
  })
  @ApiOkResponse({ type: WaitingAccountPageDto })
  async waiting(@Query() query: HandOverQuery): Promise<Page<WaitingAccountDto>> {
    const [after] = cursorOf(query, [/^0x[0-9a-f]{40}$/]) ?? [];
    const limit = limitOf(query);
    const rows = await this.moves.waiting(query, after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.account],
      (row) => row,
    );
  }

  @Get('accounts/:address/moves')
  @ApiOperation({
    summary: 'Hand-overs of the account, objections, and who came to answer for it, newest first',
  })
  @ApiOkResponse({ type: MovePageDto })
  async history(@Param('address') address: string, @Query() query: PageQuery): Promise<Page<MoveDto>> {
    const [block, log] = cursorOf(query, [/^\d{1,15}$/, /^\d{1,9}$/]) ?? [];
    const after = block === undefined || log === undefined ? undefined : ([block, log] as const);
    const limit = limitOf(query);
    const rows = await this.moves.history(addressOf(address), after, limit + 1);
    return pageOf(rows, limit, (row) => [row.block, row.log], showMove);
  }

  @Post('accounts/:address/hand-over-objections')
  @HttpCode(202)
  @ApiOperation({ summary: 'Object to the hand-over of an account, by one of its owner keys' })
  @ApiAcceptedResponse({ type: KeyOrderDto })
  object(@Param('address') address: string, @Body() body: HandOverObjectionBody): Promise<KeyOrderDto> {
    return this.moves.object(addressOf(address), body);
  }
}

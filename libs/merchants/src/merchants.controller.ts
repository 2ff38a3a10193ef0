import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cursorOf, limitOf, MayCall, type Page, pageOf, ProblemException } from '#platform';
import { MerchantDetailDto, MerchantDto, MerchantPageDto, MerchantQuery } from './merchants.dto.js';
import { MerchantsService } from './merchants.service.js';

@ApiTags('merchants')
@MayCall('anybody')
@Controller('v1/merchants')
export class MerchantsController {
  constructor(private readonly merchants: MerchantsService) {}

  @Get()
  @ApiOperation({ summary: 'Registered merchants by region, category, name or status' })
  @ApiOkResponse({ type: MerchantPageDto })
  async list(@Query() query: MerchantQuery): Promise<Page<MerchantDto>> {
    const [after] = cursorOf(query, [/^0x[0-9a-f]{40}$/]) ?? [];
    const limit = limitOf(query);
    const rows = await this.merchants.list(query, after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A merchant: profile, state on chain, when it last took a payment, what it accepts',
  })
  @ApiOkResponse({ type: MerchantDetailDto })
  one(@Param('id') id: string): Promise<MerchantDetailDto> {
    if (!/^0x[0-9a-fA-F]{40}$/.test(id)) throw new ProblemException('not_found');
    return this.merchants.detail(id.toLowerCase());
  }
}

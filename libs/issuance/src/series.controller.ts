import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cursorOf, limitOf, MayCall, type Page, pageOf, ProblemException } from '#platform';
import { SeriesDetailDto, SeriesPageDto, SeriesQuery, SeriesSummaryDto } from './series.dto.js';
import { SeriesService } from './series.service.js';

@ApiTags('series')
@MayCall('anybody')
@Controller('v1/series')
export class SeriesController {
  constructor(private readonly series: SeriesService) {}

  @Get()
  @ApiOperation({ summary: 'Series, newest first, by issuing authority or by where they can be spent' })
  @ApiOkResponse({ type: SeriesPageDto })
  async list(@Query() query: SeriesQuery): Promise<Page<SeriesSummaryDto>> {
    const [before] = cursorOf(query, [/^\d{1,10}$/]) ?? [];
    const limit = limitOf(query);
    const rows = await this.series.list(query, before === undefined ? undefined : Number(before), limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'A series: terms, parameters on chain, figures, and its rules in plain words' })
  @ApiOkResponse({ type: SeriesDetailDto })
  one(@Param('id') id: string): Promise<SeriesDetailDto> {
    if (!/^[1-9]\d{0,8}$/.test(id)) throw new ProblemException('not_found');
    return this.series.detail(Number(id));
  }
}

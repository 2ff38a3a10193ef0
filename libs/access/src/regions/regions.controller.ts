import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { type RegionRow, searchKeyOf } from '#domain';
import {
  cursorOf,
  limitOf,
  MayCall,
  type Page,
  pageOf,
  placesMeant,
  ProblemException,
  searchedText,
} from '#platform';
import { RegionDirectory } from './region-directory.js';
import { DividedRegionDto, RegionDetailDto, RegionDto, RegionPageDto, RegionQuery } from './regions.dto.js';

@ApiTags('regions')
@MayCall('anybody')
@Controller('v1/regions')
export class RegionsController {
  constructor(private readonly directory: RegionDirectory) {}

  @Get()
  @ApiOperation({
    summary: 'Regions of Korea by level, parent or part of the name, in the order of their codes',
  })
  @ApiOkResponse({ type: RegionPageDto })
  list(@Query() query: RegionQuery): Page<RegionDto> {
    const [after = ''] = cursorOf(query, [/^\d{2,10}$/]) ?? [];
    const limit = limitOf(query);
    const key = query.text === undefined ? undefined : searchedText(query.text);
    const [parent] = query.parent === undefined ? [] : placesMeant(query.parent);
    const rows = this.directory.catalogue.rows
      .filter((row) => query.level === undefined || row.level === query.level)
      .filter((row) => parent === undefined || row.parent === parent)
      .filter((row) => key === undefined || searchKeyOf(row.name).includes(key))
      .filter((row) => row.code > after)
      .toSorted((one, other) => (one.code < other.code ? -1 : 1))
      .slice(0, limit + 1);
    return pageOf(rows, limit, (row) => [row.code], show);
  }

  @Get(':code')
  @ApiOperation({
    summary:
      'One region with its children; a code from before a reform leads to the present one, or to those that it became',
  })
  @ApiExtraModels(RegionDetailDto, DividedRegionDto)
  @ApiOkResponse({
    schema: { oneOf: [RegionDetailDto, DividedRegionDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
  })
  one(@Param('code') code: string): RegionDetailDto | DividedRegionDto {
    const { catalogue } = this.directory;
    const reading = catalogue.read(code);
    if (reading.kind === 'divided')
      return { code, became: reading.codes.map((one) => ({ code: one, name: catalogue.name(one) })) };
    const row = reading.kind === 'place' ? catalogue.get(reading.code) : undefined;
    if (row === undefined) throw new ProblemException('not_found');
    return {
      ...show(row),
      path: catalogue.path(row.code).map(({ code: part, name }) => ({ code: part, name })),
      children: catalogue.children(row.code).map(show),
    };
  }
}

function show({ code, level, parent, name, population, formerCode }: RegionRow): RegionDto {
  return { code, level, parent, name, population, formerCode: formerCode === '' ? null : formerCode };
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ANCHOR_KIND, anchorKindName, isoTime } from '#domain';
import { toHex } from '#persistence';
import { cursorOf, limitOf, MayCall, type Page, pageOf } from '#platform';
import { type AnchorDto, AnchorPageDto, AnchorQuery } from './anchors.dto.js';
import { type AnchorRow, AnchorsRepository } from './anchors.repository.js';

@ApiTags('anchors')
@MayCall('anybody')
@Controller('v1/anchors')
export class AnchorsController {
  constructor(private readonly anchors: AnchorsRepository) {}

  @Get()
  @ApiOperation({ summary: 'Roots of documents that authorities anchored on chain, newest first' })
  @ApiOkResponse({ type: AnchorPageDto })
  async list(@Query() query: AnchorQuery): Promise<Page<AnchorDto>> {
    const [block, place] = cursorOf(query, [/^\d{1,18}$/, /^\d{1,9}$/]) ?? [];
    const before = block === undefined || place === undefined ? undefined : ([block, place] as const);
    const limit = limitOf(query);
    const { authority } = query;
    const kind = query.kind && ANCHOR_KIND[query.kind];
    const rows = await this.anchors.list({ authority, kind, before, limit: limit + 1 });
    return pageOf(rows, limit, (row) => [row.block, row.log_index], show);
  }
}

function show({ authority, kind, number, root, block, timestamp }: AnchorRow): AnchorDto {
  return {
    authority,
    kind: anchorKindName(kind) ?? String(kind),
    number: String(number),
    root: toHex(root),
    block: String(block),
    anchoredAt: isoTime(Number(timestamp)),
  };
}

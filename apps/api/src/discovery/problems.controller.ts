import { Controller, Get, Param } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isRefusalKey, refusal } from '#domain';
import { MayCall, ProblemException } from '#platform';
import { RefusalDto, showRefusal } from './discovery.dto.js';

/** Where the `type` of a problem document leads (RFC 9457, section 3.1.1). */
@ApiTags('chain')
@MayCall('anybody')
@Controller('problems')
export class ProblemsController {
  @Get(':code')
  @ApiOperation({ summary: 'What a problem means and what to do, in Korean and English' })
  @ApiOkResponse({ type: RefusalDto })
  @ApiNotFoundResponse({ description: 'No problem has this code.' })
  describe(@Param('code') code: string): RefusalDto {
    if (!isRefusalKey(code)) throw new ProblemException('not_found');
    return showRefusal(refusal(code));
  }
}

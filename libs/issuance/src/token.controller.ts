import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MayCall, ProblemException, PublicUrl } from '#platform';
import { SeriesService } from './series.service.js';
import { TokenDto } from './token.dto.js';

/** What wallets show of a series: ERC-1155 metadata. */
@ApiTags('series')
@MayCall('anybody')
@Controller('v1')
export class TokenController {
  constructor(
    private readonly series: SeriesService,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('series/:id/token.json')
  @ApiOperation({ summary: 'ERC-1155 metadata of a series' })
  @ApiOkResponse({ type: TokenDto })
  ofSeries(@Param('id') id: string): Promise<TokenDto> {
    if (!/^[1-9]\d{0,8}$/.test(id)) throw new ProblemException('not_found');
    return this.token(Number(id));
  }

  @Get('tokens/:file')
  @ApiOperation({
    summary: "The same by the contract's uri: the series' number in 64 hex digits and `.json`",
  })
  @ApiOkResponse({ type: TokenDto })
  byUri(@Param('file') file: string): Promise<TokenDto> {
    const digits = /^(?:0{56})([0-9a-fA-F]{8})\.json$/.exec(file)?.[1];
    if (digits === undefined) throw new ProblemException('not_found');
    return this.token(parseInt(digits, 16));
  }

  private async token(id: number): Promise<TokenDto> {
    const series = await this.series.detail(id);
    const { programme, explanation } = series;
    const named = (lang: 'ko' | 'en') => programme?.[lang] ?? `${series.authorityName} ${id}`;
    const said = (lang: 'ko' | 'en') => explanation?.[lang].join('\n') ?? '';
    return {
      name: named('ko'),
      description: said('ko'),
      image: this.publicUrl.of('/icon.svg'),
      external_url: this.publicUrl.of(`/v1/series/${id}`),
      decimals: 0,
      properties: {
        series: id,
        name: { ko: named('ko'), en: named('en') },
        description: { ko: said('ko'), en: said('en') },
        authority: series.authority,
        authorityName: series.authorityName,
        kind: series.kind,
        validFrom: series.validFrom,
        validUntil: series.validUntil,
        termsHash: series.termsHash,
        demo: series.demo,
      },
    };
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { cursorOf, limitOf, MayCall, type Page, pageOf, ProblemException } from '#platform';
import {
  ActDetailDto,
  ActPageDto,
  ActQuery,
  ActSummaryDto,
  ApprovalBody,
  DraftBody,
  DraftDto,
  ProposalBody,
  WithdrawalBody,
} from './acts.dto.js';
import { ActDraftsService } from './act-drafts.service.js';
import { ActPresenter } from './act-presenter.js';
import { ActsRepository, type StoredAct } from './acts.repository.js';
import { ActsService } from './acts.service.js';
import { wholeAttachment } from './attachment.js';

/** The part of a request that the audit trail remembers. */
interface Identified {
  readonly id: string;
}

const HASH = /^0x[0-9a-f]{64}$/;

@ApiTags('acts')
@MayCall('anybody')
@Controller('v1/acts')
export class ActsController {
  constructor(
    private readonly acts: ActsService,
    private readonly drafts: ActDraftsService,
    private readonly repository: ActsRepository,
    private readonly presenter: ActPresenter,
  ) {}

  @Post('draft')
  @HttpCode(200)
  @ApiOperation({ summary: 'The act to be signed for what an officer wants; stores nothing' })
  @ApiOkResponse({ type: DraftDto })
  async draft(@Body() body: DraftBody, @Req() request: Identified): Promise<DraftDto> {
    const { kind, authority, args = {}, deadline } = body;
    const attachment = wholeAttachment(request, body.attachment);
    return this.presenter.draft(await this.drafts.draft({ kind, authority, args, attachment, deadline }));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Proposes an act by signing it; the same act again gives the same answer' })
  @ApiOkResponse({ type: ActDetailDto })
  async propose(@Body() body: ProposalBody, @Req() request: Identified): Promise<ActDetailDto> {
    const { act, approval } = body;
    const view = await this.acts.propose({
      act: { ...act },
      attachment: wholeAttachment(request, body.attachment),
      approval,
      requestId: request.id,
    });
    return this.presenter.detail(view);
  }

  @Get()
  @ApiOperation({ summary: 'Acts, newest first' })
  @ApiOkResponse({ type: ActPageDto })
  async list(@Query() query: ActQuery): Promise<Page<ActSummaryDto>> {
    const [micros, id] = cursorOf(query, [/^\d{1,18}$/, HASH]) ?? [];
    const limit = limitOf(query);
    const { authority, state } = query;
    const after = micros === undefined || id === undefined ? undefined : ([micros, id] as const);
    const rows = await this.repository.list({ authority, state, after, limit: limit + 1 });
    const views = new Map(
      await Promise.all(
        rows.slice(0, limit).map(async (row) => [row.id, await this.acts.viewOf(row)] as const),
      ),
    );
    return pageOf(rows, limit, keyOf, (row) => {
      const view = views.get(row.id);
      if (view === undefined) throw new Error('every row of a page has a view');
      return this.presenter.summary(view);
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One act: what it does, who signed, who is missing, what became of it' })
  @ApiOkResponse({ type: ActDetailDto })
  async one(@Param('id') id: string): Promise<ActDetailDto> {
    return this.presenter.detail(await this.acts.view(hashOf(id)));
  }

  @Post(':id/approvals')
  @HttpCode(200)
  @ApiOperation({
    summary: "Adds an officer's signature; with the last one needed the act goes to the chain",
  })
  @ApiOkResponse({ type: ActDetailDto })
  async approve(
    @Param('id') id: string,
    @Body() body: ApprovalBody,
    @Req() request: Identified,
  ): Promise<ActDetailDto> {
    return this.presenter.detail(await this.acts.approve(hashOf(id), body, request.id));
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  @ApiOperation({
    summary:
      "Takes an officer's own approval back, here and on chain; the act goes on if enough others approve it",
  })
  @ApiOkResponse({ type: ActDetailDto })
  async withdraw(
    @Param('id') id: string,
    @Body() body: WithdrawalBody,
    @Req() request: Identified,
  ): Promise<ActDetailDto> {
    return this.presenter.detail(await this.acts.withdraw(hashOf(id), body, request.id));
  }
}

function hashOf(id: string): string {
  const hash = id.toLowerCase();
  if (!HASH.test(hash)) throw new ProblemException('not_found');
  return hash;
}

function keyOf({ proposedMicros, id }: StoredAct): [string, string] {
  return [proposedMicros, id];
}

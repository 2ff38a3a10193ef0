import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { refusalOfItem } from '#contracts';
import { cursorOf, limitOf, MayCall, type Page, pageOf, PageQuery, ProblemException } from '#platform';
import { IssueListsRepository } from './issue-lists.repository.js';

export class IssueRefusalDto {
  @ApiProperty({ description: 'Code of the refusal table.' }) code: string;
  @ApiProperty() recipients: number;
}

export class IssueListDto {
  @ApiProperty({ description: 'Act that approves the list.' }) act: string;
  @ApiProperty() series: number;
  @ApiProperty({ description: 'Won.' }) total: string;
  @ApiProperty() recipients: number;
  @ApiProperty() chunks: number;
  @ApiProperty({ enum: ['proposed', 'issuing', 'done', 'closed'] }) state: string;
  @ApiProperty({ type: String, nullable: true }) issueOrder: string | null;
  @ApiProperty() chunksIssued: number;
  @ApiProperty() recipientsIssued: number;
  @ApiProperty({ description: 'Won.' }) amountIssued: string;
  @ApiProperty({ type: [IssueRefusalDto] }) refused: IssueRefusalDto[];
}

export class IssueRecipientDto {
  @ApiProperty() account: string;
  @ApiProperty({ description: 'Won.' }) amount: string;
}

export class IssueRecipientPageDto {
  @ApiProperty({ type: [IssueRecipientDto] }) items: IssueRecipientDto[];
  @ApiProperty({ type: String, nullable: true }) next: string | null;
}

@ApiTags('issue lists')
@MayCall('anybody')
@Controller('v1/issue-lists')
export class IssueListsController {
  constructor(private readonly lists: IssueListsRepository) {}

  @Get(':act')
  @ApiOperation({ summary: 'How far issuing to an approved list has come, and who was refused why' })
  @ApiOkResponse({ type: IssueListDto })
  async one(@Param('act') act: string): Promise<IssueListDto> {
    const list = await this.lists.progress(hashOf(act));
    if (list === undefined) throw new ProblemException('not_found');
    const { issueOrder, closed, chunksIssued, chunks } = list;
    const open = issueOrder === null ? 'proposed' : chunksIssued === chunks ? 'done' : 'issuing';
    return {
      act: list.act,
      series: list.series,
      total: String(list.total),
      recipients: list.recipients,
      chunks,
      state: closed ? 'closed' : open,
      issueOrder: issueOrder === null ? null : String(issueOrder),
      chunksIssued,
      recipientsIssued: list.issuedCount,
      amountIssued: String(list.issuedWon),
      refused: list.refused.map(({ code, count }) => ({
        code: refusalOfItem(code) ?? String(code),
        recipients: count,
      })),
    };
  }

  @Get(':act/items')
  @ApiOperation({ summary: 'The recipients of a list in order' })
  @ApiOkResponse({ type: IssueRecipientPageDto })
  async items(@Param('act') act: string, @Query() query: PageQuery): Promise<Page<IssueRecipientDto>> {
    const [text = '0'] = cursorOf(query, [/^\d{1,6}$/]) ?? [];
    const from = Number(text);
    const limit = limitOf(query);
    const recipients = await this.lists.recipients(hashOf(act), from, limit + 1);
    if (recipients === undefined) throw new ProblemException('not_found');
    return pageOf(
      recipients,
      limit,
      () => [from + limit],
      ({ account, amount }) => ({ account, amount: String(amount) }),
    );
  }
}

function hashOf(act: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(act)) throw new ProblemException('not_found');
  return act.toLowerCase();
}

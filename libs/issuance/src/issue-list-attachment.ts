import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  attachmentSchemas,
  JsonReader,
  readSeriesArgument,
  saltField,
  type AttachmentHandler,
  type DraftWarning,
  type PreparedAttachment,
} from '#access';
import type { ActArguments } from '#contracts';
import { CurrentDeployment } from '#node';
import { type AreaHolder, hexField, integerField, type JsonObject, objectField, wonField } from '#domain';
import { wrongField, RawJson } from '#platform';
import { IssueListsRepository } from './issue-lists.repository.js';
import { IssueListReader, LargeList } from './lists/issue-list-reader.js';
import {
  buildList,
  chunksOf,
  countOf,
  normalPieces,
  positionsOf,
  readRecipients,
  recipientField,
  RECIPIENTS_MAX,
  recipientsField,
  type BuiltList,
  type Recipients,
} from './lists/recipients.js';

/** What app.act keeps of it. */
const STORED = objectField({
  salt: saltField,
  recipients: integerField(1, RECIPIENTS_MAX),
  total: wonField,
  root: hexField(32),
});

/** An attachment with the list that it makes. */
interface ReadList extends BuiltList, Recipients {
  readonly salt: string;
}

/**
 * What belongs to approve_issue: { salt, items: [{ account, amount }] }, in the order in which they are issued. Large
 * lists come as LargeList, and a helper process hashes them.
 */
@Injectable()
export class IssueListAttachment implements AttachmentHandler<'approve_issue'>, OnModuleInit {
  readonly kind = 'approve_issue';
  readonly schemas = attachmentSchemas({ items: recipientsField }, STORED.schema);
  /** A draft asks for the arguments, then for the attachment; a list of a city takes a second to hash. */
  private readonly read = new WeakMap<JsonObject, Promise<ReadList>>();

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly lists: IssueListsRepository,
    private readonly reader: IssueListReader,
    private readonly deployment: CurrentDeployment,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async derive(
    { authority }: AreaHolder,
    args: unknown,
    attachment: JsonObject,
  ): Promise<ActArguments['approve_issue']> {
    const read = new JsonReader();
    const id = readSeriesArgument(read, args);
    read.done();
    const { total, root } = await this.listOf(attachment);
    return { authority, series: id, total, root };
  }

  async prepare(args: ActArguments['approve_issue'], attachment: JsonObject): Promise<PreparedAttachment> {
    const list = await this.listOf(attachment);
    const { salt, packed, total, root, nonce } = list;
    if (total !== args.total || root !== args.root)
      throw wrongField('act.call', {
        ko: 'attachment.items의 합계와 다른 호출입니다.',
        en: 'does not approve what attachment.items adds up to',
      });
    const recipients = countOf(packed);
    return {
      normal: { json: new RawJson(() => normalPieces(packed, salt)), nonce },
      // The items are in app.issue_chunk, in order; together with the salt they give the normal form again.
      stored: { salt, recipients, total: String(total), root },
      warnings: () => this.warningsOf(list, args.series),
      store: (tx, { id }) =>
        this.lists.insert(tx, {
          act: id,
          root,
          series: args.series,
          total,
          recipients,
          chunks: chunksOf(packed, list),
        }),
    };
  }

  private async warningsOf({ repeated, root }: ReadList, series: number): Promise<DraftWarning[]> {
    const earlier = await this.lists.withRoot(root, series);
    return [
      ...repeated.map(({ account, positions }): DraftWarning => {
        const rows = positions.map((position) => position + 1).join(', ');
        return {
          code: 'repeated_recipient',
          fields: positions.map(recipientField),
          act: null,
          message: {
            ko: `${account} 계정이 명단의 ${rows}번째 줄에 거듭 있습니다. 줄마다 지급됩니다.`,
            en: `${account} stands in lines ${rows} of the list and is paid for each of them.`,
          },
        };
      }),
      ...earlier.map((act): DraftWarning => ({
        code: 'equal_list',
        fields: [],
        act,
        message: {
          ko: `같은 명단이 이 회차에 이미 올라와 있습니다(결재 ${act}). 승인하면 한 번 더 지급됩니다.`,
          en: `The same list was proposed for this series before (act ${act}). Approved again, it is paid again.`,
        },
      })),
    ];
  }

  private listOf(attachment: JsonObject): Promise<ReadList> {
    const known = this.read.get(attachment);
    if (known !== undefined) return known;
    const list = this.readList(attachment);
    this.read.set(attachment, list);
    return list;
  }

  private async readList(attachment: JsonObject): Promise<ReadList> {
    const read = new JsonReader();
    const { salt, items } = read.object(attachment, 'attachment', ['salt', 'items']);
    const saltText = saltField.read(read, salt, 'attachment.salt');
    const isLarge = items instanceof LargeList;
    const recipients = isLarge ? items.recipients : readRecipients(items);
    for (const { field, message } of recipients.problems) read.refuse(field, message);
    read.done();
    const { packed } = recipients;
    for (const contract of [this.deployment.vouchers, this.deployment.authorities]) {
      for (const position of positionsOf(packed, contract))
        read.refuse(`${recipientField(position)}.account`, {
          ko: '플랫폼의 계약 주소일 수 없습니다.',
          en: 'must not be a contract of the platform',
        });
    }
    read.done();
    const built = isLarge ? await this.reader.build(packed, saltText) : buildList(packed, saltText);
    return { ...recipients, ...built, salt: saltText };
  }
}

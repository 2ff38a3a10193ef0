import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  JsonReader,
  SALT_BYTES,
  type AttachmentHandler,
  type JsonObject,
  type PreparedAttachment,
} from '#access';
import { buildIssueList, type ActArguments, type IssueList, type IssueRecipient } from '#contracts';
import { WON_MAX } from '#domain';
import { ProblemException } from '#platform';
import { IssueListsRepository } from './issue-lists.repository.js';

/** Recipients of one list at most; a larger city is granted in several lists. */
export const RECIPIENTS_MAX = 100_000;

/**
 * Recipients of one chunk. A first purchase of a sold series costs 55,000 gas (a holding and a sum of purchases are
 * new), and one transaction may use 2^24.
 */
export const CHUNK_RECIPIENTS = 250;

/** An attachment with the list that it makes. */
interface ReadList extends IssueList {
  readonly salt: string;
  readonly recipients: readonly IssueRecipient[];
}

/** What belongs to approve_issue: { salt, items: [{ account, amount }] }, in the order in which they are issued. */
@Injectable()
export class IssueListAttachment implements AttachmentHandler<'approve_issue'>, OnModuleInit {
  readonly kind = 'approve_issue';
  /** A draft asks for the arguments, then for the attachment; a list of a city takes a second to read and hash. */
  private readonly read = new WeakMap<JsonObject, ReadList>();

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly lists: IssueListsRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  derive(authority: string, args: unknown, attachment: JsonObject): ActArguments['approve_issue'] {
    const read = new JsonReader();
    const { series } = read.object(args, 'args', ['series']);
    const id = read.integer(series, 'args.series', 1, 2 ** 32 - 1);
    read.done();
    const { total, root } = this.listOf(attachment);
    return { authority, series: id, total, root };
  }

  prepare(args: ActArguments['approve_issue'], attachment: JsonObject): PreparedAttachment {
    const { salt, recipients, total, root, chunks } = this.listOf(attachment);
    if (total !== args.total || root !== args.root)
      throw invalid('act.call', 'does not approve what attachment.items adds up to');
    const items = recipients.map(({ account, amount }) => ({ account, amount: String(amount) }));
    return {
      normal: { salt, items },
      // The items are in app.issue_chunk, in order; together with the salt they give the normal form again.
      stored: { salt, recipients: recipients.length, total: String(total), root },
      store: (tx, { id }) =>
        this.lists.insert(tx, {
          act: id,
          root,
          series: args.series,
          total,
          recipients: recipients.length,
          chunks,
        }),
    };
  }

  private listOf(attachment: JsonObject): ReadList {
    const known = this.read.get(attachment);
    if (known !== undefined) return known;
    const { salt, recipients } = readAttachment(attachment);
    const list = { salt, recipients, ...buildIssueList(recipients, CHUNK_RECIPIENTS) };
    this.read.set(attachment, list);
    return list;
  }
}

function readAttachment(attachment: JsonObject): { salt: string; recipients: IssueRecipient[] } {
  const read = new JsonReader();
  const { salt, items } = read.object(attachment, 'attachment', ['salt', 'items']);
  const saltText = read.hex(salt, 'attachment.salt', SALT_BYTES);
  let total = 0n;
  const recipients = read.list(items, 'attachment.items', RECIPIENTS_MAX, (item, at) => {
    const entry = read.object(item, at, ['account', 'amount']);
    const amount = read.won(entry['amount'], `${at}.amount`);
    if (amount === 0n) read.refuse(`${at}.amount`, 'must be more than 0');
    total += amount;
    return { account: read.address(entry['account'], `${at}.account`), amount };
  });
  if (total > WON_MAX) read.refuse('attachment.items', 'adds up to more won than a series can have');
  read.done();
  return { salt: saltText, recipients };
}

function invalid(field: string, message: string): ProblemException {
  return new ProblemException('invalid_request', { fields: [{ field, message }] });
}

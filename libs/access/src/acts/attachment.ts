import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { keccak256 } from 'ethers';
import type { ActArguments, ActKind } from '#contracts';
import {
  type AreaHolder,
  type Areas,
  describedField,
  hexField,
  type JsonField,
  type JsonObject,
  type JsonSchema,
  objectField,
} from '#domain';
import { wrongField, type RawJson } from '#platform';
import type { Transaction } from '#persistence';

/** Kinds of acts that have more to say than the chain keeps. */
export type AttachedKind = 'publish_series' | 'set_merchants' | 'approve_issue';

/** An attachment in its one normal form, salt included. */
export interface NormalAttachment {
  /** For the answer to a draft. */
  readonly json: JsonObject | RawJson;
  /** The officers' signatures cover it: uint256(keccak256(RFC 8785 text in UTF-8)). */
  readonly nonce: bigint;
}

/** Something in an attachment that is allowed and probably not meant; shown before anybody signs. */
export interface DraftWarning {
  readonly code: 'repeated_recipient' | 'equal_list';
  /** Paths of the entries that it is about. */
  readonly fields: readonly string[];
  /** An earlier act that it is about. */
  readonly act: string | null;
  readonly message: { readonly ko: string; readonly en: string };
}

/** A checked attachment. */
export interface PreparedAttachment {
  readonly normal: NormalAttachment;
  /** What app.act keeps; parts that have tables of their own are left out. */
  readonly stored: JsonObject;
  /** What officers should look at before they sign; asked of drafts alone. */
  warnings?(): Promise<readonly DraftWarning[]>;
  /** Puts the other parts into their tables, in the transaction that stores the act. */
  store(tx: Transaction, act: { readonly id: string; readonly authority: string }): Promise<void>;
}

/** What attachments of one kind contain. */
export interface AttachmentSchemas {
  /** As a draft is asked with; the salt may be left out, and is drawn then. */
  readonly given: JsonSchema;
  /** In its normal form: as a draft answers and a proposal sends it. */
  readonly normal: JsonSchema;
  /** As stored acts show it. */
  readonly stored: JsonSchema;
  /** Schemas to which the others refer by name. */
  readonly named?: Readonly<Record<string, JsonSchema>>;
}

/** What a feature library knows about the attachment of one kind of act. */
export interface AttachmentHandler<K extends AttachedKind> {
  readonly kind: K;
  readonly schemas: AttachmentSchemas;
  /** The arguments that a draft with this attachment calls with. Throws a problem. */
  derive(by: AreaHolder, args: unknown, attachment: JsonObject): ActArguments[K] | Promise<ActArguments[K]>;
  /**
   * Checks that the attachment is sound and says what the arguments say. Throws a problem.
   *
   * @param areas of the authority that acts
   */
  prepare(
    args: ActArguments[K],
    attachment: JsonObject,
    areas: Areas,
  ): PreparedAttachment | Promise<PreparedAttachment>;
}

/** Feature libraries register here what belongs to their acts, so that acts need not know the features. */
@Injectable()
export class AttachmentHandlers {
  private readonly handlers = new Map<AttachedKind, AttachmentHandler<AttachedKind>>();

  register<K extends AttachedKind>(handler: AttachmentHandler<K>): void {
    // The key ties kind and arguments together; the map cannot say so.
    this.handlers.set(handler.kind, handler as unknown as AttachmentHandler<AttachedKind>);
  }

  /** The handler of a kind; undefined when acts of this kind have no attachment. */
  of(kind: ActKind): AttachmentHandler<AttachedKind> | undefined {
    return isAttachedKind(kind) ? this.handlers.get(kind) : undefined;
  }
}

/** The salt keeps equal attachments apart, so that the same list can be approved twice. */
export const SALT_BYTES = 16;

/** The salt of an attachment. */
export const saltField = describedField(hexField(SALT_BYTES), 'Keeps equal attachments apart.');

/** Schemas of an attachment with a salt and these parts, whose stored form is its normal one unless it is said. */
export function attachmentSchemas(
  parts: Readonly<Record<string, JsonField<unknown>>>,
  stored?: JsonSchema,
): AttachmentSchemas {
  const given = objectField({ salt: { ...saltField, optional: true }, ...parts });
  const { shownSchema: normal } = given;
  return { given: given.schema, normal, stored: stored ?? normal };
}

/** True for a kind that cannot do without an attachment. */
export function isAttachedKind(kind: ActKind): kind is AttachedKind {
  return kind === 'publish_series' || kind === 'set_merchants' || kind === 'approve_issue';
}

/** Throws invalid_request for what PostgreSQL cannot keep in JSON. */
export function normalAttachment(json: JsonObject): NormalAttachment {
  const text = canonicalize(json);
  if (text === undefined || text.includes('\\u0000'))
    throw wrongField('attachment', {
      ko: 'NUL 문자가 없는 JSON이어야 합니다.',
      en: 'must be JSON without NUL characters',
    });
  return { json, nonce: BigInt(keccak256(Buffer.from(text, 'utf8'))) };
}

/**
 * Parts of attachments that were too large to be read where the rest of their request is read. By request and not in its
 * body, because class-transformer copies whatever a body has, value by value, on the event loop that they were kept from.
 * Not by the hash of a stored file either: a draft stores nothing, and who proposes an act is known by its signature alone,
 * which comes with the list.
 */
const readBefore = new WeakMap<object, JsonObject>();

/** Remembers parts of a request's attachment; they are absent from its body. */
export function putAttachmentParts(request: object, parts: JsonObject): void {
  readBefore.set(request, parts);
}

/** The attachment of a request's body with the parts that were read before. */
export function wholeAttachment(
  request: object,
  attachment: JsonObject | null | undefined,
): JsonObject | undefined {
  if (attachment === null || attachment === undefined) return undefined;
  return { ...attachment, ...readBefore.get(request) };
}

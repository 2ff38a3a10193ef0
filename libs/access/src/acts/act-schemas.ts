import type { OpenAPIObject } from '@nestjs/swagger';
import { ACT_KINDS, type ActKind } from '#contracts';
import type { JsonSchema } from '#domain';
import { actArgumentSchemas } from './act-args.js';
import { type AttachmentHandlers, isAttachedKind } from './attachment.js';

type Schemas = Record<string, JsonSchema>;

const ATTACHED = ACT_KINDS.filter(isAttachedKind);

/** References for the properties of DTOs whose schemas describeActs adds. */
export const ANY_ARGUMENTS = ACT_KINDS.map((kind) => ref(`${pascal(kind)}Args`));
export const ANY_ATTACHMENT = ATTACHED.map((kind) => ref(`${pascal(kind)}Attachment`));
export const ANY_STORED_ATTACHMENT = ATTACHED.map((kind) => ref(`${pascal(kind)}Stored`));

/**
 * Adds to the description of the API what the free-form parts of acts contain, from the tables that read and show them:
 * `<Kind>Args` as drafts and acts show them, `<Kind>Attachment` as drafts answer and proposals send them, `<Kind>Stored`
 * as acts show them later, `<Kind>Draft` as a draft is asked for. `DraftBody` becomes one of the last.
 */
export function describeActs(document: OpenAPIObject, handlers: AttachmentHandlers): void {
  const schemas = (document.components ??= {}).schemas as Schemas;
  const body = schemas['DraftBody'];
  if (body === undefined) throw new Error('no route takes a DraftBody');
  const mapping: Record<string, string> = {};
  for (const kind of ACT_KINDS) {
    const { schema, shownSchema } = actArgumentSchemas(kind);
    const attachment = handlers.of(kind)?.schemas;
    schemas[`${pascal(kind)}Args`] = shownSchema;
    if (attachment !== undefined) {
      Object.assign(schemas, attachment.named);
      schemas[`${pascal(kind)}Attachment`] = attachment.normal;
      schemas[`${pascal(kind)}Stored`] = attachment.stored;
    }
    schemas[`${pascal(kind)}Draft`] = draftSchema(kind, body, schema, attachment?.given);
    mapping[kind] = ref(`${pascal(kind)}Draft`).$ref;
  }
  schemas['DraftBody'] = {
    oneOf: Object.values(mapping).map(($ref) => ({ $ref })),
    discriminator: { propertyName: 'kind', mapping },
  };
}

/** DraftBody of one kind. */
function draftSchema(kind: ActKind, body: JsonSchema, args: JsonSchema, attachment?: JsonSchema): JsonSchema {
  const { args: _any, attachment: _whole, ...properties } = body['properties'] as Schemas;
  const needsArgs = Array.isArray(args['required']);
  const required = [
    ...(body['required'] as string[]),
    ...(needsArgs ? ['args'] : []),
    ...(attachment === undefined ? [] : ['attachment']),
  ];
  return {
    type: 'object',
    properties: {
      ...properties,
      kind: { type: 'string', enum: [kind] },
      args,
      ...(attachment === undefined ? {} : { attachment }),
    },
    required,
    additionalProperties: false,
  };
}

function ref(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function pascal(kind: string): string {
  return kind.replace(/(^|_)([a-z])/g, (_match, _before, letter: string) => letter.toUpperCase());
}

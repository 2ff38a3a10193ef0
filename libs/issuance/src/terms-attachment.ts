import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  attachmentSchemas,
  JsonReader,
  normalAttachment,
  readNoArguments,
  saltField,
  type AttachmentHandler,
  type PreparedAttachment,
} from '#access';
import { encodeAct, type ActArguments } from '#contracts';
import {
  canonicalTerms,
  isJsonObject,
  isRegionCode,
  parseTerms,
  termsField,
  termsHash,
  termsToChain,
  type JsonObject,
  type Terms,
} from '#domain';
import { authorityCodes, ProblemException, wrongField } from '#platform';
import { TermsRepository } from './terms.repository.js';

/** What belongs to publish_series: { salt, terms }. The terms alone decide the parameters on chain. */
@Injectable()
export class TermsAttachment implements AttachmentHandler<'publish_series'>, OnModuleInit {
  readonly kind = 'publish_series';
  readonly schemas = {
    ...attachmentSchemas({
      terms: {
        ...termsField,
        schema: { $ref: '#/components/schemas/Terms' },
        shownSchema: { $ref: '#/components/schemas/NormalTerms' },
      },
    }),
    named: { Terms: termsField.schema, NormalTerms: termsField.shownSchema },
  };

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly documents: TermsRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  derive(authority: string, args: unknown, attachment: JsonObject): ActArguments['publish_series'] {
    const read = new JsonReader();
    readNoArguments(read, args);
    read.done();
    const { terms } = readAttachment(attachment, authority);
    if (terms.authority !== authority)
      throw wrongField('attachment.terms.authority', {
        ko: '결재하는 지자체여야 합니다.',
        en: 'must be the authority that acts',
      });
    return { authority, terms: termsToChain(terms) };
  }

  prepare(args: ActArguments['publish_series'], attachment: JsonObject): PreparedAttachment {
    const { salt, terms } = readAttachment(attachment, args.authority);
    const derived = this.derive(args.authority, {}, attachment);
    // Encoded, two calls are equal in every field or they are not.
    if (encodeAct('publish_series', derived).call !== encodeAct('publish_series', args).call)
      throw wrongField('act.call', {
        ko: 'attachment.terms의 내용과 다른 호출입니다.',
        en: 'does not publish what attachment.terms says',
      });
    const normal = { salt, terms: { ...terms } };
    return {
      normal: normalAttachment(normal),
      stored: normal,
      store: (tx) =>
        this.documents.insert(tx, {
          hash: termsHash(terms),
          authority: args.authority,
          canonical: canonicalTerms(terms),
          demo: terms.demo === true,
        }),
    };
  }
}

function readAttachment(attachment: JsonObject, authority: string): { salt: string; terms: Terms } {
  const read = new JsonReader(authority);
  const { salt, terms } = read.object(attachment, 'attachment', ['salt', 'terms']);
  const saltText = saltField.read(read, salt, 'attachment.salt');
  const parsed = parseTerms(inPresentCodes(read, terms, authority));
  if (!parsed.ok) {
    for (const { field, message } of parsed.problems) read.refuse(`attachment.terms.${field}`, message);
    read.done();
    throw new ProblemException('terms_invalid', { args: { field: 'terms' } });
  }
  read.done();
  return { salt: saltText, terms: parsed.terms };
}

/**
 * Terms with every area as its place is called now, so that sentence, preview and contract name the same places: the
 * contract compares digits, and merchants are registered under the present ones. What is no code is left to parseTerms.
 */
function inPresentCodes(read: JsonReader, terms: unknown, authority: string): unknown {
  if (!isJsonObject(terms)) return terms;
  const { rules, authority: issuer } = terms;
  const isActing = typeof issuer === 'string' && authorityCodes(issuer).includes(authority);
  const areas = Array.isArray(rules)
    ? rules.map((rule: unknown, index) => {
        if (!isJsonObject(rule) || !isRegionCode(rule['area'])) return rule;
        return { ...rule, area: read.region(rule['area'], `attachment.terms.rules[${index}].area`) };
      })
    : rules;
  return { ...terms, ...(isActing ? { authority } : {}), ...(rules === undefined ? {} : { rules: areas }) };
}

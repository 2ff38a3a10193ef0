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
  type AreaHolder,
  type Areas,
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

  derive(by: AreaHolder, args: unknown, attachment: JsonObject): ActArguments['publish_series'] {
    const read = new JsonReader();
    readNoArguments(read, args);
    read.done();
    const { authority } = by;
    const { terms } = readAttachment(attachment, by);
    if (terms.authority !== authority)
      throw wrongField('attachment.terms.authority', {
        ko: '결재하는 지자체여야 합니다.',
        en: 'must be the authority that acts',
      });
    return { authority, terms: termsToChain(terms) };
  }

  prepare(args: ActArguments['publish_series'], attachment: JsonObject, areas: Areas): PreparedAttachment {
    const by = { authority: args.authority, areas };
    const { salt, terms } = readAttachment(attachment, by);
    const derived = this.derive(by, {}, attachment);
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

function readAttachment(attachment: JsonObject, by: AreaHolder): { salt: string; terms: Terms } {
  const read = new JsonReader(by.areas);
  const { salt, terms } = read.object(attachment, 'attachment', ['salt', 'terms']);
  const saltText = saltField.read(read, salt, 'attachment.salt');
  const parsed = parseTerms(inPresentCodes(read, terms, by));
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
function inPresentCodes(read: JsonReader, terms: unknown, { authority, areas: own }: AreaHolder): unknown {
  if (!isJsonObject(terms)) return terms;
  const { rules, authority: issuer } = terms;
  const isActing =
    typeof issuer === 'string' && authorityCodes(issuer).some((code) => [authority, ...own].includes(code));
  const areas = Array.isArray(rules)
    ? rules.map((rule: unknown, index) => {
        if (!isJsonObject(rule) || !isRegionCode(rule['area'])) return rule;
        return { ...rule, area: read.region(rule['area'], `attachment.terms.rules[${index}].area`) };
      })
    : rules;
  return { ...terms, ...(isActing ? { authority } : {}), ...(rules === undefined ? {} : { rules: areas }) };
}

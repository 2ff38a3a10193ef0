import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  JsonReader,
  normalAttachment,
  SALT_BYTES,
  type AttachmentHandler,
  type PreparedAttachment,
} from '#access';
import { encodeAct, type ActArguments } from '#contracts';
import { canonicalTerms, parseTerms, termsHash, termsToChain, type JsonObject, type Terms } from '#domain';
import { ProblemException } from '#platform';
import { TermsRepository } from './terms.repository.js';

/** What belongs to publish_series: { salt, terms }. The terms alone decide the parameters on chain. */
@Injectable()
export class TermsAttachment implements AttachmentHandler<'publish_series'>, OnModuleInit {
  readonly kind = 'publish_series';

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly documents: TermsRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  derive(authority: string, args: unknown, attachment: JsonObject): ActArguments['publish_series'] {
    const read = new JsonReader();
    read.object(args, 'args', []);
    read.done();
    const { terms } = readAttachment(attachment);
    if (terms.authority !== authority)
      throw invalid('attachment.terms.authority', 'must be the authority that acts');
    return { authority, terms: termsToChain(terms) };
  }

  prepare(args: ActArguments['publish_series'], attachment: JsonObject): PreparedAttachment {
    const { salt, terms } = readAttachment(attachment);
    const derived = this.derive(args.authority, {}, attachment);
    // Encoded, two calls are equal in every field or they are not.
    if (encodeAct('publish_series', derived).call !== encodeAct('publish_series', args).call)
      throw invalid('act.call', 'does not publish what attachment.terms says');
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

function readAttachment(attachment: JsonObject): { salt: string; terms: Terms } {
  const read = new JsonReader();
  const { salt, terms } = read.object(attachment, 'attachment', ['salt', 'terms']);
  const saltText = read.hex(salt, 'attachment.salt', SALT_BYTES);
  const parsed = parseTerms(terms);
  if (!parsed.ok) {
    for (const { field, message } of parsed.problems) read.refuse(`attachment.terms.${field}`, message);
    read.done();
    throw new ProblemException('terms_invalid', { args: { field: 'terms' } });
  }
  read.done();
  return { salt: saltText, terms: parsed.terms };
}

function invalid(field: string, message: string): ProblemException {
  return new ProblemException('invalid_request', { fields: [{ field, message }] });
}

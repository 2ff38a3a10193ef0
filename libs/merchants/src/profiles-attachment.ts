import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  attachmentSchemas,
  JsonReader,
  normalAttachment,
  readActArguments,
  saltField,
  type AttachmentHandler,
  type PreparedAttachment,
} from '#access';
import type { ActArguments } from '#contracts';
import {
  addressField,
  type AreaHolder,
  type JsonField,
  type JsonObject,
  listField,
  markField,
  objectField,
  optionalField,
  parseBusinessNumber,
  textField,
} from '#domain';
import { wrongField } from '#platform';
import { type MerchantProfile, MerchantsRepository } from './merchants.repository.js';

/** As many merchants as one act registers; the contract's batch limit. */
const PROFILES_MAX = 400;

/** Ten digits with a right check digit, with or without hyphens. */
const businessNumberField: JsonField<string> = {
  schema: { type: 'string', example: '123-45-67891', description: 'Business registration number.' },
  shownSchema: { type: 'string', pattern: String.raw`^\d{10}$` },
  read(reader, value, at) {
    const digits = typeof value === 'string' ? parseBusinessNumber(value) : undefined;
    if (digits === undefined) {
      reader.refuse(at, {
        ko: '올바른 사업자등록번호가 아닙니다.',
        en: 'is not a valid business registration number',
      });
    }
    return digits ?? '0000000000';
  },
  show: (digits) => digits,
};

const PARTS = {
  demo: markField,
  profiles: listField(
    objectField({
      merchant: addressField,
      name: textField(100),
      businessNumber: businessNumberField,
      address: optionalField(textField(200, 0), ''),
    }),
    PROFILES_MAX,
  ),
};
const ATTACHMENT = objectField({ salt: saltField, ...PARTS });

interface ProfileList {
  readonly salt: string;
  readonly demo: boolean;
  readonly profiles: readonly MerchantProfile[];
}

/** What belongs to set_merchants: { salt, demo?, profiles: [{ merchant, name, businessNumber, address }] }. */
@Injectable()
export class ProfilesAttachment implements AttachmentHandler<'set_merchants'>, OnModuleInit {
  readonly kind = 'set_merchants';
  readonly schemas = attachmentSchemas(PARTS);

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly merchants: MerchantsRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  derive(by: AreaHolder, args: unknown): ActArguments['set_merchants'] {
    return readActArguments('set_merchants', by, args);
  }

  prepare(args: ActArguments['set_merchants'], attachment: JsonObject): PreparedAttachment {
    const { salt, demo, profiles } = readAttachment(attachment);
    const described = new Set(profiles.map(({ merchant }) => merchant));
    const registered = new Set(args.entries.map(({ merchant }) => merchant));
    if (described.size !== profiles.length)
      throw wrongField('attachment.profiles', {
        ko: '같은 가맹점이 두 번 들어 있습니다.',
        en: 'names a merchant twice',
      });
    if (described.size !== registered.size || ![...described].every((merchant) => registered.has(merchant)))
      throw wrongField('attachment.profiles', {
        ko: '결재가 등록하는 가맹점만, 빠짐없이 적어야 합니다.',
        en: 'must name exactly the merchants that the act registers',
      });
    const normal = { salt, profiles: profiles.map((profile) => ({ ...profile })), ...(demo ? { demo } : {}) };
    return {
      normal: normalAttachment(normal),
      stored: normal,
      store: (tx, { id }) => this.merchants.putProfiles(tx, id, profiles, demo),
    };
  }
}

function readAttachment(attachment: JsonObject): ProfileList {
  const read = new JsonReader();
  const result = ATTACHMENT.read(read, attachment, 'attachment');
  read.done();
  return result;
}

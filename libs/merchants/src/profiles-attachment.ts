import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  AttachmentHandlers,
  JsonReader,
  normalAttachment,
  readActArguments,
  SALT_BYTES,
  type AttachmentHandler,
  type PreparedAttachment,
} from '#access';
import type { ActArguments } from '#contracts';
import { parseBusinessNumber, type JsonObject } from '#domain';
import { ProblemException } from '#platform';
import { type MerchantProfile, MerchantsRepository } from './merchants.repository.js';

/** As many merchants as one act registers; the contract's batch limit. */
const PROFILES_MAX = 400;

interface ProfileList {
  readonly salt: string;
  readonly demo: boolean;
  readonly profiles: readonly MerchantProfile[];
}

/** What belongs to set_merchants: { salt, demo?, profiles: [{ merchant, name, businessNumber, address }] }. */
@Injectable()
export class ProfilesAttachment implements AttachmentHandler<'set_merchants'>, OnModuleInit {
  readonly kind = 'set_merchants';

  constructor(
    private readonly handlers: AttachmentHandlers,
    private readonly merchants: MerchantsRepository,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  derive(authority: string, args: unknown): ActArguments['set_merchants'] {
    return readActArguments('set_merchants', authority, args);
  }

  prepare(args: ActArguments['set_merchants'], attachment: JsonObject): PreparedAttachment {
    const { salt, demo, profiles } = readAttachment(attachment);
    const described = new Set(profiles.map(({ merchant }) => merchant));
    const registered = new Set(args.entries.map(({ merchant }) => merchant));
    if (described.size !== profiles.length) throw invalid('attachment.profiles', 'names a merchant twice');
    if (described.size !== registered.size || ![...described].every((merchant) => registered.has(merchant)))
      throw invalid('attachment.profiles', 'must name exactly the merchants that the act registers');
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
  const {
    salt,
    demo = false,
    profiles,
  } = read.object(attachment, 'attachment', ['salt', 'demo', 'profiles']);
  const result = {
    salt: read.hex(salt, 'attachment.salt', SALT_BYTES),
    demo: read.flag(demo, 'attachment.demo'),
    profiles: read.list(profiles, 'attachment.profiles', PROFILES_MAX, (item, at) => {
      const entry = read.object(item, at, ['merchant', 'name', 'businessNumber', 'address']);
      return {
        merchant: read.address(entry['merchant'], `${at}.merchant`),
        name: read.text(entry['name'], `${at}.name`, 100),
        businessNumber: businessNumber(read, entry['businessNumber'], `${at}.businessNumber`),
        address: read.text(entry['address'] ?? '', `${at}.address`, 200, 0),
      };
    }),
  };
  read.done();
  return result;
}

function businessNumber(read: JsonReader, value: unknown, field: string): string {
  const digits = typeof value === 'string' ? parseBusinessNumber(value) : undefined;
  if (digits === undefined) read.refuse(field, 'is not a valid business registration number');
  return digits ?? '0000000000';
}

function invalid(field: string, message: string): ProblemException {
  return new ProblemException('invalid_request', { fields: [{ field, message }] });
}

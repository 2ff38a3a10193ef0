import { concat, keccak256, TypedDataEncoder } from 'ethers';
import { consentBytes, walletSignature } from '#contracts';
import { packRegion } from '#domain';
import { typedFields } from './acts.js';
import type { Http } from './http.js';
import type { Json } from './json.js';
import { signDigest } from './keys.js';

/** One EIP-712 message type in one domain, ready to sign many messages. */
class Messages {
  private readonly encoder: TypedDataEncoder;
  private readonly separator: string;

  constructor(domain: Json, types: Json, name: string) {
    const fields = typedFields(types)[name];
    if (fields === undefined) throw new TypeError(`the platform does not say what a ${name} is`);
    this.encoder = new TypedDataEncoder({ [name]: fields });
    this.separator = TypedDataEncoder.hashDomain(
      Object.fromEntries(domain.fields().map(([field, { value }]) => [field, value])),
    );
  }

  digest(message: Record<string, unknown>): string {
    return keccak256(concat(['0x1901', this.separator, this.encoder.hash(message)]));
  }
}

export interface Authorisation {
  /** Won as digits. */
  readonly amount: string;
  readonly nonce: number;
  /** Unix seconds. */
  readonly deadline: number;
  /** 32 bytes of the signer's choice. */
  readonly order: string;
}

export interface PaymentAuthorisation extends Authorisation {
  readonly payer: string;
  readonly merchant: string;
  /** Spent in this order. */
  readonly series: readonly number[];
}

export interface RedemptionAuthorisation extends Authorisation {
  readonly merchant: string;
  readonly series: number;
}

/** What is sent to the platform. `id` is the digest, which the platform uses as well. */
export interface Signed<A extends Authorisation> {
  readonly id: string;
  readonly body: { readonly authorisation: A; readonly proof: string };
}

/** Orders about one series that come seldom. */
export type OtherOrder = 'Gift' | 'Void' | 'Refund';

export const NO_ORDER = `0x${'00'.repeat(32)}`;

/** Signs as any wallet could that read GET /v1/chain. */
export class Pen {
  private constructor(
    readonly chainId: number,
    private readonly payments: Messages,
    private readonly redemptions: Messages,
    private readonly consents: Messages,
    private readonly others: { readonly [N in OtherOrder]: Messages },
  ) {}

  static async of(http: Http): Promise<Pen> {
    const chain = await http.get('/v1/chain');
    const domain = chain.at('domains').at('vouchers');
    const types = chain.at('types');
    return new Pen(
      chain.at('chainId').integer(),
      new Messages(domain, types, 'Payment'),
      new Messages(domain, types, 'Redemption'),
      new Messages(domain, types, 'Consent'),
      {
        Gift: new Messages(domain, types, 'Gift'),
        Void: new Messages(domain, types, 'Void'),
        Refund: new Messages(domain, types, 'Refund'),
      },
    );
  }

  payment(privateKey: string, authorisation: PaymentAuthorisation): Signed<PaymentAuthorisation> {
    return sign(this.payments, privateKey, authorisation);
  }

  /** The digest of a payment, for keys that are no wallets. */
  paymentDigest(authorisation: PaymentAuthorisation): string {
    return this.payments.digest(Object.fromEntries(Object.entries(authorisation)));
  }

  /** Signs one of the orders that come seldom. */
  other<A extends Authorisation>(name: OtherOrder, privateKey: string, authorisation: A): Signed<A> {
    return sign(this.others[name], privateKey, authorisation);
  }

  /** What the entry that records a wallet first says: its consent that this authority answers for it. */
  claim(privateKey: string, account: string, authority: string, deadline: number): string {
    const to = String(packRegion(authority));
    const digest = this.consents.digest({ account, from: '0', to, number: 0, deadline });
    return consentBytes(deadline, walletSignature(signDigest(privateKey, digest)));
  }

  redemption(privateKey: string, authorisation: RedemptionAuthorisation): Signed<RedemptionAuthorisation> {
    return sign(this.redemptions, privateKey, authorisation);
  }
}

function sign<A extends Authorisation>(messages: Messages, privateKey: string, authorisation: A): Signed<A> {
  const id = messages.digest(Object.fromEntries(Object.entries(authorisation)));
  return { id, body: { authorisation, proof: signDigest(privateKey, id) } };
}

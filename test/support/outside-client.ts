import {
  concat,
  hexlify,
  keccak256,
  randomBytes,
  TypedDataEncoder,
  type BaseWallet,
  type TypedDataField,
} from 'ethers';
import type { SigningDomain } from '#contracts';
import { draftWithConsents } from './consents.js';
import { Json } from './json.js';
import { untilRight } from './until.js';

/** What the platform answered, refusals included. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** The platform refused. */
export class Refused extends Error {
  readonly code: string;

  constructor(
    request: string,
    readonly answer: Answer,
  ) {
    super(`${request} → ${answer.status} ${JSON.stringify(answer.body.value)?.slice(0, 800)}`);
    this.code = codeOf(answer);
  }
}

/** Where orders of a kind are sent, and the EIP-712 type that is signed for it. */
export const ORDER_TYPES = {
  payments: 'Payment',
  redemptions: 'Redemption',
  voids: 'Void',
  gifts: 'Gift',
  circulations: 'Circulation',
  refunds: 'Refund',
  cancellations: 'Cancellation',
  'merchant-cancellations': 'MerchantCancellation',
} as const;
export type OrderPath = keyof typeof ORDER_TYPES;
export const ORDER_PATHS = Object.keys(ORDER_TYPES) as readonly OrderPath[];
/** Where the states of an order can be watched as they change. */
export type WatchedPath = Exclude<OrderPath, 'cancellations' | 'merchant-cancellations'>;

/** Who signs an order, with whatever kind of key. */
export interface Prover {
  prove(digest: string): string;
}

/** An officer as the client acts for one. */
export interface OfficerKey {
  readonly id: number;
  readonly wallet: BaseWallet;
}

export interface PaymentWish {
  readonly merchant: string;
  readonly series: number;
  readonly amount: bigint;
  readonly nonce: number;
  /** Unix seconds; default ten minutes ahead. */
  readonly deadline?: number;
}

/** What is sent. `id` is the digest that was signed. */
export interface SignedOrder {
  readonly id: string;
  readonly body: { readonly authorisation: Readonly<Record<string, unknown>>; readonly proof: string };
}

export interface ActWish {
  readonly kind: string;
  readonly authority: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly attachment?: Readonly<Record<string, unknown>>;
}

const TIMEOUT_MS = 20_000;
const WATCH_MS_MAX = 60_000;
const POLL_MS = 40;

/** A client that knows HTTP and a signing library, and nothing else of the platform. */
export class OutsideClient {
  /** Seconds by which the platform's clock leads; deadlines are by that clock. */
  ahead = 0;
  private description: Promise<Json> | undefined;
  private readonly digests = new Map<string, Digest>();

  constructor(
    readonly baseUrl: string,
    private readonly language = 'en',
  ) {}

  /** The answer whatever it is; rejects when there was none. A string body is sent as it is. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': this.language,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: parse(await response.text()), headers: response.headers };
  }

  /** The body of a successful answer. @throws Refused */
  async get(path: string): Promise<Json> {
    return successful(`GET ${path}`, await this.send('GET', path));
  }

  /** The body of a successful answer. @throws Refused */
  async post(path: string, body: unknown): Promise<Json> {
    return successful(`POST ${path}`, await this.send('POST', path, body));
  }

  /** Every item of a list, page by page. */
  async all(path: string): Promise<Json[]> {
    const items: Json[] = [];
    for (let cursor: string | undefined; ;) {
      const more =
        cursor === undefined ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get(`${path}${more}`);
      items.push(...page.at('items').list());
      const next = page.at('next');
      if (!next.present) return items;
      cursor = next.text();
    }
  }

  /** Signs a payment from what GET /v1/chain says, as any wallet could. */
  async signPayment(payer: BaseWallet, wish: PaymentWish, signer: BaseWallet = payer): Promise<SignedOrder> {
    return order(await this.digestOf('payments'), walletProver(signer), {
      payer: payer.address.toLowerCase(),
      ...this.fields(wish),
      series: [wish.series],
    });
  }

  /** Signs a merchant's redemption. */
  async signRedemption(merchant: BaseWallet, wish: Omit<PaymentWish, 'merchant'>): Promise<SignedOrder> {
    const message = this.fields({ ...wish, merchant: merchant.address });
    return order(await this.digestOf('redemptions'), walletProver(merchant), message);
  }

  /** Signs an order of any kind; a deadline and a reference are added. */
  async sign(
    path: OrderPath,
    signer: Prover,
    message: Readonly<Record<string, unknown>>,
  ): Promise<SignedOrder> {
    return order(await this.digestOf(path), signer, { ...this.ending(), ...message });
  }

  private fields({ merchant, series, amount, nonce, deadline }: PaymentWish): Record<string, unknown> {
    return {
      merchant: merchant.toLowerCase(),
      series,
      amount: String(amount),
      nonce,
      ...this.ending(deadline),
    };
  }

  /** What every order ends with. */
  private ending(deadline = Math.floor(Date.now() / 1000) + this.ahead + 600) {
    return { deadline, order: hexlify(randomBytes(32)) };
  }

  submit(path: OrderPath, { body }: SignedOrder): Promise<Answer> {
    return this.send('POST', `/v1/${path}`, body);
  }

  pay({ body }: SignedOrder): Promise<Answer> {
    return this.send('POST', '/v1/payments', body);
  }

  redeem({ body }: SignedOrder): Promise<Answer> {
    return this.send('POST', '/v1/redemptions', body);
  }

  /** Waits until an order is decided. */
  async decided(id: string, kind: OrderPath = 'payments'): Promise<Json> {
    return this.until(
      () => this.get(`/v1/${kind}/${id}`),
      (view) => view.at('state').text() !== 'accepted',
    );
  }

  /** The states that the server reports of an order, until it is decided. */
  async watch(id: string, kind: WatchedPath = 'payments'): Promise<string[]> {
    const signal = AbortSignal.timeout(WATCH_MS_MAX);
    const response = await fetch(new URL(`/v1/${kind}/${id}/events`, this.baseUrl), { signal });
    if (response.body === null) throw new Error('the stream has no body');
    const states: string[] = [];
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5));
        if (data.length > 0) states.push(new Json(JSON.parse(data.join('\n'))).at('state').text());
      }
      if (states.some((state) => state !== 'accepted')) break;
    }
    return states;
  }

  /**
   * Drafts an act, has it signed by officers until they are enough (other approvals of the same day may ask for more than
   * the draft said) and waits until the chain executed it.
   */
  async act(wish: ActWish, officers: readonly OfficerKey[]): Promise<Json> {
    const { draft, proposal } = await this.propose(wish, officers[0]);
    let view = await this.post('/v1/acts', proposal);
    const id = view.at('id').text();
    for (const officer of officers.slice(1)) {
      if (view.at('state').text() !== 'open') break;
      const approval = { officer: officer.id, signature: signDraft(draft, officer) };
      view = await this.post(`/v1/acts/${id}/approvals`, approval);
    }
    const done = await this.until(
      () => this.get(`/v1/acts/${id}`),
      (now) => now.at('state').text() !== 'executing',
    );
    if (done.at('state').text() !== 'executed')
      throw new Error(`act ${wish.kind}: ${JSON.stringify(done.value).slice(0, 800)}`);
    return done;
  }

  /** What the first officer would send to propose an act; nothing is stored yet. */
  async propose(
    wish: ActWish,
    officer: OfficerKey | undefined,
  ): Promise<{ draft: Json; proposal: Record<string, unknown> }> {
    if (officer === undefined) throw new Error('an act needs an officer');
    this.description ??= this.get('/v1/chain');
    const domain = (await this.description).at('domains', 'vouchers').object() as unknown as SigningDomain;
    const draft = await this.post('/v1/acts/draft', draftWithConsents(domain, wish));
    const attachment = draft.at('attachment').value;
    const proposal = {
      act: draft.at('act').value,
      ...(attachment === undefined ? {} : { attachment }),
      approval: { officer: officer.id, signature: signDraft(draft, officer) },
    };
    return { draft, proposal };
  }

  /** Asks again and again until the answer is right. @throws Error with the last answer when it takes too long */
  async until(ask: () => Promise<Json>, right: (answer: Json) => boolean): Promise<Json> {
    return untilRight('the right answer', ask, right, { everyMs: POLL_MS });
  }

  private async digestOf(path: OrderPath): Promise<Digest> {
    this.description ??= this.get('/v1/chain');
    const chain = await this.description;
    const known =
      this.digests.get(path) ??
      digester(chain.at('domains', 'vouchers'), chain.at('types'), ORDER_TYPES[path]);
    this.digests.set(path, known);
    return known;
  }
}

/** The stable code of a problem document; '' when there is none. */
export function codeOf({ body }: Answer): string {
  const { value } = body;
  return typeof value === 'object' && value !== null && 'code' in value ? String(value.code) : '';
}

/** Signs the typed data of a draft as it came. */
export function signDraft(draft: Json, { wallet }: OfficerKey): string {
  const typed = draft.at('typedData');
  const digest = TypedDataEncoder.hash(
    typed.at('domain').object(),
    typesOf(typed.at('types')),
    typed.at('message').object(),
  );
  return wallet.signingKey.sign(digest).serialized;
}

type Digest = (message: Record<string, unknown>) => string;

function digester(domain: Json, types: Json, name: string): Digest {
  const separator = TypedDataEncoder.hashDomain(domain.object());
  const encoder = new TypedDataEncoder({ [name]: typesOf(types)[name] ?? [] });
  return (value) => keccak256(concat(['0x1901', separator, encoder.hash(value)]));
}

function typesOf(types: Json): Record<string, TypedDataField[]> {
  return Object.fromEntries(
    Object.keys(types.object())
      .filter((name) => name !== 'EIP712Domain')
      .map((name) => [
        name,
        types
          .at(name)
          .list()
          .map((field) => ({ name: field.at('name').text(), type: field.at('type').text() })),
      ]),
  );
}

/** A wallet's key as it signs orders of its own address. */
export function walletProver({ signingKey }: BaseWallet): Prover {
  return { prove: (digest) => signingKey.sign(digest).serialized };
}

function order(digest: Digest, signer: Prover, authorisation: Record<string, unknown>): SignedOrder {
  const id = digest(authorisation);
  return { id, body: { authorisation, proof: signer.prove(id) } };
}

function successful(request: string, answer: Answer): Json {
  if (answer.status >= 300) throw new Refused(request, answer);
  return answer.body;
}

function parse(text: string): Json {
  try {
    return new Json(text === '' ? undefined : JSON.parse(text));
  } catch {
    return new Json(text);
  }
}

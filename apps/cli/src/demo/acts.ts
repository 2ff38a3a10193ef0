import { keccak256, toUtf8Bytes, TypedDataEncoder, type TypedDataField } from 'ethers';
import type { Role } from '#contracts';
import { ApiError, type Http } from './http.js';
import type { Json } from './json.js';
import { signDigest } from './keys.js';
import { pause } from './pool.js';

/** An officer whose key the demo has. */
export interface DemoOfficer {
  readonly id: number;
  readonly roles: readonly Role[];
  readonly address: string;
  readonly privateKey: string;
}

export interface WantedAct {
  /** Unique within the demo: the same key gives the same act, so that a second try has no second effect. */
  readonly key: string;
  readonly kind: string;
  /** Region code of who acts; '' = the state. */
  readonly authority: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly attachment?: Readonly<Record<string, unknown>>;
}

const POLL_MS = 100;
const EXECUTION_MAX_MS = 60_000;

/** Executes acts by way of the API as officers do: draft, sign, propose, have it signed by others, wait. */
export class ActRunner {
  constructor(
    private readonly http: Http,
    private readonly seed: string,
    /** Unix seconds; the same for all acts of one demo, so that a repeated act is the same act. */
    private readonly deadline: number,
  ) {}

  /**
   * Ends when the act was executed on chain.
   * @throws ApiError with the code of the refusal
   */
  async execute(wanted: WantedAct, officers: readonly DemoOfficer[]): Promise<void> {
    const { body, digest } = await this.draft(wanted);
    const role = body.at('needed').at('role').text();
    const able = officers.filter(({ roles }) => roles.some((one) => one === role));
    const [first, ...others] = able.map(({ id, privateKey }) => ({
      officer: id,
      signature: signDigest(privateKey, digest.id),
    }));
    if (first === undefined) throw new Error(`no officer of ${wanted.authority} can sign ${wanted.kind}`);
    const attachment = body.at('attachment').value;
    const view = await this.http.post('/v1/acts', {
      act: digest.act,
      ...(attachment === undefined ? {} : { attachment }),
      approval: first,
    });
    await this.executed(wanted, digest.id, view, [...others, first]);
  }

  private async draft(wanted: WantedAct): Promise<{
    body: Json;
    digest: { readonly id: string; readonly act: object };
  }> {
    const { key, kind, authority, args, attachment } = wanted;
    const own = keccak256(toUtf8Bytes(`${this.seed}/${key}`));
    const body = await this.http.post('/v1/acts/draft', {
      kind,
      authority,
      deadline: this.deadline,
      ...(args === undefined ? {} : { args }),
      ...(attachment === undefined ? {} : { attachment: { ...attachment, salt: own.slice(0, 34) } }),
    });
    const drafted = body.at('act');
    // With an attachment the nonce is its hash; else any number does, and this one is the same at every try.
    const nonce = attachment === undefined ? BigInt(own).toString() : drafted.at('nonce').text();
    const act = {
      authority,
      target: drafted.at('target').text(),
      call: drafted.at('call').text(),
      nonce,
      deadline: drafted.at('deadline').integer(),
    };
    const typed = body.at('typedData');
    const domain = Object.fromEntries(
      typed
        .at('domain')
        .fields()
        .map(([name, { value }]) => [name, value]),
    );
    const message = Object.fromEntries(
      typed
        .at('message')
        .fields()
        .map(([name, { value }]) => [name, value]),
    );
    const id = TypedDataEncoder.hash(domain, typedFields(typed.at('types')), { ...message, nonce });
    return { body, digest: { id, act } };
  }

  /**
   * One more signs as long as the act is open: what others approved on the same day may ask for more than the draft said.
   */
  private async executed(
    wanted: WantedAct,
    id: string,
    view: Json,
    approvals: readonly { readonly officer: number; readonly signature: string }[],
  ): Promise<void> {
    const until = Date.now() + EXECUTION_MAX_MS;
    let signed = 0;
    for (let now = view; ; now = await this.http.get(`/v1/acts/${id}`)) {
      const state = now.at('state').text();
      if (state === 'executed') return;
      const next = approvals[signed % approvals.length];
      if (state === 'open' && next !== undefined) {
        signed++;
        await this.http.post(`/v1/acts/${id}/approvals`, next);
      } else if (state !== 'executing') {
        const code = state === 'failed' ? now.at('failure').at('code').text() : state;
        throw new ApiError(`act ${wanted.key}`, 422, code, JSON.stringify(now.at('failure').value ?? ''));
      }
      if (Date.now() > until) {
        throw new ApiError(
          `act ${wanted.key}`,
          0,
          'unavailable',
          'not executed in time; is the relayer running?',
        );
      }
      if (state !== 'open' || signed >= approvals.length) await pause(POLL_MS);
    }
  }
}

/** EIP-712 types from JSON, as ethers wants them; EIP712Domain is left to ethers. */
export function typedFields(types: Json): Record<string, TypedDataField[]> {
  return Object.fromEntries(
    types
      .fields()
      .filter(([name]) => name !== 'EIP712Domain')
      .map(([name, list]) => [
        name,
        list.list().map((field) => ({ name: field.at('name').text(), type: field.at('type').text() })),
      ]),
  );
}

import type { Lang } from '#domain';
import { takeEarly } from './early.js';

/** What a server refused, or that it could not be read: one of the codes of GET /v1/refusals, or `unreachable`. */
export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly title: string,
    /** What the reader can do now, in the language of the request. */
    readonly next: string,
    readonly requestId: string | undefined,
    /** Names of fields that are wrong, of parts that do not work. */
    readonly fields: readonly string[] = [],
  ) {
    super(`${code}: ${title}`);
    this.name = 'ApiProblem';
  }

  /** Whether another try may succeed without the reader doing anything. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** Whether nothing has this address: its number or code is unknown, or none at all. */
  get isNowhere(): boolean {
    return this.status === 400 || this.status === 404;
  }
}

/** An answer, with the server's clock: figures are dated by it, never by the device's. */
export interface Stamped<Body> {
  readonly body: Body;
  /** Unix seconds of the server when it answered. */
  readonly at: number;
}

/** A part of a query; what is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Longer than the slowest report that the API allows itself. */
const TIMEOUT_MS = 15_000;

/** Reads JSON from this host. */
export class ApiClient {
  constructor(private readonly lang: Lang) {}

  /**
   * @param path of a route, as `/v1/series`
   * @throws ApiProblem for everything but an answer of 2xx
   */
  async get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Stamped<Body>> {
    const response = await this.fetch(addressOf(path, query), signal);
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok || body === undefined) throw problemOf(response, body);
    return { body: body as Body, at: timeOf(response) };
  }

  private async fetch(address: string, signal: AbortSignal | undefined): Promise<Response> {
    const early = await takeEarly(address);
    if (early !== undefined) return early;
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await fetch(address, {
        headers: { accept: 'application/json', 'accept-language': this.lang },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new ApiProblem('unreachable', 0, '', '', undefined);
    }
  }
}

function addressOf(path: string, query: Query): string {
  // Another host is no path: nothing is ever asked of one.
  if (!path.startsWith('/') || path.startsWith('//')) throw new TypeError(`not a path of this host: ${path}`);
  const parts = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(parts.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

function problemOf(response: Response, body: unknown): ApiProblem {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const code = text('code') || (response.status >= 500 ? 'unavailable' : 'internal');
  const requestId = text('requestId') || undefined;
  return new ApiProblem(
    code,
    response.status,
    text('title'),
    text('next'),
    requestId,
    fieldsOf(fields['errors']),
  );
}

function fieldsOf(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'field' in one && typeof one.field === 'string'
      ? [one.field]
      : [],
  );
}

/** From the `Date` header, which every answer has; without it, of this device. */
function timeOf(response: Response): number {
  const sent = Date.parse(response.headers.get('date') ?? '');
  return Math.floor((Number.isNaN(sent) ? Date.now() : sent) / 1000);
}

import { OperatorError } from '#platform';
import { Json } from './json.js';
import { pause } from './pool.js';

/** What the platform answered, refusals included. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** The platform refused, or could not be reached in time. `code` is the stable code of the problem document. */
export class ApiError extends OperatorError {
  constructor(
    readonly request: string,
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(`${request} → ${status} ${code}${detail === '' ? '' : `: ${detail}`}`);
  }
}

const ATTEMPTS_MAX = 40;
const WAIT_MAX_MS = 2_000;
/** Longer than any answer should take: an issue list of 20,000 recipients is checked in one request. */
const TIMEOUT_MS = 60_000;
/** The platform is busy or restarting: nothing happened, the same request may be sent again. */
const AGAIN = new Set([429, 502, 503, 504]);

/**
 * An outside client: JSON over HTTP, nothing else. Requests are repeated while the platform is busy or away; that
 * is safe, because every request of the demo is signed and has one effect however often it arrives.
 */
export class Http {
  /** @param stop ends waiting and repeating, e.g. when the operator presses Ctrl-C */
  constructor(
    readonly baseUrl: string,
    private readonly stop?: AbortSignal,
  ) {}

  /** The platform's clock less this machine's, in ms. */
  private aheadMs = 0;

  /** Asks for the platform's clock, by which everything that is signed is judged. @throws ApiError */
  async readClock(): Promise<void> {
    const serverTime = (await this.get('/v1/chain')).at('serverTime').text();
    this.aheadMs = Date.parse(serverTime) - Date.now();
  }

  /** The platform's clock in Unix seconds, as far as readClock() knows it. */
  now(): number {
    return Math.floor((Date.now() + this.aheadMs) / 1_000);
  }

  /** The body of a successful answer. @throws ApiError */
  async get(path: string): Promise<Json> {
    return this.successful('GET', path, await this.send('GET', path));
  }

  /** The body of a successful answer. @throws ApiError */
  async post(path: string, body: unknown): Promise<Json> {
    return this.successful('POST', path, await this.send('POST', path, body));
  }

  /** The answer whatever it is. @throws ApiError when there was none */
  async send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const init: RequestInit = {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    if (body === undefined) init.headers = { accept: 'application/json' };
    let last = 'no answer';
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      this.stop?.throwIfAborted();
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await fetch(new URL(path, this.baseUrl), { ...init, signal });
        const text = await response.text();
        if (!AGAIN.has(response.status)) return { status: response.status, body: parse(text) };
        last = `${response.status} ${text.slice(0, 200)}`;
        await pause(waitOf(response, attempt));
      } catch (error) {
        // Refused or cut connection: a restart, most likely.
        last = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error);
        await pause(Math.min(WAIT_MAX_MS, 50 * 2 ** attempt));
      }
    }
    throw new ApiError(`${method} ${path}`, 0, 'unavailable', last);
  }

  private successful(method: string, path: string, { status, body }: Answer): Json {
    if (status < 300) return body;
    throw new ApiError(
      `${method} ${path}`,
      status,
      problemCode(body),
      JSON.stringify(body.value).slice(0, 600),
    );
  }
}

/** The code of a problem document (RFC 9457); '' when there is none. */
export function problemCode(body: Json): string {
  const { value } = body;
  if (typeof value !== 'object' || value === null) return '';
  const code = body.at('code');
  return code.present ? code.text() : '';
}

function parse(text: string): Json {
  try {
    return new Json(text === '' ? undefined : JSON.parse(text));
  } catch {
    return new Json(text);
  }
}

function waitOf(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('retry-after'));
  if (Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1_000, 10_000);
  return Math.min(WAIT_MAX_MS, 50 * 2 ** attempt);
}

import { codeOf } from '#platform';
import { OutsideClient, type Answer } from './outside-client.js';

const TRIES_MS_MAX = 15_000;
/** The connection was refused, or ended before an answer: no API said anything, and asking another is safe. */
const NO_ANSWER = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * A client behind a plain load balancer: each request goes to the next API in turn, and to another one when there is
 * no connection. Any other failure is one that people would see.
 */
export class BalancedClient extends OutsideClient {
  /** Answers and failures that a client must not get. */
  readonly failures: string[] = [];
  /** Requests that went to another process because the first one had gone. */
  moved = 0;
  private turn = 0;

  constructor(private readonly urls: readonly string[]) {
    super(urls[0] ?? '');
  }

  override async send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const until = Date.now() + TRIES_MS_MAX;
    for (;;) {
      const url = this.urls[this.turn++ % this.urls.length];
      try {
        const answer = await super.send(method, new URL(path, url).href, body, headers);
        if (answer.status >= 500) this.failures.push(`${method} ${path}: ${answer.status}`);
        return answer;
      } catch (error) {
        const reason = reasonOf(error);
        if (!NO_ANSWER.has(reason) || Date.now() > until) {
          this.failures.push(`${method} ${path}: ${reason}`);
          throw error;
        }
        this.moved += 1;
      }
    }
  }
}

function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  return codeOf(cause) ?? String(cause);
}

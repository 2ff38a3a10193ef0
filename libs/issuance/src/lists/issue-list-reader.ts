import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  HelperProcess,
  ProblemException,
  repeatedKeyProblem,
  TOO_DEEP,
  WHOLE_BODY,
  wrongField,
} from '#platform';
import type { ListAnswers, ListJob } from './list-helper.js';
import type { BuiltList, Recipients } from './recipients.js';

/** Bodies up to this size (some 700 recipients) take a few milliseconds where they are. */
export const LARGE_BODY_BYTES = 64 * 1024;

/** Two officers and a repetition; each holds its list in memory. */
const JOBS_MAX = 4;
const ANSWER_MS = 30_000;
const IDLE_MS = 60_000;
/** A list of 100,000 takes a third of it. */
const HEAP_MB = 256;

/** Recipients that were read before the act's other checks. */
export class LargeList {
  constructor(readonly recipients: Recipients) {}
}

/** Reads and hashes large lists in a process of their own, so that payments do not wait for an officer's list. */
@Injectable()
export class IssueListReader implements OnApplicationShutdown {
  private readonly helper = new HelperProcess({
    script: new URL('./list-helper.js', import.meta.url),
    jobsMax: JOBS_MAX,
    answerMs: ANSWER_MS,
    idleMs: IDLE_MS,
    heapMb: HEAP_MB,
  });

  /**
   * The body of an act without its list, and the list. Throws invalid_json, body_not_utf8, invalid_request for JSON that
   * is too deep or has a key twice, rate_limited, unavailable.
   */
  async read(bytes: Uint8Array): Promise<{ rest: string; items: LargeList | undefined }> {
    const answer = await this.ask('read', { kind: 'read', bytes });
    if (!('refused' in answer)) {
      const { rest, recipients } = answer;
      return { rest, items: recipients && new LargeList(recipients) };
    }
    if (answer.refused === 'repeated_key') throw repeatedKeyProblem(answer.field);
    if (answer.refused === 'too_deep') throw wrongField(WHOLE_BODY, TOO_DEEP);
    throw new ProblemException(answer.refused);
  }

  /** Throws rate_limited, unavailable. */
  build(packed: Uint8Array, salt: string): Promise<BuiltList> {
    return this.ask('build', { kind: 'build', packed, salt });
  }

  /** Process id of the helper; undefined while there is none. */
  get helperPid(): number | undefined {
    return this.helper.pid;
  }

  /** After the server has answered what was under way. */
  onApplicationShutdown(): Promise<void> {
    return this.helper.close();
  }

  private async ask<K extends ListJob['kind']>(
    _kind: K,
    job: ListJob & { readonly kind: K },
  ): Promise<ListAnswers[K]> {
    // The helper's script types its answers by the same interface.
    return (await this.helper.ask(job)) as ListAnswers[K];
  }
}

import { Injectable } from '@nestjs/common';
import type { JobHandler } from './job.js';

const KIND = /^[a-z_]+$/;

/** The kinds of jobs that this worker can do. Features register theirs when their module starts. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();

  /** @throws Error for a kind that is registered, or no name */
  register(handler: JobHandler): void {
    if (!KIND.test(handler.kind)) throw new Error(`not a kind of job: ${handler.kind}`);
    if (this.handlers.has(handler.kind)) throw new Error(`two handlers of ${handler.kind}`);
    this.handlers.set(handler.kind, handler);
  }

  /** Whether no kind is registered. */
  get isEmpty(): boolean {
    return this.handlers.size === 0;
  }

  of(kind: string): JobHandler | undefined {
    return this.handlers.get(kind);
  }
}

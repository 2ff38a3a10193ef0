import { type JobContext, type JobHandler, JobFailure, JobStopped } from './job.js';
import type { JobTriesRepository, Progress, Try } from './job-tries.repository.js';

/** How often a try writes its progress and learns whether the job is still its own. */
const LOOK_EVERY_MS = 400;

/** `again`: the queue has to give the job out once more. */
export type RunEnd = 'ended' | 'again';

/** Code of an error that its handler gave none. */
const UNKNOWN_FAILURE = 'internal';

/** One try of one job. */
export class JobRun {
  private readonly ending = new AbortController();
  private progress: Progress | undefined;
  private isLost = false;

  constructor(
    private readonly tries: JobTriesRepository,
    private readonly job: Try,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @param stopping aborted when the process stops: the job then waits for another one */
  async run(handler: JobHandler | undefined, stopping: AbortSignal): Promise<RunEnd> {
    const stop = () => this.ending.abort(new JobStopped());
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    const timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    try {
      if (handler === undefined) throw new JobFailure('kind_unknown');
      const result = await handler.run(this.job.input, this.context());
      await this.report();
      await this.tries.finish(this.job, result);
      return 'ended';
    } catch (error) {
      return await this.broken(error, stopping);
    } finally {
      clearInterval(timer);
      stopping.removeEventListener('abort', stop);
    }
  }

  private async broken(error: unknown, stopping: AbortSignal): Promise<RunEnd> {
    if (this.isLost) return 'ended';
    if (stopping.aborted) return (await this.tries.release(this.job, undefined)) ? 'again' : 'ended';
    this.onError(error);
    if (error instanceof JobFailure) {
      await this.tries.fail(this.job, error.code);
      return 'ended';
    }
    return (await this.tries.release(this.job, UNKNOWN_FAILURE)) ? 'again' : 'ended';
  }

  private context(): JobContext {
    const { job } = this;
    return {
      id: job.id,
      authority: job.authority,
      saved: job.checkpoint ?? undefined,
      cancelled: this.ending.signal,
      progress: (done, total) => {
        this.progress = { done, total };
      },
      checkpoint: async (state, tx) => {
        if (!(await this.tries.save(job, state, tx))) throw this.lost();
      },
    };
  }

  private lost(): JobStopped {
    const stopped = new JobStopped();
    this.isLost = true;
    this.ending.abort(stopped);
    return stopped;
  }

  /** A database that can't be reached says nothing about the job. */
  private async look(): Promise<void> {
    await this.report().catch(() => undefined);
  }

  private async report(): Promise<void> {
    const isMine =
      this.progress === undefined
        ? await this.tries.holds(this.job)
        : await this.tries.report(this.job, this.progress);
    if (!isMine) this.lost();
  }
}

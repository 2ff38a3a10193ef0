import type { Transaction } from '#persistence';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A job as people see it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  /** Given by who started it: the same kind and key are the same job. */
  readonly key: string;
  /** Region code of the authority whose job it is; '' for the state, which also has what concerns all. */
  readonly authority: string;
  readonly startedBy: string;
  readonly state: JobState;
  readonly done: number;
  /** undefined: not known. */
  readonly total: number | undefined;
  /** What the handler returned; undefined until it is done. */
  readonly result: unknown;
  /** Code of the failure that ended it, or of the last try's. */
  readonly failure: string | undefined;
  readonly createdAt: Date;
  readonly beganAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

/** What a try of a job has from its worker. */
export interface JobContext {
  readonly id: string;
  readonly authority: string;
  /** What the last `checkpoint` of an earlier try saved; undefined at the beginning. */
  readonly saved: unknown;
  /**
   * Aborted when the try has to end: the job was cancelled (known within a second), the process stops, or another
   * worker has the job.
   */
  readonly cancelled: AbortSignal;
  /** Says how far it is; written twice a second at most. */
  progress(done: number, total?: number): void;
  /**
   * Saves where the next try goes on, and that the job gets on: failures before it are forgotten. With `tx` it is
   * committed together with the effects that it speaks of, so that they happen once.
   *
   * @param state JSON
   * @throws JobStopped when this try has lost the job: then the transaction has to be rolled back
   */
  checkpoint(state: unknown, tx?: Transaction): Promise<void>;
}

/** Work of one kind. A feature registers it with JobHandlers. */
export interface JobHandler {
  /** Lower-case words with underscores. */
  readonly kind: string;
  /**
   * One try. A try can break off anywhere and another one goes on from the last checkpoint; what happens between two
   * checkpoints can happen twice, unless it is committed with the second.
   *
   * @param input as given to `start`, read from JSON
   * @returns JSON that people see as the result
   * @throws JobFailure when another try would fail as well; anything else is tried again after a pause
   */
  run(input: unknown, context: JobContext): Promise<unknown>;
}

/** The job can't be done: no further try. */
export class JobFailure extends Error {
  /** @param code what people and programs see, words with underscores */
  constructor(
    readonly code: string,
    message = code,
  ) {
    super(message);
  }
}

/** This try has no right to go on: the job was cancelled, or is another worker's. */
export class JobStopped extends Error {
  constructor() {
    super('this try of the job has ended');
  }
}

/** Long work that goes on after a crash: started by key, with progress, cancel and resume (ADR 24). */
export { JobHandlers } from './job-handlers.js';
export { JobQueueOptions, JobRunner } from './job-runner.js';
export { FAILURES_MAX, JobTriesRepository } from './job-tries.repository.js';
export { type Job, type JobContext, JobFailure, type JobHandler, type JobState, JobStopped } from './job.js';
export { Jobs, type JobStart } from './jobs.js';
export { JobsModule, JobsWorkerModule } from './jobs.module.js';
export { QUEUE, QUEUE_SCHEMA, queuePlans } from './queue-schema.js';

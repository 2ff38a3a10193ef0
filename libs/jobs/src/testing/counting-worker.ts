import 'reflect-metadata';
import { chooseRole, Database, type DatabaseRole } from '#persistence';
import { Log } from '#platform';
import { JobHandlers, type JobHandler, JobRunner, JobTriesRepository } from '../index.js';

const ROLE: DatabaseRole = 'worker';

/** A worker that does the jobs of the given handlers, with the rights of a worker. */
export async function startWorker(url: string, handlers: readonly JobHandler[]) {
  const role = await chooseRole(url, ROLE, 'required');
  const db = await Database.connect({ url, role, poolMax: 4 });
  const registry = new JobHandlers();
  for (const handler of handlers) registry.register(handler);
  const runner = new JobRunner(
    { url, role },
    Log.create('test', 'silent'),
    new JobTriesRepository(db),
    registry,
  );
  await runner.onApplicationBootstrap();
  return {
    async stop(): Promise<void> {
      await runner.beforeApplicationShutdown();
      await db.close();
    },
  };
}

/** Counts to `input.to`, from the checkpoint on, and returns where each try began; waits at `input.waitAt`. */
export function counting(onNumber: (number: number) => Promise<void>): JobHandler {
  return {
    kind: 'counting',
    async run(input, context) {
      const { to } = input as { to: number };
      const { next = 1, starts = [] } = (context.saved ?? {}) as { next?: number; starts?: number[] };
      const begun = [...starts, next];
      for (let number = next; number <= to; number++) {
        context.cancelled.throwIfAborted();
        await onNumber(number);
        context.progress(number, to);
        await context.checkpoint({ next: number + 1, starts: begun });
      }
      return { starts: begun };
    },
  };
}

// As a process of its own (argv: url): hangs at 4, for the test to kill it.
const [, script, url] = process.argv;
if (script?.endsWith('counting-worker.ts') === true && url !== undefined) {
  await startWorker(url, [
    counting((number) => (number < 4 ? Promise.resolve() : new Promise(() => undefined))),
  ]);
}

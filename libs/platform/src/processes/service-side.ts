import { messageOf } from './supervisor-log.js';

/** A stop that takes longer than this is broken off; the launcher waits 10 s. */
const STOP_MS_MAX = 9_000;

/** Reports to the launcher that this process serves now. Does nothing when it was started by hand. */
export function reportReady(info: Readonly<Record<string, string | number>> = {}): void {
  process.send?.({ ready: info });
}

/**
 * Ends this process in good order on SIGTERM, SIGINT, or when the launcher has vanished: then the channel to it
 * breaks, and a service without a launcher must not go on.
 *
 * @param stop closes what the process holds open
 * @returns ends this process in the same way, with an exit code
 */
export function endWithLauncher(stop: () => Promise<void>): (code: number) => void {
  let ending = false;
  const end = (code: number) => {
    if (ending) return;
    ending = true;
    // Writing to a launcher that is gone must not end us before the stop is done.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    stop().then(
      () => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`stopping failed: ${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  process.on('disconnect', () => end(0));
  return end;
}

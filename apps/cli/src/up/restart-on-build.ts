import { watch } from 'node:fs';
import path from 'node:path';
import { projectRoot, type ServiceProcess } from '#platform';

/** A compiler writes many files in one go; the services restart once after the last of them. */
const QUIET_MS = 400;
const FOLDERS = ['apps', 'libs', 'migrations'];

/**
 * Restarts the services whenever a compiler has written to dist/: for `npm run dev`.
 *
 * @returns ends the watch
 */
export function restartOnBuild(
  services: readonly ServiceProcess[],
  say: (text: string) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const restart = async () => {
    say(`code changed: restarting ${services.map(({ name }) => name).join(' and ')}`);
    for (const service of services) await service.restart();
  };
  const watchers = FOLDERS.map((folder) =>
    watch(path.join(projectRoot(), 'dist', folder), { recursive: true }, (_event, file) => {
      if (file?.endsWith('.js') !== true) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        working = working.then(restart);
      }, QUIET_MS);
    }),
  );
  return async () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    await working;
  };
}

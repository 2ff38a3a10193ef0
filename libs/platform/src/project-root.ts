import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Marks our package.json; a folder of dependencies has one of its own on the way up. */
const PACKAGE_NAME = 'jangteo';

function isRoot(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return (
    typeof content === 'object' && content !== null && 'name' in content && content.name === PACKAGE_NAME
  );
}

/**
 * The project's root folder, from a module's `import.meta.url`. Works from the sources and from dist/, which
 * lies inside the root. Throws when no folder above is the project.
 */
export function projectRoot(moduleUrl: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(moduleUrl));
  while (!isRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`no package.json of ${PACKAGE_NAME} above ${fileURLToPath(moduleUrl)}`);
    folder = parent;
  }
  return folder;
}
